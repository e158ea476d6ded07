package dev.stillpoint.validation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Java's own reader sees the pixels that were encoded.
final class GreyPngTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "8, 8", "28, 28", "13, 207"})
    void pixelsComeBack(int width, int height) throws IOException {
        byte[] pixels = new byte[width * height];
        long seed = 31L * width + height;
        new Random(seed).nextBytes(pixels);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(GreyPng.encode(width, height, pixels)));
        assertEquals(width, image.getWidth());
        assertEquals(height, image.getHeight());
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                int expected = pixels[i * width + j] & 0xff;
                assertEquals(
                        expected,
                        image.getRaster().getSample(j, i, 0),
                        "seed %d, pixel (%d, %d)".formatted(seed, i, j));
            }
        }
    }
}

package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProgramFileTest {
    private static final byte[] BINARY = "a binary \0 of a program".getBytes(StandardCharsets.UTF_8);

    private final ProgramKey key = ProgramKey.of("V", Descriptions.named("device"), "source", "options");

    private String refused(byte[] content) {
        return String.valueOf(assertThrows(StaleProgramException.class, () -> ProgramFile.decode(key, content))
                .getMessage());
    }

    @Test
    void givesBackWhatWasKept() throws StaleProgramException {
        assertArrayEquals(BINARY, ProgramFile.decode(key, ProgramFile.encode(key, BINARY)));
        assertArrayEquals(new byte[0], ProgramFile.decode(key, ProgramFile.encode(key, new byte[0])));
    }

    @Test
    void hasTheLayoutThatIsDocumented() {
        byte[] content = ProgramFile.encode(key, BINARY);
        assertEquals(84 + BINARY.length, content.length);
        assertEquals("STILLCLB", new String(content, 0, 8, StandardCharsets.US_ASCII));
        ByteBuffer buffer = ByteBuffer.wrap(content);
        assertEquals(ProgramFile.FORMAT, buffer.getInt(8));
        assertArrayEquals(key.toBytes(), Arrays.copyOfRange(content, 12, 44));
        assertEquals(BINARY.length, buffer.getLong(44));
        assertArrayEquals(ProgramKey.sha256(BINARY), Arrays.copyOfRange(content, 52, 84));
        assertArrayEquals(BINARY, Arrays.copyOfRange(content, 84, content.length));
    }

    @Test
    void everyBitCounts() {
        byte[] content = ProgramFile.encode(key, BINARY);
        for (int bit = 0; bit < Byte.SIZE * content.length; bit++) {
            byte[] damaged = content.clone();
            damaged[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThrows(StaleProgramException.class, () -> ProgramFile.decode(key, damaged), "bit " + bit);
        }
    }

    @Test
    void everyLengthCounts() {
        byte[] content = ProgramFile.encode(key, BINARY);
        for (int length = 0; length <= content.length + 1; length++) {
            if (length != content.length) {
                byte[] cut = Arrays.copyOf(content, length);
                assertThrows(StaleProgramException.class, () -> ProgramFile.decode(key, cut), "length " + length);
            }
        }
    }

    @Test
    void saysWhatIsWrong() {
        byte[] content = ProgramFile.encode(key, BINARY);
        assertEquals("has 83 bytes, fewer than the 84 of a header", refused(Arrays.copyOf(content, 83)));
        assertEquals("says that its binary has 23 bytes, it has 22", refused(Arrays.copyOf(content, 84 + 22)));
        byte[] other = content.clone();
        other[0] = 'X';
        assertEquals("does not start with STILLCLB", refused(other));
        assertEquals(
                "has format 7, expected " + ProgramFile.FORMAT,
                refused(ByteBuffer.wrap(content.clone()).putInt(8, 7).array()));
        byte[] damaged = content.clone();
        damaged[84]++;
        assertEquals("is damaged: its binary's SHA-256 is not the one in its header", refused(damaged));
        ProgramKey another = ProgramKey.of("V", Descriptions.named("device"), "another source", "options");
        assertEquals("holds a program of another key", refused(ProgramFile.encode(another, BINARY)));
    }
}

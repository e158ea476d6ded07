package dev.stillpoint.bench.micro;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.matrix.Precision;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole numbers, whose sums both precisions hold exactly.
final class ReadBandwidthTest {
    /// Each value differs from the others, so that a sum tells which were read, and how often. The largest sum, three
    /// times `1000 * 1001 / 2`, is below `2^24`.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31, 32, 63, 64, 128, 129, 200, 1000})
    void everyValueIsReadOnceAPass(int size) {
        float[] singles = new float[size];
        double[] doubles = new double[size];
        for (int i = 0; i < size; i++) {
            singles[i] = i + 1;
            doubles[i] = i + 1;
        }
        double sum = size * (size + 1.0) / 2;
        for (int passes = 0; passes <= 3; passes++) {
            assertEquals(passes * sum, ReadLoopF32.sum(singles, passes), size + " values");
            assertEquals(passes * sum, ReadLoopF64.sum(doubles, passes), size + " values");
        }
    }

    @Test
    void valuesInTheRestCountToo() {
        float[] values = new float[77];
        Arrays.fill(values, 64, 77, 2);
        assertEquals(26, ReadLoopF32.sum(values, 1));
    }

    /// What was read is known from the sum of its values, all one half.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void bytesAreThoseThatWereRead(Precision precision) {
        for (int n : new int[] {3, 64, 600}) {
            ReadBandwidth benchmark = new ReadBandwidth();
            benchmark.n = n;
            benchmark.precision = precision;
            benchmark.fill();
            ByteCounter counter = new ByteCounter();
            double values = 2 * benchmark.read(counter);
            assertEquals(values * (precision == Precision.F32 ? 4 : 8), (double) counter.bytes, "n = " + n);
        }
    }
}

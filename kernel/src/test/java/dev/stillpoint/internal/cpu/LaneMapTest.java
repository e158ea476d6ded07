package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.engine.LaneGather;
import dev.stillpoint.internal.engine.LaneMap;
import dev.stillpoint.internal.reference.ForwardPanelF64;
import dev.stillpoint.internal.reference.LaneMapF64;
import dev.stillpoint.internal.reference.PanelActivationF64;
import dev.stillpoint.internal.reference.PanelProductF64;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Open panels: that samples come to their lanes, and that every engine and number of strips has the same bits.
final class LaneMapTest {
    private static final ForwardPanelF64.Function TWIN =
            (phi, v, o, rows, lanes) -> PanelActivationF64.value(phi, v, o, v, o, rows, lanes);

    private static Matrix random(Random random, Precision precision, int rows, int columns) {
        Matrix matrix = Matrix.zeros(precision, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                matrix.set(i, j, random.nextGaussian());
            }
        }
        return matrix.frozen();
    }

    /// One block of columns, a whole one, one and a bit, two and a bit; strips that are full and that are not.
    @ParameterizedTest
    @CsvSource({"1, 4, 3", "127, 8, 8", "128, 16, 13", "130, 4, 4", "300, 16, 1", "300, 8, 5"})
    void aSampleComesToItsLane(int columns, int width, int count) {
        for (Precision precision : Precision.values()) {
            LaneGather gather = new LaneGather(width);
            Matrix from = random(new Random(5), precision, 20, columns);
            double[] panel = new double[7 + columns * width + 3];
            Arrays.fill(panel, -1);
            // What was there before does not come back.
            gather.gather(random(new Random(6), precision, width, columns), 0, width, panel, 7, width);
            gather.gather(from, 2, count, panel, 7, width);
            for (int j = 0; j < columns; j++) {
                for (int s = 0; s < width; s++) {
                    double expected = s < count ? from.get(2 + s, j) : 0;
                    assertEquals(expected, panel[7 + j * width + s], precision + ", column " + j + ", lane " + s);
                }
            }
            assertEquals(-1, panel[6]);
            assertEquals(-1, panel[7 + columns * width]);
        }
    }

    /// Sizes that are no multiple of a tile, with more columns than rows.
    @ParameterizedTest
    @ValueSource(ints = {1, 5, 13, 40})
    void enginesAndStripsHaveTheSameBits(int n) {
        Random random = new Random(n);
        Matrix dense = random(random, Precision.F64, n, n + 3);
        Matrix bias = random(random, Precision.F64, 1, n);
        List<LinearOperator> operators = List.of(
                LinearOperator.dense(dense),
                LinearOperator.lowRank(random(random, Precision.F64, n, 2), random(random, Precision.F64, n + 3, 2)));
        Matrix samples = random(random, Precision.F64, 48, n + 3);
        for (LinearOperator f : operators) {
            LaneMapF64 twin = new LaneMapF64(PanelProductF64.of(f), bias, Activation.tanh(), TWIN, 16, 3);
            double[][] expected = values(twin, samples, 48);
            for (CpuEngine engine : CpuEngine.available()) {
                LaneMapF64 map = (LaneMapF64) engine.factory(Precision.F64)
                        .maps(f, bias, Activation.tanh())
                        .make();
                compare(expected, values(map, samples, map.lanes()), engine + ", " + f);
            }
            for (CpuEngine engine : CpuEngine.available()) {
                if (engine == CpuEngine.V256) {
                    PanelProductF64 packed = VectorProductsF64V256.of(f, 16);
                    LaneMapF64 map = new LaneMapF64(packed, bias, Activation.tanh(), TWIN, 8, 6);
                    compare(expected, values(map, samples, 48), "six strips, " + f);
                    compare(expected, values(map, samples, 17), "three of six strips, " + f);
                }
            }
        }
    }

    private static void compare(double[][] expected, double[][] found, String where) {
        for (int s = 0; s < found.length; s++) {
            assertArrayEquals(expected[s], found[s], where + ", sample " + s);
        }
    }

    /// What a map makes of the first samples.
    private static double[][] values(LaneMapF64 map, Matrix samples, int count) {
        int width = map.width();
        LaneGather gather = new LaneGather(width);
        for (int s = 0; s * width < count; s++) {
            int held = Math.min(width, count - s * width);
            gather.gather(samples, s * width, held, map.x(), s * map.strideX(), width);
        }
        map.apply(count);
        int n = samples.columns() - 3;
        double[] t = new double[map.lanes() * n];
        map.get(count, t, 0);
        double[][] values = new double[count][n];
        for (int s = 0; s < count; s++) {
            for (int i = 0; i < n; i++) {
                values[s][i] = t[s / width * n * width + i * width + s % width];
                assertEquals(values[s][i], map.t()[s / width * map.strideT() + i * width + s % width]);
            }
        }
        return values;
    }

    /// A product with the identity shows what `x` was rounded to.
    @ParameterizedTest
    @EnumSource(Precision.class)
    void valuesAreRoundedUp(Precision precision) {
        double[] ones = {1, 1, 1};
        LinearOperator identity = LinearOperator.diagonal(Matrix.ofRows(ones));
        for (CpuEngine engine : CpuEngine.available()) {
            LaneMap map = engine.factory(precision)
                    .maps(identity, null, Activation.identity())
                    .make();
            Random random = new Random(8);
            double[] from = new double[3 * map.lanes()];
            double[] to = new double[from.length];
            for (int round = 0; round < 100; round++) {
                for (int i = 0; i < from.length; i++) {
                    from[i] = Math.scalb(random.nextDouble(), random.nextInt(320) - 190);
                }
                map.putUp(map.lanes(), from, 0);
                map.apply(map.lanes());
                map.get(map.lanes(), to, 0);
                for (int i = 0; i < from.length; i++) {
                    double room = precision == Precision.F32 ? from[i] * 0x1p-21 + 0x1p-147 : 0;
                    String where = "%s, seed 8: %s became %s".formatted(engine, from[i], to[i]);
                    assertTrue(to[i] >= from[i], where);
                    assertTrue(to[i] <= from[i] + room || (to[i] == Double.POSITIVE_INFINITY && from[i] > 3e38), where);
                }
            }
        }
    }
}

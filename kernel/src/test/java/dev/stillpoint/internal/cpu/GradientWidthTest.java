package dev.stillpoint.internal.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.internal.engine.Crew;
import dev.stillpoint.internal.engine.GradientSum;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients by vectors of every width, and tiles for 16 and for 32 registers, have the bits of the scalar twin's.
final class GradientWidthTest {
    private static final long SEED = 2111;

    static Stream<Arguments> widths() {
        return Stream.of(CpuEngine.V512, CpuEngine.V256, CpuEngine.V128)
                .flatMap(engine -> Stream.of(16, 32).map(registers -> Arguments.of(engine, registers)));
    }

    private static Matrix samples(int samples, int values, SplittableRandom random) {
        double[] special = {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, 0, Double.MIN_VALUE, Double.MAX_VALUE};
        Matrix matrix = Matrix.zeros(Precision.F64, samples, values);
        for (int s = 0; s < samples; s++) {
            for (int i = 0; i < values; i++) {
                boolean odd = random.nextInt(500) == 0;
                matrix.set(s, i, odd ? special[random.nextInt(special.length)] : random.nextDouble(-1, 1));
            }
        }
        return matrix;
    }

    /// Ragged sizes, more rows than a part, both ways round, and convolutions of many channels.
    private static List<LinearOperator> operators() {
        Operators operators = Operators.uniform(SEED);
        List<LinearOperator> all = new ArrayList<>(operators.all());
        int[][] shapes = {{1, 1}, {1, 40}, {40, 1}, {2, 300}, {300, 2}, {300, 37}, {37, 300}, {33, 17}, {0, 5}, {5, 0}};
        for (int[] shape : shapes) {
            all.add(operators.dense(shape[0], shape[1]));
        }
        all.add(operators.lowRank(270, 290, 5));
        all.add(operators.convolution(new ImageShape(17, 6, 5), 3, 3, 3, 1, 1, 1));
        all.add(operators.convolution(new ImageShape(3, 6, 5), 17, 3, 3, 1, 1, 1));
        all.add(operators.convolution(new ImageShape(9, 5, 5), 20, 1, 1, 1, 0, 1));
        all.add(operators.convolution(new ImageShape(18, 5, 9), 20, 3, 2, 2, 1, 2));
        all.add(operators.convolution(new ImageShape(4, 7, 8), 8, 3, 5, 3, 4, 1));
        all.add(operators.convolution(new ImageShape(4, 2, 2), 8, 2, 2, 5, 3, 1));
        all.add(operators.convolution(new ImageShape(6, 5, 5), 6, 3, 3, 1, 2, 6));
        // Output rows without a gap where those of the image have one, and the other way round.
        all.add(operators.convolution(new ImageShape(8, 5, 6), 8, 3, 3, 1, 0, 1));
        all.add(operators.convolution(new ImageShape(8, 7, 1), 8, 3, 1, 2, 0, 1));
        // Groups whose output channels make the tiles, with 16 registers and with 32.
        all.add(operators.convolution(new ImageShape(32, 4, 4), 6, 2, 2, 1, 0, 2));
        all.add(operators.convolution(new ImageShape(32, 4, 4), 16, 2, 2, 1, 1, 2));
        return all;
    }

    private static List<Matrix> gradient(CpuEngine engine, int registers, LinearOperator operator, Matrix v, Matrix x) {
        GradientSum sum = new GradientSum(operator, engine.gradients(registers));
        try (Crew crew = new Crew(1, "test-")) {
            sum.add(v, x, 1, crew);
        }
        return sum.letters();
    }

    @ParameterizedTest
    @MethodSource("widths")
    void bitsAreThoseOfTheTwin(CpuEngine engine, int registers) {
        assumeTrue(CpuEngine.available().contains(engine), () -> "this machine has no " + engine.label());
        SplittableRandom random = new SplittableRandom(SEED);
        for (LinearOperator operator : operators()) {
            for (int count : new int[] {1, 9, 130}) {
                Matrix v = samples(count, operator.rows(), random);
                Matrix x = samples(count, operator.columns(), random);
                List<Matrix> expected = gradient(CpuEngine.SCALAR, registers, operator, v, x);
                List<Matrix> actual = gradient(engine, registers, operator, v, x);
                assertEquals(expected.size(), actual.size());
                for (int l = 0; l < expected.size(); l++) {
                    assertArrayEquals(
                            bits(expected.get(l)),
                            bits(actual.get(l)),
                            "%s, %d registers, %s, %d samples, letter %d, seed %d"
                                    .formatted(engine, registers, operator, count, l, SEED));
                }
            }
        }
    }

    private static long[] bits(Matrix matrix) {
        double[] values = matrix.toDoubleArray();
        long[] bits = new long[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Double.doubleToRawLongBits(values[i]);
        }
        return bits;
    }

    /// The tiles are tried: not every convolution above falls back to the twin.
    @ParameterizedTest
    @MethodSource("widths")
    void convolutionsWithChannelsHaveTiles(CpuEngine engine, int registers) {
        assumeTrue(CpuEngine.available().contains(engine), () -> "this machine has no " + engine.label());
        TileKernels kernels = ((VectorGradients) engine.gradients(registers)).kernels();
        Operators operators = Operators.uniform(SEED);
        ConvolutionOperator many = operators.convolution(new ImageShape(16, 5, 5), 16, 3, 3, 1, 1, 1);
        ConvolutionOperator single = operators.convolution(new ImageShape(16, 5, 5), 16, 3, 3, 1, 1, 16);
        assertTrue(TiledCorrelation.fits(many, kernels));
        int padded = (registers == 32 ? 8 : 4) * kernels.lanes();
        assertEquals(padded <= 16, TiledCorrelation.fits(single, kernels));
    }
}

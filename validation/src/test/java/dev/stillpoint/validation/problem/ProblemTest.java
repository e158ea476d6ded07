package dev.stillpoint.validation.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProblemTest {
    private static Problem generate(String text) {
        return ProblemSpec.parse(text).generate();
    }

    private static double[][] rows(Matrix matrix) {
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            matrix.getRow(i, rows[i], 0);
        }
        return rows;
    }

    private static double[][] magnitudes(Matrix matrix) {
        double[][] rows = rows(matrix);
        for (double[] row : rows) {
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.abs(row[j]);
            }
        }
        return rows;
    }

    /// Largest row sum, which bounds the spectral radius of a nonnegative matrix.
    private static double rowSum(double[][] matrix) {
        double largest = 0;
        for (double[] row : matrix) {
            double sum = 0;
            for (double value : row) {
                sum += value;
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }

    private static double trace(double[][] matrix) {
        double sum = 0;
        for (int i = 0; i < matrix.length; i++) {
            sum += matrix[i][i];
        }
        return sum;
    }

    private static double[][] square(double[][] matrix, double factor) {
        int n = matrix.length;
        double[][] product = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                double value = factor * matrix[i][k];
                for (int j = 0; j < n; j++) {
                    product[i][j] += value * matrix[k][j];
                }
            }
        }
        return product;
    }

    /// Gelfand's bounds on the spectral radius of a nonnegative matrix: `(trace(N^k)/n)^(1/k)` from below and
    /// `|N^k|_inf^(1/k)` from above, `k = 2^squarings`.
    private static double[] spectralRadius(double[][] matrix, int squarings) {
        double[][] power = matrix;
        double logarithm = 0;
        for (int s = 0; s < squarings; s++) {
            double size = rowSum(power);
            logarithm = 2 * (logarithm + Math.log(size));
            power = square(power, 1 / size / size);
        }
        double k = Math.scalb(1.0, squarings);
        return new double[] {
            Math.exp((logarithm + Math.log(trace(power) / matrix.length)) / k),
            Math.exp((logarithm + Math.log(rowSum(power))) / k)
        };
    }

    /// With `k = 2^s` the bounds are apart by a factor of at most `(n g)^(1/k)`, `g` being the growth of the
    /// powers over those of their radius; `k` is such that this is below a thousandth, and the rounding to FP32
    /// far below that. Periods that divide `k` keep the trace from vanishing.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "implicit:n=1,lambda=0.8",
                "implicit:n=13,lambda=0.8",
                "implicit:n=40,lambda=0.99",
                "implicit:n=40,lambda=1.7,structure=positive,precision=f64",
                "implicit:n=40,lambda=0.9,structure=sparse:0.1",
                "implicit:n=40,lambda=0.9,structure=sparse:0",
                "implicit:n=41,lambda=0.9,structure=block-triangular:4",
                "implicit:n=40,lambda=0.9,structure=cyclic:4",
                "implicit:n=8,lambda=0.9,structure=cyclic:8,precision=f64",
                "implicit:n=40,lambda=0.9,structure=reducible",
                "implicit:n=40,lambda=0.9,structure=low-rank:3",
                "implicit:n=40,lambda=0.9,structure=diagonal-low-rank:3,operator=sum",
                "implicit:n=40,lambda=0.9,structure=low-rank:3,operator=low-rank",
                "implicit:n=40,lambda=0.9,structure=cascade:4,operator=block-triangular",
                "implicit:n=36,lambda=0.9,structure=convolution:2x6x3,operator=convolution"
            })
    void lambdaIsThePerronFrobeniusEigenvalue(String text) {
        Problem problem = generate(text);
        double lambda = problem.spec().kind().conditioning();
        double[] radius = spectralRadius(magnitudes(problem.a()), 14);
        assertTrue(radius[1] - radius[0] < 2e-3 * lambda, () -> text + ": test bounds " + radius[0] + " " + radius[1]);
        assertTrue(
                radius[0] <= lambda * (1 + 0x1p-22) && radius[1] >= lambda * (1 - 1e-3),
                () -> text + ": between " + radius[0] + " and " + radius[1]);
    }

    @Test
    void lambdaOfABlockwiseActivationIsThatOfItsNorms() {
        Problem problem = generate("implicit:n=24,lambda=0.8,phi=softmax:3,structure=positive,precision=f64");
        double[][] a = rows(problem.a());
        double[][] frobenius = new double[8][8];
        double[][] means = new double[8][8];
        for (int i = 0; i < 24; i++) {
            for (int j = 0; j < 24; j++) {
                frobenius[i / 3][j / 3] += a[i][j] * a[i][j];
                means[i / 3][j / 3] += a[i][j] / 3;
            }
        }
        for (double[] row : frobenius) {
            for (int j = 0; j < 8; j++) {
                row[j] = 0.5 * Math.sqrt(row[j]);
            }
        }
        for (double[] row : means) {
            for (int j = 0; j < 8; j++) {
                row[j] *= 0.5;
            }
        }
        // The 2-norm of a block is at most its Frobenius norm and at least 1'M1/3 for the unit vector 1/sqrt(3).
        assertTrue(spectralRadius(frobenius, 14)[1] >= 0.8, "Frobenius norms");
        assertTrue(spectralRadius(means, 14)[0] <= 0.8, "means");
    }

    @Test
    void lambdaOfAStrictTriangleIsTheLargestRowSum() {
        Problem problem = generate("implicit:n=40,lambda=1.5,structure=upper,precision=f64");
        // 40 additions and a division, each rounded.
        assertEquals(1.5, rowSum(magnitudes(problem.a())), 1.5 * 45 * 0x1p-53);
    }

    @Test
    void structuresHaveTheirPattern() {
        double[][] upper = rows(generate("implicit:n=12,structure=upper").a());
        double[][] blocked =
                rows(generate("implicit:n=12,structure=upper,phi=softmax:3").a());
        double[][] triangular =
                rows(generate("implicit:n=12,structure=block-triangular:3").a());
        double[][] cyclic = rows(generate("implicit:n=12,structure=cyclic:3").a());
        double[][] positive = rows(generate("implicit:n=12,structure=positive").a());
        for (int i = 0; i < 12; i++) {
            for (int j = 0; j < 12; j++) {
                String where = "(" + i + ", " + j + ")";
                assertEquals(i < j, upper[i][j] != 0, "upper " + where);
                assertEquals(i / 3 < j / 3, blocked[i][j] != 0, "upper by blocks " + where);
                assertEquals(i / 4 <= j / 4, triangular[i][j] != 0, "block-triangular " + where);
                assertEquals((i / 4 + 1) % 3 == j / 4, cyclic[i][j] != 0, "cyclic " + where);
                assertTrue(positive[i][j] > 0, "positive " + where);
            }
        }
    }

    /// With 3600 places of probability 0.25 the count is within 6 deviations of its mean.
    @Test
    void sparseHasItsDensityAndItsDiagonal() {
        double[][] a = rows(generate("implicit:n=61,structure=sparse:0.25").a());
        int count = 0;
        for (int i = 0; i < 61; i++) {
            for (int j = 0; j < 61; j++) {
                count += i != j && a[i][j] != 0 ? 1 : 0;
            }
            assertTrue(a[i][i] != 0, "diagonal");
        }
        assertEquals(61 * 60 * 0.25, count, 6 * Math.sqrt(61 * 60 * 0.25 * 0.75));
    }

    /// A state of the second group depends on the second group alone: rows with half of their values, 6 of 12.
    @Test
    void reducibleHasAnInvariantHalf() {
        double[][] a = rows(generate("implicit:n=12,structure=reducible").a());
        int full = 0;
        for (int i = 0; i < 12; i++) {
            int count = 0;
            for (int j = 0; j < 12; j++) {
                count += a[i][j] != 0 ? 1 : 0;
            }
            full += count == 12 ? 1 : 0;
            assertTrue(count == 12 || count == 6, "row " + i + " has " + count);
            if (count == 6) {
                for (int j = 0; j < 12; j++) {
                    assertEquals(a[i][j] == 0, isFull(a[j]), "(" + i + ", " + j + ")");
                }
            }
        }
        assertEquals(6, full);
    }

    private static boolean isFull(double[] row) {
        for (double value : row) {
            if (value == 0) {
                return false;
            }
        }
        return true;
    }

    /// Elimination leaves nothing of a matrix of rank `k` after `k` steps but rounding, which `n^2` operations
    /// on values that grow by at most `2^k` bound.
    @Test
    void lowRankHasItsRank() {
        double[][] a = rows(
                generate("implicit:n=20,structure=low-rank:3,precision=f64").a());
        for (int step = 0; step < 3; step++) {
            int pivotRow = 0;
            int pivotColumn = 0;
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 20; j++) {
                    if (Math.abs(a[i][j]) > Math.abs(a[pivotRow][pivotColumn])) {
                        pivotRow = i;
                        pivotColumn = j;
                    }
                }
            }
            double pivot = a[pivotRow][pivotColumn];
            assertTrue(Math.abs(pivot) > 1e-3, "pivot " + pivot);
            double[] column = new double[20];
            for (int i = 0; i < 20; i++) {
                column[i] = a[i][pivotColumn] / pivot;
            }
            double[] row = a[pivotRow].clone();
            for (int i = 0; i < 20; i++) {
                for (int j = 0; j < 20; j++) {
                    a[i][j] -= column[i] * row[j];
                }
            }
        }
        double left = 0;
        for (double[] row : a) {
            for (double value : row) {
                left = Math.max(left, Math.abs(value));
            }
        }
        assertEquals(0, left, 400 * 8 * 0x1p-53);
    }

    /// `v'(I - A)v >= m |v|^2` for many `v`: among them the ones that a descent on the quotient finds. The
    /// rounding of `A` to FP32 moves the quotient by at most `2^-24 |A|_F`.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "monotone:n=30,margin=0.25",
                "monotone:n=30,margin=1,structure=sparse:0.1",
                "monotone:n=30,margin=2.5,structure=low-rank:4",
                "monotone:n=1,margin=0.5,precision=f64"
            })
    void theMarginHoldsAndIsNearlyAttained(String text) {
        Problem problem = generate(text);
        double[][] a = rows(problem.a());
        int n = a.length;
        double margin = problem.spec().kind().conditioning();
        double frobenius = 0;
        for (double[] row : a) {
            for (double value : row) {
                frobenius += value * value;
            }
        }
        double slack = 0x1p-24 * Math.sqrt(frobenius) + n * 0x1p-50;
        double least = Double.POSITIVE_INFINITY;
        SplitMix64 random = new SplitMix64(5);
        for (int start = 0; start < 10; start++) {
            double[] v = new double[n];
            for (int i = 0; i < n; i++) {
                v[i] = random.nextBell();
            }
            for (int step = 0; step < 2000; step++) {
                double[] gradient = new double[n];
                double quotient = 0;
                double length = 0;
                for (int i = 0; i < n; i++) {
                    for (int j = 0; j < n; j++) {
                        gradient[i] += ((i == j ? 1 : 0) - (a[i][j] + a[j][i]) / 2) * v[j];
                    }
                    quotient += gradient[i] * v[i];
                    length += v[i] * v[i];
                }
                quotient /= length;
                least = Math.min(least, quotient);
                for (int i = 0; i < n; i++) {
                    v[i] = (v[i] - 0.1 * (gradient[i] - quotient * v[i])) / Math.sqrt(length);
                }
            }
        }
        double found = least;
        assertTrue(found >= margin - slack, () -> text + ": quotient " + found);
        // G'G has a smallest eigenvalue of at most the mean of its quotient over a random direction, 1/4.
        assertTrue(found <= margin + (n == 1 ? 3 : 0.25), () -> text + ": quotient " + found);
    }

    @Test
    void valuesAreRepresentableAndThoseOfF64Rounded() {
        Problem f32 = generate("implicit:n=20,p=5,q=3,m=7,seed=3,precision=f32,solver=picard:0.3");
        Problem f64 = generate("implicit:n=20,p=5,q=3,m=7,seed=3,precision=f64,solver=picard:0.3");
        assertEquals(Precision.F32, f32.a().precision());
        assertEquals(Precision.F64, f64.a().precision());
        assertArrayEquals(f64.a().toFloatArray(), f32.a().toFloatArray());
        assertArrayEquals(f64.b().toFloatArray(), f32.b().toFloatArray());
        assertArrayEquals(f64.c().toFloatArray(), f32.c().toFloatArray());
        assertArrayEquals(f64.d().toFloatArray(), f32.d().toFloatArray());
        assertArrayEquals(f64.inputs().toFloatArray(), f32.inputs().toFloatArray());
        assertEquals(new Picard(0.3f), f32.solver());
        assertEquals(new Picard(0.3), f64.solver());
    }

    @Test
    void aLetterDoesNotDependOnTheSizesOfTheOthers() {
        Problem one = generate("implicit:n=20,p=5,q=3,m=7");
        Problem other = generate("implicit:n=20,p=5,q=1,m=9,scale=1,bias=2,solver=picard:0.5,check=4");
        assertArrayEquals(one.a().toDoubleArray(), other.a().toDoubleArray());
        assertArrayEquals(one.b().toDoubleArray(), other.b().toDoubleArray());
        assertArrayEquals(
                one.inputs().toDoubleArray(), other.inputs().slice(0, 7).toDoubleArray());
        assertArrayEquals(
                one.c().toDoubleArray(), generate("implicit:n=20,p=9,q=3").c().toDoubleArray());
    }

    @Test
    void scalesScale() {
        double[] inputs =
                generate("implicit:n=5,p=4,m=3,precision=f64").inputs().toDoubleArray();
        double[] quarter = generate("implicit:n=5,p=4,m=3,scale=0.25,precision=f64")
                .inputs()
                .toDoubleArray();
        for (int i = 0; i < inputs.length; i++) {
            assertEquals(0.25 * inputs[i], quarter[i]);
        }
        assertNull(generate("implicit:n=5,bias=0").bias());
        assertNull(generate("implicit:n=5,bias=0").equation().bias());
        Matrix bias = generate("implicit:n=5,bias=0.5").bias();
        assertTrue(bias != null && bias.isFinite() && bias.get(0, 0) != 0, "bias");
    }

    @Test
    void emptySizesAreProblemsToo() {
        Problem problem = generate("implicit:n=1,p=0,q=0,m=0");
        assertEquals(0, problem.inputs().rows());
        assertEquals(0, problem.b().columns());
        assertEquals(0, problem.model().outputSize());
    }

    @Test
    void theStepOfForwardBackwardIsTheBestOne() {
        Problem problem = generate("monotone:n=30,margin=0.5,precision=f64");
        assertTrue(problem.solver() instanceof ForwardBackward, "forward-backward");
        double alpha = ((ForwardBackward) problem.solver()).alpha();
        double[][] a = rows(problem.a());
        double[][] gram = new double[30][30];
        for (int k = 0; k < 30; k++) {
            for (int i = 0; i < 30; i++) {
                for (int j = 0; j < 30; j++) {
                    gram[i][j] += ((k == i ? 1 : 0) - a[k][i]) * ((k == j ? 1 : 0) - a[k][j]);
                }
            }
        }
        // trace(M^k) lies between the largest eigenvalue to the power k and n times that.
        double logarithm = 0;
        double[][] power = gram;
        for (int s = 0; s < 12; s++) {
            double size = trace(power);
            logarithm = 2 * (logarithm + Math.log(size));
            power = square(power, 1 / size / size);
        }
        double squared = Math.exp((logarithm + Math.log(trace(power))) / 4096);
        assertEquals(0.5 / squared, alpha, 0.5 / squared * (Math.pow(30, 1.0 / 4096) - 1 + 1e-3));
    }

    @Test
    void aStepThatNothingIsKnownOfIsRefused() {
        String text = "implicit:n=8,lambda=40,solver=forward-backward";
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> generate(text));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("solver is forward-backward, expected"),
                String.valueOf(refused.getMessage()));
    }

    /// A description means the same bits for ever: sums of the bits of all data, from the day the grammar was
    /// fixed.
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "implicit:n=13,p=3,q=2,m=5,seed=42; 18b2affa5a1f9145",
                "implicit:n=13,p=3,q=2,m=5,seed=42,precision=f64; fc4a25e40e7f364d",
                "implicit:n=12,p=3,q=2,m=5,phi=softmax:3,structure=sparse:0.3,precision=f64; 81ffd2c98239c831",
                "implicit:n=12,p=3,q=2,m=5,structure=reducible,precision=f64; 1426abdba6af625b",
                "implicit:n=12,p=3,q=2,m=5,structure=cyclic:4,precision=f64; df5c3157f19fb967",
                "implicit:n=12,p=3,q=2,m=5,structure=low-rank:2,precision=f64; f483b58a979651c3",
                "monotone:n=12,p=3,q=2,m=5,precision=f64; 54e90b88ebb7c467"
            })
    void theBitsOfADescriptionNeverChange(String text, String expected) {
        Problem problem = generate(text);
        long hash = 0;
        for (Matrix matrix : new Matrix[] {problem.a(), problem.b(), problem.c(), problem.d(), problem.inputs()}) {
            for (double value : matrix.toDoubleArray()) {
                hash = mixed(hash, value);
            }
        }
        if (problem.solver() instanceof ForwardBackward(double alpha)) {
            hash = mixed(hash, alpha);
        }
        assertEquals(expected, Long.toHexString(hash), text);
    }

    private static long mixed(long hash, double value) {
        long product = (hash ^ Double.doubleToLongBits(value)) * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 32);
    }
}

package dev.stillpoint.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.SparseOperator;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every kind of operator, of 12 by 12 small integers, so that sums and products are exact.
final class FormTest {
    private static final int N = 12;

    private static Matrix integers(int rows, int columns, double density, Random random) {
        double[][] m = new double[rows][columns];
        for (double[] row : m) {
            Arrays.setAll(row, j -> random.nextDouble() < density ? random.nextInt(5) - 2 : 0);
        }
        return Matrix.ofRows(m);
    }

    private static LinearOperator operator(String kind, Random random) {
        return switch (kind) {
            case "dense" -> LinearOperator.dense(integers(N, N, 0.7, random));
            case "sparse" -> LinearOperator.sparse(integers(N, N, 0.2, random));
            case "diagonal" -> LinearOperator.diagonal(integers(1, N, 0.7, random));
            case "convolution" ->
                LinearOperator.convolution(new ImageShape(1, 3, 4), integers(1, 9, 0.7, random), 3, 3, 1, 1, 1);
            case "low rank" -> LinearOperator.lowRank(integers(N, 3, 0.4, random), integers(N, 3, 0.4, random));
            case "product" ->
                LinearOperator.product(
                        LinearOperator.sparse(integers(N, 5, 0.3, random)),
                        LinearOperator.dense(integers(5, 7, 0.5, random)),
                        LinearOperator.sparse(integers(7, N, 0.3, random)));
            case "sum" ->
                LinearOperator.sum(
                        LinearOperator.sparse(integers(N, N, 0.1, random)),
                        LinearOperator.diagonal(integers(1, N, 0.7, random)),
                        LinearOperator.lowRank(integers(N, 2, 0.2, random), integers(N, 2, 0.2, random)));
            case "block triangular" -> triangular(random);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static double[][] rows(LinearOperator operator) {
        Matrix matrix = operator.toMatrix();
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        for (int i = 0; i < rows.length; i++) {
            // What cancels may be -0.
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = matrix.get(i, j) + 0.0;
            }
        }
        return rows;
    }

    private static void assertMatrix(double[][] expected, Form form, String what) {
        assertEquals(expected.length, form.rows(), what);
        assertEquals(expected[0].length, form.columns(), what);
        double[][] found = rows(form.cheapest());
        Pattern pattern = form.pattern();
        boolean any = false;
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], found[i], what + ", row " + i);
            for (int j = 0; j < expected[i].length; j++) {
                assertTrue(expected[i][j] == 0 || pattern.has(i, j), what + ", " + i + ", " + j);
                any |= pattern.has(i, j);
            }
        }
        assertEquals(!any, form.isZero(), what);
        double[] x = new double[form.columns()];
        Arrays.setAll(x, j -> j - 3);
        assertArrayEquals(PlainModel.times(expected, x), form.times(x), what);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"dense", "sparse", "diagonal", "convolution", "low rank", "product", "sum", "block triangular"})
    void partsAreThoseOfTheMatrix(String kind) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            LinearOperator operator = operator(kind, random);
            double[][] m = rows(operator);
            String what = kind + ", seed " + seed;
            Form form = Form.of(operator);
            assertMatrix(m, form, what);
            int[] rows = Arrays.copyOf(Structures.permutation(N, 1, random), 7);
            int[] columns = Arrays.copyOf(Structures.permutation(N, 1, random), 9);
            assertMatrix(Structures.select(m, rows, columns), form.selected(rows, columns), what + ", selected");
            assertMatrix(
                    Structures.select(m, new int[] {3, 4, 5, 6}, new int[] {6, 7, 8, 9, 10}),
                    form.slice(3, 6, 4, 5),
                    what + ", slice");
            double[][] placed = new double[20][15];
            for (int i = 0; i < N; i++) {
                System.arraycopy(m[i], 0, placed[i + 5], 2, N);
            }
            assertMatrix(placed, form.placed(5, 2, 20, 15), what + ", placed");
        }
    }

    private static LinearOperator triangular(Random random) {
        int[] sizes = {5, 4, 3};
        @Nullable
        LinearOperator[][] blocks = {
            {
                LinearOperator.dense(integers(5, 5, 0.5, random)),
                LinearOperator.lowRank(integers(5, 2, 0.5, random), integers(4, 2, 0.5, random)),
                LinearOperator.sparse(integers(5, 3, 0.3, random))
            },
            {null, LinearOperator.diagonal(integers(1, 4, 0.5, random)), null},
            {null, null, LinearOperator.dense(integers(3, 3, 0.5, random))}
        };
        return LinearOperator.blockTriangular(sizes, blocks);
    }

    @Test
    void factorsHaveNoInnerIndexWithoutEntries() {
        Matrix left = Matrix.ofRows(new double[][] {{1, 0, 2}, {0, 0, 0}});
        Matrix right = Matrix.ofRows(new double[][] {{3, 4, 0}, {0, 5, 0}});
        Form form = Form.of(LinearOperator.lowRank(left, right));
        assertEquals(1, assertInstanceOf(FactorForm.class, form).left().columns());
        assertTrue(form.slice(1, 0, 1, 2).isZero());
        assertFalse(form.slice(0, 0, 1, 1).isZero());
    }

    @Test
    void disjointTermsAreOneMatrix() {
        Matrix one = Matrix.ofRows(new double[][] {{1, 0}, {0, 2}});
        Matrix other = Matrix.ofRows(new double[][] {{0, 3}, {0, 0}}).toImmutable(Precision.F32);
        Form form = Form.of(LinearOperator.sum(LinearOperator.dense(one), LinearOperator.dense(other)));
        assertEquals(Precision.F64, assertInstanceOf(StoredEntries.class, form).precision());
        Form overlapping = Form.of(LinearOperator.sum(LinearOperator.dense(one), LinearOperator.dense(one)));
        assertInstanceOf(SumForm.class, overlapping, "adding rounds");
    }

    @Test
    void theCheapestFormDependsOnTheEntries() {
        double[][] rows = new double[40][40];
        for (int i = 0; i < 10; i++) {
            Arrays.fill(rows[4 * i], 1);
        }
        // 10 rows of 40 dense, and one entry for each row to place it.
        assertEquals(
                2 * (10 * 40 + 10),
                StoredEntries.of(Matrix.ofRows(rows)).cheapest().flops());
        assertInstanceOf(SparseOperator.class, StoredEntries.zero(3, 4).cheapest());
    }
}

package dev.stillpoint.model;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.ConvolutionOperator;
import dev.stillpoint.operator.DenseOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SparseOperator;
import dev.stillpoint.operator.SumOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operators with their rows divided and their columns multiplied: `diag(rows)^-1 M diag(columns)`, in FP64.
/// Every entry errs by `3 u` of its own at most, those of computed operators included: these are not touched, but
/// stand between two diagonal ones.
///
/// @param rows what rows are divided by, or null for nothing; positive, not written to
/// @param columns what columns are multiplied by, or null for nothing; positive, not written to
@SuppressWarnings("ArrayRecordComponent") // package-private data that never leaves the package and is never compared
record OperatorScaling(double @Nullable [] rows, double @Nullable [] columns) {

    /// `value column / row`.
    ///
    /// @throws IllegalArgumentException when it leaves the range in which doubles are accurate
    static double scaled(double value, double column, double row) {
        double product = value * column;
        double scaled = product / row;
        if (value != 0 && !(isNormal(product) && isNormal(scaled))) {
            throw new IllegalArgumentException(
                    "%s times %s over %s leaves the range of doubles: the weights of the states lie too far apart"
                            .formatted(value, column, row));
        }
        return scaled;
    }

    private static boolean isNormal(double value) {
        return Math.abs(value) >= Double.MIN_NORMAL && Math.abs(value) < Double.POSITIVE_INFINITY;
    }

    private double row(int i) {
        return rows == null ? 1 : rows[i];
    }

    private double column(int j) {
        return columns == null ? 1 : columns[j];
    }

    /// The scaled operator.
    LinearOperator of(LinearOperator operator) {
        return switch (operator) {
            case DenseOperator(Matrix matrix) -> dense(matrix);
            case SparseOperator sparse -> sparse(sparse);
            case DiagonalOperator(Matrix diagonal) -> diagonal(diagonal);
            case BlockTriangularOperator triangular ->
                new BlockTriangularOperator(triangular.sizes(), blocks(triangular.toBlocks()));
            case BlockOperator blocks -> new BlockOperator(rowSizes(blocks), columnSizes(blocks), blocks(blocks));
            case LowRankOperator _, ProductOperator _, SumOperator _, ConvolutionOperator _ -> between(operator);
        };
    }

    private LinearOperator dense(Matrix matrix) {
        Matrix scaled = Matrix.zeros(Precision.F64, matrix.rows(), matrix.columns());
        double[] row = new double[matrix.columns()];
        for (int i = 0; i < matrix.rows(); i++) {
            matrix.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                row[j] = scaled(row[j], column(j), row(i));
            }
            scaled.setRow(i, row, 0);
        }
        return new DenseOperator(scaled.frozen());
    }

    private LinearOperator sparse(SparseOperator operator) {
        int[] starts = operator.rowStarts();
        int[] indices = operator.columnIndices();
        double[] values = operator.values().toDoubleArray();
        for (int i = 0; i < operator.rows(); i++) {
            for (int p = starts[i]; p < starts[i + 1]; p++) {
                values[p] = scaled(values[p], column(indices[p]), row(i));
            }
        }
        Matrix scaled = Matrix.of(values, 1, values.length).frozen();
        return new SparseOperator(operator.rows(), operator.columns(), starts, indices, scaled);
    }

    private LinearOperator diagonal(Matrix diagonal) {
        double[] values = diagonal.toDoubleArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = row(i) == column(i) ? values[i] : scaled(values[i], column(i), row(i));
        }
        return new DiagonalOperator(Matrix.of(values, 1, values.length).frozen());
    }

    private LinearOperator between(LinearOperator operator) {
        List<LinearOperator> factors = new ArrayList<>();
        if (rows != null) {
            double[] inverse = new double[rows.length];
            Arrays.setAll(inverse, i -> scaled(1, 1, row(i)));
            factors.add(new DiagonalOperator(Matrix.of(inverse, 1, inverse.length)));
        }
        factors.add(operator);
        if (columns != null) {
            factors.add(new DiagonalOperator(Matrix.of(columns.clone(), 1, columns.length)));
        }
        return new ProductOperator(factors);
    }

    private @Nullable LinearOperator[][] blocks(BlockOperator operator) {
        @Nullable LinearOperator[][] scaled = new @Nullable LinearOperator[operator.blockRows()][];
        for (int i = 0; i < scaled.length; i++) {
            @Nullable LinearOperator[] own = new @Nullable LinearOperator[operator.blockColumns()];
            for (int j = 0; j < own.length; j++) {
                LinearOperator block = operator.block(i, j);
                own[j] = block == null
                        ? null
                        : new OperatorScaling(
                                        part(rows, operator.rowBegin(i), operator.rowBegin(i + 1)),
                                        part(columns, operator.columnBegin(j), operator.columnBegin(j + 1)))
                                .of(block);
            }
            scaled[i] = own;
        }
        return scaled;
    }

    private static double @Nullable [] part(double @Nullable [] weights, int from, int to) {
        return weights == null ? null : Arrays.copyOfRange(weights, from, to);
    }

    private static int[] rowSizes(BlockOperator operator) {
        int[] sizes = new int[operator.blockRows()];
        Arrays.setAll(sizes, operator::rowSize);
        return sizes;
    }

    private static int[] columnSizes(BlockOperator operator) {
        int[] sizes = new int[operator.blockColumns()];
        Arrays.setAll(sizes, operator::columnSize);
        return sizes;
    }
}

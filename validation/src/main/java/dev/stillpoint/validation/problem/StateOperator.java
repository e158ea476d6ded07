package dev.stillpoint.validation.problem;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import org.jspecify.annotations.Nullable;

/// The state matrix of a problem in its [OperatorForm], from a [StateMatrix] times a factor. What is stored is
/// rounded to the precision of the problem.
final class StateOperator {
    private final StateMatrix states;
    private final Precision precision;
    private final double factor;

    StateOperator(StateMatrix states, Precision precision, double factor) {
        this.states = states;
        this.precision = precision;
        this.factor = factor;
    }

    /// The operator.
    ///
    /// @param scaled the matrix times the factor
    LinearOperator of(OperatorForm form, Structure structure, double[][] scaled) {
        return switch (form) {
            case DENSE -> LinearOperator.dense(matrix(scaled, 1));
            case SPARSE -> LinearOperator.sparse(matrix(scaled, 1));
            case DIAGONAL -> LinearOperator.diagonal(matrix(diagonal(scaled), 1));
            case LOW_RANK -> lowRank();
            case CONVOLUTION -> convolution(structure);
            case BLOCK_TRIANGULAR -> blockTriangular(matrix(scaled, 1));
            case SUM ->
                LinearOperator.sum(
                        LinearOperator.diagonal(matrix(new double[][] {states.diagonal('A')}, factor)), lowRank());
        };
    }

    private LinearOperator lowRank() {
        StateMatrix.Factors factors = states.factors('A');
        int n = factors.left().length;
        return LinearOperator.lowRank(matrix(factors.left(), factor / n), matrix(factors.right(), 1));
    }

    private LinearOperator convolution(Structure structure) {
        if (!(structure instanceof Structure.Convolution convolution)) {
            throw new IllegalStateException("structure " + structure.label() + " has no kernel");
        }
        return convolution.operator(matrix(states.weights('A', convolution), factor));
    }

    private static double[][] diagonal(double[][] matrix) {
        double[][] diagonal = new double[1][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            diagonal[0][i] = matrix[i][i];
        }
        return diagonal;
    }

    private LinearOperator blockTriangular(Matrix matrix) {
        int[] sizes = states.groupSizes();
        @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[sizes.length][sizes.length];
        int row = 0;
        for (int i = 0; i < sizes.length; i++) {
            int column = row;
            for (int j = i; j < sizes.length; j++) {
                Matrix block = matrix.slice(row, column, sizes[i], sizes[j]);
                if (!isZero(block)) {
                    blocks[i][j] = LinearOperator.dense(block);
                }
                column += sizes[j];
            }
            row += sizes[i];
        }
        return LinearOperator.blockTriangular(sizes, blocks);
    }

    private static boolean isZero(Matrix matrix) {
        for (int i = 0; i < matrix.rows(); i++) {
            for (int j = 0; j < matrix.columns(); j++) {
                if (matrix.get(i, j) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private Matrix matrix(double[][] values, double times) {
        int columns = values[0].length;
        Matrix matrix = Matrix.zeros(precision, values.length, columns);
        double[] row = new double[columns];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < columns; j++) {
                row[j] = times * values[i][j];
            }
            matrix.setRow(i, row, 0);
        }
        return matrix.frozen();
    }
}

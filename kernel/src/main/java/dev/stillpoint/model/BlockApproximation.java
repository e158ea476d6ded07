package dev.stillpoint.model;

import dev.stillpoint.internal.analysis.LowRankApproximation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Blocks of `A` in forms whose entries are off by a tolerance at most: as they are, without entries of that size
/// or less, or as factors of low rank. A block is approximated only where that makes it cheaper.
///
/// Keeps, for every entry, a bound of the error and a bound of the approximate entry's size.
final class BlockApproximation implements BlockSource {
    /// Blocks with fewer rows or columns have no rank worth finding.
    private static final int SMALLEST = 4;

    private final StoredEntries a;
    private final double tolerance;
    private final Matrix error;
    private final Matrix magnitude;
    private boolean approximate;

    BlockApproximation(StoredEntries a, double tolerance) {
        this.a = a;
        this.tolerance = tolerance;
        error = Matrix.zeros(Precision.F64, a.rows(), a.columns());
        magnitude = Matrix.zeros(Precision.F64, a.rows(), a.columns());
    }

    /// Whether any entry is off.
    boolean isApproximate() {
        return approximate;
    }

    /// Bounds of the errors.
    Matrix error() {
        return error;
    }

    /// Bounds of the sizes of the entries of the approximation.
    Matrix magnitude() {
        return magnitude;
    }

    @Override
    public void leaveOut(int row, int column, int rows, int columns) {
        StoredEntries block = a.slice(row, column, rows, columns);
        note(block, zero(rows, columns), row, column);
    }

    private static StoredEntries zero(int rows, int columns) {
        return StoredEntries.zero(rows, columns);
    }

    @Override
    public @Nullable LinearOperator block(int row, int column, int rows, int columns) {
        StoredEntries exact = a.slice(row, column, rows, columns);
        if (exact.isZero()) {
            return null;
        }
        StoredEntries dropped = exact.where(value -> Math.abs(value) > tolerance);
        if (dropped.isZero()) {
            note(exact, dropped, row, column);
            return null;
        }
        LinearOperator whole = exact.cheapest();
        LinearOperator fewer = dropped.cheapest();
        double cost = Math.min(OperatorCost.of(whole), OperatorCost.of(fewer));
        Optional<LowRankApproximation> factors = lowRank(exact, cost);
        if (factors.isPresent()) {
            return noted(factors.get(), row, column);
        }
        boolean dropping = OperatorCost.of(fewer) < OperatorCost.of(whole);
        note(exact, dropping ? dropped : exact, row, column);
        return dropping ? fewer : whole;
    }

    /// Factors that cost less than `limit`.
    private Optional<LowRankApproximation> lowRank(StoredEntries block, double limit) {
        double perRank = OperatorCost.dense(block.rows() + (long) block.columns(), 1);
        int most = (int) Math.min(Integer.MAX_VALUE, Math.ceil(limit / perRank) - 1);
        return most < 1 || Math.min(block.rows(), block.columns()) < SMALLEST
                ? Optional.empty()
                : LowRankApproximation.of(block.toRows(), tolerance, most);
    }

    private LinearOperator noted(LowRankApproximation factors, int row, int column) {
        approximate = true;
        for (int i = 0; i < factors.error().length; i++) {
            for (int j = 0; j < factors.error()[i].length; j++) {
                error.set(row + i, column + j, factors.error()[i][j]);
                magnitude.set(row + i, column + j, factors.magnitude()[i][j]);
            }
        }
        return new LowRankOperator(Matrix.ofRows(factors.left()), Matrix.ofRows(factors.right()));
    }

    /// What is missing from `kept` is the error, exactly.
    private void note(StoredEntries exact, StoredEntries kept, int row, int column) {
        approximate |= kept.count() < exact.count();
        for (int i = 0; i < exact.rows(); i++) {
            for (int p = exact.pattern().start()[i]; p < exact.pattern().start()[i + 1]; p++) {
                int j = exact.pattern().column()[p];
                Matrix target = kept.pattern().has(i, j) ? magnitude : error;
                target.set(row + i, column + j, Math.abs(exact.value()[p]));
            }
        }
    }
}

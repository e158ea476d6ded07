package dev.stillpoint.operator;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import java.util.List;

/// The sum of operators of one shape: `y = F_1 x + F_2 x + ... + F_m x`.
///
/// **Order.** `t = z + F_1 x`; then `t = t + F_2 x`, which goes on from the stored value; and so on. [#toMatrix()]
/// adds in FP64 in the same order where there are several terms.
///
/// Source: IDL-21 §2.4 (parallel sums), §5.
///
/// @param terms `F_1 ... F_m`, at least one
public record SumOperator(List<LinearOperator> terms) implements LinearOperator {
    /// Checks shapes.
    ///
    /// @throws ShapeException when the shapes differ
    /// @throws IllegalArgumentException when there is no term
    public SumOperator {
        terms = List.copyOf(terms);
        if (terms.isEmpty()) {
            throw new IllegalArgumentException("a sum needs at least one term");
        }
        LinearOperator first = terms.getFirst();
        for (int f = 1; f < terms.size(); f++) {
            LinearOperator term = terms.get(f);
            if (term.rows() != first.rows() || term.columns() != first.columns()) {
                throw new ShapeException("term %d is %d x %d, expected %d x %d as term 1"
                        .formatted(f + 1, term.rows(), term.columns(), first.rows(), first.columns()));
            }
        }
    }

    @Override
    public int rows() {
        return terms.getFirst().rows();
    }

    @Override
    public int columns() {
        return terms.getFirst().columns();
    }

    @Override
    public long flops() {
        return terms.stream().mapToLong(LinearOperator::flops).sum();
    }

    @Override
    public Matrix toMatrix() {
        if (terms.size() == 1) {
            return terms.getFirst().toMatrix();
        }
        Matrix sum = Entries.copy(terms.getFirst().toMatrix());
        double[] row = new double[columns()];
        double[] added = new double[columns()];
        for (LinearOperator term : terms.subList(1, terms.size())) {
            Matrix matrix = term.toMatrix();
            for (int i = 0; i < rows(); i++) {
                sum.getRow(i, row, 0);
                matrix.getRow(i, added, 0);
                for (int j = 0; j < row.length; j++) {
                    row[j] += added[j];
                }
                sum.setRow(i, row, 0);
            }
        }
        return sum.frozen();
    }

    /// `F_1' + F_2' + ... + F_m'`: the terms transposed, in the same order.
    @Override
    public SumOperator transpose() {
        return new SumOperator(terms.stream().map(LinearOperator::transpose).toList());
    }
}

package dev.stillpoint.model;

import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.LowRankOperator;
import dev.stillpoint.operator.ProductOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A product `FG`, which is never multiplied out: that would round.
///
/// Inner indices without an entry in their column of `F` or in their row of `G` are left out.
///
/// @param left `F`
/// @param right `G`
/// @param lowRank whether the operator is to be a [LowRankOperator]: both factors are stored entries
record FactorForm(Form left, Form right, boolean lowRank) implements Form {

    static Form of(LowRankOperator operator) {
        return compressed(StoredEntries.of(operator.left()), StoredEntries.of(operator.transposedRight()), true);
    }

    static Form of(Form left, Form right) {
        return compressed(left, right, false);
    }

    private static Form compressed(Form left, Form right, boolean lowRank) {
        boolean[] used = left.pattern().usedColumns();
        boolean[] usedRows = right.pattern().usedRows();
        int[] inner = IntStream.range(0, used.length)
                .filter(k -> used[k] && usedRows[k])
                .toArray();
        if (inner.length == 0) {
            return StoredEntries.zero(left.rows(), right.columns());
        }
        if (inner.length == used.length) {
            return new FactorForm(left, right, lowRank);
        }
        return new FactorForm(
                left.selected(all(left.rows()), inner), right.selected(inner, all(right.columns())), lowRank);
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    @Override
    public int rows() {
        return left.rows();
    }

    @Override
    public int columns() {
        return right.columns();
    }

    @Override
    public Pattern pattern() {
        Pattern first = left.pattern();
        Pattern second = right.pattern();
        Pattern.Rows found = new Pattern.Rows(rows(), columns());
        for (int i = 0; i < rows(); i++) {
            for (int p = first.start()[i]; p < first.start()[i + 1]; p++) {
                int k = first.column()[p];
                for (int q = second.start()[k]; q < second.start()[k + 1]; q++) {
                    found.add(second.column()[q]);
                }
            }
            found.endRow();
        }
        return found.toPattern();
    }

    @Override
    public Form selected(int[] rows, int[] columns) {
        return compressed(
                left.selected(rows, all(left.columns())), right.selected(all(right.rows()), columns), lowRank);
    }

    @Override
    public Form slice(int row, int column, int rowCount, int columnCount) {
        return compressed(
                left.slice(row, 0, rowCount, left.columns()),
                right.slice(0, column, right.rows(), columnCount),
                lowRank);
    }

    @Override
    public Form placed(int row, int column, int rows, int columns) {
        return new FactorForm(
                left.placed(row, 0, rows, left.columns()), right.placed(0, column, right.rows(), columns), lowRank);
    }

    @Override
    public double[] times(double[] x) {
        return left.times(right.times(x));
    }

    @Override
    public LinearOperator cheapest() {
        List<LinearOperator> factors = new ArrayList<>();
        addTo(factors);
        LinearOperator product = new ProductOperator(factors);
        if (left instanceof StoredEntries l && right instanceof StoredEntries r && lowRank) {
            LinearOperator asLowRank =
                    new LowRankOperator(l.toMatrix(), r.transposed().toMatrix());
            return OperatorCost.of(asLowRank) <= OperatorCost.of(product) ? asLowRank : product;
        }
        return product;
    }

    private void addTo(List<LinearOperator> factors) {
        for (Form factor : Arrays.asList(left, right)) {
            if (factor instanceof FactorForm product) {
                product.addTo(factors);
            } else {
                LinearOperator operator = factor.cheapest();
                if (operator instanceof ProductOperator(var parts)) {
                    factors.addAll(parts);
                } else {
                    factors.add(operator);
                }
            }
        }
    }
}

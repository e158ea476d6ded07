package dev.stillpoint.model;

import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.SumOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// A sum of several matrices, whose entries are never added: that would round.
///
/// @param terms the terms, at least two
record SumForm(List<Form> terms) implements Form {

    /// The sum of terms, with those joined that have stored entries in different places.
    static Form of(List<Form> all) {
        List<Form> terms = new ArrayList<>();
        for (Form term : all) {
            if (term instanceof SumForm(var parts)) {
                parts.forEach(part -> add(terms, part));
            } else {
                add(terms, term);
            }
        }
        return switch (terms.size()) {
            case 0 -> StoredEntries.zero(all.getFirst().rows(), all.getFirst().columns());
            case 1 -> terms.getFirst();
            default -> new SumForm(List.copyOf(terms));
        };
    }

    private static void add(List<Form> terms, Form term) {
        if (term.isZero()) {
            return;
        }
        if (term instanceof StoredEntries entries) {
            for (int t = 0; t < terms.size(); t++) {
                if (terms.get(t) instanceof StoredEntries other && other.isDisjointFrom(entries)) {
                    terms.set(t, other.with(entries));
                    return;
                }
            }
        }
        terms.add(term);
    }

    private Form map(UnaryOperator<Form> function) {
        return of(terms.stream().map(function).toList());
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
    public Pattern pattern() {
        List<Pattern> patterns = terms.stream().map(Form::pattern).toList();
        Pattern.Rows found = new Pattern.Rows(rows(), columns());
        for (int i = 0; i < rows(); i++) {
            for (Pattern pattern : patterns) {
                for (int p = pattern.start()[i]; p < pattern.start()[i + 1]; p++) {
                    found.add(pattern.column()[p]);
                }
            }
            found.endRow();
        }
        return found.toPattern();
    }

    @Override
    public Form selected(int[] rows, int[] columns) {
        return map(term -> term.selected(rows, columns));
    }

    @Override
    public Form slice(int row, int column, int rowCount, int columnCount) {
        return map(term -> term.slice(row, column, rowCount, columnCount));
    }

    @Override
    public Form placed(int row, int column, int rows, int columns) {
        return map(term -> term.placed(row, column, rows, columns));
    }

    @Override
    public double[] times(double[] x) {
        double[] sum = new double[rows()];
        for (Form term : terms) {
            double[] product = term.times(x);
            Arrays.setAll(sum, i -> sum[i] + product[i]);
        }
        return sum;
    }

    @Override
    public LinearOperator cheapest() {
        return new SumOperator(terms.stream().map(Form::cheapest).toList());
    }
}

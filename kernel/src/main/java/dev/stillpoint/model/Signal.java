package dev.stillpoint.model;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockOperator;
import dev.stillpoint.operator.DiagonalOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.operator.ProductOperator;
import dev.stillpoint.operator.SumOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A vector that is an affine function of what a [Wiring] holds: `v = sum_s M_s x_s + offset`, where `x_s` is a
/// block of the state or an input. Operators are never multiplied out, nor added entry by entry: that would
/// round. Immutable.
final class Signal {
    private final int size;
    private final NavigableMap<Integer, LinearOperator> terms;
    private final double @Nullable [] offset;

    private Signal(int size, NavigableMap<Integer, LinearOperator> terms, double @Nullable [] offset) {
        this.size = size;
        this.terms = terms;
        this.offset = offset;
    }

    /// The zero of so many values.
    static Signal zero(int size) {
        return new Signal(size, new TreeMap<>(), null);
    }

    /// The source `s` itself.
    static Signal of(int s, int size) {
        return zero(size).plus(s, identity(size));
    }

    static LinearOperator identity(int size) {
        Matrix ones = Matrix.zeros(Precision.F32, 1, size);
        for (int i = 0; i < size; i++) {
            ones.set(0, i, 1);
        }
        return new DiagonalOperator(ones.frozen());
    }

    private static boolean isIdentity(LinearOperator operator) {
        return operator instanceof DiagonalOperator(Matrix diagonal)
                && Arrays.stream(diagonal.toDoubleArray()).allMatch(value -> value == 1);
    }

    /// Number of values.
    int size() {
        return size;
    }

    /// The sources that it depends on.
    Set<Integer> sources() {
        return terms.keySet();
    }

    /// `M_s`, or null where it does not depend on `s`.
    @Nullable
    LinearOperator term(int s) {
        return terms.get(s);
    }

    /// The constant part, null where it is zero; not to be written to.
    double @Nullable [] offset() {
        return offset;
    }

    /// This and `M x_s`.
    Signal plus(int s, LinearOperator operator) {
        NavigableMap<Integer, LinearOperator> all = new TreeMap<>(terms);
        all.merge(s, operator, Signal::sum);
        return new Signal(size, all, offset);
    }

    /// This and a constant, `(1, size)`.
    Signal plus(@Nullable Matrix constant) {
        return constant == null ? this : plusOffset(constant.toDoubleArray());
    }

    private Signal plusOffset(double @Nullable [] constant) {
        if (constant == null || Arrays.stream(constant).allMatch(value -> value == 0)) {
            return this;
        }
        double[] sum = constant.clone();
        double[] own = offset;
        if (own != null) {
            Arrays.setAll(sum, i -> sum[i] + own[i]);
        }
        return new Signal(size, terms, sum);
    }

    /// The sum of the two.
    Signal plus(Signal other) {
        Signal sum = plusOffset(other.offset);
        for (var term : other.terms.entrySet()) {
            sum = sum.plus(term.getKey(), term.getValue());
        }
        return sum;
    }

    /// `F v`; the constant part in FP64.
    Signal times(LinearOperator operator) {
        NavigableMap<Integer, LinearOperator> products = new TreeMap<>();
        terms.forEach((s, term) -> products.put(s, product(operator, term)));
        Signal image = new Signal(operator.rows(), products, null);
        return offset == null ? image : image.plusOffset(Form.of(operator).times(offset));
    }

    /// The values `from` (inclusive) to `to` (exclusive).
    Signal slice(int from, int to) {
        NavigableMap<Integer, LinearOperator> own = new TreeMap<>();
        terms.forEach((s, term) -> {
            LinearOperator rows = isIdentity(term)
                    ? selection(from, to, size)
                    : OperatorSlice.of(term, from, 0, to - from, term.columns());
            if (rows != null) {
                own.put(s, rows);
            }
        });
        Signal slice = new Signal(to - from, own, null);
        return offset == null ? slice : slice.plusOffset(Arrays.copyOfRange(offset, from, to));
    }

    /// `(0 I 0)`.
    private static LinearOperator selection(int from, int to, int size) {
        List<Integer> sizes = new ArrayList<>();
        List<@Nullable LinearOperator> row = new ArrayList<>();
        place(sizes, row, from, null);
        place(sizes, row, to - from, identity(to - from));
        place(sizes, row, size - to, null);
        if (row.size() == 1) {
            return identity(size);
        }
        return new BlockOperator(
                new int[] {to - from},
                sizes.stream().mapToInt(each -> each).toArray(),
                new @Nullable LinearOperator[][] {row.toArray(new @Nullable LinearOperator[0])});
    }

    private static void place(
            List<Integer> sizes, List<@Nullable LinearOperator> row, int size, @Nullable LinearOperator block) {
        if (size > 0) {
            sizes.add(size);
            row.add(block);
        }
    }

    /// All values of the given signals, one signal after the other.
    static Signal concatenation(List<Signal> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int[] sizes = parts.stream().mapToInt(Signal::size).toArray();
        int size = Math.toIntExact(Arrays.stream(sizes).asLongStream().sum());
        Set<Integer> sources = new TreeSet<>();
        parts.forEach(part -> sources.addAll(part.sources()));
        Signal all = zero(size);
        for (int s : sources) {
            int columns = 0;
            @Nullable LinearOperator[][] blocks = new @Nullable LinearOperator[sizes.length][];
            for (int k = 0; k < sizes.length; k++) {
                LinearOperator term = parts.get(k).term(s);
                blocks[k] = new @Nullable LinearOperator[] {term};
                columns = term == null ? columns : term.columns();
            }
            all = all.plus(s, new BlockOperator(sizes, new int[] {columns}, blocks));
        }
        double[] constants = new double[size];
        int begin = 0;
        for (Signal part : parts) {
            if (part.offset != null) {
                System.arraycopy(part.offset, 0, constants, begin, part.size);
            }
            begin += part.size;
        }
        return all.plusOffset(constants);
    }

    /// `LR`, with identities left out, and with `L` moved to the one block of an `R` that only picks values.
    static LinearOperator product(LinearOperator left, LinearOperator right) {
        if (isIdentity(right)) {
            return left;
        }
        if (isIdentity(left)) {
            return right;
        }
        if (right instanceof BlockOperator blocks && blocks.blockRows() == 1) {
            LinearOperator moved = moved(left, blocks);
            if (moved != null) {
                return moved;
            }
        }
        List<LinearOperator> factors = new ArrayList<>();
        factors.addAll(left instanceof ProductOperator(var own) ? own : List.of(left));
        factors.addAll(right instanceof ProductOperator(var own) ? own : List.of(right));
        return new ProductOperator(factors);
    }

    private static @Nullable LinearOperator moved(LinearOperator left, BlockOperator right) {
        int[] sizes = new int[right.blockColumns()];
        Arrays.setAll(sizes, right::columnSize);
        @Nullable LinearOperator[] row = new @Nullable LinearOperator[sizes.length];
        int present = 0;
        for (int j = 0; j < sizes.length; j++) {
            LinearOperator block = right.block(0, j);
            if (block != null) {
                row[j] = product(left, block);
                present++;
            }
        }
        return present == 1
                ? new BlockOperator(new int[] {left.rows()}, sizes, new @Nullable LinearOperator[][] {row})
                : null;
    }

    private static LinearOperator sum(LinearOperator first, LinearOperator second) {
        List<LinearOperator> terms = new ArrayList<>();
        terms.addAll(first instanceof SumOperator(var own) ? own : List.of(first));
        terms.addAll(second instanceof SumOperator(var own) ? own : List.of(second));
        return new SumOperator(terms);
    }
}

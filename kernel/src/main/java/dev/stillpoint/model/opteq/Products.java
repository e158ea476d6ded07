package dev.stillpoint.model.opteq;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Products in double precision in the order of the engine, and matrices put together.
final class Products {
    private Products() {}

    /// `z + Mx`, a new array: each component one fma chain from `z_i` in increasing column.
    static double[] add(double[] z, Matrix m, double[] x) {
        double[] t = z.clone();
        double[] row = new double[m.columns()];
        for (int i = 0; i < t.length; i++) {
            m.getRow(i, row, 0);
            for (int j = 0; j < row.length; j++) {
                t[i] = Math.fma(row[j], x[j], t[i]);
            }
        }
        return t;
    }

    /// `Mx`, as [#add] from zero.
    static double[] of(Matrix m, double[] x) {
        return add(new double[m.rows()], m, x);
    }

    /// `sum_i a_i b_i`, one fma chain in increasing `i`.
    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum = Math.fma(a[i], b[i], sum);
        }
        return sum;
    }

    /// `W'/mu`, immutable: in the precision of `W` where `mu` is 1, else each entry divided in FP64.
    static Matrix scaledTranspose(Matrix w, double mu) {
        Matrix transposed = Matrix.zeros(mu == 1 ? w.precision() : Precision.F64, w.columns(), w.rows());
        for (int i = 0; i < w.rows(); i++) {
            for (int j = 0; j < w.columns(); j++) {
                transposed.set(j, i, w.get(i, j) / mu);
            }
        }
        return transposed.frozen();
    }

    /// The matrices of one width below each other, then `zeros` rows of zeros; in FP32 where all of them are.
    static Matrix stack(List<Matrix> parts, int zeros) {
        int rows = zeros;
        boolean single = true;
        for (Matrix part : parts) {
            rows = Math.addExact(rows, part.rows());
            single &= part.precision() == Precision.F32;
        }
        int columns = parts.getFirst().columns();
        Matrix stacked = Matrix.zeros(single ? Precision.F32 : Precision.F64, rows, columns);
        double[] row = new double[columns];
        int at = 0;
        for (Matrix part : parts) {
            for (int i = 0; i < part.rows(); i++) {
                part.getRow(i, row, 0);
                stacked.setRow(at++, row, 0);
            }
        }
        return stacked.frozen();
    }

    /// The biases of the units after each other, in FP64, 0 where a unit has none; then `others`.
    static Matrix biases(List<OptEqModel> units, double... others) {
        int size = others.length;
        for (OptEqModel unit : units) {
            size = Math.addExact(size, unit.hiddenSize());
        }
        double[] values = new double[size];
        int at = 0;
        for (OptEqModel unit : units) {
            Matrix bias = unit.bias();
            if (bias != null) {
                bias.getRow(0, values, at);
            }
            at += unit.hiddenSize();
        }
        System.arraycopy(others, 0, values, at, others.length);
        return Matrix.of(values, 1, size).frozen();
    }

    /// `matrix`, immutable, once its values were found finite.
    ///
    /// @throws IllegalArgumentException when one is not
    static Matrix finite(String name, Matrix matrix) {
        if (!matrix.isFinite()) {
            throw new IllegalArgumentException(name + " holds a value that is not finite");
        }
        return matrix.toImmutable();
    }

    /// `vector`, as an array of zeros where it is absent.
    static double[] row(@Nullable Matrix vector, int size) {
        return vector == null ? new double[size] : vector.toDoubleArray();
    }

    /// Checks the number of values of a vector.
    ///
    /// @throws ShapeException when it is another
    static void checkSize(String name, double[] vector, int size) {
        if (vector.length != size) {
            throw new ShapeException("%s has %d values, expected %d".formatted(name, vector.length, size));
        }
    }
}

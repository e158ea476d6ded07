package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;

/// Rows of samples that are finite or not.
final class UnrolledRows {
    private UnrolledRows() {}

    /// Makes a row not-a-number throughout.
    static void fill(Matrix matrix, int row) {
        double[] none = new double[matrix.columns()];
        Arrays.fill(none, Double.NaN);
        matrix.setRow(row, none, 0);
    }

    /// Makes the values of a row that are not a number the canonical one; whether all are finite.
    ///
    /// @param values as many as the row has, overwritten
    static boolean canonical(Matrix matrix, int row, double[] values) {
        matrix.getRow(row, values, 0);
        boolean finite = true;
        for (int i = 0; i < values.length; i++) {
            finite &= Double.isFinite(values[i]);
            values[i] = Double.isNaN(values[i]) ? Double.NaN : values[i];
        }
        if (!finite) {
            matrix.setRow(row, values, 0);
        }
        return finite;
    }

    /// Whether all values of a row are finite in a precision.
    static boolean isFinite(Matrix matrix, int row, Precision precision) {
        double[] values = new double[matrix.columns()];
        matrix.getRow(row, values, 0);
        return Arrays.stream(values).allMatch(value -> Double.isFinite(UnrolledStep.rounded(value, precision)));
    }
}

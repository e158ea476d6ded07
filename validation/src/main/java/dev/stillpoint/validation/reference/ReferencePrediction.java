package dev.stillpoint.validation.reference;

import dev.stillpoint.matrix.Matrix;

/// The prediction `y = Cx + Du`. Source: IDL-21 (1.1).
public final class ReferencePrediction {
    private final Matrix c;
    private final Matrix d;

    private ReferencePrediction(Matrix c, Matrix d) {
        this.c = c.toImmutable();
        this.d = d.toImmutable();
    }

    /// The prediction of `C` `(q, n)` and `D` `(q, p)`.
    public static ReferencePrediction of(Matrix c, Matrix d) {
        return new ReferencePrediction(c, d);
    }

    /// `Cx + Du`, summed in double-double arithmetic and rounded once; a new array.
    public double[] outputs(double[] x, double[] u) {
        double[] y = new double[c.rows()];
        for (int i = 0; i < y.length; i++) {
            DoubleDouble sum = DoubleDouble.ZERO;
            for (int j = 0; j < x.length; j++) {
                sum = sum.plus(DoubleDouble.product(c.get(i, j), x[j]));
            }
            for (int j = 0; j < u.length; j++) {
                sum = sum.plus(DoubleDouble.product(d.get(i, j), u[j]));
            }
            y[i] = sum.high();
        }
        return y;
    }

    /// `|C||x| + |D||u|`: what the rounding errors of a prediction are measured against. A new array.
    public double[] magnitude(double[] x, double[] u) {
        double[] sums = new double[c.rows()];
        for (int i = 0; i < sums.length; i++) {
            for (int j = 0; j < x.length; j++) {
                sums[i] += Math.abs(c.get(i, j) * x[j]);
            }
            for (int j = 0; j < u.length; j++) {
                sums[i] += Math.abs(d.get(i, j) * u[j]);
            }
        }
        return sums;
    }
}

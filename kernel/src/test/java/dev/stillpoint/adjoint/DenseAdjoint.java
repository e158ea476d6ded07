package dev.stillpoint.adjoint;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.Inverse;
import dev.stillpoint.matrix.Matrix;

/// One sample's system `(I - J'A') v = J'C'g` in double precision.
final class DenseAdjoint {
    /// `J'`.
    private final double[][] jt;
    private final double[][] inverse;
    private final double[] solution;
    private final Matrix a;
    private final double[] absolute;
    private final int n;

    DenseAdjoint(Activation activation, Matrix a, Matrix c, double[] point, double[] g) {
        this.a = a;
        n = point.length;
        jt = new double[n][];
        inverse = new double[n][n];
        solution = new double[n];
        absolute = new double[n];
        double[] cg = new double[n];
        for (int j = 0; j < n; j++) {
            double[] unit = new double[n];
            unit[j] = 1;
            // Column j of J, which is row j of J'.
            jt[j] = activation.derivativeTimes(point, unit);
        }
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < g.length; k++) {
                cg[i] += c.get(k, i) * g[k];
                absolute[i] += Math.abs(c.get(k, i) * g[k]);
            }
        }
        double[] right = new double[n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                right[i] += jt[i][k] * cg[k];
                for (int j = 0; j < n; j++) {
                    inverse[i][j] -= jt[i][k] * a.get(j, k);
                }
            }
            inverse[i][i] += 1;
        }
        Inverse.invert(inverse);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                solution[i] += inverse[i][j] * right[j];
            }
        }
    }

    double[] solution() {
        return solution.clone();
    }

    double inverseNorm() {
        double sum = 0;
        for (double[] row : inverse) {
            for (double each : row) {
                sum += each * each;
            }
        }
        return Math.sqrt(sum);
    }

    double distance(double[] v) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += (v[i] - solution[i]) * (v[i] - solution[i]);
        }
        return Math.sqrt(sum);
    }

    /// `|(|J'| + I) (|A'||v| + |C'||g|)|_2`, to which rounding errors are relative.
    double magnitude(double[] v) {
        double[] inner = absolute.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                inner[i] += Math.abs(a.get(j, i) * v[j]);
            }
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double value = inner[i];
            for (int k = 0; k < n; k++) {
                value += Math.abs(jt[i][k]) * inner[k];
            }
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}

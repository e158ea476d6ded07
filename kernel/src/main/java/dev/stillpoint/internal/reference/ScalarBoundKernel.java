package dev.stillpoint.internal.reference;

/// The scalar twin of the passes of a bound, which is their specification.
public final class ScalarBoundKernel implements BoundKernel {
    /// The twin, which has no state.
    public ScalarBoundKernel() {}

    @Override
    public int bits() {
        return 0;
    }

    @Override
    public void residual(
            Coefficients rows,
            double[] d,
            double[] f,
            int from,
            int width,
            double[] x,
            double[] u,
            int lane,
            double[] r,
            int to,
            int lanes,
            double[] squares,
            double[] errors) {
        for (int l = 0; l < width; l++) {
            double sum = 0;
            double rounding = 0;
            for (int i = 0; i < rows.count(); i++) {
                double difference = d[from + i * width + l];
                double argument = rows.argument(i, x[lane + l], u[lane + l]);
                double e = rows.error(i, argument, f[from + i * width + l]);
                sum = Math.fma(difference, difference, sum);
                rounding = Math.fma(e, e, rounding);
                r[to + i * lanes + l] = (difference + e) * ROOM;
            }
            squares[lane + l] = sum;
            errors[lane + l] = rounding;
        }
    }

    @Override
    public void measure(double[] r, int o, int lanes, double[] w, double[] squares, double[] largest, int lane) {
        for (int l = 0; l < lanes; l++) {
            double sum = 0;
            double most = 0;
            for (int i = 0; i < w.length; i++) {
                double value = r[o + i * lanes + l];
                double weighted = value * w[i];
                sum = Math.fma(value, value, sum);
                most = weighted > most ? weighted : most;
            }
            squares[lane + l] = sum;
            largest[lane + l] = most;
        }
    }

    @Override
    public void contract(
            double[] e,
            int o,
            int lanes,
            double tiny,
            double relative,
            double[] w,
            double[] factor,
            double[] squares,
            double[] largest,
            int lane) {
        for (int l = 0; l < lanes; l++) {
            double sum = 0;
            double most = 0;
            for (int i = 0; i < w.length; i++) {
                int at = o + i * lanes + l;
                double product = (e[at] + tiny) * relative;
                double weighted = w[i] * factor[lane + l];
                double bound = product < weighted ? product : weighted;
                sum = Math.fma(bound, bound, sum);
                most = bound > most ? bound : most;
                e[at] = bound;
            }
            squares[lane + l] = sum;
            largest[lane + l] = most;
        }
    }
}

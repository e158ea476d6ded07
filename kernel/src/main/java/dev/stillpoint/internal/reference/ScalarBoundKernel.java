package dev.stillpoint.internal.reference;

/// The scalar twin of the passes of a bound, which is their specification.
public final class ScalarBoundKernel implements BoundKernel {
    private static final int WIDTH = 16;

    /// The twin, which has no state.
    public ScalarBoundKernel() {}

    @Override
    public int bits() {
        return 0;
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public void largest(double[] v, int o, int rows, double[] largest, int lane) {
        for (int l = 0; l < WIDTH; l++) {
            long most = 0;
            for (int i = 0; i < rows; i++) {
                most = Math.max(most, Double.doubleToRawLongBits(Math.abs(v[o + i * WIDTH + l])));
            }
            largest[lane + l] = Double.longBitsToDouble(most);
        }
    }

    @Override
    public void residual(
            Coefficients rows,
            double[] f,
            int fo,
            double[] x,
            int xo,
            double share,
            double[] largestX,
            double[] largestU,
            int lane,
            double[] r,
            int to,
            int lanes,
            double[] squares,
            double[] errors) {
        for (int l = 0; l < WIDTH; l++) {
            double sum = 0;
            double rounding = 0;
            for (int i = 0; i < rows.count(); i++) {
                double value = f[fo + i * WIDTH + l];
                double difference = Math.abs(Math.fma(value, share, x[xo + i * WIDTH + l]));
                double e = Math.fma(rows.input()[i], largestU[lane + l], rows.absolute()[i]);
                e = Math.fma(rows.state()[i], largestX[lane + l], e);
                e = Math.fma(rows.own()[i], Math.abs(value), e);
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

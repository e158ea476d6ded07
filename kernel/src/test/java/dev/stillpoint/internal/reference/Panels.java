package dev.stillpoint.internal.reference;

import dev.stillpoint.activation.Activation;
import java.util.Arrays;

/// The panel functions of a format on `double` arrays, for tests: copies in, calls at offsets that are not 0, copies
/// out.
enum Panels {
    F32(0x1p-24) {
        @Override
        double[] value(Activation phi, double[] v, int lanes, boolean inPlace) {
            float[] from = floats(v, V);
            float[] to = inPlace ? from : new float[v.length + P];
            int offset = inPlace ? V : P;
            PanelActivationF32.value(phi, from, V, to, offset, v.length / lanes, lanes);
            return doubles(to, offset, v.length);
        }

        @Override
        double[] prox(Activation phi, double alpha, double[] v, int lanes, boolean inPlace) {
            float[] from = floats(v, V);
            float[] to = inPlace ? from : new float[v.length + P];
            int offset = inPlace ? V : P;
            PanelActivationF32.prox(phi, (float) alpha, from, V, to, offset, v.length / lanes, lanes);
            return doubles(to, offset, v.length);
        }

        @Override
        double[] derivativeTimes(Activation phi, double[] v, double[] w, int lanes, boolean inPlace) {
            float[] from = floats(v, V);
            float[] to = inPlace ? from : new float[v.length + P];
            int offset = inPlace ? V : P;
            PanelActivationF32.derivativeTimes(phi, from, V, floats(w, W), W, to, offset, v.length / lanes, lanes);
            return doubles(to, offset, v.length);
        }

        @Override
        double round(double x) {
            return (float) x;
        }
    },
    F64(0x1p-53) {
        @Override
        double[] value(Activation phi, double[] v, int lanes, boolean inPlace) {
            double[] from = shifted(v, V);
            double[] to = inPlace ? from : new double[v.length + P];
            int offset = inPlace ? V : P;
            PanelActivationF64.value(phi, from, V, to, offset, v.length / lanes, lanes);
            return Arrays.copyOfRange(to, offset, offset + v.length);
        }

        @Override
        double[] prox(Activation phi, double alpha, double[] v, int lanes, boolean inPlace) {
            double[] from = shifted(v, V);
            double[] to = inPlace ? from : new double[v.length + P];
            int offset = inPlace ? V : P;
            PanelActivationF64.prox(phi, alpha, from, V, to, offset, v.length / lanes, lanes);
            return Arrays.copyOfRange(to, offset, offset + v.length);
        }

        @Override
        double[] derivativeTimes(Activation phi, double[] v, double[] w, int lanes, boolean inPlace) {
            double[] from = shifted(v, V);
            double[] to = inPlace ? from : new double[v.length + P];
            int offset = inPlace ? V : P;
            PanelActivationF64.derivativeTimes(phi, from, V, shifted(w, W), W, to, offset, v.length / lanes, lanes);
            return Arrays.copyOfRange(to, offset, offset + v.length);
        }

        @Override
        double round(double x) {
            return x;
        }
    };

    private static final int V = 3;
    private static final int W = 7;
    private static final int P = 5;

    /// The unit roundoff.
    final double u;

    Panels(double u) {
        this.u = u;
    }

    abstract double[] value(Activation phi, double[] v, int lanes, boolean inPlace);

    abstract double[] prox(Activation phi, double alpha, double[] v, int lanes, boolean inPlace);

    abstract double[] derivativeTimes(Activation phi, double[] v, double[] w, int lanes, boolean inPlace);

    abstract double round(double x);

    private static float[] floats(double[] x, int offset) {
        float[] y = new float[x.length + offset];
        for (int i = 0; i < x.length; i++) {
            y[offset + i] = (float) x[i];
        }
        return y;
    }

    private static double[] doubles(float[] x, int offset, int n) {
        double[] y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = x[offset + i];
        }
        return y;
    }

    private static double[] shifted(double[] x, int offset) {
        double[] y = new double[x.length + offset];
        System.arraycopy(x, 0, y, offset, x.length);
        return y;
    }
}

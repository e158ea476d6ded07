package dev.stillpoint.internal.cpu;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.reference.PanelActivationF32;
import dev.stillpoint.internal.reference.PanelActivationF64;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;
import java.util.List;

/// The panel functions of each vector engine, and of its twin, on `double` arrays, for tests: copies in, calls at an
/// offset that is not 0, copies out.
enum VectorPanels {
    F32_V128(CpuEngine.V128, Precision.F32, 4) {
        @Override
        double[] apply(Activation phi, double[] v, int rows, int lanes, boolean inPlace) {
            float[] from = toFloats(v);
            float[] to = inPlace ? from : new float[from.length];
            VectorActivationF32V128.value(
                    phi, from, to, OFFSET, rows, lanes, new float[VectorActivationF32V128.scratch(phi)]);
            return toDoubles(to);
        }

        @Override
        double[] apply(Activation phi, double alpha, double[] v, int rows, int lanes) {
            float[] x = toFloats(v);
            VectorActivationF32V128.prox(
                    phi, (float) alpha, x, OFFSET, rows, lanes, new float[VectorActivationF32V128.scratch(phi)]);
            return toDoubles(x);
        }
    },
    F32_V256(CpuEngine.V256, Precision.F32, 8) {
        @Override
        double[] apply(Activation phi, double[] v, int rows, int lanes, boolean inPlace) {
            float[] from = toFloats(v);
            float[] to = inPlace ? from : new float[from.length];
            VectorActivationF32V256.value(
                    phi, from, to, OFFSET, rows, lanes, new float[VectorActivationF32V256.scratch(phi)]);
            return toDoubles(to);
        }

        @Override
        double[] apply(Activation phi, double alpha, double[] v, int rows, int lanes) {
            float[] x = toFloats(v);
            VectorActivationF32V256.prox(
                    phi, (float) alpha, x, OFFSET, rows, lanes, new float[VectorActivationF32V256.scratch(phi)]);
            return toDoubles(x);
        }
    },
    F32_V512(CpuEngine.V512, Precision.F32, 16) {
        @Override
        double[] apply(Activation phi, double[] v, int rows, int lanes, boolean inPlace) {
            float[] from = toFloats(v);
            float[] to = inPlace ? from : new float[from.length];
            VectorActivationF32V512.value(
                    phi, from, to, OFFSET, rows, lanes, new float[VectorActivationF32V512.scratch(phi)]);
            return toDoubles(to);
        }

        @Override
        double[] apply(Activation phi, double alpha, double[] v, int rows, int lanes) {
            float[] x = toFloats(v);
            VectorActivationF32V512.prox(
                    phi, (float) alpha, x, OFFSET, rows, lanes, new float[VectorActivationF32V512.scratch(phi)]);
            return toDoubles(x);
        }
    },
    F64_V128(CpuEngine.V128, Precision.F64, 2) {
        @Override
        double[] apply(Activation phi, double[] v, int rows, int lanes, boolean inPlace) {
            double[] from = v;
            double[] to = inPlace ? from : new double[from.length];
            VectorActivationF64V128.value(
                    phi, from, to, OFFSET, rows, lanes, new double[VectorActivationF64V128.scratch(phi)]);
            return to;
        }

        @Override
        double[] apply(Activation phi, double alpha, double[] v, int rows, int lanes) {
            double[] x = v;
            VectorActivationF64V128.prox(
                    phi, alpha, x, OFFSET, rows, lanes, new double[VectorActivationF64V128.scratch(phi)]);
            return x;
        }
    },
    F64_V256(CpuEngine.V256, Precision.F64, 4) {
        @Override
        double[] apply(Activation phi, double[] v, int rows, int lanes, boolean inPlace) {
            double[] from = v;
            double[] to = inPlace ? from : new double[from.length];
            VectorActivationF64V256.value(
                    phi, from, to, OFFSET, rows, lanes, new double[VectorActivationF64V256.scratch(phi)]);
            return to;
        }

        @Override
        double[] apply(Activation phi, double alpha, double[] v, int rows, int lanes) {
            double[] x = v;
            VectorActivationF64V256.prox(
                    phi, alpha, x, OFFSET, rows, lanes, new double[VectorActivationF64V256.scratch(phi)]);
            return x;
        }
    },
    F64_V512(CpuEngine.V512, Precision.F64, 8) {
        @Override
        double[] apply(Activation phi, double[] v, int rows, int lanes, boolean inPlace) {
            double[] from = v;
            double[] to = inPlace ? from : new double[from.length];
            VectorActivationF64V512.value(
                    phi, from, to, OFFSET, rows, lanes, new double[VectorActivationF64V512.scratch(phi)]);
            return to;
        }

        @Override
        double[] apply(Activation phi, double alpha, double[] v, int rows, int lanes) {
            double[] x = v;
            VectorActivationF64V512.prox(
                    phi, alpha, x, OFFSET, rows, lanes, new double[VectorActivationF64V512.scratch(phi)]);
            return x;
        }
    };

    private static final int OFFSET = 5;

    /// Values behind a panel, as executors have them.
    private static final int SPARE = 16;

    private final CpuEngine engine;
    private final Precision precision;
    private final int length;

    VectorPanels(CpuEngine engine, Precision precision, int length) {
        this.engine = engine;
        this.precision = precision;
        this.length = length;
    }

    /// Those that this machine runs.
    static List<VectorPanels> available() {
        return Arrays.stream(values())
                .filter(panels -> CpuEngine.available().contains(panels.engine))
                .toList();
    }

    /// On an array with `OFFSET` values before the panel and `SPARE` behind.
    abstract double[] apply(Activation phi, double[] v, int rows, int lanes, boolean inPlace);

    /// The proximal map, on such an array.
    abstract double[] apply(Activation phi, double alpha, double[] v, int rows, int lanes);

    Precision precision() {
        return precision;
    }

    /// Lanes of a vector.
    int length() {
        return length;
    }

    double[] value(Activation phi, double[] v, int rows, int lanes, boolean inPlace) {
        return panel(apply(phi, padded(v), rows, lanes, inPlace), v.length);
    }

    double[] prox(Activation phi, double alpha, double[] v, int rows, int lanes) {
        return panel(apply(phi, alpha, padded(v), rows, lanes), v.length);
    }

    /// Values before and behind a panel that the maps changed; the sum of two maps where both exist.
    int strayed(Activation phi, double[] v, int rows, int lanes) {
        double[] padded = padded(v);
        int count = changed(padded, apply(phi, padded.clone(), rows, lanes, true), v.length);
        return phi.isProximal()
                ? count + changed(padded, apply(phi, 0.3, padded.clone(), rows, lanes), v.length)
                : count;
    }

    private static int changed(double[] before, double[] after, int size) {
        int count = 0;
        for (int i = 0; i < before.length; i++) {
            boolean outside = i < OFFSET || i >= OFFSET + size;
            count += outside && before[i] != after[i] ? 1 : 0;
        }
        return count;
    }

    double[] twinValue(Activation phi, double[] v, int rows, int lanes) {
        if (precision == Precision.F64) {
            double[] p = new double[v.length];
            PanelActivationF64.value(phi, v, 0, p, 0, rows, lanes);
            return p;
        }
        float[] p = new float[v.length];
        PanelActivationF32.value(phi, toFloats(v), 0, p, 0, rows, lanes);
        return toDoubles(p);
    }

    double[] twinProx(Activation phi, double alpha, double[] v, int rows, int lanes) {
        if (precision == Precision.F64) {
            double[] p = new double[v.length];
            PanelActivationF64.prox(phi, alpha, v, 0, p, 0, rows, lanes);
            return p;
        }
        float[] p = new float[v.length];
        PanelActivationF32.prox(phi, (float) alpha, toFloats(v), 0, p, 0, rows, lanes);
        return toDoubles(p);
    }

    private static double[] padded(double[] v) {
        double[] padded = new double[OFFSET + v.length + SPARE];
        Arrays.fill(padded, 3);
        System.arraycopy(v, 0, padded, OFFSET, v.length);
        return padded;
    }

    private static double[] panel(double[] padded, int size) {
        return Arrays.copyOfRange(padded, OFFSET, OFFSET + size);
    }

    private static float[] toFloats(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    private static double[] toDoubles(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }
}

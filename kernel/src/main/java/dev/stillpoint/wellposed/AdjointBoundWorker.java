package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.internal.engine.ForwardPanel;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.ErrorBounds;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What one thread does for an [AdjointCertificate]: takes a panel of samples, evaluates their arguments `t = Ax
/// + Bu + bias` and `w = A'v + C'g` in FP64, and turns what is left of `J'w - v` into bounds, sample by sample.
///
/// **Rounding of the derivative.** `J^'w` as it is computed is that at an argument within `(b + 4) u` of the
/// largest one, where a mean is subtracted, up to `8 (b + 8) u` of `(1 + k) |w|`, with the Lipschitz constant `k`
/// of `phi`: at most four products and a sum over the block, with values of `phi` of two units in the last place.
final class AdjointBoundWorker {
    private static final double ROOM = ResidualBound.ROOM;
    private static final double UNIT = Rounding.UNIT;

    private final AdjointCertificate certificate;
    private final ActivationBlocks blocks;
    private final Activation phi;
    private final ForwardPanel arguments;
    private final ForwardPanel products;
    private final @Nullable ForwardPanel inverse;
    private final int lanes;
    private final int n;
    private final int p;
    private final int q;
    private final Matrix forward;
    private final Matrix backward;
    private final Matrix t;
    private final Matrix w;
    private final Matrix residuals;
    private final Matrix errors;
    private final double[] row;
    private final double[] point;
    private final double[] weighted;
    private final double[] r;
    private final double[] e;

    AdjointBoundWorker(
            AdjointCertificate certificate,
            int q,
            ForwardPanel arguments,
            ForwardPanel products,
            @Nullable ForwardPanel inverse) {
        this.certificate = certificate;
        this.q = q;
        this.arguments = arguments;
        this.products = products;
        this.inverse = inverse;
        blocks = certificate.forward.blocks;
        phi = certificate.forward.problem.activation();
        n = certificate.forward.problem.stateSize();
        p = certificate.forward.problem.inputSize();
        lanes = Math.max(arguments.lanes(), Math.max(products.lanes(), inverse == null ? 1 : inverse.lanes()));
        forward = Matrix.zeros(Precision.F64, lanes, n + p);
        backward = Matrix.zeros(Precision.F64, lanes, n + q);
        t = Matrix.zeros(Precision.F64, lanes, n);
        w = Matrix.zeros(Precision.F64, lanes, n);
        residuals = Matrix.zeros(Precision.F64, lanes, blocks.count());
        errors = Matrix.zeros(Precision.F64, lanes, blocks.count());
        row = new double[n + Math.max(p, q)];
        point = new double[n];
        weighted = new double[n];
        r = new double[blocks.count()];
        e = new double[blocks.count()];
    }

    /// A batch and the places of its bounds.
    @SuppressWarnings("ArrayRecordComponent") // written to by those who share it, and never compared
    record Task(
            Matrix inputs,
            Matrix states,
            ErrorBounds stateErrors,
            Matrix outputGradients,
            Matrix adjoints,
            double[] max,
            double[] two,
            int[] kinks) {}

    /// Takes panels of samples until none is left.
    void run(Task task, AtomicInteger next, BooleanSupplier cancelled) {
        int samples = task.inputs.rows();
        while (!cancelled.getAsBoolean()) {
            int first = next.getAndUpdate(at -> (int) Math.min((long) at + lanes, samples));
            if (first >= samples) {
                return;
            }
            panel(task, first, Math.min(lanes, samples - first));
        }
    }

    private void panel(Task task, int first, int count) {
        for (int s = 0; s < count; s++) {
            task.states.getRow(first + s, row, 0);
            task.inputs.getRow(first + s, row, n);
            forward.setRow(s, row, 0);
            task.adjoints.getRow(first + s, row, 0);
            task.outputGradients.getRow(first + s, row, n);
            backward.setRow(s, row, 0);
        }
        pass(arguments, forward, t, count);
        pass(products, backward, w, count);
        for (int s = 0; s < count; s++) {
            task.kinks[first + s] = residual(s, task.stateErrors.max(first + s), task.stateErrors.two(first + s));
            residuals.setRow(s, r, 0);
        }
        if (inverse != null) {
            pass(inverse, residuals, errors, count);
        }
        for (int s = 0; s < count; s++) {
            bound(task, first, s);
        }
    }

    private static void pass(ForwardPanel panel, Matrix from, Matrix to, int count) {
        for (int s = 0; s < count; s += panel.lanes()) {
            panel.pass(from, s, Math.min(panel.lanes(), count - s), to, s);
        }
    }

    /// Bounds `|J'w - v|` of sample `s` of the panel, block by block, in `r`.
    ///
    /// @param max a bound of the error of the state
    /// @param two likewise, in the 2-norm
    /// @return the number of blocks where a kink is possible
    private int residual(int s, double max, double two) {
        forward.getRow(s, row, 0);
        double x = BoundWorker.largest(row, 0, n);
        double u = BoundWorker.largest(row, n, p);
        backward.getRow(s, row, 0);
        double v = BoundWorker.largest(row, 0, n);
        double g = BoundWorker.largest(row, n, q);
        t.getRow(s, point, 0);
        w.getRow(s, weighted, 0);
        double[] product = phi.transposedDerivativeTimes(point, weighted);
        ResidualBound argument = certificate.forward.residual;
        double argumentGamma = AdjointCertificate.gamma(argument.terms());
        double productGamma = AdjointCertificate.gamma(certificate.product.terms());
        int kinks = 0;
        for (int l = 0; l < r.length; l++) {
            int begin = blocks.begin(l);
            int size = blocks.size(l);
            double difference = 0;
            double length = 0;
            double largest = 0;
            for (int i = begin; i < begin + size; i++) {
                double d = product[i] - row[i];
                difference = Math.fma(d, d, difference);
                length = Math.fma(weighted[i], weighted[i], length);
                largest = Math.max(largest, Math.abs(point[i]));
            }
            double own = argumentGamma * argument.argument(l, x, u) + n * Double.MIN_NORMAL;
            double shift = size == 1 ? 0 : (size + 4) * UNIT * largest * Math.sqrt(size);
            double moved = Math.min(certificate.rowSums[l] * max, certificate.rowNorms[l] * two);
            double radius = (moved + own + shift) * ROOM;
            double change = certificate.change.bound(l, point, radius);
            if (change == Double.POSITIVE_INFINITY && radius < Double.POSITIVE_INFINITY) {
                kinks++;
            }
            double magnitude = BoundWorker.rootUp(length, size);
            double slope = certificate.slopes.bound(l, point, radius);
            double rounded = productGamma * certificate.product.argument(l, v, g) + n * Double.MIN_NORMAL;
            double derivative = 8 * (size + 8) * UNIT * (1 + blocks.gamma(l)) * magnitude;
            double rest = BoundWorker.rootUp(difference, size);
            r[l] = (Math.fma(4 * UNIT, rest, rest) + change * magnitude + slope * rounded + derivative) * ROOM
                    + 8 * size * Double.MIN_NORMAL;
        }
        return kinks;
    }

    private void bound(Task task, int first, int s) {
        residuals.getRow(s, r, 0);
        double norm = BoundWorker.rootUp(BoundWorker.sumSquares(r), r.length);
        double max = Double.POSITIVE_INFINITY;
        double two = certificate.forward.monotone * norm * ROOM;
        double[] weights = certificate.forward.weights;
        if (weights != null) {
            contract(s, weights);
            two = Math.min(two, BoundWorker.rootUp(BoundWorker.sumSquares(e), e.length));
            max = BoundWorker.largest(e, 0, e.length) * ROOM;
        }
        max = Math.min(max, two);
        boolean finite = max < Double.POSITIVE_INFINITY && two < Double.POSITIVE_INFINITY;
        task.max[first + s] = finite ? max : Double.NaN;
        task.two[first + s] = finite ? two : Double.NaN;
    }

    /// Bounds of the errors of all blocks, in `e`.
    private void contract(int s, double[] weights) {
        double sum = 0;
        for (int l = 0; l < r.length; l++) {
            sum = Math.fma(weights[l] / blocks.gamma(l), r[l], sum);
        }
        double whole = sum * certificate.forward.amplification * ROOM;
        if (inverse != null) {
            errors.getRow(s, e, 0);
        }
        double relative = ROOM / (1 - (e.length + 1) * UNIT);
        double tiny = e.length * Double.MIN_NORMAL;
        for (int l = 0; l < e.length; l++) {
            double bound = whole * (blocks.gamma(l) / weights[l]) * ROOM;
            // A not-a-number must not be lost in a comparison.
            e[l] = inverse == null ? bound : Math.min(bound, (e[l] + tiny) * relative);
        }
    }
}

package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.DenseKernels;
import dev.stillpoint.internal.engine.ForwardPanel;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What one thread of a [Certifier] does: takes a panel of samples, evaluates `f` for all of them in FP64, and
/// turns residuals into bounds, sample by sample.
///
/// Every result is multiplied by [ResidualBound#ROOM], which exceeds the
/// relative rounding of a bound's own arithmetic, at most `(blocks + 32) 2^-52` of sums of non-negative terms.
final class BoundWorker {
    private static final double ROOM = ResidualBound.ROOM;

    /// Above this share of the residual, in squares, rounding is what limits a bound.
    private static final double LIMITED = 0x1p-4;

    private final Certificate certificate;
    private final ActivationBlocks blocks;
    private final ForwardPanel map;
    private final @Nullable ForwardPanel inverse;
    private final boolean single;
    private final int lanes;
    private final int n;
    private final int p;
    private final Matrix both;
    private final Matrix mapped;
    private final Matrix residuals;
    private final Matrix products;
    private final double[] row;
    private final double[] f;
    private final double[][] bounded;
    private final double[] e;
    private final double[] inverseWeights;
    private @Nullable AccurateResidual accurate;
    private @Nullable NearbyState nearby;

    /// A worker.
    ///
    /// @param precision in which the inverse is multiplied
    BoundWorker(Certificate certificate, Precision precision, ForwardPanel map, @Nullable ForwardPanel inverse) {
        this.certificate = certificate;
        this.map = map;
        this.inverse = inverse;
        single = precision == Precision.F32;
        blocks = certificate.blocks;
        n = certificate.problem.stateSize();
        p = certificate.problem.inputSize();
        lanes = inverse == null ? map.lanes() : Math.max(map.lanes(), inverse.lanes());
        int count = blocks.count();
        both = Matrix.zeros(Precision.F64, lanes, n + p);
        mapped = Matrix.zeros(Precision.F64, lanes, n);
        residuals = Matrix.zeros(precision, inverse == null ? 0 : lanes, count);
        products = Matrix.zeros(precision, inverse == null ? 0 : lanes, count);
        row = new double[n + p];
        f = new double[n];
        bounded = new double[lanes][count];
        e = new double[count];
        double[] weights = certificate.weights;
        inverseWeights = new double[weights == null ? 0 : count];
        for (int l = 0; weights != null && l < count; l++) {
            inverseWeights[l] = ROOM / weights[l];
        }
    }

    /// Bytes of its panels and arrays, at most, but for what samples need that rounding limits.
    long bytes() {
        int count = blocks.count();
        long values =
                (long) lanes * (2L * n + p + count + (inverse == null ? 0 : 2L * count)) + 2L * n + p + 2L * count;
        return map.bytes() + (inverse == null ? 0 : inverse.bytes()) + Double.BYTES * values;
    }

    /// A batch and the places of its bounds.
    @SuppressWarnings("ArrayRecordComponent") // written to by those who share it, and never compared
    record Task(Matrix inputs, Matrix states, double[] max, double[] two) {
        int samples() {
            return inputs.rows();
        }
    }

    /// Takes panels of samples until none is left.
    void run(Task task, AtomicInteger next, BooleanSupplier cancelled) {
        while (!cancelled.getAsBoolean()) {
            int first = next.getAndUpdate(at -> (int) Math.min((long) at + lanes, task.samples()));
            if (first >= task.samples()) {
                return;
            }
            panel(task, first, Math.min(lanes, task.samples() - first));
        }
    }

    private void panel(Task task, int first, int count) {
        for (int s = 0; s < count; s++) {
            task.states.getRow(first + s, row, 0);
            task.inputs.getRow(first + s, row, n);
            both.setRow(s, row, 0);
        }
        pass(map, both, mapped, count);
        for (int s = 0; s < count; s++) {
            residual(s, bounded[s]);
            if (inverse != null) {
                roundUp(s, bounded[s]);
            }
        }
        if (inverse != null) {
            pass(inverse, residuals, products, count);
        }
        for (int s = 0; s < count; s++) {
            if (inverse != null) {
                products.getRow(s, e, 0);
            }
            bound(task, first, s, bounded[s]);
        }
    }

    static void pass(ForwardPanel panel, Matrix from, Matrix to, int count) {
        for (int s = 0; s < count; s += panel.lanes()) {
            panel.pass(from, s, Math.min(panel.lanes(), count - s), to, s);
        }
    }

    /// Bounds the block norms of `f(x) - x` of sample `s` of the panel; not-a-number where one is.
    private void residual(int s, double[] r) {
        both.getRow(s, row, 0);
        mapped.getRow(s, f, 0);
        double x = largest(row, 0, n);
        double u = largest(row, n, p);
        if (blocks.isComponentwise()) {
            certificate.residual.componentwise(row, f, x, u, r, e);
        } else {
            blockwise(x, u, r);
        }
        boolean limited = sumSquares(e) > LIMITED * sumSquares(r);
        for (int l = 0; l < r.length; l++) {
            r[l] = (r[l] + e[l]) * ROOM;
        }
        if (limited) {
            accurate().bound(row, x, u, r);
        }
    }

    private AccurateResidual accurate() {
        AccurateResidual own = accurate;
        if (own == null) {
            own = new AccurateResidual(certificate);
            accurate = own;
        }
        return own;
    }

    private void blockwise(double x, double u, double[] r) {
        for (int l = 0; l < r.length; l++) {
            int begin = blocks.begin(l);
            int size = blocks.size(l);
            r[l] = distance(begin, size);
            double argument = certificate.residual.argument(l, x, u);
            e[l] = certificate.residual.errorAt(l, argument, norm(begin, size));
        }
    }

    /// The sum of squares in eight chains, so that none waits for another.
    static double sumSquares(double[] v) {
        return DenseKernels.dot(v, v, v.length);
    }

    /// The largest magnitude, or not-a-number.
    static double largest(double[] row, int begin, int size) {
        double largest = 0;
        for (int i = begin; i < begin + size; i++) {
            largest = Math.max(largest, Math.abs(row[i]));
        }
        return largest;
    }

    private double distance(int begin, int size) {
        double sum = 0;
        for (int i = begin; i < begin + size; i++) {
            double difference = f[i] - row[i];
            sum = Math.fma(difference, difference, sum);
        }
        return rootUp(sum, size);
    }

    private double norm(int begin, int size) {
        double sum = 0;
        for (int i = begin; i < begin + size; i++) {
            sum = Math.fma(f[i], f[i], sum);
        }
        return rootUp(sum, size);
    }

    /// An upper bound of the root of a sum of squares, of which some may have underflowed.
    static double rootUp(double sum, int terms) {
        return Math.sqrt(sum + terms * Double.MIN_NORMAL) * ROOM;
    }

    /// Puts `r` where the inverse is multiplied, rounded up.
    private void roundUp(int s, double[] r) {
        for (int l = 0; l < r.length; l++) {
            // 2^-22 and 2^-148 are more than what rounding to a float loses.
            e[l] = single ? Math.fma(r[l], 0x1p-22, r[l]) + 0x1p-148 : r[l];
        }
        residuals.setRow(s, e, 0);
    }

    private void bound(Task task, int first, int s, double[] r) {
        double[] weights = certificate.weights;
        double max = Double.POSITIVE_INFINITY;
        double two = Double.POSITIVE_INFINITY;
        if (weights != null) {
            double scaled = 0;
            for (int l = 0; l < r.length; l++) {
                scaled = Math.max(scaled, r[l] * inverseWeights[l]);
            }
            contract(weights, scaled * certificate.amplification * ROOM);
            two = rootUp(sumSquares(e), r.length);
            if (two > certificate.looseness * rootUp(sumSquares(r), r.length)) {
                sharpen(s, weights, r);
                two = rootUp(sumSquares(e), r.length);
            }
            double largest = 0;
            for (int l = 0; l < e.length; l++) {
                largest = Math.max(largest, e[l]);
            }
            max = largest * ROOM;
        }
        two = Math.min(two, certificate.monotone * rootUp(sumSquares(r), r.length) * ROOM);
        max = Math.min(max, two);
        boolean finite = max < Double.POSITIVE_INFINITY && two < Double.POSITIVE_INFINITY;
        task.max[first + s] = finite ? max : Double.NaN;
        task.two[first + s] = finite ? two : Double.NaN;
    }

    /// Lowers the bounds of the residuals and of the errors of sample `s` by what is known near its state, and
    /// where that is not enough by way of a better state.
    private void sharpen(int s, double[] weights, double[] r) {
        AccurateResidual here = accurate();
        if (nearby == null) {
            nearby = new NearbyState(certificate, weights, here);
        }
        both.getRow(s, row, 0);
        double x = largest(row, 0, n);
        double u = largest(row, n, p);
        here.bound(row, x, u, r);
        certificate.sharpening().lower(e, r, here, x, u);
        if (rootUp(sumSquares(e), e.length) > certificate.looseness * rootUp(sumSquares(r), r.length)) {
            nearby.lower(row, u, e);
        }
    }

    /// `e = w factor`, or what a product with the inverse gives, which is in `e`, where that is less.
    private void contract(double[] weights, double factor) {
        if (inverse == null) {
            for (int l = 0; l < e.length; l++) {
                e[l] = weights[l] * factor;
            }
            return;
        }
        // A fused chain of as many non-negative products as blocks.
        double unit = single ? 0x1p-24 : 0x1p-53;
        double tiny = e.length * (single ? 0x1p-149 : Double.MIN_VALUE);
        double relative = ROOM / (1 - (e.length + 1) * unit);
        for (int l = 0; l < e.length; l++) {
            e[l] = Math.min(weights[l] * factor, (e[l] + tiny) * relative);
        }
    }
}

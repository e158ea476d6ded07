package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.DenseKernels;
import dev.stillpoint.internal.engine.LaneGather;
import dev.stillpoint.internal.engine.LaneMap;
import dev.stillpoint.internal.reference.BoundKernel;
import dev.stillpoint.internal.reference.LaneMapF64;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What one thread of a [Certifier] does: takes a panel of samples, evaluates `f` for all of them in FP64, and
/// turns residuals into bounds. A sample stays in its lane from the matrices it comes from to its bounds:
///
///     strips of the map       x, u -> f -> d, |f| of the blocks -> r = d + rounding
///     groups of the inverse   r -> the largest r/w;  r -> (I - N)^-1 r;  the smaller of the two bounds
///
/// where a group has the lanes of a strip of the inverse, a multiple of those of a strip of the map. Samples that
/// rounding limits, or whose bounds are sharpened, leave their lanes for a row, one by one.
///
/// Every result is multiplied by [ResidualBound#ROOM], which exceeds the relative rounding of a bound's own
/// arithmetic but for sums, whose terms [#rootUp] counts.
final class BoundWorker {
    private static final double ROOM = ResidualBound.ROOM;

    /// Above this share of the residual, in squares, rounding is what limits a bound.
    private static final double LIMITED = 0x1p-4;

    private final Certificate certificate;
    private final ActivationBlocks blocks;
    private final LaneMapF64 map;
    private final @Nullable LaneMap inverse;
    private final BoundKernel kernel;
    private final LaneGather gather;
    private final int lanes;
    private final int n;

    /// Activation blocks.
    private final int count;

    /// Lanes of a group.
    private final int group;

    /// Panels of the groups, `[group][block][lane]`: bounds of residuals and of errors.
    private final double[] residuals;

    private final double[] errors;

    /// A value for each lane.
    private final double[] largestX;

    private final double[] largestU;
    private final double[] squares;
    private final double[] rounding;
    private final double[] scaled;
    private final double[] errorSquares;
    private final double[] largest;

    /// Of one sample: `(x, u)`, `r` and `e`.
    private final double[] row;

    private final double[] r;
    private final double[] e;
    private final double[] inverseWeights;
    private final double relative;
    private final double tiny;
    private @Nullable AccurateResidual accurate;
    private @Nullable NearbyState nearby;

    /// A worker.
    ///
    /// @param precision in which the inverse is multiplied
    BoundWorker(
            Certificate certificate,
            Precision precision,
            LaneMapF64 map,
            @Nullable LaneMap inverse,
            BoundKernel kernel) {
        this.certificate = certificate;
        this.map = map;
        this.inverse = inverse;
        this.kernel = kernel;
        blocks = certificate.blocks;
        n = certificate.problem.stateSize();
        count = blocks.count();
        group = inverse == null ? map.width() : inverse.width();
        lanes = inverse == null ? map.lanes() : Math.max(map.lanes(), inverse.lanes());
        gather = new LaneGather(map.width());
        double[] weights = certificate.weights;
        residuals = new double[Math.multiplyExact(lanes, count)];
        errors = new double[weights == null ? 0 : residuals.length];
        largestX = new double[lanes];
        largestU = new double[lanes];
        squares = new double[lanes];
        rounding = new double[lanes];
        scaled = new double[lanes];
        errorSquares = new double[lanes];
        largest = new double[lanes];
        row = new double[n + certificate.problem.inputSize()];
        r = new double[count];
        e = new double[count];
        inverseWeights = new double[count];
        for (int l = 0; weights != null && l < count; l++) {
            inverseWeights[l] = ROOM / weights[l];
        }
        // A fused chain of as many non-negative products as blocks.
        boolean single = precision == Precision.F32;
        relative = ROOM / (1 - (count + 1) * (single ? 0x1p-24 : 0x1p-53));
        tiny = count * (single ? 0x1p-149 : Double.MIN_VALUE);
    }

    /// Bytes of its panels and arrays, at most, but for what samples need that rounding limits.
    long bytes() {
        long values = (long) residuals.length + errors.length + 7L * lanes + row.length + 3L * count;
        return map.bytes() + (inverse == null ? 0 : inverse.bytes()) + gather.bytes() + Double.BYTES * values;
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

    private void panel(Task task, int first, int samples) {
        for (int at = 0; at < samples; at += map.lanes()) {
            evaluate(task, first, at, Math.min(map.lanes(), samples - at));
        }
        for (int lane = 0; lane < samples; lane++) {
            if (rounding[lane] > LIMITED * squares[lane]) {
                limited(task, first + lane, lane);
            }
        }
        for (int lane = 0; lane < samples; lane += group) {
            kernel.measure(residuals, lane * count, group, inverseWeights, squares, scaled, lane);
        }
        double[] weights = certificate.weights;
        if (weights != null) {
            contract(weights, samples);
        }
        for (int lane = 0; lane < samples; lane++) {
            bound(task, first + lane, lane);
        }
    }

    /// Bounds the block norms of `f(x) - x` of samples that the panel of the map holds.
    private void evaluate(Task task, int first, int begin, int samples) {
        int width = map.width();
        for (int s = 0; s * width < samples; s++) {
            int lane = begin + s * width;
            int held = Math.min(width, samples - s * width);
            int x = s * map.strideX();
            int u = x + n * width;
            gather.gather(task.states, first + lane, held, map.x(), x, width);
            gather.gather(task.inputs, first + lane, held, map.x(), u, width);
            kernel.largest(map.x(), x, n, largestX, lane);
            kernel.largest(map.x(), u, row.length - n, largestU, lane);
        }
        map.apply(samples);
        boolean componentwise = blocks.isComponentwise();
        for (int s = 0; s * width < samples; s++) {
            int lane = begin + s * width;
            if (!componentwise) {
                blockwise(map.t(), s * map.strideT(), map.x(), s * map.strideX(), width);
            }
            kernel.residual(
                    certificate.residual.coefficients(),
                    map.t(),
                    s * map.strideT(),
                    map.x(),
                    s * map.strideX(),
                    componentwise ? -1 : 0,
                    largestX,
                    largestU,
                    lane,
                    residuals,
                    place(lane),
                    group,
                    squares,
                    rounding);
        }
    }

    /// Where a lane begins in the panels of the groups.
    private int place(int lane) {
        return lane / group * group * count + lane % group;
    }

    /// Puts the norms of the blocks of `f - x` in the place of `x`, and those of `f` in the place of `f`; the row
    /// of a block is never behind the block.
    private void blockwise(double[] f, int fo, double[] x, int xo, int width) {
        for (int l = 0; l < count; l++) {
            int size = blocks.size(l);
            for (int lane = 0; lane < width; lane++) {
                double sum = 0;
                double norm = 0;
                for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
                    double value = f[fo + i * width + lane];
                    double difference = value - x[xo + i * width + lane];
                    sum = Math.fma(difference, difference, sum);
                    norm = Math.fma(value, value, norm);
                }
                x[xo + l * width + lane] = rootUp(sum, size);
                f[fo + l * width + lane] = rootUp(norm, size);
            }
        }
    }

    /// Lowers the bounds of the residuals of a sample that rounding limits.
    private void limited(Task task, int sample, int lane) {
        read(task, sample, lane);
        accurate().bound(row, largestX[lane], largestU[lane], r);
        for (int l = 0, o = place(lane); l < count; l++, o += group) {
            residuals[o] = r[l];
        }
    }

    /// Reads a sample and the bounds of its residuals.
    private void read(Task task, int sample, int lane) {
        task.states.getRow(sample, row, 0);
        task.inputs.getRow(sample, row, n);
        for (int l = 0, o = place(lane); l < count; l++, o += group) {
            r[l] = residuals[o];
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

    /// Bounds of the errors of all blocks: by the weights, or by the product with the inverse.
    private void contract(double[] weights, int samples) {
        for (int lane = 0; lane < lanes; lane++) {
            scaled[lane] = scaled[lane] * certificate.amplification * ROOM;
        }
        LaneMap product = inverse;
        if (product == null) {
            Arrays.fill(errors, Double.POSITIVE_INFINITY);
        } else {
            for (int lane = 0; lane < samples; lane += product.lanes()) {
                int held = Math.min(product.lanes(), samples - lane);
                product.putUp(held, residuals, lane * count);
                product.apply(held);
                product.get(held, errors, lane * count);
            }
        }
        for (int lane = 0; lane < samples; lane += group) {
            kernel.contract(errors, lane * count, group, tiny, relative, weights, scaled, errorSquares, largest, lane);
        }
    }

    private void bound(Task task, int sample, int lane) {
        double norm = rootUp(squares[lane], count);
        double max = Double.POSITIVE_INFINITY;
        double two = Double.POSITIVE_INFINITY;
        if (certificate.weights != null) {
            two = rootUp(errorSquares[lane], count);
            max = largest[lane] * ROOM;
            if (two > certificate.looseness * norm) {
                sharpen(task, sample, lane, certificate.weights);
                norm = rootUp(sumSquares(r), count);
                two = rootUp(sumSquares(e), count);
                max = largest(e, 0, count) * ROOM;
            }
        }
        two = Math.min(two, certificate.monotone * norm * ROOM);
        max = Math.min(max, two);
        boolean finite = max < Double.POSITIVE_INFINITY && two < Double.POSITIVE_INFINITY;
        task.max[sample] = finite ? max : Double.NaN;
        task.two[sample] = finite ? two : Double.NaN;
    }

    /// Lowers the bounds of the residuals and of the errors of a sample, in `r` and `e`, by what is known near its
    /// state, and where that is not enough by way of a better state.
    private void sharpen(Task task, int sample, int lane, double[] weights) {
        AccurateResidual here = accurate();
        if (nearby == null) {
            nearby = new NearbyState(certificate, weights, here);
        }
        read(task, sample, lane);
        for (int l = 0, o = place(lane); l < count; l++, o += group) {
            e[l] = errors[o];
        }
        double x = largestX[lane];
        double u = largestU[lane];
        here.bound(row, x, u, r);
        certificate.sharpening().lower(e, r, here, x, u);
        if (rootUp(sumSquares(e), count) > certificate.looseness * rootUp(sumSquares(r), count)) {
            nearby.lower(row, u, e);
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

    /// An upper bound of the root of a sum of squares, rounded in any order, of which some may have underflowed.
    static double rootUp(double sum, int terms) {
        return Math.sqrt(Math.fma(sum, terms * 0x1p-52, sum) + terms * Double.MIN_NORMAL) * ROOM;
    }
}

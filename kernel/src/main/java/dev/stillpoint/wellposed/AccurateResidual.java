package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Softmax;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.matrix.Matrix;
import org.jspecify.annotations.Nullable;

/// `f(x) - x` with the argument `t = Ax + Bu + bias` in twice the precision, for a state at the limit of FP64.
///
/// `t = h + l` by error-free transformations: products by a fused multiply-add, sums by Knuth's two-sum, the
/// errors summed in double, so that `|dt| <= 8 K^2 u^2 T` with `K` and `T` of [ResidualBound], four times the
/// bound of the reference. Where `phi` is ReLU, leaky ReLU, the identity or max-pooling the residual has the same
/// quality, and where it is group norm or softmax, by [AccurateGroupNorm] and [AccurateSoftmax]. Other maps are
/// `phi(h) + J(h) l`, but for `4
/// |l|^2` and the roundings of `phi` itself.
///
/// Cost: about twenty operations an entry, scalar. Source: T. Ogita, S. M. Rump, S. Oishi, Accurate sum and dot
/// product, SIAM J. Sci. Comput. 26 (2005), algorithm Dot2.
final class AccurateResidual {
    private static final double UNIT = Rounding.UNIT;
    private static final double ROOM = ResidualBound.ROOM;

    private final Certificate certificate;
    private final ActivationBlocks blocks;
    private final OperatorRows a;
    private final OperatorRows b;
    private final double[] bias;
    private final double[] high;
    private final double[] low;
    private final LocalSlopes slopes;
    private double[] value;
    private double[] change;

    AccurateResidual(Certificate certificate) {
        this.certificate = certificate;
        blocks = certificate.blocks;
        a = new OperatorRows(certificate.problem.a());
        b = new OperatorRows(certificate.problem.b());
        int n = certificate.problem.stateSize();
        @Nullable Matrix given = certificate.problem.bias();
        bias = given == null ? new double[n] : given.toDoubleArray();
        high = new double[n];
        low = new double[n];
        slopes = new LocalSlopes(blocks);
        value = new double[n];
        change = new double[n];
    }

    /// Lowers the bounds `r` of the block norms of the residual where it can.
    ///
    /// @param row `x`, then the input
    /// @param x the largest magnitude of `x`
    /// @param u the largest magnitude of the input
    void bound(double[] row, double x, double u, double[] r) {
        evaluateArgument(row);
        boolean smooth = false;
        for (int l = 0; l < r.length; l++) {
            smooth |= !isLinear(blocks.activation(l));
        }
        if (smooth) {
            evaluate();
        }
        for (int l = 0; l < r.length; l++) {
            double error = error(l, x, u);
            double bound = (isLinear(blocks.activation(l)) ? linear(l, row, error) : smooth(l, row, error)) * ROOM;
            // A not-a-number must not be lost in a comparison.
            r[l] = bound >= r[l] ? r[l] : bound;
        }
    }

    /// `f(x)` in double precision, in a new array.
    ///
    /// @param row `x`, then the input
    double[] image(double[] row) {
        evaluateArgument(row);
        return certificate.problem.activation().value(high);
    }

    private void evaluateArgument(double[] row) {
        for (int i = 0; i < high.length; i++) {
            high[i] = bias[i];
            low[i] = 0;
            b.read(i);
            add(b, row, high.length, i);
            a.read(i);
            add(a, row, 0, i);
            double sum = high[i] + low[i];
            low[i] = low[i] - (sum - high[i]);
            high[i] = sum;
        }
    }

    private static boolean isLinear(Activation phi) {
        return phi instanceof Relu || phi instanceof Identity || phi instanceof LeakyRelu || phi instanceof MaxPool;
    }

    /// Evaluates `phi` and `J l` of all blocks, or `phi` in twice the precision.
    private void evaluate() {
        value = certificate.problem.activation().value(high);
        change = certificate.problem.activation().derivativeTimes(high, low);
        for (int l = 0; l < blocks.count(); l++) {
            int begin = blocks.begin(l);
            switch (blocks.activation(l)) {
                case GroupNorm(int block, double eps) ->
                    AccurateGroupNorm.evaluate(high, low, begin, block, eps, value, change);
                case Softmax(int block) -> AccurateSoftmax.evaluate(high, low, begin, block, value, change);
                default -> {}
            }
        }
    }

    private void add(OperatorRows rows, double[] values, int from, int i) {
        double h = high[i];
        double l = low[i];
        for (int k = 0; k < rows.count(); k++) {
            double entry = rows.value(k);
            double factor = values[from + rows.column(k)];
            double product = entry * factor;
            double sum = h + product;
            double shadow = sum - h;
            l += (h - (sum - shadow)) + (product - shadow) + Math.fma(entry, factor, -product);
            h = sum;
        }
        high[i] = h;
        low[i] = l;
    }

    /// Where `phi` is linear in pieces.
    private double linear(int l, double[] row, double error) {
        int begin = blocks.begin(l);
        Activation phi = blocks.activation(l);
        if (phi instanceof MaxPool) {
            int best = begin;
            double rest = 0;
            for (int i = begin + 1; i < begin + blocks.size(l); i++) {
                boolean more = high[i] > high[best] || (high[i] == high[best] && low[i] > low[best]);
                best = more ? i : best;
                rest = Math.fma(row[i], row[i], rest);
            }
            double difference = (high[best] - row[begin]) + low[best];
            double sum = Math.fma(difference, difference, rest);
            return Math.fma(8 * UNIT, Math.abs(difference), BoundWorker.rootUp(sum, blocks.size(l)))
                    + error * blocks.size(l);
        }
        double difference = Math.abs(difference(phi, begin, row[begin]));
        return Math.fma(8 * UNIT, difference, difference) + error;
    }

    private double difference(Activation phi, int i, double x) {
        if (high[i] >= 0 || phi instanceof Identity || Double.isNaN(high[i])) {
            return (high[i] - x) + low[i];
        }
        if (phi instanceof LeakyRelu(double slope)) {
            double product = slope * high[i];
            return (product - x) + Math.fma(slope, low[i], Math.fma(slope, high[i], -product));
        }
        return -x;
    }

    private double smooth(int l, double[] row, double error) {
        Activation phi = blocks.activation(l);
        double difference = 0;
        double norm = 0;
        int size = blocks.size(l);
        for (int i = blocks.begin(l); i < blocks.begin(l) + size; i++) {
            double d = (value[i] - row[i]) + change[i];
            difference = Math.fma(d, d, difference);
            norm = Math.fma(value[i], value[i], norm);
        }
        double result = BoundWorker.rootUp(norm, size);
        double whole = BoundWorker.rootUp(difference, size);
        double distance = Math.fma(4 * UNIT, whole, whole);
        if (phi instanceof GroupNorm || phi instanceof Softmax) {
            double own = phi instanceof Softmax ? AccurateSoftmax.error(size) : groupNormError(l, result);
            double carried = slopes.bound(l, high, rest(l) + error) * error;
            // Where squares overflowed there is no better bound than the one at hand.
            return Double.isNaN(result)
                    ? Double.POSITIVE_INFINITY
                    : distance + certificate.residual.error(l, own + carried, 0);
        }
        // What the product with J rounds, and what is of second order: second derivatives are at most four times the
        // slope, but for the mixed one of a gate, which moves it by `u^2` of itself.
        double second = rest(l);
        double moved = error + Math.fma(4 * second, second, 16 * (size + 4) * UNIT * second);
        double carried = slopes.bound(l, high, second + moved) * moved;
        return distance + certificate.residual.error(l, carried, result);
    }

    private double groupNormError(int l, double result) {
        double largest = 0;
        for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
            largest = Math.max(largest, Math.abs(high[i]));
        }
        return AccurateGroupNorm.error(blocks.size(l), blocks.gamma(l), largest, result);
    }

    /// The 2-norm of what the argument of block `l` has beyond double precision.
    private double rest(int l) {
        double sum = 0;
        for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
            sum = Math.fma(low[i], low[i], sum);
        }
        return BoundWorker.rootUp(sum, blocks.size(l));
    }

    /// How far the argument of block `l` of the last state may be from [#argument()], in the 2-norm.
    double uncertainty(int l, double x, double u) {
        return rest(l) + error(l, x, u);
    }

    /// The argument of the last state, in double precision; not to be changed.
    double[] argument() {
        return high;
    }

    /// A bound of the error of the argument of block `l`.
    private double error(int l, double x, double u) {
        double terms = certificate.residual.terms();
        double magnitude = certificate.residual.argument(l, x, u);
        return Math.fma(8 * terms * terms * UNIT * UNIT, magnitude, terms * Double.MIN_NORMAL);
    }
}

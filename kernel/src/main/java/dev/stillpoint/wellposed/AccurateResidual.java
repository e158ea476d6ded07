package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Sigmoid;
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
/// quality. Other maps are `phi(h) + J(h) l`, but for `4 |l|^2` and the roundings of `phi` itself; group norm,
/// which no shift changes, is evaluated at `h - c + l` with `c` the mean of `h`, rounded.
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
    private final double[] argument;
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
        argument = new double[n];
        value = new double[n];
        change = new double[n];
    }

    /// Lowers the bounds `r` of the block norms of the residual where it can.
    ///
    /// @param row `x`, then the input
    /// @param x the largest magnitude of `x`
    /// @param u the largest magnitude of the input
    void bound(double[] row, double x, double u, double[] r) {
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
        boolean smooth = false;
        for (int l = 0; l < r.length; l++) {
            smooth |= !isLinear(blocks.activation(l));
        }
        if (smooth) {
            evaluate();
        }
        double terms = certificate.residual.terms();
        for (int l = 0; l < r.length; l++) {
            double magnitude = certificate.residual.argument(l, x, u);
            double error = Math.fma(8 * terms * terms * UNIT * UNIT, magnitude, terms * Double.MIN_NORMAL);
            double bound = (isLinear(blocks.activation(l)) ? linear(l, row, error) : smooth(l, row, error)) * ROOM;
            // A not-a-number must not be lost in a comparison.
            r[l] = bound >= r[l] ? r[l] : bound;
        }
    }

    private static boolean isLinear(Activation phi) {
        return phi instanceof Relu || phi instanceof Identity || phi instanceof LeakyRelu || phi instanceof MaxPool;
    }

    /// Evaluates `phi` and `J l` of all blocks.
    private void evaluate() {
        for (int l = 0; l < blocks.count(); l++) {
            boolean shifts = blocks.activation(l) instanceof GroupNorm;
            int begin = blocks.begin(l);
            double mean = shifts ? mean(high, begin, blocks.size(l)) : 0;
            for (int i = begin; i < begin + blocks.size(l); i++) {
                argument[i] = shifts ? (high[i] - mean) + low[i] : high[i];
                change[i] = shifts ? 0 : low[i];
            }
        }
        value = certificate.problem.activation().value(argument);
        change = certificate.problem.activation().derivativeTimes(argument, change);
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
        boolean isSoftmax = blocks.activation(l) instanceof Softmax;
        double excess = isSoftmax ? excess(l) : 0;
        double t = 0;
        double lower = 0;
        double difference = 0;
        double norm = 0;
        int size = blocks.size(l);
        for (int i = blocks.begin(l); i < blocks.begin(l) + size; i++) {
            double d = (value[i] - row[i]) + Math.fma(-excess, value[i], change[i]);
            t = Math.fma(argument[i], argument[i], t);
            lower = Math.fma(low[i], low[i], lower);
            difference = Math.fma(d, d, difference);
            norm = Math.fma(value[i], value[i], norm);
        }
        double second = BoundWorker.rootUp(lower, size);
        double length = BoundWorker.rootUp(t, size);
        double result = BoundWorker.rootUp(norm, size);
        // Of a shifted argument, two roundings and those of the mean; of others what the product with J rounds, and
        // what is of second order.
        double moved = error
                + (blocks.activation(l) instanceof GroupNorm
                        ? Rounding.gamma(size + 5L) * length
                        : Math.fma(4 * second, second, 16 * (size + 4) * UNIT * second));
        double carried = slope(l, moved) * moved;
        double whole = BoundWorker.rootUp(difference, size);
        return Math.fma(4 * UNIT, whole, whole)
                + (isSoftmax
                        ? certificate.residual.error(l, carried + shift(l) + 7 * UNIT * result, 0)
                        : certificate.residual.error(l, carried, result));
    }

    /// By how much the values of a block of softmax exceed a sum of 1: with that taken off, as a factor, what is
    /// left of their errors is that of each exponential and of its quotient, twice three roundings in all.
    private double excess(int l) {
        double h = -1;
        double e = 0;
        for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
            double sum = h + value[i];
            double shadow = sum - h;
            e += (h - (sum - shadow)) + (value[i] - shadow);
            h = sum;
        }
        return h + e;
    }

    /// A Lipschitz constant of block `l` on all arguments within `radius`. Where the logistic function is nearly
    /// 0, its slope is too, at most its value, which grows by a factor of `e^radius` at most; the second
    /// derivatives of such maps are at most four times as large. That of group norm is `1/s`, and `s` has the
    /// slope 1.
    private double slope(int l, double radius) {
        int i = blocks.begin(l);
        double gamma = blocks.gamma(l);
        return switch (blocks.activation(l)) {
            case GroupNorm(int block, double eps) -> {
                double s = deviation(i, block, eps);
                yield radius < 0x1p-10 * s ? Math.min(gamma, 1.01 / s) : gamma;
            }
            case Sigmoid _ -> radius < 0x1p-10 ? Math.min(gamma, 1.01 * value[i]) : gamma;
            case Gate(Activation outer, Activation inner) ->
                radius < 0x1p-10
                        ? Math.min(gamma, 1.01 * slope(outer, argument[i], inner, argument[i + 1], radius))
                        : gamma;
            default -> gamma;
        };
    }

    /// `sqrt(var + eps)` of a block of the argument, to a few thousandths.
    private double deviation(int begin, int block, double eps) {
        double mean = mean(argument, begin, block);
        double variance = 0;
        for (int i = begin; i < begin + block; i++) {
            variance = Math.fma(argument[i] - mean, argument[i] - mean, variance);
        }
        return Math.sqrt(variance / block + eps);
    }

    private static double mean(double[] values, int begin, int count) {
        double sum = 0;
        for (int i = begin; i < begin + count; i++) {
            sum += values[i];
        }
        return sum / count;
    }

    /// What subtracting the largest value moves softmax by: `2 u sum p_i (m - v_i)`.
    private double shift(int l) {
        double m = Double.NEGATIVE_INFINITY;
        double sum = 0;
        for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
            m = Math.max(m, argument[i]);
        }
        for (int i = blocks.begin(l); i < blocks.begin(l + 1); i++) {
            sum = Math.fma(value[i], m - argument[i], sum);
        }
        return 2.01 * UNIT * sum;
    }

    private static double slope(Activation outer, double t, Activation inner, double s, double radius) {
        double o = Math.abs(outer.value(new double[] {t})[0]);
        double i = Math.abs(inner.value(new double[] {s})[0]);
        double outerSlope = outer instanceof Sigmoid ? o : outer.lipschitz().constant();
        double innerSlope = inner instanceof Sigmoid ? i : inner.lipschitz().constant();
        // Of tanh the value may grow by the radius.
        return outerSlope * (i + (inner instanceof Sigmoid ? 0 : radius))
                + innerSlope * (o + (outer instanceof Sigmoid ? 0 : radius));
    }
}

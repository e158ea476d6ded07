package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Sigmoid;
import dev.stillpoint.activation.Softmax;
import dev.stillpoint.activation.Tanh;
import dev.stillpoint.internal.analysis.ActivationBlocks;

/// Lipschitz constants of `phi`, block by block in the 2-norm, on a ball around an argument: never above the
/// constant `gamma` that holds everywhere.
///
/// | `phi` | on `\|t - c\| <= d` |
/// | --- | --- |
/// | ReLU, leaky ReLU | the slope of the side that the ball is on, else `gamma` |
/// | tanh | `4e/(1 + e)^2`, `e = exp(-2 max(0, \|c\| - d))` |
/// | logistic function | `e/(1 + e)^2`, `e = exp(-max(0, \|c\| - d))` |
/// | gate `o(s) i(t)` | `o' (\|i\| + i' d) + i' (\|o\| + o' d)`, with the slopes of the parts on the ball |
/// | softmax | `max_i 2 p_i (1 - p_i) exp(4 d)`, absolute row sums of `diag(p) - pp'`, and `max_i p_i exp(2 d)`,
/// what that is below; no `p_i` or `1 - p_i` grows by more than `exp(2 d)` |
/// | group norm | `1/(s - d/sqrt(b))`, `s = sqrt(var + eps)`, whose slope is at most `1/sqrt(b)` |
/// |
///
/// Everything is in double precision; [#ROOM] is far more than its roundings. Immutable.
final class LocalSlopes {
    private static final double ROOM = 1 + 0x1p-30;

    private final ActivationBlocks blocks;

    LocalSlopes(ActivationBlocks blocks) {
        this.blocks = blocks;
    }

    /// The constant of block `l`.
    ///
    /// @param c the argument, of all blocks
    /// @param d the radius, in the 2-norm of the block
    double bound(int l, double[] c, double d) {
        double gamma = blocks.gamma(l);
        int i = blocks.begin(l);
        double local = switch (blocks.activation(l)) {
            case Gate(Activation outer, Activation inner) -> gate(outer, c[i], inner, c[i + 1], d);
            case Softmax(int block) -> softmax(c, i, block, d);
            case GroupNorm(int block, double eps) -> groupNorm(c, i, block, eps, d);
            case MaxPool _ -> gamma;
            case BlockActivation _ -> throw new IllegalStateException("a block has an activation of its own");
            case Relu _, LeakyRelu _, Identity _, Tanh _, Sigmoid _ -> componentwise(blocks.activation(l), c[i], d);
        };
        double bound = local * ROOM + Double.MIN_NORMAL;
        return bound < gamma ? bound : gamma;
    }

    /// The constant of a componentwise map, possibly above `gamma`.
    static double componentwise(Activation phi, double c, double d) {
        return switch (phi) {
            case Relu _ -> c + d * ROOM < 0 ? 0 : 1;
            case LeakyRelu(double slope) -> c + d * ROOM < 0 ? Math.abs(slope) : Double.POSITIVE_INFINITY;
            case Tanh _ -> 4 * bell(2 * (Math.abs(c) - d));
            case Sigmoid _ -> bell(Math.abs(c) - d);
            default -> phi.lipschitz().constant();
        };
    }

    /// `e/(1 + e)^2` at `e = exp(-s)`, or at 1.
    private static double bell(double s) {
        // s has one rounding, which changes its exponential by s 2^-53.
        double e = s > 0 ? Math.exp(-s) * (1 + 0x1p-40 * (1 + s)) : 1;
        return e / ((1 + e) * (1 + e));
    }

    private static double gate(Activation outer, double s, Activation inner, double t, double d) {
        double outerSlope = componentwise(outer, s, d) * ROOM + Double.MIN_NORMAL;
        double innerSlope = componentwise(inner, t, d) * ROOM + Double.MIN_NORMAL;
        double o = Math.abs(outer.value(new double[] {s})[0]);
        double i = Math.abs(inner.value(new double[] {t})[0]);
        return Math.fma(outerSlope, Math.fma(innerSlope, d, i), innerSlope * Math.fma(outerSlope, d, o));
    }

    private static double softmax(double[] c, int begin, int block, double d) {
        if (!(d < 0.125)) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = begin; i < begin + block; i++) {
            largest = Math.max(largest, c[i]);
        }
        double sum = 0;
        for (int i = begin; i < begin + block; i++) {
            sum += Math.exp(c[i] - largest);
        }
        double most = 0;
        for (int i = begin; i < begin + block; i++) {
            double e = Math.exp(c[i] - largest);
            most = Math.max(most, e * (sum - e) / (sum * sum));
        }
        // A difference of sums loses units of the last place of the sum.
        double rows = (2 * most + block * 0x1p-48) * Math.exp(4 * d);
        // The largest exponential is 1.
        return Math.min(rows, Math.exp(2 * d) / sum);
    }

    private static double groupNorm(double[] c, int begin, int block, double eps, double d) {
        double sum = 0;
        double largest = 0;
        for (int i = begin; i < begin + block; i++) {
            sum += c[i];
            largest = Math.max(largest, Math.abs(c[i]));
        }
        double mean = sum / block;
        double variance = 0;
        for (int i = begin; i < begin + block; i++) {
            variance = Math.fma(c[i] - mean, c[i] - mean, variance);
        }
        double least =
                Math.sqrt(variance / block + eps) / ROOM - (block + 4) * 0x1p-52 * largest - d / Math.sqrt(block);
        return least > 0 ? 1 / least : Double.POSITIVE_INFINITY;
    }
}

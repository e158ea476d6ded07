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

/// How far the Jacobian of `phi` changes on a ball around an argument: `|J(t) - J(c)|_2` for `|t - c|_2 <= d`,
/// activation block by activation block; infinite where a kink may lie in the ball, so that nothing is known.
///
/// With the Lipschitz constant `k` of `phi` on the ball, [LocalSlopes], it is at most `d` times
///
/// | `phi` | a bound of the second derivative |
/// | --- | --- |
/// | ReLU, leaky ReLU, identity | 0, on one side of the kink |
/// | tanh | `\|2 p (1 - p^2)\|`: at most `4/(3 sqrt 3)`, and `2 k` |
/// | logistic function | `\|p (1 - p)(1 - 2p)\|`: at most `1/(6 sqrt 3)`, and `k` |
/// | gate `o(s) i(t)` | `\|o'' i\| + \|o' i'\| + \|o i''\|` |
/// | softmax | `3 k`: `dJ = diag(dp) - dp p' - p dp'` with `\|dp\| <= k \|dt\|`, `\|p\| <= 1` |
/// | group norm | `6 k^2/sqrt(b)`: four terms in `z = t - mean(t)`, `\|z\| <= sqrt(b) s`, `k = 1/s` |
/// | max-pooling | 0, where the largest value stays the largest |
/// |
///
/// Everything is in double precision; [#ROOM] is far more than its roundings. Immutable.
final class JacobianChange {
    private static final double ROOM = 1 + 0x1p-30;

    /// Upper bounds of `4/(3 sqrt 3)` and `1/(6 sqrt 3)`.
    private static final double TANH = 0.76981;

    private static final double SIGMOID = 0.09623;

    private final ActivationBlocks blocks;
    private final LocalSlopes slopes;

    JacobianChange(ActivationBlocks blocks, LocalSlopes slopes) {
        this.blocks = blocks;
        this.slopes = slopes;
    }

    /// The change of block `l`.
    ///
    /// @param c the argument, of all blocks
    /// @param d the radius, in the 2-norm of the block
    double bound(int l, double[] c, double d) {
        int i = blocks.begin(l);
        int size = blocks.size(l);
        double second = switch (blocks.activation(l)) {
            case Gate(Activation outer, Activation inner) -> gate(outer, c[i], inner, c[i + 1], d);
            case Softmax _ -> 3 * slopes.bound(l, c, d);
            case GroupNorm _ -> {
                double k = slopes.bound(l, c, d);
                yield 6 * k * k / Math.sqrt(size);
            }
            case MaxPool _ -> isMaximumKept(c, i, size, d) ? 0 : Double.POSITIVE_INFINITY;
            case BlockActivation _ -> throw new IllegalStateException("a block has an activation of its own");
            case Relu _, LeakyRelu _, Identity _, Tanh _, Sigmoid _ -> curvature(blocks.activation(l), c[i], d);
        };
        return second == 0 ? 0 : second * d * ROOM + Double.MIN_NORMAL;
    }

    /// `sup |phi''|`.
    private static double curvature(Activation phi, double c, double d) {
        return switch (phi) {
            case Relu _, LeakyRelu _ -> Math.abs(c) > d ? 0 : Double.POSITIVE_INFINITY;
            case Tanh _ -> Math.min(TANH, 2 * LocalSlopes.componentwise(phi, c, d));
            case Sigmoid _ -> Math.min(SIGMOID, LocalSlopes.componentwise(phi, c, d));
            case Identity _ -> 0;
            default -> Double.POSITIVE_INFINITY;
        };
    }

    private static double gate(Activation outer, double s, Activation inner, double t, double d) {
        double outerSlope = LocalSlopes.componentwise(outer, s, d);
        double innerSlope = LocalSlopes.componentwise(inner, t, d);
        double o = Math.abs(outer.value(new double[] {s})[0]) + outerSlope * d;
        double i = Math.abs(inner.value(new double[] {t})[0]) + innerSlope * d;
        return curvature(outer, s, d) * i + outerSlope * innerSlope + curvature(inner, t, d) * o;
    }

    private static boolean isMaximumKept(double[] c, int begin, int size, double d) {
        double largest = Double.NEGATIVE_INFINITY;
        double second = Double.NEGATIVE_INFINITY;
        for (int i = begin; i < begin + size; i++) {
            second = Math.max(second, Math.min(largest, c[i]));
            largest = Math.max(largest, c[i]);
        }
        // Two components move by sqrt(2) d at most.
        return size == 1 || largest - second > 1.5 * d;
    }
}

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
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.internal.reference.BoundKernel;
import dev.stillpoint.matrix.Matrix;
import org.jspecify.annotations.Nullable;

/// How far `f(x) = phi(Ax + Bu + bias)`, evaluated in FP64 by the engine, may be from its exact value, activation
/// block by activation block in the 2-norm.
///
/// With `u = 2^-53`, `X = max|x|`, `U = max|u_j|`, and the 2-norms over a block of row sums of magnitudes,
///
///     |dt| <= gamma_K T,   T = |A 1| X + |B 1| U + |bias|,   K = entries of the longest row of (A B), and 2,
///     |df| <= lip gamma_K T + c_T T + c_F |f| + c_0,
///
/// where `phi` by itself has a relative error `c_F`, an absolute one and a sensitivity `c_T` to roundings of its
/// argument. There are none for ReLU, the identity and max-pooling; `c_F` is one rounding for leaky ReLU, two
/// units in the last place for tanh and the logistic function, both and the product for a gate. Softmax over `b`
/// values has `c_F = (b + 5) u`: an exponential of one unit in the last place, a sum of `b` of them, a quotient;
/// it subtracts the largest value, which moves `v_i` by `u (m - v_i)` and the result by at most `2 u sum p_i (m -
/// v_i) <= 2 u (b - 1)/e`, since `p_i <= exp(v_i - m)`. Group norm subtracts the mean, whose error is at most `b
/// u mean|v|`: `c_T = gamma_(b+3)/sqrt(eps)`; its root of a sum of `b` squares and the quotient make `c_F = (b/2
/// + 6) u`. What is too small for a normal double is bounded by an absolute term.
///
/// Immutable. Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, §3.1; the errors of the
/// elementary functions are those that the engine states.
final class ResidualBound {
    /// Room for the roundings of the bound's own arithmetic, a few dozen at most.
    static final double ROOM = BoundKernel.ROOM;

    private static final double UNIT = Rounding.UNIT;

    private final double[] a;
    private final double[] b;
    private final double[] bias;
    private final BoundKernel.Coefficients coefficients;
    private final double[] tiny;
    private final double terms;

    /// A bound for a problem.
    ///
    /// @param a the rows of `A`
    /// @param b the rows of `B`
    /// @param bias `(1, n)`, or null for none
    ResidualBound(OperatorRows a, OperatorRows b, @Nullable Matrix bias, ActivationBlocks blocks) {
        int count = blocks.count();
        this.a = new double[count];
        this.b = new double[count];
        this.bias = new double[count];
        coefficients = new BoundKernel.Coefficients(
                new double[count], new double[count], new double[count], new double[count]);
        tiny = new double[count];
        int most = 0;
        double[] rowA = new double[blocks.largest()];
        double[] rowB = new double[blocks.largest()];
        double[] rowBias = new double[blocks.largest()];
        for (int l = 0; l < count; l++) {
            int size = blocks.size(l);
            for (int i = 0; i < size; i++) {
                int state = blocks.begin(l) + i;
                a.read(state);
                b.read(state);
                rowA[i] = a.magnitude();
                rowB[i] = b.magnitude();
                rowBias[i] = bias == null ? 0 : Math.abs(bias.get(0, state));
                most = Math.max(most, a.count() + b.count());
            }
            this.a[l] = norm(rowA, size);
            this.b[l] = norm(rowB, size);
            this.bias[l] = norm(rowBias, size);
        }
        terms = most + 2.0;
        double gamma = Rounding.gamma(most + 2L);
        for (int l = 0; l < count; l++) {
            Activation phi = blocks.activation(l);
            double carried = (blocks.gamma(l) * gamma + sensitivity(phi)) * ROOM;
            tiny[l] = (1 + blocks.gamma(l)) * (terms + blocks.size(l)) * Double.MIN_NORMAL;
            double absolute = tiny[l] + (phi instanceof Softmax ? 0.75 * blocks.size(l) * UNIT : 0);
            coefficients.own()[l] = relative(phi);
            coefficients.state()[l] = product(carried, this.a[l]);
            coefficients.input()[l] = product(carried, this.b[l]);
            coefficients.absolute()[l] = (product(carried, this.bias[l]) + absolute) * ROOM;
        }
    }

    /// `c v` from above, where it underflows too.
    private static double product(double c, double v) {
        return c * v * ROOM + Double.MIN_NORMAL;
    }

    /// `K`, as a number.
    double terms() {
        return terms;
    }

    /// `T` of block `l`, an upper bound of the magnitude of its argument.
    double argument(int l, double x, double u) {
        return Math.fma(a[l], x, Math.fma(b[l], u, bias[l])) * ROOM;
    }

    /// What bounds the errors of all blocks of `f`: with `T`, and the 2-norms of the blocks as computed.
    BoundKernel.Coefficients coefficients() {
        return coefficients;
    }

    /// A bound of the error of block `l` of `f`, where roundings of the argument, before `phi` and in it, move `f` by
    /// `moved` at most.
    double error(int l, double moved, double f) {
        return (Math.fma(coefficients.own()[l], f, moved) + tiny[l]) * ROOM;
    }

    private static double norm(double[] values, int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum = Math.fma(values[i], values[i], sum);
        }
        return size == 1 ? values[0] : Math.sqrt(sum) * ROOM;
    }

    private static double relative(Activation phi) {
        return switch (phi) {
            case Relu _, Identity _, MaxPool _ -> 0;
            case LeakyRelu _ -> 2 * UNIT;
            case Tanh _, Sigmoid _ -> 5 * UNIT;
            case Gate _ -> 12 * UNIT;
            case Softmax(int block) -> (block + 5) * UNIT;
            case GroupNorm(int block, double _) -> (block / 2.0 + 6) * UNIT;
            case BlockActivation _ -> throw new IllegalStateException("a block has an activation of its own");
        };
    }

    private static double sensitivity(Activation phi) {
        return switch (phi) {
            case GroupNorm(int block, double _) ->
                Rounding.gamma(block + 3L) * phi.lipschitz().constant() * ROOM;
            default -> 0;
        };
    }
}

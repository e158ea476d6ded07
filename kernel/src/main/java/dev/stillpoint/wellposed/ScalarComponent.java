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

/// Decides the scalar equation `x = phi(a x + b)`: what is left of a triangular matrix, also under a symmetric
/// permutation, component by component.
///
/// * ReLU: exactly one solution for every `b` if and only if `a < 1` (IDL-21 Remark 2.5). For `a = 1` and `b = 0`
///   every `x >= 0` is a solution; for `a > 1` and `b < 0` both `0` and `-b/(a - 1)` are.
/// * Leaky ReLU of slope `s`: with `z = a x + b` the equation is `z - a phi(z) = b`, whose left side has slope
///   `1 - a` for `z > 0` and `1 - s a` for `z < 0`: it is one-to-one and onto if and only if the two slopes have
///   the same sign and neither is zero. For `0 < s < 1` it fails exactly for `1 <= a <= 1/s`.
/// * Identity: if and only if `a != 1`.
/// * tanh: if and only if `a <= 1`: then `x - tanh(a x + b)` is strictly increasing and onto; for `a > 1` and
///   `b = 0` there are three solutions. Sigmoid, whose slope is at most 1/4: if and only if `a <= 4`; for `a > 4`,
///   `b = -a/2` gives three solutions around 1/2.
/// * Softmax over blocks of one value is the constant 1, group norm the constant 0: always. Max-pooling over blocks
///   of one value is the identity. A gate has two values, never one. A block activation of
///   one state is what acts on that.
final class ScalarComponent {
    private ScalarComponent() {}

    static Verdict decide(Activation phi, double a) {
        return switch (phi) {
            case Relu _ -> iff(a < 1);
            case LeakyRelu(double slope) -> iff(slopesAgree(slope, a));
            case Identity _ -> iff(a != 1);
            case Tanh _ -> iff(a <= 1);
            case Sigmoid _ -> iff(a <= 4);
            case Softmax _, GroupNorm _ -> Verdict.WELL_POSED;
            case MaxPool _ -> iff(a != 1);
            case Gate _ -> Verdict.UNKNOWN;
            case BlockActivation(var parts) -> decide(parts.getFirst().activation(), a);
        };
    }

    /// The range of `a_ii` that [#decide] finds well-posed, in words.
    static String range(Activation phi) {
        return switch (phi) {
            case Relu _ -> "a_ii < 1";
            case LeakyRelu(double slope) -> "1 - a_ii and 1 - %s a_ii of the same sign".formatted(slope);
            case Identity _ -> "a_ii != 1";
            case Tanh _ -> "a_ii <= 1";
            case Sigmoid _ -> "a_ii <= 4";
            case Softmax _, GroupNorm _ -> "any a_ii";
            case MaxPool _ -> "a_ii != 1";
            case Gate _ -> "two states";
            case BlockActivation(var parts) -> range(parts.getFirst().activation());
        };
    }

    /// The entry and the range it is to be in.
    static String describe(Activation phi, double a) {
        return "a_ii = %s, and %s needs %s".formatted(a, phi.label(), range(phi));
    }

    private static Verdict iff(boolean wellPosed) {
        return wellPosed ? Verdict.WELL_POSED : Verdict.ILL_POSED;
    }

    private static boolean slopesAgree(double slope, double a) {
        // The fused operation rounds once, so its sign is that of the exact 1 - s a.
        double left = Math.fma(-slope, a, 1);
        double right = 1 - a;
        return (left > 0 && right > 0) || (left < 0 && right < 0);
    }
}

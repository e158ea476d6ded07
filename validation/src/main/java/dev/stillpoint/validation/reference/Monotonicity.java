package dev.stillpoint.validation.reference;

import java.util.Optional;

/// A proof that `I - A` is strongly monotone, and the error bound that follows for a proximal activation.
///
/// Let `I - (A + A')/2 >= m I` with `m > 0`, `phi = prox_f`, `y = f(x) = x + r` and `e = x - x*`. Then
/// `Ax + b - y` is a
/// subgradient of `f` at `y` and `Ax* + b - x*` one at `x*`; subgradients being monotone,
/// `(Ae - e - r)'(e + r) >= 0`, so
///
///     m |e|^2 <= e'(I - A)e <= -r'(2I - A) e - |r|^2,   hence   |x - x*|_2 <= |2I - A|_2 / m  |r|_2,
///
/// which is at most `(1 + L)/m |r|_2` with `L = |I - A|_2`. Source: NTK-22 §2.3.2, with `m = lambda_min(I - (A +
/// A')/2)`.
final class Monotonicity {
    private final double margin;
    private final double factor;

    private Monotonicity(double margin, double factor) {
        this.margin = margin;
        this.factor = factor;
    }

    /// The proof, where there is one. Costs about `20 n^3` operations.
    static Optional<Monotonicity> of(ReferenceEquation equation) {
        if (!equation.activation().isProximal()) {
            return Optional.empty();
        }
        double[][] gap = identityMinus(equation.stateMatrix(), 1);
        double margin = SymmetricBound.smallestEigenvalue(SymmetricBound.symmetricPart(gap));
        margin -= formation(equation.stateMatrix());
        if (!(margin > 0)) {
            return Optional.empty();
        }
        double norm = SymmetricBound.norm2(identityMinus(equation.stateMatrix(), 2));
        norm += formation(equation.stateMatrix());
        return Optional.of(new Monotonicity(margin, norm / margin * (1 + 0x1p-50)));
    }

    /// `m`, a verified lower bound.
    double margin() {
        return margin;
    }

    /// A bound on `|x - x*|_2` where `|r|_2 <= norm`.
    double bound(double norm) {
        return factor * norm;
    }

    /// `factor I - A`.
    static double[][] identityMinus(double[][] a, double factor) {
        double[][] gap = new double[a.length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a.length; j++) {
                gap[i][j] = (i == j ? factor : 0) - a[i][j];
            }
        }
        return gap;
    }

    /// What rounding `I - A`, `2I - A` and the symmetric part may do to an eigenvalue: two units of the Frobenius
    /// norm.
    private static double formation(double[][] a) {
        double squares = 0;
        for (double[] row : a) {
            double norm = Norms.two(row) + 2;
            squares += norm * norm;
        }
        return 0x1p-51 * Math.sqrt(squares);
    }
}

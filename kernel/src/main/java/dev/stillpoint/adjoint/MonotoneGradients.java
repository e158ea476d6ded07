package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.MonotoneModel;
import dev.stillpoint.operator.LinearOperator;

/// The gradients of a loss with respect to the parameters of a [MonotoneModel], `W = (1 - m) I - A'A + B - B'`.
/// With the gradient `G` with respect to `W`,
///
///     dA = -A (G + G')    dB = G - G'    dm = -trace G    dU, dbias: those of the model's own
///
/// The step is the caller's: any `A` and `B` keep the margin, a step of `m` has to keep it positive.
///
/// **Order.** In FP64: `G + G'` and `G - G'` are rounded once an entry; `dA` is then a chain of fused multiply-adds
/// from `+0` in increasing column of `A`, `dm` a chain of subtractions from `+0` in increasing index. `dB` is
/// antisymmetric to the bit: of `B`, what is symmetric does not matter.
///
/// **Cost.** `2 k n^2` operations by the engine's kernel on the calling thread, and some matrices `(n, n)`.
///
/// Immutable. Source: NTK-22 §2.3.2, Proposition 1, differentiated.
///
/// @param a `dA`, `(k, n)`
/// @param b `dB`, `(n, n)`
/// @param m `dm`
/// @param u `dU`, `(n, p)`
/// @param bias `dbias`, `(1, n)`, also where the model has none
public record MonotoneGradients(Matrix a, Matrix b, double m, Matrix u, Matrix bias) {
    /// The gradients that follow from those of an implicit model of the given one, such as
    /// [MonotoneModel#model(LinearOperator)] returns. Its outputs' operator is a letter of its own,
    /// [Gradients#c()].
    ///
    /// @throws ShapeException when the gradients are not those of such a model
    public static MonotoneGradients of(MonotoneModel model, Gradients gradients) {
        var w = gradients.a();
        var u = gradients.b();
        ChainRule.check("W", w, OperatorLetters.of(model.problem().a()));
        ChainRule.check("U", u, OperatorLetters.of(model.problem().b()));
        Matrix g = w.getFirst();
        double m = 0;
        for (int i = 0; i < g.rows(); i++) {
            m -= g.get(i, i);
        }
        Matrix a = ChainRule.product(
                LinearOperator.dense(model.a()).transpose().matrix(), ChainRule.withTranspose(g, 1, -1));
        return new MonotoneGradients(a, ChainRule.withTranspose(g, -1, 1), m, u.getFirst(), gradients.bias());
    }
}

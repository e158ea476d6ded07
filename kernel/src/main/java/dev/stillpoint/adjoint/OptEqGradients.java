package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.model.opteq.OptEqModel;
import java.util.List;

/// The gradients of a loss with respect to the parameters of an [OptEqModel], `v = sigma(Wz + Ux + b)` with
/// `z = Rv`, `R = (1/mu) W'`.
///
/// `R` is a factor of the outputs' operator, and of `A = WR` where that is kept in factors; `S` is the sum of the
/// gradients with respect to it. With `G` that with respect to a dense `A = (1/mu) W W'`, or `F` that with respect
/// to its first factor,
///
///     dense:    E = (1/mu) (G + G') W    dW = E + (1/mu) S'    dmu = -(1/mu) (<S, R> + <E, W>/2)
///     factors:                           dW = F + (1/mu) S'    dmu = -(1/mu) <S, R>
///
/// where `<E, W>/2 = <G, A>`; `dU` and `db` are those of the implicit model. The step is the caller's, and so is
/// keeping `mu >= gamma |W|_2^2`.
///
/// **Order.** In FP64: `(G + G')/mu` is rounded twice an entry, each entry of `E` then one chain of fused
/// multiply-adds from `+0` in increasing row of `W`. Inner products are such chains too, row after row; sums, and
/// quotients by `mu`, are rounded one by one.
///
/// **Cost.** For a dense `A` `2 h^2 n` operations by the engine's kernel on the calling thread; else the sums
/// alone.
///
/// Immutable. Source: OPT-21 (3), differentiated.
///
/// @param w `dW`, `(h, n)`
/// @param u `dU`, `(h, p)`
/// @param bias `db`, `(1, h)`, also where the model has none
/// @param mu `dmu`
/// @param head the gradients with respect to the [letters][OperatorLetters] of the head; none where there is no
///     head
public record OptEqGradients(Matrix w, Matrix u, Matrix bias, double mu, List<Matrix> head) {
    /// Keeps the list.
    public OptEqGradients {
        head = List.copyOf(head);
    }

    /// The gradients that follow from those of an implicit model of the given one, [OptEqModel#model()] or
    /// [OptEqModel#model(dev.stillpoint.operator.LinearOperator)].
    ///
    /// @throws ShapeException when the gradients are not those of such a model
    public static OptEqGradients of(OptEqModel model, Gradients gradients) {
        List<Matrix> a = gradients.a();
        List<Matrix> u = gradients.b();
        List<Matrix> c = gradients.c();
        ChainRule.check("U", u, List.of(model.u()));
        int before = Math.max(0, c.size() - 1);
        ChainRule.check("the outputs' operator after the head", c.subList(before, c.size()), List.of(model.back()));
        Matrix back = c.getLast();
        List<Matrix> head = c.subList(0, before);
        if (a.size() == 2) {
            ChainRule.check("A", a, List.of(model.w(), model.back()));
            return unit(model, a.getFirst(), ChainRule.plus(a.getLast(), back), u.getFirst(), gradients.bias(), head);
        }
        ChainRule.checkCount("A", a, 1);
        Matrix g = a.getFirst();
        ShapeException.check("the gradient of A", g, model.hiddenSize(), model.hiddenSize());
        Matrix e = ChainRule.product(ChainRule.withTranspose(g, 1, model.mu()), model.w());
        OptEqGradients outer = unit(model, e, back, u.getFirst(), gradients.bias(), head);
        double mu = outer.mu() - ChainRule.inner(e, model.w()) / 2 / model.mu();
        return new OptEqGradients(outer.w(), outer.u(), outer.bias(), mu, head);
    }

    /// The gradients where `W` occurs by itself, with the gradient `f`, and in `R`, with the gradient `s`.
    static OptEqGradients unit(OptEqModel model, Matrix f, Matrix s, Matrix u, Matrix bias, List<Matrix> head) {
        double mu = -ChainRule.inner(s, model.back()) / model.mu();
        return new OptEqGradients(ChainRule.plusTransposed(f, s, model.mu()), u, bias, mu, head);
    }
}

package dev.stillpoint.adjoint;

import dev.stillpoint.internal.cpu.CpuGradient;
import dev.stillpoint.internal.engine.Crew;
import dev.stillpoint.internal.engine.GradientSum;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import java.util.List;

/// The gradient, with respect to the letters of an operator, of a sum over samples,
///
///     f(letters) = sum_s v_s' Op(letters) x_s
///
/// `Op` is `(rows, columns)`, `V` `(samples, rows)`, `X` `(samples, columns)`; the gradient has a matrix for each
/// [letter][OperatorLetters], of its shape:
///
/// | letter | gradient |
/// | --- | --- |
/// | dense matrix | `V'X` |
/// | values of a sparse matrix, a diagonal | `V'X` at the stored entries |
/// | low rank, `L` and `R` | `V'(XR)` and `X'(VL)` |
/// | weights of a convolution | the correlation of `V` and `X` at each tap |
/// | factor `F_k` of a product | that of `F_k` at `v_k = F_(k-1)' ... F_1' v` and `x_k = F_(k+1) ... F_m x` |
/// | term of a sum, block | its own, at its rows of `V` and its columns of `X` |
/// |
///
/// In the gradient of a loss through a fixed point `v` is the adjoint state, and `x` the state or the input.
///
/// **Order.** All is computed in double precision, from operators, `V` and `X` in either precision, of which FP32
/// values are exact in it. Each entry of a gradient is one chain of fused multiply-adds, `g = fma(v, x, g)`, that
/// begins with `+0` and takes the samples in increasing order, on from one call of [#add] to the next; for a
/// convolution it takes, in each sample, the output positions in increasing order, those whose tap falls into the
/// padding skipped. Intermediates of a product, and of a low rank one, are for each sample the
/// [products][dev.stillpoint.backend] of its factors and of their [transposes][LinearOperator#transpose()], each
/// beginning with `+0`. So the result has the same bits for any number of threads, any width of vectors, and any
/// cut of a batch into calls. Not-a-number and infinities of a sample go into every entry that they are
/// multiplied into.
///
/// **Cost.** For `samples` of a dense operator `2 samples rows columns` operations by the engine's kernel; each
/// factor of a product costs its forward and its transposed product besides. The operator is packed, and the sums
/// take memory, once; blocks of samples take up to about 8 MB more, or more where 16 samples do.
///
/// One thread at a time may use a gradient; it keeps no view of what it is given. Source: IDL-21 §6.2, (6.4), and
/// NTK-22
/// §2.1.3, for dense letters.
public final class OperatorGradient {
    private final LinearOperator operator;
    private final GradientSum sum;

    /// A gradient that is 0 so far.
    ///
    /// @throws ShapeException when a convolution has to be transposed, for a product, and has too many entries
    public OperatorGradient(LinearOperator operator) {
        this.operator = operator;
        sum = CpuGradient.of(operator);
    }

    /// Adds samples, on the calling thread.
    ///
    /// @param v `(samples, rows)`
    /// @param x `(samples, columns)`
    /// @throws ShapeException when a shape does not fit; nothing is added then
    public void add(Matrix v, Matrix x) {
        add(v, x, 1);
    }

    /// Adds samples, on the calling thread and `threads - 1` others, which end before this returns. An interrupt
    /// does not stop it.
    ///
    /// @param v `(samples, rows)`
    /// @param x `(samples, columns)`
    /// @param threads at least 1
    /// @throws ShapeException when a shape does not fit; nothing is added then
    /// @throws IllegalArgumentException when `threads` is not positive, or several are to read memory that one
    ///     thread alone may
    public void add(Matrix v, Matrix x, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("%d threads, expected at least 1".formatted(threads));
        }
        try (Crew crew = new Crew(threads, "stillpoint-gradient-")) {
            add(v, x, threads, crew);
        }
    }

    /// Adds samples that have been checked, on `threads` threads of a crew that is lent.
    void add(Matrix v, Matrix x, int threads, Crew crew) {
        check(v, x, threads);
        sum.add(v, x, threads, crew);
    }

    /// Checks what is to be added.
    void check(Matrix v, Matrix x, int threads) {
        ShapeException.checkColumns("v", v, operator.rows());
        ShapeException.check("x", x, v.rows(), operator.columns());
        Crew.checkAccess("v", v, threads);
        Crew.checkAccess("x", x, threads);
    }

    /// The gradient so far, in the order of [OperatorLetters#of], in FP64; immutable copies.
    public List<Matrix> letters() {
        return sum.letters();
    }

    /// Begins anew: every entry is `+0`.
    public void clear() {
        sum.clear();
    }
}

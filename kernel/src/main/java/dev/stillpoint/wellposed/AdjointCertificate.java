package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.internal.cpu.CpuForward;
import dev.stillpoint.internal.engine.Crew;
import dev.stillpoint.internal.engine.ForwardPanel;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.ErrorBounds;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What is proved about the adjoint equation `v = J'(A'v + C'g)` of a problem, ready to bound the error of
/// adjoint states against those of the *true* fixed points, whose Jacobian `J` nobody has.
///
/// The error bound of a state limits how far its argument `t = Ax + Bu + bias` is from the true one, and that how
/// far the Jacobian `J^` at `t` is from the true `J`, block by block. With `w = A'v + C'g`
///
///     |J'w - v| <= r,   r = |J^'w - v| + |J - J^| |w| + the roundings of t, w and J^',
///
/// and from `r` to the error with what the [Certificate] of the problem has proved, of which the transpose has
/// the same:
///
/// - **contraction**: `|v - v*| <= G ((I - N)^-1)' G^-1 r` with `G = diag(gamma)`, up to
///   [Certificate#DENSE_LIMIT] blocks; and since `N w <= kappa w` makes `J'A'` a contraction by `kappa` in the
///   norm `sum_l (w_l/gamma_l) |v_l|`, each `|v_l - v*_l| <= (gamma_l/w_l) sum_h (w_h/gamma_h) r_h/(1 - kappa)`;
/// - **monotone**: `|v - v*|_2 <= (c + sqrt(c^2 - 4m))/(2m) |r|_2` as for states, since the Jacobian of a
///   proximal map is symmetric between 0 and `I`, thus a proximal map itself, and `A'` has the `m` and the `c` of
///   `A`.
///
/// Where a ReLU may have the other sign at the true fixed point, or max-pooling another maximum, there is no
/// bound, and [AdjointBounds#kinks] says so.
///
/// `C` and what the problem holds are taken as they are stored; where entries are computed (products, low ranks,
/// sums) their dense form in FP64 is meant. Immutable, and may be shared by threads. Cost: packing, and a
/// transposed matrix; a sample takes four products in FP64. Source: IDL-21 (6.4) with Theorem 2.2 and §2.5;
/// NTK-22 §2.3.2.
public final class AdjointCertificate {
    final Certificate forward;
    final LocalSlopes slopes;
    final JacobianChange change;

    /// Rounding of `A'v + C'g`.
    final ResidualBound product;

    /// The 2-norms over a block of the row sums, and of the rows, of `|A|`.
    final double[] rowSums;

    final double[] rowNorms;

    private final LinearOperator c;
    private final Shared<ForwardPanel> arguments;
    private final Shared<ForwardPanel> products;
    private final @Nullable Shared<ForwardPanel> inverse;

    private AdjointCertificate(Certificate forward, LinearOperator c) {
        this.forward = forward;
        this.c = OperatorRows.areStored(c) ? c : LinearOperator.dense(c.toMatrix());
        slopes = new LocalSlopes(forward.blocks);
        change = new JacobianChange(forward.blocks, slopes);
        LinearOperator a = forward.problem.a();
        LinearOperator b = forward.problem.b();
        LinearOperator back = a.transpose();
        LinearOperator out = this.c.transpose();
        product = new ResidualBound(new OperatorRows(back), new OperatorRows(out), null, forward.blocks);
        int count = forward.blocks.count();
        rowSums = new double[count];
        rowNorms = new double[count];
        measure(new OperatorRows(a));
        arguments =
                CpuForward.of(Precision.F64, OperatorRows.beside(a, b), forward.problem.bias(), Activation.identity());
        products = CpuForward.of(Precision.F64, OperatorRows.beside(back, out), null, Activation.identity());
        inverse = forward.inverse == null
                ? null
                : CpuForward.of(
                        Precision.F64, LinearOperator.dense(transposed(forward.inverse)), null, Activation.identity());
    }

    /// The certificate of the adjoint equation.
    ///
    /// @param forward that of the problem
    /// @param c `C`, `(q, n)`
    /// @throws ShapeException when `C` does not have `n` columns
    public static AdjointCertificate of(Certificate forward, LinearOperator c) {
        int n = forward.problem().stateSize();
        if (c.columns() != n) {
            throw new ShapeException(
                    "C is %d x %d, expected %d columns, the states of the problem".formatted(c.rows(), c.columns(), n));
        }
        return new AdjointCertificate(forward, c);
    }

    private void measure(OperatorRows a) {
        for (int l = 0; l < rowSums.length; l++) {
            double sums = 0;
            double squares = 0;
            for (int i = forward.blocks.begin(l); i < forward.blocks.begin(l + 1); i++) {
                a.read(i);
                double sum = a.magnitude();
                sums = Math.fma(sum, sum, sums);
                for (int k = 0; k < a.count(); k++) {
                    squares = Math.fma(a.value(k), a.value(k), squares);
                }
            }
            rowSums[l] = BoundWorker.rootUp(sums, forward.blocks.size(l));
            rowNorms[l] = BoundWorker.rootUp(squares, forward.problem.stateSize() * forward.blocks.size(l));
        }
    }

    /// `G inverse' G^-1`, nowhere below.
    private Matrix transposed(double[][] inverse) {
        int count = inverse.length;
        Matrix matrix = Matrix.zeros(Precision.F64, count, count);
        double[] row = new double[count];
        for (int l = 0; l < count; l++) {
            for (int h = 0; h < count; h++) {
                row[h] = inverse[h][l] * (forward.blocks.gamma(l) / forward.blocks.gamma(h)) * ResidualBound.ROOM;
            }
            matrix.setRow(l, row, 0);
        }
        return matrix.frozen();
    }

    /// Whether anything is proved. Without it every bound is not-a-number.
    public boolean exists() {
        return forward.exists();
    }

    /// One line: the proofs with their figures, or why there is none.
    public String basis() {
        return forward.basis();
    }

    /// Bounds of the errors of adjoint states.
    ///
    /// @param inputs `u`, `(samples, p)`, as they are stored; not modified
    /// @param states `x`, `(samples, n)`, not modified
    /// @param stateErrors bounds of the errors of these states, [Certificate#bounds] or
    ///     [dev.stillpoint.solver.SolveResult#errorBounds]
    /// @param outputGradients `g`, `(samples, q)`; not modified
    /// @param adjoints `v`, `(samples, n)`; not modified
    /// @param threads the caller's included, at least 1; the others end before this returns; no bound depends on
    ///     it
    /// @throws ShapeException when the shapes do not fit
    /// @throws IllegalArgumentException when `threads` is below 1
    /// @throws CancellationException when the calling thread is interrupted; its interrupt flag stays set
    public AdjointBounds bounds(
            Matrix inputs,
            Matrix states,
            ErrorBounds stateErrors,
            Matrix outputGradients,
            Matrix adjoints,
            int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        int samples = inputs.rows();
        int n = forward.problem.stateSize();
        ShapeException.checkColumns("inputs", inputs, forward.problem.inputSize());
        ShapeException.check("states", states, samples, n);
        ShapeException.check("output gradients", outputGradients, samples, c.rows());
        ShapeException.check("adjoint states", adjoints, samples, n);
        if (stateErrors.samples() != samples) {
            throw new ShapeException(
                    "%d bounds of errors, expected %d, one a sample".formatted(stateErrors.samples(), samples));
        }
        double[] max = new double[samples];
        double[] two = new double[samples];
        int[] kinks = new int[samples];
        var task = new AdjointBoundWorker.Task(inputs, states, stateErrors, outputGradients, adjoints, max, two, kinks);
        run(task, Math.min(threads, samples));
        return new AdjointBounds(new ErrorBounds(max, two), kinks);
    }

    private void run(AdjointBoundWorker.Task task, int count) {
        if (count == 0) {
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicInteger stop = new AtomicInteger();
        Thread caller = Thread.currentThread();
        try (Crew crew = new Crew(count, "stillpoint-certify-")) {
            crew.run(
                    count,
                    _ -> new AdjointBoundWorker(
                                    this,
                                    c.rows(),
                                    arguments.make(),
                                    products.make(),
                                    inverse == null ? null : inverse.make())
                            .run(task, next, () -> stop.get() != 0 || caller.isInterrupted()),
                    () -> stop.set(1));
        }
        if (caller.isInterrupted()) {
            throw new CancellationException("the certification was interrupted");
        }
    }

    /// A bound of the relative rounding of a chain of this many terms.
    static double gamma(double terms) {
        return Rounding.gamma((long) terms + 2);
    }

    @Override
    public String toString() {
        return basis();
    }
}

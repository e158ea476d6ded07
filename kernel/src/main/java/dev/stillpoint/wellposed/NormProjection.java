package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.cpu.CpuRowKernels;
import dev.stillpoint.internal.engine.Crew;
import dev.stillpoint.internal.reference.RowKernel;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.wellposed.BlockNorms.Norm;
import java.util.Arrays;

/// The closest matrix, in the Frobenius norm, whose rows have bounded l1 norms, which makes a model well-posed:
///
///     P(A) = argmin_X |X - A|_F   :   |x_i|_1 <= r_i   for each row i
///
/// | made by | radii | for |
/// | --- | --- | --- |
/// | [#onto(double)] | `kappa` | `norm(A)_inf <= kappa`, non-expansive activations |
/// | [#onto(Activation, int, double)] | `kappa/gamma_i` | `norm(N(A, gamma))_inf <= kappa`, any constants |
///
/// With `kappa < 1` the map `x -> phi(Ax + b)` contracts by `kappa` in the max-norm for every matrix of the set.
/// The problem separates: a row inside stays as it is, of another every value moves towards zero by the row's own
/// `tau_i`, as far as zero, `x_ij = sign(a_ij) max(|a_ij| - tau_i, 0)`.
///
/// **Exactness.** A row with `|a_i|_1 <= r_i`, decided in exact arithmetic, is returned bit for bit. Any other
/// gets a norm in `[(1 - 2^-48) r_i, r_i]`; the upper end holds exactly for the stored values, so that the set is
/// never left by rounding, and projecting again changes nothing. Where `k` values of a row remain, each differs
/// from the exact one by at most `2^-47 r_i/k + 2^-52 |x_ij|`. All this is FP64; values of FP32 are then rounded
/// towards zero. The order of all sums is fixed (16 chains, joined by a tree), so that the bits depend neither on
/// the number of threads nor on the machine's vectors.
///
/// Methods take any view, `A` of `(m, n)`, and modify nothing but a destination. Rows are shared out over the
/// given number of threads at most, the caller's included, which end with the call; memory beside the result is
/// two rows in FP64 for each. Cost: a row is read and written once; within the cache it is passed over five to
/// ten times. Immutable; may be called from any thread, at the same time too.
///
/// Source: IDL-21 §6.1-6.2, (6.7); the step that is given there for the dual's bisection has its two cases the
/// wrong way round, and is not used.
public final class NormProjection {
    private final double kappa;

    /// Divisors of `kappa` for each row, or none where all rows have the radius `kappa`.
    private final double[] gammas;

    private NormProjection(double kappa, double[] gammas) {
        if (!(kappa >= 0 && kappa <= RowBall.LARGEST_RADIUS / 4)) {
            throw new IllegalArgumentException("kappa is " + kappa + ", expected a number in [0, 2^898]");
        }
        this.kappa = kappa;
        this.gammas = gammas;
    }

    /// The projection onto the matrices with `|A|_inf <= kappa`, the largest row sum of absolute values.
    ///
    /// @param kappa in `[0, 2^898]`; below 1 it makes models with componentwise non-expansive activations
    ///     well-posed
    /// @throws IllegalArgumentException when `kappa` is not in that range
    public static NormProjection onto(double kappa) {
        return new NormProjection(kappa, new double[0]);
    }

    /// The projection onto the matrices with which `phi` contracts by `kappa` in the max-norm, as its Lipschitz
    /// constants `gamma_i` tell:
    ///
    ///     gamma_i sum_j |a_ij| <= kappa     for each state i
    ///
    /// For a componentwise activation this is `|N(A, gamma)|_inf <= kappa`. Softmax and max-pooling have their
    /// constants in the max-norm too; there it is the norm of the matrix `N` that has the whole state as one
    /// block, with the constant of each row for its own. Taken over smaller blocks, or in the 2-norm, `N` couples
    /// the rows of a block, and `|N|_inf <= kappa` is another set; a projection onto that is not offered.
    ///
    /// @param phi the activation
    /// @param n states: `A` is `(n, n)`
    /// @param kappa in `[0, 2^898]`, below 1 for a well-posed model
    /// @throws IllegalArgumentException when `kappa` is not in that range, or when the activation, or a part of
    ///     it, has no constant in the max-norm: group norm and gates
    /// @throws ShapeException when `n` is no multiple of the block size of `phi`
    public static NormProjection onto(Activation phi, int n, double kappa) {
        phi.checkSize(n);
        ActivationBlocks blocks = ActivationBlocks.of(phi, n);
        double[] gammas = new double[n];
        for (int i = 0; i < n; i++) {
            int l = blocks.blockOf(i);
            Activation own = blocks.activation(l);
            if (!BlockNorms.holdsIn(own, Norm.INFINITY)) {
                throw new IllegalArgumentException("activation " + own.label() + " has no Lipschitz constant in the"
                        + " max-norm: a projection onto its |N(A, gamma)|_inf <= kappa, which couples rows,"
                        + " is not offered");
            }
            gammas[i] = blocks.gamma(l);
        }
        return new NormProjection(kappa, gammas);
    }

    /// The bound `kappa`.
    public double kappa() {
        return kappa;
    }

    /// The bound of the l1 norm of row `i`: the largest number `r` with `gamma_i r <= kappa`.
    ///
    /// @throws IndexOutOfBoundsException when the activation has no state `i`
    public double radius(int i) {
        if (gammas.length == 0) {
            return kappa;
        }
        double radius = kappa / gammas[i];
        return Math.fma(gammas[i], radius, -kappa) > 0 ? Math.nextDown(radius) : radius;
    }

    /// The projection of `a`, as a new matrix of its precision, on the Java heap.
    ///
    /// @param a `A`, `(m, n)`, not modified
    /// @param threads at most, at least 1
    /// @throws IllegalArgumentException when a value is not finite, `threads` is below 1, or several threads are
    ///     to read memory of a confined arena
    /// @throws ShapeException when `a` is not `(n, n)` for an activation of `n` states
    public Matrix apply(Matrix a, int threads) {
        Matrix destination = Matrix.zeros(a.precision(), a.rows(), a.columns());
        apply(a, destination, threads);
        return destination;
    }

    /// The projection of `a`, written to a destination: `a` itself, or memory that it shares nothing with.
    ///
    /// When a value is not finite, some rows of the destination may have been written.
    ///
    /// @param a `A`, `(m, n)`, not modified unless it is the destination
    /// @param destination `(m, n)` of the same precision, overwritten
    /// @param threads at most, at least 1
    /// @throws IllegalArgumentException as for [#apply(Matrix, int)], or when the destination has another
    ///     precision or is immutable
    /// @throws ShapeException when a shape does not fit
    public void apply(Matrix a, Matrix destination, int threads) {
        apply(a, destination, threads, preferred(a));
    }

    /// The projection by given passes, for tests.
    void apply(Matrix a, Matrix destination, int threads, RowKernel kernel) {
        check(a, threads);
        checkDestination(destination, "A", a, threads);
        int refused = RowThreads.run(a.rows(), a.columns(), threads, () -> {
            RowBall ball = new RowBall(kernel, a.columns());
            MatrixRows rows = new MatrixRows(a.columns());
            return i -> {
                rows.read(a, i, ball.row());
                if (!ball.measure()) {
                    return false;
                }
                if (ball.isInside(radius(i))) {
                    rows.write(ball.row(), destination, i);
                } else {
                    ball.project(radius(i));
                    rows.writeTowardsZero(ball.projection(), destination, i);
                }
                return true;
            };
        });
        checkFinite("A", a, refused);
    }

    /// The derivative of the projection at `a` in a direction, `DP(A) W`, as a new matrix in the precision of the
    /// direction, on the Java heap. It is symmetric: gradients go back through a projection by the same method.
    ///
    ///     row inside:   w_i
    ///     row outside:  w_ij - s_ij (sum_{j in S_i} s_ij w_ij)/|S_i|   for j in S_i,   else 0
    ///
    /// with `S_i` the values that remain in the row and `s_ij` their signs. **At kinks:** a row with
    /// `|a_i|_1 = r_i` counts as inside, and a value with `|a_ij| = tau_i` as one that does not remain. For
    /// `r_i = 0` the projection is constant, and the derivative zero.
    ///
    /// The sum has the order of the projection's sums, in FP64; the result is rounded to nearest.
    ///
    /// @param a `A`, `(m, n)`, not modified
    /// @param direction `W`, `(m, n)`, not modified
    /// @param threads at most, at least 1
    /// @throws IllegalArgumentException as for [#apply(Matrix, int)], for the direction too
    /// @throws ShapeException when a shape does not fit
    public Matrix derivative(Matrix a, Matrix direction, int threads) {
        Matrix destination = Matrix.zeros(direction.precision(), a.rows(), a.columns());
        derivative(a, direction, destination, threads);
        return destination;
    }

    /// The derivative of the projection at `a` in a direction, written to a destination: the direction itself, or
    /// memory that it and `a` share nothing with.
    ///
    /// When a value is not finite, some rows of the destination may have been written.
    ///
    /// @param a `A`, `(m, n)`, not modified
    /// @param direction `W`, `(m, n)`, not modified unless it is the destination
    /// @param destination `(m, n)` of the precision of the direction, overwritten
    /// @param threads at most, at least 1
    /// @throws IllegalArgumentException as for [#derivative(Matrix, Matrix, int)], or when the destination has
    ///     another precision or is immutable
    /// @throws ShapeException when a shape does not fit
    public void derivative(Matrix a, Matrix direction, Matrix destination, int threads) {
        derivative(a, direction, destination, threads, preferred(a));
    }

    /// The derivative by given passes, for tests.
    void derivative(Matrix a, Matrix direction, Matrix destination, int threads, RowKernel kernel) {
        check(a, threads);
        ShapeException.check("direction", direction, a.rows(), a.columns());
        Crew.checkAccess("direction", direction, threads);
        checkDestination(destination, "the direction", direction, threads);
        int n = a.columns();
        int refused = RowThreads.run(a.rows(), n, threads, () -> {
            RowBall ball = new RowBall(kernel, n);
            MatrixRows rows = new MatrixRows(n);
            double[] w = new double[RowKernel.size(n)];
            return i -> {
                rows.read(a, i, ball.row());
                rows.read(direction, i, w);
                if (!ball.measure() || RowBall.firstNotFinite(w, n) >= 0) {
                    return false;
                }
                double radius = radius(i);
                if (radius == 0) {
                    Arrays.fill(w, 0);
                } else if (!ball.isInside(radius)) {
                    ball.project(radius);
                    ball.derivative(w);
                }
                rows.write(w, destination, i);
                return true;
            };
        });
        checkFinite("A", a, refused);
        checkFinite("direction", direction, refused);
    }

    private static RowKernel preferred(Matrix a) {
        return CpuRowKernels.preferred((long) a.rows() * a.columns());
    }

    private static void checkDestination(Matrix destination, String peer, Matrix like, int threads) {
        ShapeException.check("destination", destination, like.rows(), like.columns());
        Crew.checkAccess("destination", destination, threads);
        if (destination.precision() != like.precision()) {
            throw new IllegalArgumentException("destination is %s, expected %s as %s is"
                    .formatted(destination.precision().label(), like.precision().label(), peer));
        }
        if (destination.isImmutable()) {
            throw new IllegalArgumentException("the destination is immutable");
        }
    }

    private void check(Matrix a, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + ", expected at least 1");
        }
        if (gammas.length > 0) {
            ShapeException.check("A", a, gammas.length, gammas.length);
        }
        Crew.checkAccess("A", a, threads);
    }

    /// Names the value for which a row was refused, if it was one of this matrix.
    private static void checkFinite(String name, Matrix matrix, int row) {
        for (int j = 0; row >= 0 && j < matrix.columns(); j++) {
            if (!Double.isFinite(matrix.get(row, j))) {
                throw new IllegalArgumentException("%s has the value %s at (%d, %d), expected a finite one"
                        .formatted(name, matrix.get(row, j), row, j));
            }
        }
    }

    /// The set, as in `gamma_i |a_i|_1 <= 0.9`.
    @Override
    public String toString() {
        return (gammas.length == 0 ? "|A|_inf <= " : "gamma_i |a_i|_1 <= ") + kappa;
    }
}

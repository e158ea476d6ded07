package dev.stillpoint.adjoint;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.cpu.CpuForward;
import dev.stillpoint.internal.cpu.CpuIteration;
import dev.stillpoint.internal.engine.ForwardPanel;
import dev.stillpoint.internal.engine.PanelExecutor;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// What one thread of an [UnrolledPlan] does to panels of samples, forwards by the engine's own iterations,
/// backwards by products of panels and [UnrolledStep]s between them.
final class UnrolledWorker {
    /// What the threads share: packed operators.
    ///
    /// @param step the derivative of an iteration
    /// @param iteration the iteration
    /// @param input `z = bias + B u`
    /// @param argument `t = z + A x`, of rows `(z, x)`
    /// @param output `C'g`
    /// @param back `s + A'v`, of rows `(s, v)`
    record Packed(
            Precision precision,
            int n,
            int iterations,
            UnrolledStep step,
            Shared<PanelExecutor> iteration,
            Shared<ForwardPanel> input,
            Shared<ForwardPanel> argument,
            Shared<ForwardPanel> output,
            Shared<ForwardPanel> back) {
        static Packed of(AdjointProblem problem, Solver solver, int iterations, Precision precision) {
            FixedPointProblem forward = problem.forward();
            UnrolledStep step = UnrolledStep.of(forward.activation(), solver, precision);
            StepRecipe recipe = StepRecipe.compile(forward, solver);
            return new Packed(
                    precision,
                    forward.stateSize(),
                    iterations,
                    step,
                    // No check is ever asked for.
                    CpuIteration.of(precision, recipe, new StoppingRule(0, 0, 1, 1)),
                    CpuForward.of(precision, forward.b(), forward.bias(), Activation.identity()),
                    goingOn(precision, forward.a()),
                    CpuForward.of(precision, problem.c().transpose(), null, Activation.identity()),
                    goingOn(precision, forward.a().transpose()));
        }

        /// `y = s + F x` of rows `(s, x)`, as a product that begins with `s`: that is `fma(1, s, -0)`, to the bit.
        static Shared<ForwardPanel> goingOn(Precision precision, LinearOperator f) {
            int n = f.rows();
            double[] ones = new double[n];
            double[] nothing = new double[n];
            Arrays.fill(ones, 1);
            Arrays.fill(nothing, -0.0);
            @Nullable LinearOperator[][] row = {{LinearOperator.diagonal(Matrix.of(ones, 1, n)), f}};
            LinearOperator both = LinearOperator.blocks(new int[] {n}, new int[] {n, n}, row);
            return CpuForward.of(precision, both, Matrix.of(nothing, 1, n), Activation.identity());
        }

        long bytes() {
            return iteration.bytes() + input.bytes() + argument.bytes() + output.bytes() + back.bytes();
        }
    }

    private final Packed packed;
    private final int n;
    private final int iterations;
    private final PanelExecutor iteration;
    private final ForwardPanel input;
    private final ForwardPanel argument;
    private final ForwardPanel output;
    private final ForwardPanel back;

    /// A row for each lane, in the working precision: `z`, `t`, `l`, `(z, x)` and `(s, v)`.
    private final Matrix z;

    private final Matrix t;
    private final Matrix l;
    private final Matrix zx;
    private final Matrix sv;
    private final double[] sums;
    private final double[] x;
    private final double[] point;
    private final double[] gradient;
    private final double[] v;
    private final double[] s;
    private final double[] pair;

    UnrolledWorker(Packed packed) {
        this.packed = packed;
        n = packed.n;
        iterations = packed.iterations;
        iteration = packed.iteration.make();
        input = packed.input.make();
        argument = packed.argument.make();
        output = packed.output.make();
        back = packed.back.make();
        int lanes = back.lanes();
        z = Matrix.zeros(packed.precision, lanes, n);
        t = Matrix.zeros(packed.precision, lanes, n);
        l = Matrix.zeros(packed.precision, lanes, n);
        int both = Math.multiplyExact(2, n);
        zx = Matrix.zeros(packed.precision, lanes, both);
        sv = Matrix.zeros(packed.precision, lanes, both);
        sums = new double[Math.multiplyExact(lanes, n)];
        x = new double[n];
        point = new double[n];
        gradient = new double[n];
        v = new double[n];
        s = new double[n];
        pair = new double[both];
    }

    /// Bytes of its arrays.
    long bytes() {
        long rows = (long) packed.precision.bytes() * 7 * n * back.lanes();
        long doubles = Double.BYTES * ((long) sums.length + 7L * n);
        return iteration.bytes() + input.bytes() + argument.bytes() + output.bytes() + back.bytes() + rows + doubles;
    }

    /// Samples that go forwards together.
    int forwardLanes() {
        return iteration.lanes();
    }

    /// Samples that go backwards together.
    int backwardLanes() {
        return back.lanes();
    }

    /// Iterates samples from `first` on, at most [#forwardLanes()], and notes their states and statuses.
    ///
    /// @param cancelled whether to leave the samples unfinished
    void forward(UnrolledPass pass, @Nullable Matrix initial, int first, int count, BooleanSupplier cancelled) {
        for (int lane = 0; lane < iteration.lanes(); lane++) {
            iteration.release(lane);
        }
        int width = iteration.width();
        boolean some = false;
        for (int at = 0; at < count; at += width) {
            int staged = Math.min(width, count - at);
            long finite = iteration.stage(pass.inputs(), initial, first + at, staged);
            for (int i = 0; i < staged; i++) {
                boolean isFinite = (finite >>> i & 1) != 0;
                pass.note(first + at + i, isFinite ? Status.MAX_ITERATIONS : Status.NON_FINITE);
                some |= isFinite;
                if (isFinite) {
                    iteration.load(at + i, i);
                }
            }
        }
        for (int k = 0; some && k < iterations && !cancelled.getAsBoolean(); k++) {
            store(pass, first, count, pass.trajectory(), iterations, k);
            iteration.step(0);
            iteration.advance();
        }
        store(pass, first, count, pass.last(), 1, 0);
        for (int lane = 0; lane < count; lane++) {
            if (pass.status(first + lane) == Status.NON_FINITE) {
                UnrolledRows.fill(pass.last(), first + lane);
            }
        }
    }

    /// Stores the current states to the rows `sample * stride + k`, and notes which are not finite.
    private void store(UnrolledPass pass, int first, int count, Matrix rows, int stride, int k) {
        for (int lane = 0; lane < count; lane++) {
            int sample = first + lane;
            if (pass.status(sample) != Status.NON_FINITE) {
                int row = sample * stride + k;
                iteration.store(lane, rows, row);
                if (!UnrolledRows.canonical(rows, row, x)) {
                    pass.note(sample, Status.DIVERGED);
                }
            }
        }
    }

    /// Goes back through all iterations of samples from `first` on, at most [#backwardLanes()].
    ///
    /// @param cancelled whether to leave the samples unfinished
    void backward(UnrolledAdjoint adjoint, int first, int count, BooleanSupplier cancelled) {
        UnrolledPass pass = adjoint.pass();
        Matrix g = adjoint.outputGradients();
        long finite = output.pass(g, first, count, l, 0);
        input.pass(pass.inputs(), first, count, z, 0);
        Arrays.fill(sums, 0);
        for (int k = iterations - 1; k >= 0 && !cancelled.getAsBoolean(); k--) {
            finite &= backward(adjoint, first, count, k);
        }
        for (int lane = 0; lane < count; lane++) {
            int sample = first + lane;
            Status status = pass.status(sample);
            if (status == Status.MAX_ITERATIONS && (finite >>> lane & 1) == 0) {
                boolean given = UnrolledRows.isFinite(g, sample, packed.precision);
                status = given ? Status.DIVERGED : Status.NON_FINITE;
            }
            adjoint.note(sample, status);
            if (status == Status.MAX_ITERATIONS) {
                adjoint.sums().setRow(sample, sums, lane * n);
                l.getRow(lane, gradient, 0);
                adjoint.gradients().setRow(sample, gradient, 0);
            } else {
                UnrolledRows.fill(adjoint.sums(), sample);
                UnrolledRows.fill(adjoint.gradients(), sample);
            }
        }
    }

    /// Goes back through the step from `x_k`; which samples stay finite.
    private long backward(UnrolledAdjoint adjoint, int first, int count, int k) {
        Matrix trajectory = adjoint.pass().trajectory();
        for (int lane = 0; lane < count; lane++) {
            z.getRow(lane, pair, 0);
            trajectory.getRow((first + lane) * iterations + k, pair, n);
            zx.setRow(lane, pair, 0);
        }
        argument.pass(zx, 0, count, t, 0);
        for (int lane = 0; lane < count; lane++) {
            int row = (first + lane) * iterations + k;
            trajectory.getRow(row, x, 0);
            t.getRow(lane, point, 0);
            l.getRow(lane, gradient, 0);
            packed.step.back(k + 1, x, point, gradient, v, s);
            for (int i = 0; i < n; i++) {
                pair[i] = s[i];
                pair[n + i] = UnrolledStep.rounded(v[i], packed.precision);
                sums[lane * n + i] += pair[n + i];
            }
            sv.setRow(lane, pair, 0);
            adjoint.states().setRow(row, pair, n);
        }
        return back.pass(sv, 0, count, l, 0);
    }
}

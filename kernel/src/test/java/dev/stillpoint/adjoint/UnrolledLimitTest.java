package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.ForwardBackward;
import dev.stillpoint.solver.Picard;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Through so many iterations that they have converged, the gradients are those of the fixed point.
///
/// With `q < 1` for the factor by which an iteration contracts, `K` has `q^K < 2^-70`. What is cut off, and what
/// the first iterations have other states and Jacobians than the fixed point, then has, sum for sum, a part below
/// `K q^(K - 1)` times numbers of moderate size in the gradients, which is nothing beside rounding and the
/// tolerance of the two solves.
final class UnrolledLimitTest {
    private static final int N = 30;
    private static final int P = 3;
    private static final int Q = 4;
    private static final int SAMPLES = 9;
    private static final double NORM = 0.25;
    private static final double GAP = 0x1p-7;
    private static final StoppingRule EXACT = StoppingRule.mixed(0x1p-48);
    private static final PlanOptions DOUBLE = new PlanOptions(Precision.F64, 2);

    static Stream<Arguments> cases() {
        return AdjointCases.ACTIVATIONS.stream()
                .flatMap(label -> Stream.of(Solver.picard(), Solver.picard(0.8), Solver.forwardBackward(0.7))
                        .filter(solver -> UnrolledCases.fits(solver, Activation.parse(label)))
                        .map(solver -> Arguments.of(label, solver)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsTendToThoseOfTheFixedPoint(String label, Solver solver) {
        SplittableRandom random = new SplittableRandom(61);
        ImplicitModel model = model(Activation.parse(label), random);
        Matrix inputs = Matrix.zeros(Precision.F64, SAMPLES, P);
        Matrix states;
        Matrix g = Batches.uniform(SAMPLES, Q, 1, random);
        Gradients expected = new Gradients(model);
        Matrix expectedInputs;
        try (SolvePlan forward = Backend.cpu().prepare(model.problem(), Solver.picard(), EXACT, DOUBLE);
                AdjointPlan plan = AdjointPlan.prepare(AdjointProblem.of(model), Solver.picard(), EXACT, DOUBLE)) {
            for (int s = 0; s < SAMPLES; ) {
                Matrix input = Batches.uniform(1, P, 2, random);
                if (gap(plan.points(input, forward.solve(input).orThrow().states())) > GAP) {
                    inputs.setRow(s++, AdjointCases.row(input, 0), 0);
                }
            }
            states = forward.solve(inputs).orThrow().states();
            SolveResult v = plan.solve(plan.points(inputs, states), g);
            expected.add(inputs, states, g, v, 1);
            expectedInputs = expected.inputGradients(g, v);
        }
        double q = factor(solver);
        int iterations = (int) Math.ceil(-70 * Math.log(2) / Math.log(q));
        Gradients actual = new Gradients(model);
        Matrix actualInputs;
        try (UnrolledPlan plan = UnrolledPlan.prepare(AdjointProblem.of(model), solver, iterations, DOUBLE)) {
            UnrolledAdjoint adjoint = plan.forward(inputs).backward(g);
            actual.add(adjoint, 1);
            actualInputs = actual.inputGradients(adjoint);
        }
        double bound = bound(model, inputs, states, g, q);
        assertNear(expected.a().getFirst(), actual.a().getFirst(), bound, "A");
        assertNear(expected.b().getFirst(), actual.b().getFirst(), bound, "B");
        assertNear(expected.c().getFirst(), actual.c().getFirst(), bound, "C");
        assertNear(expected.bias(), actual.bias(), bound, "bias");
        assertNear(expectedInputs, actualInputs, bound, "u");
    }

    /// `A` with `|A|_F` of 1/4, divided by the Lipschitz constant of `phi` where that is above 1.
    private static ImplicitModel model(Activation phi, SplittableRandom random) {
        Matrix a = Batches.uniform(N, N, 1, random);
        double scale = NORM / Math.max(1, phi.lipschitz().constant()) / norm(a);
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                a.set(i, j, scale * a.get(i, j));
            }
        }
        FixedPointProblem problem = new FixedPointProblem(
                LinearOperator.dense(a),
                LinearOperator.dense(Batches.uniform(N, P, 1, random)),
                Batches.uniform(1, N, 0.5, random),
                phi);
        return new ImplicitModel(problem, LinearOperator.dense(Batches.uniform(Q, N, 1, random)), null);
    }

    /// A proximal map is nonexpansive, so that forward-backward contracts by `1 - alpha + alpha |A|`.
    private static double factor(Solver solver) {
        return switch (solver) {
            case Picard(double theta) -> Math.abs(1 - theta) + theta * NORM;
            case ForwardBackward(double alpha) -> Math.abs(1 - alpha) + alpha * NORM;
            default -> throw new IllegalArgumentException(solver.label());
        };
    }

    /// How far a point is from a kink of an activation on blocks of one or three.
    private static double gap(Matrix point) {
        double gap = Double.POSITIVE_INFINITY;
        for (int i = 0; i < N; i++) {
            gap = Math.min(gap, Math.abs(point.get(0, i)));
            for (int j = i + 1; j < Math.min(N, i + 3); j++) {
                gap = Math.min(gap, Math.abs(point.get(0, i) - point.get(0, j)));
            }
        }
        return gap;
    }

    private static double norm(Matrix matrix) {
        double sum = 0;
        for (double each : matrix.toDoubleArray()) {
            sum += each * each;
        }
        return Math.sqrt(sum);
    }

    /// Both states are off by at most `dx = e (1 + |x| + |B||u| + |bias|)/(1 - q)`, where `e` is the tolerance
    /// and the units of roundoff of a component's operations; both adjoint states by at most `dv = (e (1 + V) + h
    /// V dx)/(1 - q)`, where `V = |C||g|/(1 - q)`, times the Lipschitz constant of `phi`, and `h`, 8 here, bounds
    /// how fast `J` changes with the state: second derivatives times `|A|`. That makes twice `dv (1 + |x| + |u|)
    /// + V dx` of a sample.
    private static double bound(ImplicitModel model, Matrix inputs, Matrix states, Matrix g, double q) {
        Matrix bias = model.bias();
        assertTrue(bias != null);
        double e = 0x1p-48 + (N + P + Q + 32) * Precision.F64.unitRoundoff();
        double b = norm(model.b().toMatrix());
        double c = norm(model.c().toMatrix());
        double lipschitz = Math.max(1, model.activation().lipschitz().constant());
        double sum = 0;
        for (int s = 0; s < SAMPLES; s++) {
            double x = norm(states.slice(s, s + 1));
            double u = norm(inputs.slice(s, s + 1));
            double dx = e * (1 + x + b * u + norm(bias)) / (1 - q);
            double v = lipschitz * c * norm(g.slice(s, s + 1)) / (1 - q);
            double dv = (e * (1 + v) + 8 * v * dx) / (1 - q);
            sum += 2 * (dv * (1 + x + u + b) + v * dx);
        }
        return sum;
    }

    private static void assertNear(Matrix expected, Matrix actual, double bound, String name) {
        double largest = 0;
        for (int i = 0; i < expected.rows(); i++) {
            for (int j = 0; j < expected.columns(); j++) {
                assertEquals(expected.get(i, j), actual.get(i, j), bound, "%s at %d, %d".formatted(name, i, j));
                largest = Math.max(largest, Math.abs(expected.get(i, j)));
            }
        }
        assertTrue(bound < 1e-6 * largest, "a bound of " + bound + " says nothing of " + name + ", " + largest);
    }
}

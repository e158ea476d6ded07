package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Batches;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.MonotoneModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Adjoint states against dense linear systems.
final class AdjointSolutionTest {
    private static final int N = 30;
    private static final int Q = 4;
    private static final int SAMPLES = 21;

    static Stream<Arguments> contractions() {
        return Stream.of(Precision.values())
                .flatMap(precision -> AdjointCases.ACTIVATIONS.stream()
                        .map(Activation::parse)
                        .flatMap(activation -> Stream.of(
                                        Solver.picard(),
                                        Solver.picard(0.8),
                                        Solver.anderson(),
                                        Solver.broyden(),
                                        Solver.newton(Inner.KRYLOV),
                                        Solver.newton(),
                                        Solver.forwardBackward(0.7),
                                        Solver.peacemanRachford(0.7),
                                        Solver.douglasRachford(0.7))
                                .filter(solver -> fits(solver, activation))
                                .map(solver -> Arguments.of(precision, activation, solver))));
    }

    private static boolean fits(Solver solver, Activation activation) {
        boolean splits = List.of("forward-backward", "peaceman-rachford", "douglas-rachford")
                .contains(solver.name());
        return !splits || (activation.isComponentwise() && activation.isProximal());
    }

    @ParameterizedTest
    @MethodSource("contractions")
    void contractionsAgainstDenseSystems(Precision precision, Activation activation, Solver solver) {
        SplittableRandom random = new SplittableRandom(21);
        FixedPointProblem forward = new FixedPointProblem(
                LinearOperator.dense(AdjointCases.uniform(N, N, 1.0 / N, random)),
                LinearOperator.dense(AdjointCases.uniform(N, 2, 1, random)),
                null,
                activation);
        checkAgainstDense(forward, precision, solver, random);
    }

    static Stream<Arguments> monotoneProblems() {
        return Stream.of(Precision.values())
                .flatMap(precision -> Stream.of("relu", "leaky-relu:0.1", "tanh", "sigmoid", "identity")
                        .map(Activation::parse)
                        .flatMap(activation -> Stream.of(
                                        Solver.newton(Inner.ACTIVE_SET),
                                        Solver.newton(Inner.KRYLOV),
                                        Solver.forwardBackward(0.01),
                                        Solver.peacemanRachford(0.2),
                                        Solver.douglasRachford(0.2))
                                .map(solver -> Arguments.of(precision, activation, solver))));
    }

    /// `A` is far from a contraction here.
    @ParameterizedTest
    @MethodSource("monotoneProblems")
    void monotoneProblemsAgainstDenseSystems(Precision precision, Activation activation, Solver solver) {
        SplittableRandom random = new SplittableRandom(22);
        MonotoneModel model = MonotoneModel.of(
                Batches.uniform(N, N, 0.4, random),
                Batches.uniform(N, N, 0.5, random),
                0.5,
                Batches.uniform(N, 2, 1, random),
                null,
                activation);
        Matrix a = Matrix.zeros(Precision.F32, N, N);
        Matrix w = model.w();
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < N; j++) {
                a.set(i, j, w.get(i, j));
            }
        }
        FixedPointProblem forward =
                new FixedPointProblem(LinearOperator.dense(a), LinearOperator.dense(model.b()), null, activation);
        checkAgainstDense(forward, precision, solver, random);
    }

    /// The error of a state is the inverse of `I - J'A'` times its residual, as it is and as it is computed.
    private static void checkAgainstDense(
            FixedPointProblem forward, Precision precision, Solver solver, SplittableRandom random) {
        Matrix c = AdjointCases.uniform(Q, N, 1, random);
        Matrix points = AdjointCases.uniform(SAMPLES, N, 3, random);
        Matrix gradients = AdjointCases.uniform(SAMPLES, Q, 1, random);
        double u = precision.unitRoundoff();
        StoppingRule stopping = StoppingRule.mixed(256 * u).withMaxIterations(20000);
        AdjointProblem problem = new AdjointProblem(forward, LinearOperator.dense(c));
        try (AdjointPlan plan = AdjointPlan.prepare(problem, solver, stopping, new PlanOptions(precision, 2))) {
            SolveResult result = plan.solve(points, gradients).orThrow();
            assertEquals(precision, result.states().precision());
            Matrix a = forward.a().toMatrix();
            for (int s = 0; s < SAMPLES; s++) {
                DenseAdjoint dense = new DenseAdjoint(
                        forward.activation(), a, c, AdjointCases.row(points, s), AdjointCases.row(gradients, s));
                double[] v = AdjointCases.row(result.states(), s);
                double rounding = (N + Q + 32) * u * dense.magnitude(v);
                double bound = dense.inverseNorm() * (1.01 * result.residual(s) + rounding);
                double error = dense.distance(v);
                assertTrue(error <= bound, "sample %d is off by %s, bound %s".formatted(s, error, bound));
                assertTrue(bound < 0.01 * (1 + dense.magnitude(v)), () -> "a bound of " + bound + " says nothing");
            }
        }
    }
}

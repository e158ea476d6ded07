package dev.stillpoint.validation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The engine against the double-precision references, with thresholds derived from size and precision.
final class EngineTest {
    /// Every size, activation, solver and precision; the largest size with few samples, since a reference of it
    /// is a dense factorisation.
    static Stream<String> problems() {
        return Stream.concat(Stream.of("f32", "f64").flatMap(EngineTest::blockwise), everywhere());
    }

    /// Activations that are no proximal maps, and parts with different ones.
    private static Stream<String> blockwise(String precision) {
        return Stream.of(
                        "group-norm:4:0.5",
                        "group-norm:64",
                        "max-pool:4",
                        "blocks:relu@19/softmax:5@15/max-pool:10@10/group-norm:4:0.5@8/tanh@12")
                .flatMap(phi -> Stream.of("picard", "picard:0.7")
                        .map(solver -> "implicit:n=64,p=5,q=3,m=17,phi=%s,lambda=0.8,precision=%s,solver=%s,seed=5"
                                .formatted(phi, precision, solver)));
    }

    private static Stream<String> everywhere() {
        return Stream.of("f32", "f64")
                .flatMap(precision -> Stream.of(1, 2, 3, 13, 64, 207, 512)
                        .flatMap(n -> Stream.of("relu", "leaky-relu:0.1", "tanh", "sigmoid", "identity", softmax(n))
                                .flatMap(phi -> Stream.of("picard", "picard:0.7", "forward-backward:0.5")
                                        .map(solver ->
                                                "implicit:n=%d,p=%d,q=3,m=%d,phi=%s,lambda=0.8,precision=%s,solver=%s,seed=%d"
                                                        .formatted(
                                                                n,
                                                                Math.min(n, 16),
                                                                n < 100 ? 33 : 2,
                                                                phi,
                                                                precision,
                                                                solver,
                                                                n)))));
    }

    private static String softmax(int n) {
        return "softmax:" + (n % 4 == 0 ? 4 : n % 3 == 0 ? 3 : n);
    }

    @ParameterizedTest
    @MethodSource("problems")
    void theEngineSolvesWhatTheReferenceSolves(String text) {
        verify(ProblemSpec.parse(text));
    }

    @ParameterizedTest
    @MethodSource("dev.stillpoint.validation.problem.StructuredProblems#all")
    void theFormOfTheMatrixIsNoMatter(String text) {
        verify(ProblemSpec.parse(text));
    }

    /// Problems that Picard iteration does not solve.
    static Stream<String> monotone() {
        return Stream.of("f32", "f64")
                .flatMap(precision -> Stream.of(2, 13, 64, 207)
                        .flatMap(n -> Stream.of("relu", "leaky-relu:0.3", "tanh", "sigmoid", "identity", softmax(n))
                                .flatMap(phi -> Stream.of("forward-backward", "peaceman-rachford", "douglas-rachford")
                                        .map(solver ->
                                                "monotone:n=%d,p=5,m=7,phi=%s,margin=0.5,precision=%s,solver=%s,seed=3"
                                                        .formatted(n, phi, precision, solver)))));
    }

    @ParameterizedTest
    @MethodSource("monotone")
    void splittingsSolveMonotoneProblems(String text) {
        verify(ProblemSpec.parse(text));
    }

    private static void verify(ProblemSpec spec) {
        Problem problem = spec.generate();
        Verifier verifier = problem.verifier();
        PlanOptions options = new PlanOptions(spec.precision(), 1);
        try (SolvePlan plan =
                Backend.cpu().prepare(problem.equation(), problem.solver(), problem.stopping(), options)) {
            SolveResult result = plan.solve(problem.inputs());
            assertEquals(result.samples(), result.count(Status.CONVERGED), spec::toString);
            passes(verifier.check(result));
            Matrix outputs = problem.model().predict(problem.inputs(), result);
            passes(verifier.checkPredictions(result.states(), outputs));
        }
    }

    /// After a given number of steps the iterate itself is the reference's, to rounding.
    static Stream<String> iterates() {
        return Stream.concat(
                problems().filter(text -> text.contains("n=3,") || text.contains("n=64,")),
                // Block after block there is no iterate of the whole state.
                StructuredProblems.all().filter(text -> !text.contains("operator=block-triangular")));
    }

    @ParameterizedTest
    @MethodSource("iterates")
    void everyStepIsTheRecipes(String text) {
        ProblemSpec spec = ProblemSpec.parse(text);
        Problem problem = spec.generate();
        PlanOptions options = new PlanOptions(spec.precision(), 1);
        int steps = 6;
        try (SolvePlan plan = Backend.cpu()
                .prepare(
                        problem.equation(),
                        problem.solver(),
                        spec.stopping().withMaxIterations(steps + 1).withCheckInterval(steps + 1),
                        options)) {
            SolveResult result = plan.solve(problem.inputs());
            passes(problem.verifier().checkIterates(steps, result.states()));
        }
    }

    private static void passes(List<Check> checks) {
        for (Check check : checks) {
            assertTrue(check.passes() && check.isBounded(), check::toString);
        }
    }
}

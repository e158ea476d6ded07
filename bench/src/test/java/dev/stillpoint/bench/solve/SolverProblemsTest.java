package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.solver.SemismoothNewton;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import dev.stillpoint.wellposed.Bracket;
import dev.stillpoint.wellposed.Finding;
import dev.stillpoint.wellposed.Verdict;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// That each problem is what its name and description say.
final class SolverProblemsTest {
    private static SolverProblem problem(String name) {
        return SolverProblems.all().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static WellPosednessReport report(String name) {
        SolverProblem problem = problem(name);
        return WellPosedness.analyse(problem.equation().a(), problem.equation().activation());
    }

    private static SolveResult solve(SolverProblem problem, Solver solver) {
        try (SolvePlan plan = Backend.cpu()
                .prepare(
                        problem.equation(),
                        solver,
                        SolverComparison.STOPPING,
                        new PlanOptions(problem.precision(), 1))) {
            return plan.solve(problem.inputs());
        }
    }

    /// What rounding `A` may change in its 2-norm, which is at most `norm`: entry by entry `u |A|_F`, and
    /// `|A|_F <= sqrt(n) |A|_2`; before that it was made in FP64 by `n` reflections of some `n` roundings each.
    private static double rounding(Precision precision, int n, double norm) {
        double made = 8.0 * n * n * Precision.F64.unitRoundoff();
        return (precision.unitRoundoff() + made) * Math.sqrt(n) * norm;
    }

    /// A bound is of use where it is sharp: to a millionth here.
    private static void assertIs(double exact, Bracket bracket, double tolerance) {
        assertTrue(
                bracket.lower() - tolerance <= exact && exact <= bracket.upper() + tolerance,
                exact + " is not in " + bracket);
        assertTrue(bracket.width() <= 0x1p-20, bracket::toString);
    }

    @Test
    void namesAreDifferentAndBatchesHaveOneSize() {
        Set<String> names = new HashSet<>();
        for (SolverProblem problem : SolverProblems.all()) {
            assertTrue(names.add(problem.name()), problem.name());
            assertEquals(128, problem.inputs().rows(), problem.name());
            assertEquals(
                    problem.name().endsWith("-f64") ? Precision.F64 : Precision.F32,
                    problem.precision(),
                    problem.name());
            assertFalse(problem.description().isBlank());
        }
    }

    @ParameterizedTest
    @CsvSource({"contraction-0.5, 0.5", "contraction-0.9-tanh, 0.9", "contraction-0.99, 0.99"})
    void contractionsHaveTheirFactor(String name, double factor) {
        WellPosednessReport report = report(name);
        assertTrue(report.contraction());
        assertTrue(report.lambdaPf().upper() <= factor * (1 + 2 * Precision.F32.unitRoundoff()));
        assertTrue(report.lambdaPf().lower() >= factor * (1 - 1.0 / 1024), report.lambdaPf()::toString);
    }

    /// The eigenvalues of `T` are `cos(k pi/(n + 1))`.
    @ParameterizedTest
    @ValueSource(strings = {"obstacle-0.999", "obstacle-0.999-f64"})
    void theObstacleProblemIsNearlySingular(String name) {
        WellPosednessReport report = report(name);
        double largest = 0.999 * Math.cos(Math.PI / 65);
        double tolerance = rounding(problem(name).precision(), 64, 2);
        assertTrue(report.contraction());
        assertIs(largest, report.lambdaPf(), tolerance);
        assertIs(1 - largest, report.monotoneMargin(), tolerance);
        assertIs(1 + largest, report.lipschitz(), tolerance);
    }

    @Test
    void layersAreGivenAsAStrictlyTriangularOperator() {
        var a = assertInstanceOf(
                BlockTriangularOperator.class, problem("layers").equation().a());
        assertTrue(a.isStrict());
        assertEquals(8, a.blocks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"attention", "attention-wild", "softmax"})
    void nothingIsProvedOfAttention(String name) {
        assertEquals(Verdict.UNKNOWN, report(name).verdict());
    }

    @ParameterizedTest
    @CsvSource({
        "monotone-3, 1, 3",
        "monotone-100, 0.1, 10",
        "monotone-100-tanh, 0.1, 10",
        "monotone-10000, 0.001, 10",
        "monotone-10000-f64, 0.001, 10"
    })
    void monotoneOnesHaveTheirMarginAndNorm(String name, double m, double lipschitz) {
        WellPosednessReport report = report(name);
        double tolerance = rounding(problem(name).precision(), 64, 1 + lipschitz);
        assertTrue(report.finding(Finding.Test.MONOTONE).holds());
        assertFalse(report.contraction());
        assertTrue(report.normTwo().lower() > 1);
        assertIs(m, report.monotoneMargin(), tolerance);
        assertIs(lipschitz, report.lipschitz(), tolerance);
    }

    @Test
    void theSkewOneRotatesAndExpands() {
        WellPosednessReport report = report("skew");
        double tolerance = rounding(Precision.F32, 64, 6);
        assertFalse(report.contraction());
        assertIs(1, report.monotoneMargin(), tolerance);
        assertIs(5, report.normTwo(), tolerance);
        assertIs(Math.sqrt(26), report.lipschitz(), tolerance);
        Matrix a = problem("skew").equation().a().toMatrix();
        for (int i = 0; i < 64; i++) {
            for (int j = 0; j < 64; j++) {
                assertEquals(a.get(i, j), -a.get(j, i), tolerance);
            }
        }
    }

    @Test
    void rotationsAreAnIsometryAboutTheirInput() {
        WellPosednessReport report = report("rotations");
        double tolerance = rounding(Precision.F32, 14, 2);
        assertIs(1, report.normTwo(), tolerance);
        assertIs(1 - Math.cos(Math.PI / 6), report.monotoneMargin(), tolerance);
        assertIs(2 * Math.sin(Math.PI / 1.27 / 2), report.lipschitz(), tolerance);
        SolverProblem problem = problem("rotations");
        Matrix a = problem.equation().a().toMatrix();
        Matrix b = problem.equation().b().toMatrix();
        for (int i = 0; i < 14; i++) {
            for (int j = 0; j < 14; j++) {
                assertEquals(i == j ? 1 : 0, a.get(i, j) + b.get(i, j), 2 * Precision.F32.unitRoundoff());
            }
            double mean = 0;
            for (int sample = 0; sample < 128; sample++) {
                mean += problem.inputs().get(sample, i) / 128;
            }
            // Four deviations of the mean of 128 numbers of variance 1.
            assertEquals(i + 1, mean, 4 / Math.sqrt(128));
        }
    }

    @Test
    void shortCyclesAreWellPosedAndNothingElse() {
        WellPosednessReport report = report("cycles-3");
        assertEquals(Verdict.WELL_POSED, report.verdict());
        assertFalse(report.contraction());
        assertFalse(report.finding(Finding.Test.MONOTONE).holds());
        // A cycle moves (1, (1 + sqrt(3) i)/2, ...) by exp(i pi/3), so that the margin is at most 1 - 3/2.
        assertTrue(report.monotoneMargin().upper() <= -0.5);
    }

    @ParameterizedTest
    @CsvSource({"cycle-32, 32, 1.2", "cycle-96, 96, 1.05"})
    void allStatesOfALongCycleAreActive(String name, int n, double gain) {
        SolverProblem problem = problem(name);
        WellPosednessReport report = report(name);
        assertIs(gain, report.lambdaPf(), rounding(Precision.F32, n, gain));
        assertTrue(report.monotoneMargin().upper() < 0);
        SolveResult result =
                solve(problem, Solver.newton(SemismoothNewton.Inner.ACTIVE_SET)).orThrow();
        for (int sample = 0; sample < 128; sample++) {
            for (int i = 0; i < n; i++) {
                assertTrue(result.states().get(sample, i) > 0, "sample " + sample + ", state " + i);
            }
        }
        assertEquals(0, solve(problem, Solver.anderson()).count(Status.CONVERGED));
        assertEquals(
                0, solve(problem, Solver.newton(SemismoothNewton.Inner.KRYLOV)).count(Status.CONVERGED));
    }

    /// Samples are in turn the obstacle's, the planes' and the cycle's.
    @Test
    void aPartOfTheMixedBatchIsTooHardForEachOfThese() {
        SolverProblem problem = problem("mixed");
        assertEquals(Set.of(0), parts(solve(problem, Solver.picard())));
        assertEquals(Set.of(0), parts(solve(problem, Solver.anderson())));
        assertEquals(Set.of(0, 1), parts(solve(problem, Solver.newton())));
        assertTrue(report("mixed").monotoneMargin().upper() < 0, "no splitting is bound to converge");
    }

    /// The parts of which every sample converged, where no sample of the others did.
    private static Set<Integer> parts(SolveResult result) {
        Set<Integer> converged = new HashSet<>();
        Set<Integer> failed = new HashSet<>();
        for (int i = 0; i < result.samples(); i++) {
            (result.status(i) == Status.CONVERGED ? converged : failed).add(i % 3);
        }
        assertTrue(converged.stream().noneMatch(failed::contains), converged + " and " + failed);
        return converged;
    }
}

package dev.stillpoint.bench.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SolverComparisonTest {
    /// `x = u - 2x`: Picard iteration doubles the error, relaxed by 1/4 it takes a quarter of it; from zero the
    /// fixed point 0 of the input 0 is met at once.
    private static SolverProblem expansive(double... inputs) {
        Matrix one = Matrix.ofRows(new double[] {1});
        var equation = new FixedPointProblem(
                LinearOperator.dense(Matrix.ofRows(new double[] {-2})),
                LinearOperator.dense(one),
                null,
                Activation.identity());
        return new SolverProblem("expansive", "x = u - 2x", equation, Matrix.of(inputs.clone(), inputs.length, 1));
    }

    @Test
    void everyContenderHasARunThatSaysHowItWent() {
        var row = new SolverComparison(Backend.cpu(), 2)
                .compare(
                        expansive(0, 1, 3),
                        List.of(
                                new Contender("picard", _ -> Solver.picard()),
                                new Contender("none", _ -> {
                                    throw new IllegalArgumentException("not this one");
                                }),
                                new Contender("damped", _ -> Solver.picard(0.25))));
        assertEquals(
                List.of("picard", "none", "damped"),
                row.runs().stream().map(SolverRun::contender).toList());

        SolverRun picard = row.runs().get(0);
        assertFalse(picard.isConverged());
        assertEquals(Map.of(Status.CONVERGED, 1, Status.DIVERGED, 2), picard.statuses());
        assertNull(picard.nanos());

        SolverRun refused = row.runs().get(1);
        assertTrue(refused.isRefused());
        assertFalse(refused.isConverged());
        assertEquals("not this one", refused.chosen());
        assertNull(refused.nanos());

        SolverRun damped = row.runs().get(2);
        assertTrue(damped.isConverged());
        assertEquals("picard(relaxation=0.25)", damped.chosen());
        Double nanos = damped.nanos();
        assertNotNull(nanos);
        assertTrue(nanos > 0);
    }

    /// The error of `u = 1` after `k` steps of the damped iteration is `4^-k/3` and the residual thrice that:
    /// `4^-9 < 1e-5 (1 + 1/3) < 4^-8`, and the residual of step `k` is that of the state before it.
    @Test
    void iterationsAndResidualAreThoseOfTheSamples() {
        var row = new SolverComparison(Backend.cpu(), 1)
                .compare(expansive(0, 1), List.of(new Contender("damped", _ -> Solver.picard(0.25))));
        SolverRun damped = row.runs().getFirst();
        assertEquals(10, damped.mostIterations());
        assertEquals((1 + 10) / 2.0, damped.meanIterations());
        // Nine steps, each of a few roundings of numbers up to 2, are in both.
        double expected = Math.pow(4, -9) / (1 + (1 - Math.pow(4, -9)) / 3);
        assertEquals(expected, damped.residual(), 9 * 8 * Math.ulp(1.0));
    }

    @Test
    void aComparisonHasARoundAtLeast() {
        assertThrows(IllegalArgumentException.class, () -> new SolverComparison(Backend.cpu(), 0));
    }

    @Test
    void contendersHaveNamesOfTheirOwnAndAutoIsLast() {
        List<String> labels = Contender.all().stream().map(Contender::label).toList();
        assertEquals(labels.size(), labels.stream().distinct().count(), labels::toString);
        assertEquals(Contender.AUTO, labels.getLast());
    }
}

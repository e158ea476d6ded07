package dev.stillpoint.validation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SolveResult;
import dev.stillpoint.solver.Status;
import dev.stillpoint.validation.reference.Thresholds;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Holds a simulated engine against the references: what is right must pass, and what is wrong must fail.
final class VerifierTest {
    private static Matrix row(double[] values) {
        return Matrix.ofRows(values);
    }

    private static double[] row(Matrix matrix, int i) {
        double[] row = new double[matrix.columns()];
        matrix.getRow(i, row, 0);
        return row;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "implicit:n=1,p=1,q=1,m=4,phi=identity,lambda=0.5",
                "implicit:n=13,p=3,q=2,m=6",
                "implicit:n=13,p=3,q=2,m=6,precision=f64",
                "implicit:n=40,p=7,q=2,m=3,phi=identity,lambda=0.95,structure=positive",
                "implicit:n=40,p=7,q=2,m=3,phi=identity,lambda=0.95,structure=positive,precision=f64",
                "implicit:n=20,p=0,q=2,m=2,phi=tanh,lambda=0.9,structure=cyclic:4,scale=100",
                "implicit:n=20,p=3,q=2,m=4,phi=tanh,lambda=0.99,solver=picard:0.5,precision=f64",
                "implicit:n=20,p=3,q=2,m=4,phi=sigmoid,lambda=0.9,structure=reducible,bias=0",
                "implicit:n=20,p=3,q=2,m=4,phi=leaky-relu:0.1,lambda=0.9,structure=block-triangular:3",
                "implicit:n=20,p=3,q=2,m=4,phi=relu,lambda=3,structure=upper",
                "implicit:n=24,p=3,q=2,m=4,phi=softmax:4,lambda=0.9,scale=10",
                "implicit:n=24,p=3,q=2,m=4,phi=softmax:4,lambda=0.9,scale=10,precision=f64",
                "implicit:n=20,p=3,q=2,m=3,lambda=0.7,scale=1e-30",
                "implicit:n=24,p=3,q=2,m=3,phi=group-norm:4:0.5,lambda=0.8",
                "implicit:n=24,p=3,q=2,m=3,phi=group-norm:6:0.1,lambda=0.8,precision=f64",
                "implicit:n=24,p=3,q=2,m=3,phi=gate:sigmoid:tanh,lambda=0.8,scale=10",
                "implicit:n=24,p=3,q=2,m=3,phi=gate:tanh:tanh,lambda=0.8,precision=f64",
                "implicit:n=24,p=3,q=2,m=3,phi=max-pool:4,lambda=0.8,scale=10",
                "implicit:n=24,p=3,q=2,m=3,phi=max-pool:3,lambda=0.8,precision=f64",
                "implicit:n=24,p=3,q=2,m=3,phi=blocks:relu@7/group-norm:3:1@6/softmax:5@10/tanh@1,lambda=0.8",
                "implicit:n=24,p=3,q=2,m=3,phi=blocks:relu@7/max-pool:3@6/sigmoid@11,lambda=0.8,precision=f64",
                "implicit:n=24,p=3,q=2,m=3,lambda=0.8,structure=diagonal-low-rank:3,operator=sum",
                "implicit:n=24,p=3,q=2,m=3,lambda=0.8,structure=low-rank:3,operator=low-rank,precision=f64",
                "implicit:n=24,p=3,q=2,m=3,lambda=0.8,structure=cascade:3,operator=block-triangular",
                "monotone:n=13,p=3,q=2,m=4,margin=1",
                "monotone:n=13,p=3,q=2,m=4,margin=1,precision=f64",
                "monotone:n=12,p=3,q=2,m=4,margin=1,phi=tanh,structure=sparse:0.2",
                "monotone:n=12,p=3,q=2,m=2,margin=2,phi=sigmoid,precision=f64,structure=low-rank:2",
                "monotone:n=12,p=3,q=2,m=2,margin=1,phi=softmax:3,precision=f64",
                "monotone:n=12,p=3,q=2,m=2,margin=1,phi=leaky-relu:0.25,precision=f32"
            })
    void whatAnHonestEngineComputesPassesAndWhatIsMovedFails(String text) {
        Problem problem = ProblemSpec.parse(text).generate();
        Verifier verifier = problem.verifier();
        SimulatedEngine engine = new SimulatedEngine(problem, problem.spec().precision());
        SolveResult result = engine.solve(problem.stopping());
        List<Check> checks = verifier.check(result);
        assertEquals(problem.inputs().rows(), checks.size());
        for (Check check : checks) {
            assertEquals(Status.CONVERGED, result.status(check.sample()), check.toString());
            assertTrue(check.isBounded(), check.toString());
            assertTrue(check.passes(), check.toString());
            double[] state = row(result.states(), check.sample());
            double shift = 3 * check.bound() * problem.spec().activation().blockSize() + Float.MIN_VALUE;
            state[check.block() * problem.spec().activation().blockSize()] += shift;
            Check moved = verifier.check(check.sample(), state, check.reported(), true);
            assertFalse(moved.passes(), moved.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "implicit:n=13,p=3,q=2,m=3",
                "implicit:n=13,p=3,q=2,m=3,phi=tanh,solver=picard:0.75",
                "implicit:n=13,p=3,q=2,m=3,phi=sigmoid,solver=picard:1.25,precision=f64",
                "implicit:n=12,p=3,q=2,m=3,phi=softmax:3,lambda=2",
                "implicit:n=12,p=3,q=2,m=3,phi=group-norm:3:0.5,lambda=2",
                "implicit:n=12,p=3,q=2,m=3,phi=max-pool:3,lambda=2,precision=f64",
                "implicit:n=12,p=3,q=2,m=3,phi=blocks:relu@3/softmax:3@9,lambda=0.9,solver=forward-backward:0.5",
                "implicit:n=13,p=3,q=2,m=3,phi=relu,lambda=3",
                "implicit:n=13,p=3,q=2,m=3,phi=leaky-relu:0.3,lambda=0.9,precision=f64",
                "monotone:n=13,p=3,q=2,m=3,margin=0.5",
                "monotone:n=13,p=3,q=2,m=3,margin=0.5,precision=f64,phi=tanh",
                "monotone:n=13,p=3,q=2,m=3,margin=0.5,phi=leaky-relu:0.3",
                "monotone:n=12,p=3,q=2,m=3,margin=0.5,phi=softmax:3"
            })
    void iteratesPassAndThoseOfAnotherStepFail(String text) {
        Problem problem = ProblemSpec.parse(text).generate();
        Verifier verifier = problem.verifier();
        SimulatedEngine engine = new SimulatedEngine(problem, problem.spec().precision());
        for (int steps = 0; steps < 6; steps++) {
            double[][] states = new double[3][];
            for (int sample = 0; sample < 3; sample++) {
                states[sample] = engine.iterate(sample, steps);
            }
            for (Check check : verifier.checkIterates(steps, Matrix.ofRows(states))) {
                assertTrue(check.passes(), steps + " steps: " + check);
            }
            for (Check check : verifier.checkIterates(steps + 1, Matrix.ofRows(states))) {
                assertFalse(check.passes(), steps + " steps for one more: " + check);
            }
        }
    }

    @Test
    void aResidualThatIsNotTheTrueOneFails() {
        Problem problem = ProblemSpec.parse("implicit:n=20,m=1").generate();
        Verifier verifier = problem.verifier();
        SimulatedEngine engine = new SimulatedEngine(problem, Precision.F32);
        SolveResult result = engine.solve(problem.stopping().withMaxIterations(2));
        double[] state = row(result.states(), 0);
        double residual = result.residual(0);
        assertTrue(verifier.check(0, state, residual, false).passes(), "honest");
        assertFalse(verifier.check(0, state, residual * 0.99, false).passes(), "less");
        assertFalse(verifier.check(0, state, residual * 1.01, false).passes(), "more");
        assertFalse(verifier.check(0, state, Double.NaN, false).passes(), "none");
        assertFalse(verifier.check(0, state, residual, true).passes(), "claims to have converged");
    }

    @Test
    void aStateThatIsNotFiniteFails() {
        Problem problem = ProblemSpec.parse("implicit:n=5,m=1").generate();
        Verifier verifier = problem.verifier();
        for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            double[] state = verifier.reference(0).state();
            state[3] = value;
            assertFalse(verifier.check(0, state, 0, false).passes(), "state " + value);
            assertFalse(verifier.checkIterates(1, row(state)).getFirst().passes(), "iterate " + value);
        }
    }

    @Test
    void predictionsOfTheStatePassAndOthersFail() {
        Problem problem = ProblemSpec.parse("implicit:n=20,p=5,q=3,m=4").generate();
        Verifier verifier = problem.verifier();
        SolveResult result = new SimulatedEngine(problem, Precision.F32).solve(problem.stopping());
        Matrix outputs = Matrix.zeros(Precision.F32, 4, 3);
        for (int sample = 0; sample < 4; sample++) {
            for (int i = 0; i < 3; i++) {
                float sum = 0;
                for (int j = 0; j < 5; j++) {
                    sum = Math.fma(
                            (float) problem.d().get(i, j),
                            (float) problem.inputs().get(sample, j),
                            sum);
                }
                for (int j = 0; j < 20; j++) {
                    sum = Math.fma(
                            (float) problem.c().get(i, j),
                            (float) result.states().get(sample, j),
                            sum);
                }
                outputs.set(sample, i, sum);
            }
        }
        for (Check check : verifier.checkPredictions(result.states(), outputs)) {
            assertTrue(check.passes(), check.toString());
        }
        for (int sample = 0; sample < 4; sample++) {
            double bound = verifier.checkPredictions(result.states(), outputs)
                    .get(sample)
                    .bound();
            outputs.set(sample, 1, outputs.get(sample, 1) + 3 * bound + 1e-4);
        }
        for (Check check : verifier.checkPredictions(result.states(), outputs)) {
            assertFalse(check.passes(), check.toString());
        }
        assertTrue(
                verifier.checkPredictions(result.states(), Matrix.zeros(Precision.F32, 4, 0))
                        .isEmpty(),
                "no outputs, no checks");
    }

    /// Data in double precision, an engine in single: the thresholds add what rounding the data does.
    @Test
    void dataThatAnEngineMustRoundAreAccountedFor() {
        Problem problem = ProblemSpec.parse(
                        "implicit:n=20,p=5,m=6,lambda=0.9,structure=positive,precision=f64,tolerance=1e-5")
                .generate();
        Verifier verifier = problem.verifier();
        Thresholds thresholds = Thresholds.of(verifier.equation(), verifier.bounds(), Precision.F32);
        SolveResult result = new SimulatedEngine(problem, Precision.F32).solve(problem.stopping());
        for (int sample = 0; sample < 6; sample++) {
            double[] state = row(result.states(), sample);
            double[] bounds = thresholds.stateBounds(state, problem.input(sample), result.residual(sample));
            double[] errors = verifier.reference(sample).distances(state);
            for (int i = 0; i < 20; i++) {
                assertTrue(
                        errors[i] <= bounds[i],
                        "sample " + sample + " component " + i + ": " + errors[i] + " above " + bounds[i]);
            }
        }
    }

    @Test
    void withoutAReferenceThereIsNoCheck() {
        Problem problem = ProblemSpec.parse("implicit:n=1,p=1,m=1,phi=identity,lambda=1,structure=positive")
                .generate();
        assertEquals(1, problem.a().get(0, 0));
        Verifier verifier = problem.verifier();
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> verifier.check(0, new double[] {0}, 0, false));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("no reference solution"),
                String.valueOf(refused.getMessage()));
    }

    @Test
    void aCheckIsOneLineThatReproducesIt() {
        ProblemSpec spec = ProblemSpec.parse("implicit:n=5,m=1");
        Verifier verifier = spec.generate().verifier();
        String line = verifier.check(0, new double[5], 1, true).toString();
        assertTrue(line.startsWith(spec + ": sample 0, block "), line);
        assertTrue(line.endsWith("FAILS"), line);
        assertEquals(-1, line.indexOf('\n'));
        assertEquals(spec, ProblemSpec.parse(line.substring(0, line.indexOf(": "))));
    }

    @Test
    void splittingConvergesWherePicardDoesNot() {
        ProblemSpec spec = ProblemSpec.parse("monotone:n=40,p=3,q=1,m=4,margin=1,iterations=2000");
        Problem split = spec.generate();
        assertTrue(
                new SimulatedEngine(split, Precision.F32)
                        .solve(split.stopping())
                        .allConverged(),
                "forward-backward");
        Problem picard = spec.withSolver(new SolverChoice.Picard(1)).generate();
        assertEquals(
                0,
                new SimulatedEngine(picard, Precision.F32)
                        .solve(picard.stopping())
                        .count(Status.CONVERGED),
                "Picard");
    }
}

package dev.stillpoint.validation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SemismoothNewton;
import dev.stillpoint.solver.StoppingRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProblemSpecTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "implicit:n=207,p=13,q=10,m=33,phi=tanh,lambda=0.8,structure=dense,precision=f32,solver=picard,seed=17",
                "implicit:n=4,p=0,q=0,m=0,phi=relu,lambda=0,structure=cyclic:2,precision=f64,solver=picard:0.5,seed=-1",
                "monotone:n=6,p=1,q=1,m=1,phi=sigmoid,margin=0.25,structure=low-rank:2,precision=f64,"
                        + "solver=forward-backward:0.1,seed=0",
                "monotone:n=6,p=1,q=1,m=1,phi=relu,margin=1,structure=sparse:0.1,precision=f32,"
                        + "solver=forward-backward,seed=9223372036854775807,scale=1e-6,bias=0,tolerance=0.001,"
                        + "iterations=100000000,check=7",
                "implicit:n=70,p=3,q=2,m=3,phi=max-pool:5,lambda=0.8,structure=convolution:2x5x7,precision=f32,"
                        + "solver=picard,seed=3,operator=convolution,scale=2",
                "implicit:n=24,p=3,q=2,m=3,phi=blocks:relu@8/group-norm:4:0.5@16,lambda=0.8,structure=dense,"
                        + "precision=f32,solver=picard,seed=3,operator=sparse",
                "implicit:n=24,p=3,q=2,m=3,phi=tanh,lambda=0.8,structure=cascade:3,precision=f64,solver=picard,"
                        + "seed=3,operator=block-triangular",
                "implicit:n=24,p=3,q=2,m=3,phi=tanh,lambda=0.8,structure=diagonal-low-rank:3,precision=f64,"
                        + "solver=picard,seed=3,operator=sum",
                "implicit:n=24,p=3,q=2,m=3,phi=group-norm:4,lambda=0.8,structure=layers:3,precision=f64,"
                        + "solver=picard,seed=3,operator=block-triangular",
                "implicit:n=24,p=3,q=2,m=3,phi=tanh,lambda=0.8,structure=low-rank:3,precision=f64,solver=picard,"
                        + "seed=3,operator=low-rank",
                "implicit:n=24,p=3,q=2,m=3,phi=relu,lambda=0.8,structure=sparse:0,precision=f64,solver=picard,"
                        + "seed=3,operator=diagonal"
            })
    void canonicalTextReadsBackToItself(String text) {
        assertEquals(text, ProblemSpec.parse(text).toString());
    }

    @Test
    void everyPartIsRead() {
        ProblemSpec expected = new ProblemSpec(
                new Kind.Monotone(0.5),
                new Sizes(6, 2, 3, 4),
                Activation.tanh(),
                new Structure.LowRank(2),
                OperatorForm.SPARSE,
                2.5,
                0.125,
                Precision.F64,
                new SolverChoice.Splitting(SolverChoice.Splitting.Method.FORWARD_BACKWARD, OptionalDouble.of(0.1)),
                new StoppingRule(1e-9, 1e-9, 77, 5),
                -12);
        assertEquals(
                expected,
                ProblemSpec.parse(
                        "monotone:check=5,seed=-12,n=6,scale=2.5,q=3,p=2,tolerance=1e-9,phi=tanh,m=4,bias=.125"
                                        .replace("=.", "=0.")
                                + ",margin=0.5,iterations=77,precision=f64,solver=forward-backward:0.1,structure=low-rank:2"
                                + ",operator=sparse"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "implicit:n=5; implicit:n=5,p=16,q=4,m=32,phi=relu,lambda=0.9,structure=dense,precision=f32,"
                        + "solver=picard,seed=1",
                "monotone:n=5; monotone:n=5,p=16,q=4,m=32,phi=relu,margin=1,structure=dense,precision=f32,"
                        + "solver=forward-backward,seed=1",
                "implicit:n=5,precision=f64,tolerance=1e-12,scale=1.0,iterations=10000,seed=+3;"
                        + "implicit:n=5,p=16,q=4,m=32,phi=relu,lambda=0.9,structure=dense,precision=f64,"
                        + "solver=picard,seed=3",
                "implicit:n=5,precision=f64,tolerance=1E-5,check=1;"
                        + "implicit:n=5,p=16,q=4,m=32,phi=relu,lambda=0.9,structure=dense,precision=f64,"
                        + "solver=picard,seed=1,tolerance=1e-5"
            })
    void defaultsAreThoseOfTheGrammar(String text, String canonical) {
        assertEquals(canonical, ProblemSpec.parse(text).toString());
    }

    @Test
    void randomDescriptionsReadBackToThemselvesInAnyOrder() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            ProblemSpec spec = randomSpec(random);
            String text = spec.toString();
            assertEquals(spec, ProblemSpec.parse(text), "seed " + seed);
            int colon = text.indexOf(':');
            List<String> fields =
                    new ArrayList<>(Arrays.asList(text.substring(colon + 1).split(",", -1)));
            Collections.shuffle(fields, random);
            String shuffled = text.substring(0, colon + 1) + String.join(",", fields);
            assertEquals(spec, ProblemSpec.parse(shuffled), "seed " + seed + ": " + shuffled);
            assertEquals(text, ProblemSpec.parse(shuffled).toString(), "seed " + seed);
        }
    }

    private static ProblemSpec randomSpec(Random random) {
        boolean monotone = random.nextBoolean();
        Activation activation = switch (random.nextInt(8)) {
            case 0 -> Activation.relu();
            case 1 -> Activation.leakyRelu(random.nextDouble());
            case 2 -> Activation.tanh();
            case 3 -> Activation.sigmoid();
            case 4 -> Activation.identity();
            case 5 -> Activation.groupNorm(1 + random.nextInt(5), random.nextBoolean() ? 1e-5 : random.nextDouble());
            case 6 -> Activation.maxPool(1 + random.nextInt(5));
            default -> Activation.softmax(1 + random.nextInt(5));
        };
        Structure structure = switch (random.nextInt(monotone ? 3 : 8)) {
            case 0 -> new Structure.Dense();
            case 1 -> new Structure.Sparse(random.nextDouble());
            case 2 -> new Structure.LowRank(1 + random.nextInt(9));
            case 3 -> new Structure.Upper();
            case 4 -> new Structure.BlockTriangular(1 + random.nextInt(4));
            case 5 -> new Structure.Cyclic(1 + random.nextInt(4));
            case 6 -> new Structure.Reducible();
            default -> new Structure.Positive();
        };
        int nodes = 4 + random.nextInt(50);
        SolverChoice solver = switch (random.nextInt(11)) {
            case 9 -> new SolverChoice.Auto();
            case 8 -> new SolverChoice.BackwardSubstitution();
            case 7 -> new SolverChoice.Secant(1 + random.nextInt(50));
            case 6 ->
                new SolverChoice.Newton(
                        random.nextBoolean() ? SemismoothNewton.Inner.BY_SIZE : SemismoothNewton.Inner.KRYLOV);
            case 0 -> new SolverChoice.Picard(random.nextBoolean() ? 1 : 2 * random.nextDouble());
            case 1 ->
                new SolverChoice.Splitting(SolverChoice.Splitting.Method.FORWARD_BACKWARD, OptionalDouble.empty());
            case 5 -> new SolverChoice.SequentialAveraging(OptionalDouble.of(anyPositive(random)));
            case 4 -> new SolverChoice.Mixing(1 + random.nextInt(50));
            case 2 ->
                new SolverChoice.Splitting(SolverChoice.Splitting.Method.PEACEMAN_RACHFORD, OptionalDouble.empty());
            case 3 ->
                new SolverChoice.Splitting(
                        SolverChoice.Splitting.Method.DOUGLAS_RACHFORD, OptionalDouble.of(anyPositive(random)));
            default ->
                new SolverChoice.Splitting(
                        SolverChoice.Splitting.Method.FORWARD_BACKWARD, OptionalDouble.of(anyPositive(random)));
        };
        double tolerance = random.nextBoolean() ? 1e-5 : anyPositive(random);
        return new ProblemSpec(
                monotone ? new Kind.Monotone(anyPositive(random)) : new Kind.Implicit(anyPositive(random)),
                new Sizes(nodes * activation.blockSize(), random.nextInt(20), random.nextInt(20), random.nextInt(1000)),
                activation,
                structure,
                random.nextBoolean() ? OperatorForm.DENSE : OperatorForm.SPARSE,
                random.nextBoolean() ? 1 : anyPositive(random),
                random.nextInt(3) * random.nextDouble(),
                random.nextBoolean() ? Precision.F32 : Precision.F64,
                solver,
                new StoppingRule(
                        tolerance, tolerance, 1 + random.nextInt(Integer.MAX_VALUE - 1), 1 + random.nextInt(9)),
                random.nextLong());
    }

    /// Positive numbers of every magnitude, whole numbers and short decimals among them.
    private static double anyPositive(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> 1 + random.nextInt(1000);
            case 1 -> (1 + random.nextInt(99)) / 100.0;
            default -> Math.scalb(1 + random.nextDouble(), random.nextInt(2000) - 1000);
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                ":n=3; kind is '', expected implicit or monotone",
                "explicit:n=3; kind is 'explicit', expected implicit or monotone",
                "implicit; n is missing, expected n=NUMBER",
                "implicit:p=3; n is missing, expected n=NUMBER",
                "implicit:n=0; n is 0, expected a whole number of at least 1",
                "implicit:n=3.5; n is '3.5', expected a whole number",
                "implicit:n=; n has no value, expected n=value",
                "implicit:n=3,p=-1; p is -1, expected a whole number of at least 0",
                "implicit:n=3,q=-1; q is -1, expected a whole number of at least 0",
                "implicit:n=3,m=-1; m is -1, expected a whole number of at least 0",
                "implicit:n=3,m=99999999999; m is '99999999999', expected a whole number",
                "implicit:n=3,n=4; n is given twice, expected it once",
                "implicit:n=3,; '' is no field, expected key=value",
                "implicit:n=3,relu; 'relu' is no field, expected key=value",
                "implicit:n=3,=relu; '=relu' is no field, expected key=value",
                "implicit:n=3,phi=relo; phi is 'relo': *",
                "implicit:n=3,lambda=-1; lambda is -1, expected a number of at least 0",
                "implicit:n=3,lambda=NaN; lambda is 'NaN', expected a finite decimal number",
                "implicit:n=3,lambda=1e999; lambda is '1e999', expected a finite decimal number",
                "implicit:n=3,lambda=0x1p3; lambda is '0x1p3', expected a finite decimal number",
                "implicit:n=3,lambda=1d; lambda is '1d', expected a finite decimal number",
                "monotone:n=3,margin=0; margin is 0, expected a positive number",
                "monotone:n=3,lambda=0.5; unknown key 'lambda', expected one of n, p, q, m, phi, margin, structure,"
                        + " precision, solver, seed, operator, scale, bias, tolerance, iterations, check",
                "implicit:n=3,margin=0.5; unknown key 'margin', expected one of n, p, q, m, phi, lambda, structure,"
                        + " precision, solver, seed, operator, scale, bias, tolerance, iterations, check",
                "implicit:n=3,structure=diagonal; structure is 'diagonal', expected dense, positive, sparse:DENSITY,"
                        + " upper, block-triangular:GROUPS, cyclic:PERIOD, reducible, low-rank:RANK, layers:GROUPS,"
                        + " cascade:GROUPS, diagonal-low-rank:RANK or convolution:CHANNELSxHEIGHTxWIDTH",
                "implicit:n=3,structure=convolution:3; structure is 'convolution:3', expected"
                        + " convolution:CHANNELSxHEIGHTxWIDTH",
                "implicit:n=3,structure=convolution:2x5x7; n is 3, expected the 70 values of convolution:2x5x7",
                "implicit:n=3,structure=layers:4; structure is layers:4, expected at most as many groups as the 3"
                        + " blocks of the activation in a state",
                "implicit:n=3,operator=toeplitz; operator is 'toeplitz', expected one of dense, sparse, diagonal,"
                        + " low-rank, convolution, block-triangular, sum",
                "implicit:n=3,operator=diagonal; structure is dense, expected sparse:0 and an activation without"
                        + " blocks with the operator diagonal",
                "implicit:n=4,operator=diagonal,structure=sparse:0,phi=softmax:2; structure is sparse:0, expected"
                        + " sparse:0 and an activation without blocks with the operator diagonal",
                "implicit:n=3,operator=low-rank; structure is dense, expected low-rank:RANK with the operator low-rank",
                "implicit:n=3,operator=convolution; structure is dense, expected"
                        + " convolution:CHANNELSxHEIGHTxWIDTH with the operator convolution",
                "implicit:n=3,operator=block-triangular,structure=upper; structure is upper, expected"
                        + " block-triangular:GROUPS, cascade:GROUPS or layers:GROUPS with the operator block-triangular",
                "implicit:n=3,operator=sum; structure is dense, expected diagonal-low-rank:RANK with the operator sum",
                "monotone:n=3,operator=low-rank,structure=low-rank:2; operator is low-rank, expected dense or sparse"
                        + " with the kind monotone",
                "implicit:n=3,structure=sparse; structure is 'sparse', expected sparse:NUMBER",
                "implicit:n=3,structure=dense:2; structure is 'dense:2', expected dense without a number",
                "implicit:n=3,structure=sparse:1.5;"
                        + "density of structure sparse is 1.5, expected a number between 0 and 1",
                "implicit:n=3,structure=sparse:x;"
                        + "density of structure sparse is 'x', expected a finite decimal number",
                "implicit:n=3,structure=low-rank:0; rank of structure low-rank is 0,"
                        + " expected a whole number of at least 1",
                "implicit:n=3,structure=cyclic:0; period of structure cyclic is 0,"
                        + " expected a whole number of at least 1",
                "implicit:n=3,structure=block-triangular:0; groups of structure block-triangular is 0,"
                        + " expected a whole number of at least 1",
                "implicit:n=3,structure=cyclic:4; structure is cyclic:4, expected at most as many groups as the 3"
                        + " blocks of the activation in a state",
                "implicit:n=1,structure=reducible; structure is reducible, expected at most as many groups as the 1"
                        + " blocks of the activation in a state",
                "monotone:n=3,structure=upper; structure is upper, expected dense, sparse:DENSITY or low-rank:RANK"
                        + " with the kind monotone",
                "implicit:n=3,precision=f16; precision is 'f16', expected f32 or f64",
                "implicit:n=3,solver=gauss; solver is 'gauss', expected auto, picard, picard:RELAXATION, anderson,"
                        + " anderson:HISTORY, broyden, broyden:HISTORY, newton, newton:active-set, newton:krylov,"
                        + " sequential-averaging, sequential-averaging:EPS, backward-substitution, forward-backward,"
                        + " peaceman-rachford, douglas-rachford, or one of these three with :ALPHA",
                "implicit:n=3,solver=newton:lu; inner method of solver newton is 'lu', expected active-set or krylov",
                "implicit:n=3,solver=broyden:51; history is 51, expected a whole number from 1 to 50",
                "implicit:n=3,solver=anderson:0; history is 0, expected a whole number from 1 to 50",
                "implicit:n=3,solver=picard:2; relaxation of solver picard is 2, expected a number between 0 and 2",
                "implicit:n=3,solver=picard:; relaxation of solver picard is '', expected a finite decimal number",
                "implicit:n=3,solver=forward-backward:0;"
                        + "alpha of solver forward-backward is 0, expected a positive number",
                "implicit:n=3,seed=1e3; seed is '1e3', expected a whole number of 64 bits",
                "implicit:n=3,scale=-1; scale is -1, expected a number of at least 0",
                "implicit:n=3,bias=-0.5; bias is -0.5, expected a number of at least 0",
                "implicit:n=3,tolerance=-1e-9; tolerance is -1e-9, expected a number of at least 0",
                "implicit:n=3,iterations=0; iterations is 0, expected a whole number of at least 1",
                "implicit:n=3,check=0; check is 0, expected a whole number of at least 1"
            })
    void aBadTextIsRefusedInOneLineThatNamesTheKey(String text, String reason) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ProblemSpec.parse(text), text);
        String message = String.valueOf(refused.getMessage());
        String expected = "problem '" + text + "': " + reason;
        if (reason.endsWith("*")) {
            String begin = expected.substring(0, expected.length() - 1);
            assertEquals(begin, message.substring(0, Math.min(begin.length(), message.length())));
        } else {
            assertEquals(expected, message);
        }
        assertEquals(-1, message.indexOf('\n'));
    }

    @Test
    void blocksOfTheActivationMustFit() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> ProblemSpec.parse("implicit:n=13,phi=softmax:4"));
        assertEquals(
                "problem 'implicit:n=13,phi=softmax:4': n is 13, expected a multiple of the 4 values of a block of"
                        + " softmax:4",
                refused.getMessage());
    }

    @Test
    void oneToleranceStandsForBoth() {
        ProblemSpec spec = ProblemSpec.parse("implicit:n=3");
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> spec.withStopping(new StoppingRule(1e-3, 0, 10, 1)));
        assertEquals("tolerance is 0.001 absolute and 0 relative, expected one number for both", refused.getMessage());
    }

    @Test
    void changesKeepTheRest() {
        ProblemSpec spec = ProblemSpec.parse("implicit:n=7,p=3,seed=5");
        assertEquals(ProblemSpec.parse("implicit:n=7,p=3,seed=6"), spec.withSeed(6));
        assertEquals(ProblemSpec.parse("implicit:n=7,p=3,seed=5,m=2"), spec.withSamples(2));
        assertEquals(
                ProblemSpec.parse("implicit:n=7,p=3,seed=5,solver=picard:0.5"),
                spec.withSolver(new SolverChoice.Picard(0.5)));
        assertEquals(
                ProblemSpec.parse("implicit:n=7,p=3,seed=5,tolerance=0.5,iterations=9"),
                spec.withStopping(new StoppingRule(0.5, 0.5, 9, 1)));
    }
}

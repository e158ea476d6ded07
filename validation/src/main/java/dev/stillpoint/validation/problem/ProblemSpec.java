package dev.stillpoint.validation.problem;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.solver.StoppingRule;
import java.util.OptionalDouble;

/// A problem in one line: what is verified, what is timed, and what a failure is reproduced from.
///
///     implicit:n=207,p=13,q=10,m=33,phi=tanh,lambda=0.8,structure=dense,precision=f32,solver=picard,seed=17
///
/// **Grammar.** `KIND:key=value,key=value,...`, without blanks, the keys in any order, each at most once.
///
/// | key | value | default |
/// | --- | --- | --- |
/// | (kind) | `implicit` or `monotone`: [Kind] | |
/// | `n` | state values | none: must be given |
/// | `p` | input values | 16 |
/// | `q` | output values | 4 |
/// | `m` | samples | 32 |
/// | `phi` | the label of an [Activation]; all blocks of the state are whole | `relu` |
/// | `lambda` | for `implicit`: [Kind.Implicit] | 0.9 |
/// | `margin` | for `monotone`: [Kind.Monotone] | 1 |
/// | `structure` | the label of a [Structure]; `monotone` takes `dense`, `sparse` and `low-rank` | `dense` |
/// | `operator` | the label of an [OperatorForm], which asks for its structure | `dense` |
/// | `precision` | `f32` or `f64`, of the data and of the solve | `f32` |
/// | `solver` | the label of a [SolverChoice] | `picard`; for `monotone` `forward-backward` |
/// | `seed` | 64-bit whole number | 1 |
/// | `scale` | factor of the inputs, which have variance 1 without it | 1 |
/// | `bias` | factor of the bias; 0 is a problem without a bias | 1 |
/// | `tolerance` | absolute and relative tolerance of the stopping rule | 1e-5; with `f64` 1e-12 |
/// | `iterations` | most iterations of a sample | 10000 |
/// | `check` | iterations from one convergence check to the next | 1 |
///
/// The canonical text, which [#toString()] gives, has the keys down to `seed` always and in this order, and the
/// others where they differ from their default. Text and description are equivalent: `parse(text).toString()` is
/// canonical, and `parse(spec.toString())` equals `spec`. A default is a part of the grammar and never changes, nor
/// does what [#generate()] makes of a description: a line from an old report means what it meant.
///
/// @param kind what the state matrix is made from
/// @param sizes sizes
/// @param activation `phi`
/// @param structure where the values of the state matrix are
/// @param operator the form in which an engine is given the state matrix
/// @param scale factor of the inputs
/// @param bias factor of the bias, 0 for none
/// @param precision precision of the data and of the solve
/// @param solver the solver
/// @param stopping the stopping rule; its absolute tolerance is its relative one
/// @param seed the seed of all data
public record ProblemSpec(
        Kind kind,
        Sizes sizes,
        Activation activation,
        Structure structure,
        OperatorForm operator,
        double scale,
        double bias,
        Precision precision,
        SolverChoice solver,
        StoppingRule stopping,
        long seed) {
    private static final int DEFAULT_ITERATIONS = 10_000;

    /// Checks that the parts fit together.
    ///
    /// @throws IllegalArgumentException when they do not; the message names the key and what was expected
    public ProblemSpec {
        int n = sizes.n();
        if (activation instanceof BlockActivation parts && n != parts.size()) {
            throw new IllegalArgumentException(
                    "n is %d, expected the %d values that %s acts on".formatted(n, parts.size(), activation.label()));
        }
        if (n % activation.blockSize() != 0) {
            throw new IllegalArgumentException("n is %d, expected a multiple of the %d values of a block of %s"
                    .formatted(n, activation.blockSize(), activation.label()));
        }
        structure.checkNodes(n / activation.blockSize());
        operator.check(kind, structure, activation.blockSize());
        if (structure instanceof Structure.Convolution(ImageShape shape) && n != shape.size()) {
            throw new IllegalArgumentException(
                    "n is %d, expected the %d values of %s".formatted(n, shape.size(), structure.label()));
        }
        if (kind instanceof Kind.Monotone) {
            switch (structure) {
                case Structure.Dense _, Structure.Sparse _, Structure.LowRank _ -> {}
                case Structure.Positive _,
                        Structure.Upper _,
                        Structure.BlockTriangular _,
                        Structure.Cyclic _,
                        Structure.Reducible _,
                        Structure.Layers _,
                        Structure.Cascade _,
                        Structure.DiagonalLowRank _,
                        Structure.Convolution _ ->
                    throw new IllegalArgumentException("structure is " + structure.label()
                            + ", expected dense, sparse:DENSITY or low-rank:RANK with the kind monotone");
            }
        }
        Numbers.notNegative("scale", scale);
        Numbers.notNegative("bias", bias);
        if (stopping.absolute() != stopping.relative()) {
            throw new IllegalArgumentException("tolerance is %s absolute and %s relative, expected one number for both"
                    .formatted(Numbers.text(stopping.absolute()), Numbers.text(stopping.relative())));
        }
    }

    /// Reads a problem's text: see the grammar above.
    ///
    /// @throws IllegalArgumentException when the text is no problem: one line that names the key and what was
    ///     expected
    public static ProblemSpec parse(String text) {
        try {
            int colon = text.indexOf(':');
            String kindName = colon < 0 ? text : text.substring(0, colon);
            boolean monotone = kindName.equals("monotone");
            if (!monotone && !kindName.equals("implicit")) {
                throw new IllegalArgumentException("kind is '" + kindName + "', expected implicit or monotone");
            }
            return read(monotone, Fields.split(colon < 0 ? "" : text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("problem '" + text + "': " + e.getMessage(), e);
        }
    }

    private static ProblemSpec read(boolean monotone, Fields fields) {
        Sizes sizes = new Sizes(
                fields.requiredWhole("n"), fields.whole("p", 16), fields.whole("q", 4), fields.whole("m", 32));
        String activation = fields.text("phi", "relu");
        Kind kind = monotone
                ? new Kind.Monotone(fields.number("margin", 1))
                : new Kind.Implicit(fields.number("lambda", 0.9));
        Structure structure = Structure.parse(fields.text("structure", "dense"));
        Precision precision = readPrecision(fields.text("precision", "f32"));
        SolverChoice solver =
                SolverChoice.parse(fields.text("solver", defaultSolver(kind).label()));
        long seed = fields.longWhole("seed", 1);
        OperatorForm operator = OperatorForm.parse(fields.text("operator", "dense"));
        double scale = fields.number("scale", 1);
        double bias = fields.number("bias", 1);
        StoppingRule stopping = readStopping(fields, precision);
        fields.finish();
        return new ProblemSpec(
                kind,
                sizes,
                readActivation(activation),
                structure,
                operator,
                scale,
                bias,
                precision,
                solver,
                stopping,
                seed);
    }

    private static Activation readActivation(String label) {
        try {
            return Activation.parse(label);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("phi is '" + label + "': " + e.getMessage(), e);
        }
    }

    private static Precision readPrecision(String label) {
        for (Precision precision : Precision.values()) {
            if (precision.label().equals(label)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("precision is '" + label + "', expected f32 or f64");
    }

    private static StoppingRule readStopping(Fields fields, Precision precision) {
        double tolerance = fields.number("tolerance", defaultTolerance(precision));
        int iterations = fields.whole("iterations", DEFAULT_ITERATIONS);
        int check = fields.whole("check", 1);
        Numbers.notNegative("tolerance", tolerance);
        Numbers.atLeast("iterations", iterations, 1);
        Numbers.atLeast("check", check, 1);
        return new StoppingRule(tolerance, tolerance, iterations, check);
    }

    private static double defaultTolerance(Precision precision) {
        return precision == Precision.F32 ? 1e-5 : 1e-12;
    }

    private static SolverChoice defaultSolver(Kind kind) {
        return switch (kind) {
            case Kind.Implicit _ -> new SolverChoice.Picard(1);
            case Kind.Monotone _ ->
                new SolverChoice.Splitting(SolverChoice.Splitting.Method.FORWARD_BACKWARD, OptionalDouble.empty());
        };
    }

    /// Makes the data: see [Problem] for what they are.
    ///
    /// Costs `O(n^2)` for every step of a power iteration, of which there are at most a few hundred; a monotone
    /// problem adds two products of order `n`.
    ///
    /// @throws IllegalArgumentException when `forward-backward` is asked for without a step and the data have no
    ///     positive margin
    public Problem generate() {
        return ProblemGenerator.generate(this);
    }

    /// This problem with another seed.
    public ProblemSpec withSeed(long seed) {
        return new ProblemSpec(
                kind, sizes, activation, structure, operator, scale, bias, precision, solver, stopping, seed);
    }

    /// This problem with another number of samples; those that both have are the same.
    public ProblemSpec withSamples(int samples) {
        Sizes other = new Sizes(sizes.n(), sizes.p(), sizes.q(), samples);
        return new ProblemSpec(
                kind, other, activation, structure, operator, scale, bias, precision, solver, stopping, seed);
    }

    /// This problem with another solver.
    public ProblemSpec withSolver(SolverChoice solver) {
        return new ProblemSpec(
                kind, sizes, activation, structure, operator, scale, bias, precision, solver, stopping, seed);
    }

    /// This problem with another stopping rule.
    ///
    /// @throws IllegalArgumentException when the absolute tolerance is not the relative one
    public ProblemSpec withStopping(StoppingRule stopping) {
        return new ProblemSpec(
                kind, sizes, activation, structure, operator, scale, bias, precision, solver, stopping, seed);
    }

    /// The canonical text.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.name())
                .append(":n=")
                .append(sizes.n())
                .append(",p=")
                .append(sizes.p())
                .append(",q=")
                .append(sizes.q())
                .append(",m=")
                .append(sizes.samples())
                .append(",phi=")
                .append(activation.label())
                .append(',')
                .append(kind.conditioningKey())
                .append('=')
                .append(Numbers.text(kind.conditioning()))
                .append(",structure=")
                .append(structure.label())
                .append(",precision=")
                .append(precision.label())
                .append(",solver=")
                .append(solver.label())
                .append(",seed=")
                .append(seed);
        if (operator != OperatorForm.DENSE) {
            text.append(",operator=").append(operator.label());
        }
        appendUnless(text, "scale", scale, 1);
        appendUnless(text, "bias", bias, 1);
        appendUnless(text, "tolerance", stopping.relative(), defaultTolerance(precision));
        if (stopping.maxIterations() != DEFAULT_ITERATIONS) {
            text.append(",iterations=").append(stopping.maxIterations());
        }
        if (stopping.checkInterval() != 1) {
            text.append(",check=").append(stopping.checkInterval());
        }
        return text.toString();
    }

    private static void appendUnless(StringBuilder text, String key, double value, double fallback) {
        if (value != fallback) {
            text.append(',').append(key).append('=').append(Numbers.text(value));
        }
    }
}

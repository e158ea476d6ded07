package dev.stillpoint.validation.certificate;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.ErrorBounds;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.validation.problem.Problem;
import dev.stillpoint.validation.problem.ProblemSpec;
import dev.stillpoint.validation.problem.SplitMix64;
import dev.stillpoint.validation.problem.Structure;
import dev.stillpoint.validation.reference.DoubleDouble;
import dev.stillpoint.validation.reference.Norms;
import dev.stillpoint.validation.reference.ReferenceEquation;
import dev.stillpoint.validation.reference.ReferenceSolution;
import dev.stillpoint.validation.reference.ReferenceSolver;
import dev.stillpoint.wellposed.Certificate;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A trial of the error bounds on one random problem: do they lie, and how far are they from the truth?
///
/// The problem has 1 to 200 states, any activation, and a Perron-Frobenius eigenvalue or a monotone margin from
/// easy to nearly ill-posed; its data are in FP32 or FP64, its states in either. Of every sample four states are
/// bounded: the true fixed point rounded to the precision of states, that point with every component moved by a
/// random part of a random size, with one component moved, and what Picard iteration of the engine has after a
/// random stopping rule. The truth is that of [ReferenceSolver], which solves in double-double arithmetic and
/// bounds its own error.
///
/// An index gives the same problem on every machine. Cost: `50 n^3` operations, 30 ms in the mean.
public final class CertificateTrial {
    private static final int SAMPLES = 2;
    private static final double FACTOR = 0.9;

    /// A state nearer to the fixed point than the spacing of doubles at its norm is there by luck, and says
    /// nothing about a bound.
    private static final double LUCK = 0x1p-52;

    private static final List<String> ACTIVATIONS = List.of(
            "relu",
            "leaky-relu:0.1",
            "tanh",
            "sigmoid",
            "identity",
            "softmax:4",
            "softmax:7",
            "group-norm:4:0.5",
            "max-pool:3",
            "gate:sigmoid:tanh",
            "gate:sigmoid:sigmoid");
    private static final int PROXIMAL = 6;
    private static final List<String> STRUCTURES = List.of("dense", "positive", "sparse:0.2", "upper");

    private final ProblemSpec spec;
    private final Problem problem;
    private final SplitMix64 random;
    private final Precision states;
    private final boolean measured;
    private final Certificate certificate;
    private final List<String> lies = new ArrayList<>();
    private int bounds;
    private int missing;
    private double loosest;
    private String loosestAt = "";

    /// What a trial found.
    ///
    /// @param problem the problem
    /// @param bounds states that were bounded
    /// @param missing states without a bound
    /// @param lies bounds below the true error
    /// @param loosest the largest quotient of bound and true error, in the 2-norm, of states that are no luck,
    ///     where the contraction factor is below 0.9; 0 where there is none
    /// @param loosestAt the state it was found at
    public record Outcome(
            String problem, int bounds, int missing, List<String> lies, double loosest, String loosestAt) {}

    private CertificateTrial(long index) {
        random = new SplitMix64(index);
        spec = ProblemSpec.parse(text(index));
        problem = spec.generate();
        states = random.nextLong() < 0 ? Precision.F32 : Precision.F64;
        WellPosednessReport report =
                WellPosedness.analyse(problem.equation().a(), problem.equation().activation());
        measured = factor(report) < FACTOR;
        certificate = Certificate.of(problem.equation(), report);
    }

    /// The contraction factor: the eigenvalue, and for a triangular matrix, of which that is always 0, the
    /// largest row sum of its norms, to which the generator scales it.
    private double factor(WellPosednessReport report) {
        return spec.structure() instanceof Structure.Upper
                ? spec.kind().conditioning()
                : report.lambdaPf().upper();
    }

    /// The trial of an index.
    public static Outcome run(long index) {
        return new CertificateTrial(index).run();
    }

    private double uniform(double from, double to) {
        return from + (to - from) * random.nextDouble();
    }

    private String text(long index) {
        boolean monotone = random.nextInt(3) == 0;
        String phi = ACTIVATIONS.get(random.nextInt(monotone ? PROXIMAL : ACTIVATIONS.size()));
        int block = Activation.parse(phi).blockSize();
        int n = Math.max(1, (int) Math.exp(uniform(0, Math.log(201))) / block) * block;
        double closeness = Math.pow(10, uniform(-6, -1));
        double lambda = random.nextInt(2) == 0 ? uniform(0, FACTOR) : 1 - closeness;
        String conditioning =
                monotone ? "margin=" + (random.nextInt(2) == 0 ? uniform(0.1, 2) : closeness) : "lambda=" + lambda;
        String structure = STRUCTURES.get(monotone ? 0 : random.nextInt(STRUCTURES.size()));
        return String.format(
                Locale.ROOT,
                "%s:n=%d,p=%d,q=1,m=%d,phi=%s,%s,structure=%s,precision=%s,solver=picard,seed=%d,scale=%s,bias=%s",
                monotone ? "monotone" : "implicit",
                n,
                1 + random.nextInt(8),
                SAMPLES,
                phi,
                conditioning,
                structure,
                random.nextInt(2) == 0 ? "f32" : "f64",
                index,
                Math.pow(10, uniform(-2, 2)),
                random.nextInt(2) == 0 ? "0" : "1");
    }

    private Outcome run() {
        ReferenceSolver solver = ReferenceSolver.of(ReferenceEquation.of(problem.equation()));
        ReferenceSolution[] truths = new ReferenceSolution[SAMPLES];
        Matrix near = near();
        double[] start = new double[near.columns()];
        for (int s = 0; s < SAMPLES; s++) {
            near.getRow(s, start, 0);
            truths[s] = solver.solve(problem.input(s), start);
        }
        double[][] exact = new double[SAMPLES][];
        double[][] moved = new double[SAMPLES][];
        double[][] one = new double[SAMPLES][];
        for (int s = 0; s < SAMPLES; s++) {
            exact[s] = truths[s].state();
            moved[s] = exact[s].clone();
            one[s] = exact[s].clone();
            double size = Math.pow(10, uniform(-16, 0)) * (Norms.two(exact[s]) + 1e-3);
            for (int i = 0; i < exact[s].length; i++) {
                moved[s][i] += size * uniform(-1, 1);
            }
            one[s][random.nextInt(one[s].length)] += size;
        }
        check("rounded", matrix(exact), truths);
        check("moved", matrix(moved), truths);
        check("one moved", matrix(one), truths);
        iterate(truths);
        return new Outcome(spec.toString(), bounds, missing, List.copyOf(lies), loosest, loosestAt);
    }

    /// Where the search for the truth begins.
    private Matrix near() {
        StoppingRule rule = StoppingRule.mixed(1e-12).withMaxIterations(200);
        try (SolvePlan plan =
                Backend.cpu().prepare(problem.equation(), Solver.newton(), rule, new PlanOptions(Precision.F64, 1))) {
            return plan.solve(problem.inputs()).states();
        }
    }

    private Matrix matrix(double[][] rows) {
        Matrix matrix = Matrix.zeros(states, rows.length, rows[0].length);
        for (int s = 0; s < rows.length; s++) {
            matrix.setRow(s, rows[s], 0);
        }
        return matrix;
    }

    private void check(String name, Matrix x, ReferenceSolution[] truths) {
        compare(name, x, certificate.bounds(problem.inputs(), x), truths);
    }

    private void iterate(ReferenceSolution[] truths) {
        StoppingRule rule =
                StoppingRule.mixed(Math.pow(10, uniform(-16, -1))).withMaxIterations(1 + random.nextInt(300));
        PlanOptions options = new PlanOptions(states, 1).withCertificate(certificate);
        try (SolvePlan plan = Backend.cpu().prepare(problem.equation(), Solver.picard(), rule, options)) {
            var result = plan.solve(problem.inputs());
            compare("iterated", result.states(), result.errorBounds().orElseThrow(), truths);
        }
    }

    private void compare(String name, Matrix x, ErrorBounds claimed, ReferenceSolution[] truths) {
        double[] row = new double[x.columns()];
        for (int s = 0; s < x.rows(); s++) {
            x.getRow(s, row, 0);
            if (!truths[s].isSolved() || Double.isNaN(claimed.two(s))) {
                missing++;
                continue;
            }
            bounds++;
            String where = "%s, sample %d of %s states".formatted(name, s, states.label());
            compare(where, row, claimed.max(s), claimed.two(s), truths[s]);
        }
    }

    private void compare(String where, double[] x, double max, double two, ReferenceSolution truth) {
        DoubleDouble[] exact = truth.accurateState();
        double own = Norms.two(truth.errorBounds());
        double[] errors = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            errors[i] = DoubleDouble.of(x[i]).minus(exact[i]).high();
        }
        double largest = Norms.max(errors);
        double error = Norms.two(errors);
        // The truth is known up to its own bound, the norm up to some roundings.
        if (!(max >= largest - own) || !(two >= error * (1 - 0x1p-40) - own)) {
            lies.add("%s: claimed %s and %s, true errors %s and %s".formatted(where, max, two, largest, error));
        }
        boolean known = error > Math.max(LUCK * Norms.two(x), 2 * own);
        if (measured && known && two / error > loosest) {
            loosest = two / error;
            loosestAt = "%s: claimed %s, true error %s".formatted(where, two, error);
        }
    }
}

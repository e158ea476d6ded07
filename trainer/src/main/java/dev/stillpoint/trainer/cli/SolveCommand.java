package dev.stillpoint.trainer.cli;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.io.AtomicFile;
import dev.stillpoint.io.FormatException;
import dev.stillpoint.io.NumpyFile;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.model.Simplification;
import dev.stillpoint.solver.Course;
import dev.stillpoint.solver.Status;
import dev.stillpoint.solver.StoppingRule;
import dev.stillpoint.wellposed.Certificate;
import dev.stillpoint.wellposed.SolverChoice;
import dev.stillpoint.wellposed.WellPosedness;
import dev.stillpoint.wellposed.WellPosednessReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `stillpoint solve`: solves a model for a batch of inputs from a file.
///
/// The batch is worked on in chunks that fit the memory; input, states and outputs are mapped files, so that it
/// may be larger than the memory. Outputs appear together at the end, or not at all.
@Command(
        name = "solve",
        description = "Solves x = phi(Ax + Bu + bias) for every row u of a batch and predicts y = Cx + Du.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        sortOptions = false,
        footerHeading = "%nExample:%n",
        footer = {
            "  stillpoint solve --model model.npz --activation tanh --input u.npy \\",
            "      --output y.npy --state x.npy --report report.json --tolerance 1e-6"
        })
final class SolveCommand implements Callable<Integer> {
    /// State values of a chunk: 64 MiB of FP32.
    private static final int CHUNK_VALUES = 1 << 24;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "The inputs, (samples, p): a .npy file.")
    private Path input;

    @Option(names = "--output", paramLabel = "FILE", description = "Where the outputs go, (samples, q): a .npy file.")
    private @Nullable Path output;

    @Option(names = "--state", paramLabel = "FILE", description = "Where the states go, (samples, n): a .npy file.")
    private @Nullable Path state;

    @Option(
            names = "--initial",
            paramLabel = "FILE",
            description = "Where each sample starts, (samples, n): a .npy file (default: zero).")
    private @Nullable Path initial;

    @Option(names = "--report", paramLabel = "FILE", description = "Where the report goes: a .json file.")
    private @Nullable Path report;

    @Mixin
    private SolverOptions solver;

    @Mixin
    private CertifyOptions certify;

    @Option(
            names = "--precision",
            paramLabel = "f32|f64",
            defaultValue = "f32",
            description = "The working precision, and that of outputs and states (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(
            names = "--backend",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "cpu or opencl (default: ${DEFAULT-VALUE}); 'stillpoint devices' lists what works here.")
    private String backend;

    @Option(
            names = "--device",
            paramLabel = "N",
            description = "The device of the backend, by number or a part of its name (default: the first).")
    private @Nullable String device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that work on the solve (default: one a processor). No result depends on it.")
    private @Nullable Integer threads;

    @Option(
            names = "--simplify",
            description =
                    "Rewrite the model to its cheapest form first, and say what was found. States may then be left"
                            + " out or in another order, so it goes with neither --state nor --initial.")
    private boolean simplify;

    SolveCommand() {}

    @Override
    public Integer call() throws IOException {
        PlanOptions options = PlanOptions.defaults().withPrecision(Precision.of(precision));
        if (threads != null) {
            options = options.withThreads(threads);
        }
        StoppingRule stopping = solver.stoppingRule();
        Backend engine = device == null ? Backend.open(backend) : Backend.open(backend, device);
        if (simplify && (state != null || initial != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--simplify leaves states out: it goes with neither --state nor --initial");
        }
        ImplicitModel read = model.read();
        Simplification simplification = simplify ? read.simplify() : null;
        ImplicitModel given = simplification == null ? read : simplification.model();
        List<String> findings = simplification == null ? List.of() : simplification.findings();
        WellPosednessReport proved = certify.isAsked() ? WellPosedness.analyse(given.a(), given.activation()) : null;
        SolverChoice choice = solver.choose(given, proved);
        PlanOptions working = certify.apply(options, given, proved);
        Precision kept = certify.states(options.precision());
        try (Arena arena = Arena.ofShared();
                OutputFiles files = new OutputFiles()) {
            Matrix inputs = Inputs.read(input, arena, -1, given.inputSize());
            Matrix start = initial == null ? null : Inputs.read(initial, arena, inputs.rows(), given.stateSize());
            Matrix outputs = create(files, output, kept, inputs.rows(), given.outputSize(), arena);
            Matrix states = create(files, state, kept, inputs.rows(), given.stateSize(), arena);
            AtomicFile reportFile = report == null ? null : files.create(report);
            SolveLog log;
            try (SolvePlan plan = certify.prepare(engine, given, choice.solver(), stopping, working);
                    Progress progress = new Progress("solve", "samples", inputs.rows())) {
                ChunkedSolve solve = new ChunkedSolve(given, plan, kept, CHUNK_VALUES);
                log = solve.run(inputs, start, states, outputs, progress);
            }
            if (reportFile != null) {
                writeReport(reportFile, engine, choice, working, log, findings);
            }
            files.commit();
            findings.forEach(finding -> spec.commandLine().getOut().println("simplify   " + finding));
            print(spec.commandLine().getOut(), given, engine, choice, working, log);
            return log.count(Status.CONVERGED) == log.samples() ? ExitCodes.OK : ExitCodes.NOT_CONVERGED;
        }
    }

    private static @Nullable Matrix create(
            OutputFiles files, @Nullable Path file, Precision precision, int rows, int columns, Arena arena)
            throws IOException {
        return file == null ? null : NumpyFile.create(files.create(file), precision, rows, columns, arena);
    }

    private static void writeReport(
            AtomicFile file,
            Backend engine,
            SolverChoice choice,
            PlanOptions options,
            SolveLog log,
            List<String> findings)
            throws IOException {
        try (JsonReport json = new JsonReport()) {
            int samples = log.samples();
            json.put("solver", choice.solver().label())
                    .put("solver_reason", choice.reason())
                    .putEach("simplification", findings.size(), i -> json.string(findings.get(i)))
                    .put("backend", engine.name())
                    .put("device", engine.device())
                    .put("precision", options.precision().label())
                    .put("samples", samples)
                    .put("converged", log.count(Status.CONVERGED))
                    .put("wall_seconds", log.seconds())
                    .putEach("solved_by", samples, i -> json.string(solver(choice, log.leg(i))))
                    .putEach("status", samples, i -> json.string(log.status(i).name()))
                    .putEach("iterations", samples, i -> json.number(log.iterations(i)))
                    .putEach("residual", samples, i -> json.number(log.residual(i)))
                    .putEach("error_bound", samples, i -> json.number(log.errorBound(i)));
            Certificate certificate = options.certificate();
            if (certificate == null) {
                json.putNull("error_bound_norm").putNull("certificate");
            } else {
                json.put("error_bound_norm", "max").put("certificate", certificate.basis());
            }
            json.writeTo(file);
        }
    }

    /// The solver of a leg, where the choice is a course.
    private static String solver(SolverChoice choice, int leg) {
        return choice.solver() instanceof Course(var legs)
                ? legs.get(leg).solver().label()
                : choice.solver().label();
    }

    private static void print(
            PrintWriter out,
            ImplicitModel model,
            Backend engine,
            SolverChoice choice,
            PlanOptions options,
            SolveLog log) {
        int samples = log.samples();
        out.printf(
                Locale.ROOT,
                "model      n = %d, p = %d, q = %d, %s%n",
                model.stateSize(),
                model.inputSize(),
                model.outputSize(),
                model.activation().label());
        out.printf(Locale.ROOT, "solver     %s (%s)%n", choice.solver().label(), choice.reason());
        out.printf(
                Locale.ROOT,
                "backend    %s, %s, %s, %d thread%s%n",
                engine.name(),
                engine.device(),
                options.precision().label(),
                options.threads(),
                options.threads() == 1 ? "" : "s");
        out.printf(Locale.ROOT, "samples    %d in %.3f s%n", samples, log.seconds());
        for (Status status : Status.values()) {
            int count = log.count(status);
            if (count > 0 || status == Status.CONVERGED) {
                out.printf(Locale.ROOT, "           %d %s%n", count, status);
            }
        }
        if (choice.solver() instanceof Course(var legs)) {
            for (int leg = 0; leg < legs.size(); leg++) {
                if (log.countLeg(leg) > 0) {
                    out.printf("           %d by %s%n", log.countLeg(leg), solver(choice, leg));
                }
            }
        }
        Certificate certificate = options.certificate();
        if (certificate != null) {
            out.printf(
                    "certified  %d, %s%s%n", log.countBounds(), certificate.exists() ? "by " : "", certificate.basis());
            if (log.countBounds() > 0) {
                out.printf(Locale.ROOT, "           largest error bound %.3g, max norm%n", log.largestBound());
            }
        }
        if (samples > 0) {
            out.printf(
                    Locale.ROOT,
                    "iterations %d to %d, median %d%n",
                    log.iterationsAt(0),
                    log.iterationsAt(1),
                    log.iterationsAt(0.5));
        }
    }

    /// Batches from files.
    private static final class Inputs {
        /// The rows of a `.npy` file: mapped where its elements can be used as they lie, else read.
        static Matrix read(Path file, Arena arena, long rows, long columns) throws IOException {
            NumpyFile.read(file, arena).expectShape(rows, columns);
            try {
                return NumpyFile.map(file, arena);
            } catch (FormatException _) {
                return NumpyFile.read(file, arena).toMatrix();
            }
        }
    }
}

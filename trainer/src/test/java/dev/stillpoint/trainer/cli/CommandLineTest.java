package dev.stillpoint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.stillpoint.activation.Activation;
import dev.stillpoint.io.NumericArray;
import dev.stillpoint.io.NumpyArchive;
import dev.stillpoint.io.NumpyFile;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands from inside the program: outputs, reports, exit codes, and one clear line for each mistake.
final class CommandLineTest {
    /// `W = [[0,-2],[2,0]]`, `b = (3,1)`: Picard runs a cycle of four, forward-backward solves it.
    private static final Matrix ROTATION = Matrix.ofRows(new double[] {0, -2}, new double[] {2, 0});

    private static final Matrix IDENTITY = Matrix.ofRows(new double[] {1, 0}, new double[] {0, 1});

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void files() throws IOException {
        model("contraction.safetensors", Matrix.ofRows(new double[] {0, 4}, new double[] {0.125, 0}));
        model("rotation.safetensors", ROTATION);
        NumpyFile.write(folder.resolve("u.npy"), Matrix.ofRows(new double[] {1, 1}, new double[] {3, 1}));
    }

    private void model(String name, Matrix a) throws IOException {
        ImplicitModel.of(a, IDENTITY, Matrix.ofRows(new double[] {1, 1}), Activation.relu())
                .write(folder.resolve(name));
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> resolved = new ArrayList<>();
        for (String argument : arguments) {
            resolved.add(
                    argument.startsWith("@")
                            ? folder.resolve(argument.substring(1)).toString()
                            : argument);
        }
        return Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), resolved.toArray(String[]::new));
    }

    private void refused(String expected, String... arguments) throws IOException {
        List<Path> before = listing();
        assertEquals(ExitCodes.BAD_INPUT, run(arguments), () -> err.toString() + out);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().startsWith("stillpoint: "), err::toString);
        assertTrue(err.toString().contains(expected), () -> err + " should contain " + expected);
        assertEquals("", out.toString());
        assertEquals(before, listing(), "nothing is written");
    }

    private List<Path> listing() throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /// The scalars of a report, and each array as a list.
    private Map<String, Object> report(String name) throws IOException {
        Map<String, Object> values = new HashMap<>();
        try (JsonParser json =
                new JsonFactory().createParser(folder.resolve(name).toFile())) {
            assertEquals(JsonToken.START_OBJECT, json.nextToken());
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                if (json.nextToken() == JsonToken.START_ARRAY) {
                    List<String> entries = new ArrayList<>();
                    while (json.nextToken() != JsonToken.END_ARRAY) {
                        entries.add(json.getText());
                    }
                    values.put(field, entries);
                } else if (json.currentToken() == JsonToken.START_OBJECT) {
                    json.skipChildren();
                } else {
                    values.put(field, json.getText());
                }
            }
        }
        return values;
    }

    @Test
    void solveWritesOutputsStatesAndReport() throws IOException {
        int code = run(
                "solve",
                "--model",
                "@contraction.safetensors",
                "--input",
                "@u.npy",
                "--output",
                "@y.npy",
                "--state",
                "@x.npy",
                "--report",
                "@r.json",
                "--precision",
                "f64",
                "--tolerance",
                "1e-14");
        assertEquals(ExitCodes.OK, code, err::toString);
        Matrix states = NumpyFile.read(folder.resolve("x.npy")).toMatrix();
        // (10, 2.25): the residual of 1e-14 is amplified by at most |(I - A)^-1|_inf = 10.
        assertEquals(10, states.get(0, 0), 1e-12);
        assertEquals(2.25, states.get(0, 1), 1e-12);
        Matrix outputs = NumpyFile.read(folder.resolve("y.npy")).toMatrix();
        assertEquals(states.get(0, 0) + states.get(0, 1), outputs.get(0, 0));
        Map<String, Object> report = report("r.json");
        assertEquals("2", report.get("samples"));
        assertEquals("2", report.get("converged"));
        assertEquals("cpu", report.get("backend"));
        assertEquals("f64", report.get("precision"));
        assertEquals(List.of("CONVERGED", "CONVERGED"), report.get("status"));
        assertEquals(List.of("null", "null"), report.get("error_bound"));
        assertEquals("null", report.get("error_bound_norm"));
        assertTrue(report.containsKey("solver") && report.containsKey("device") && report.containsKey("wall_seconds"));
        assertEquals("", err.toString());
    }

    @Test
    void boundsOfErrorsAreReported() throws IOException {
        String[] solve = {
            "solve",
            "--model",
            "@contraction.safetensors",
            "--input",
            "@u.npy",
            "--report",
            "@r.json",
            "--state",
            "@x.npy"
        };
        String[] coarse = {"--solver", "picard", "--tolerance", "1e-3"};
        assertEquals(ExitCodes.OK, run(with(with(solve, coarse), "--certify")));
        Map<String, Object> report = report("r.json");
        assertEquals("max", report.get("error_bound_norm"));
        assertTrue(report.get("certificate").toString().startsWith("contraction by 0.7"), report::toString);
        Matrix states = NumpyFile.read(folder.resolve("x.npy")).toMatrix();
        assertEquals(Precision.F32, states.precision());
        double error = Math.max(Math.abs(states.get(0, 0) - 10), Math.abs(states.get(0, 1) - 2.25));
        double bound = bound(report, 0);
        // (I - A)^-1 has no negative entry, so that the bound is the error where the residual has one sign.
        assertTrue(bound >= error && bound <= 16 * error, () -> bound + " of " + error);
        assertTrue(out.toString().contains("certified  2, by contraction by 0.7"), out::toString);

        assertEquals(ExitCodes.OK, run(with(solve, "--until", "certified", "--tolerance", "1e-9")));
        Matrix certified = NumpyFile.read(folder.resolve("x.npy")).toMatrix();
        assertEquals(Precision.F64, certified.precision());
        assertEquals(10, certified.get(0, 0), 1e-9 * 11.3);
        assertTrue(bound(report("r.json"), 0) <= 1e-9 * 11.3);

        String[] wild = {"solve", "--model", "@wild.safetensors", "--input", "@u.npy", "--report", "@r.json"};
        model("wild.safetensors", Matrix.ofRows(new double[] {0, 3}, new double[] {-3, 2}));
        run(with(wild, "--certify"));
        assertEquals(List.of("null", "null"), report("r.json").get("error_bound"));
        assertTrue(out.toString().contains("certified  0, no error bound: neither"), out::toString);
        assertEquals(ExitCodes.BAD_INPUT, run(with(wild, "--until", "certified")));
        assertTrue(err.toString().startsWith("stillpoint: no error bound: neither"), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
    }

    private static double bound(Map<String, Object> report, int sample) {
        return Double.parseDouble(
                ((List<?>) report.get("error_bound")).get(sample).toString());
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new);
    }

    /// A network of two layers: `x_2 = relu(u_2)`, `x_1 = relu(2 x_2 + u_1)`.
    @Test
    void aSimplifiedModelIsSolvedInOnePass() throws IOException {
        model("network.safetensors", Matrix.ofRows(new double[] {0, 2}, new double[] {0, 0}));
        int code = run(
                "solve",
                "--simplify",
                "--model",
                "@network.safetensors",
                "--input",
                "@u.npy",
                "--output",
                "@y.npy",
                "--report",
                "@r.json");
        assertEquals(ExitCodes.OK, code, err::toString);
        Matrix outputs = NumpyFile.read(folder.resolve("y.npy")).toMatrix();
        assertEquals(4, outputs.get(0, 0));
        assertEquals(6, outputs.get(1, 0));
        Map<String, Object> report = report("r.json");
        assertEquals(List.of("1", "1"), report.get("iterations"));
        assertTrue(report.get("simplification").toString().contains("triangular"), report::toString);
        assertTrue(out.toString().contains("simplify   A is block triangular"), out::toString);
        refused(
                "neither --state nor --initial",
                "solve",
                "--simplify",
                "--model",
                "@network.safetensors",
                "--input",
                "@u.npy",
                "--state",
                "@x.npy");
    }

    @Test
    void samplesThatDoNotConvergeGiveCodeOne() throws IOException {
        int code = run(
                "solve",
                "--model",
                "@rotation.safetensors",
                "--input",
                "@u.npy",
                "--output",
                "@y.npy",
                "--report",
                "@r.json",
                "--solver",
                "picard");
        assertEquals(ExitCodes.NOT_CONVERGED, code, err::toString);
        assertTrue(Files.exists(folder.resolve("y.npy")), "outputs are written");
        assertEquals("MAX_ITERATIONS", ((List<?>) report("r.json").get("status")).get(1));
        assertEquals("1000", ((List<?>) report("r.json").get("iterations")).get(1));
    }

    @Test
    void autoChoosesWhatConverges() throws IOException {
        int code = run("solve", "--model", "@rotation.safetensors", "--input", "@u.npy", "--report", "@r.json");
        assertEquals(ExitCodes.OK, code, err::toString);
        assertTrue(report("r.json").get("solver").toString().startsWith("peaceman-rachford"));
        assertTrue(report("r.json").get("solved_by").toString().startsWith("[peaceman-rachford"));
        for (String solver :
                List.of("anderson", "broyden", "newton", "forward-backward", "peaceman-rachford", "douglas-rachford")) {
            String[] arguments = {
                "solve",
                "--model",
                "@rotation.safetensors",
                "--input",
                "@u.npy",
                "--solver",
                solver,
                "--report",
                "@r.json"
            };
            assertEquals(ExitCodes.OK, run(arguments), err::toString);
            assertTrue(report("r.json").get("solver").toString().startsWith(solver));
        }
    }

    @Test
    void theThreadsAndTheDeviceChangeNothing() throws IOException {
        byte[] first = null;
        for (String[] choice : new String[][] {{"--threads", "1"}, {"--threads", "2"}, {"--device", "scalar"}}) {
            assertEquals(
                    ExitCodes.OK,
                    run(
                            "solve",
                            "--model",
                            "@contraction.safetensors",
                            "--input",
                            "@u.npy",
                            "--output",
                            "@y.npy",
                            choice[0],
                            choice[1]),
                    err::toString);
            byte[] bytes = Files.readAllBytes(folder.resolve("y.npy"));
            assertArrayEquals(first == null ? bytes : first, bytes);
            first = bytes;
        }
    }

    @Test
    void anEmptyBatchIsAValidAnswer() throws IOException {
        NumpyFile.write(folder.resolve("none.npy"), Matrix.zeros(Precision.F32, 0, 2));
        int code = run(
                "solve",
                "--model",
                "@contraction.safetensors",
                "--input",
                "@none.npy",
                "--output",
                "@y.npy",
                "--report",
                "@r.json");
        assertEquals(ExitCodes.OK, code, err::toString);
        assertArrayEquals(
                new long[] {0, 1}, NumpyFile.read(folder.resolve("y.npy")).shape());
        assertEquals("0", report("r.json").get("samples"));
    }

    @Test
    void inputsThatAreNotFiniteHarmNoOther() throws IOException {
        NumpyFile.write(folder.resolve("nan.npy"), Matrix.ofRows(new double[] {Double.NaN, 1}, new double[] {1, 1}));
        int code = run("solve", "--model", "@contraction.safetensors", "--input", "@nan.npy", "--report", "@r.json");
        assertEquals(ExitCodes.NOT_CONVERGED, code, err::toString);
        assertEquals(List.of("NON_FINITE", "CONVERGED"), report("r.json").get("status"));
        assertEquals("null", ((List<?>) report("r.json").get("residual")).get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity"})
    void badNumbersInAModelAreRefused(String bad) throws IOException {
        archive("bad.npz", Matrix.ofRows(new double[] {0, Double.parseDouble(bad)}, new double[] {0, 0}), IDENTITY);
        refused("A: entry (0, 1) is " + bad, "solve", "--model", "@bad.npz", "--input", "@u.npy");
        refused("bad.npz", "check", "--model", "@bad.npz");
    }

    private void archive(String name, Matrix a, Matrix b) throws IOException {
        Map<String, NumericArray> arrays = new LinkedHashMap<>();
        arrays.put("A", NumericArray.of(a));
        arrays.put("B", NumericArray.of(b));
        arrays.put("C", NumericArray.of(Matrix.zeros(Precision.F64, 1, a.columns())));
        NumpyArchive.write(folder.resolve(name), arrays);
    }

    @Test
    void wrongShapesAreRefused() throws IOException {
        archive("wide.npz", Matrix.zeros(Precision.F64, 2, 3), IDENTITY);
        refused("has shape (2, 3), expected (2, 2)", "solve", "--model", "@wide.npz", "--input", "@u.npy");
        archive("tall.npz", Matrix.zeros(Precision.F64, 2, 2), Matrix.zeros(Precision.F64, 3, 1));
        refused("B", "solve", "--model", "@tall.npz", "--input", "@u.npy");
        archive("none.npz", Matrix.zeros(Precision.F64, 0, 0), Matrix.zeros(Precision.F64, 0, 2));
        refused("at least one state", "solve", "--model", "@none.npz", "--input", "@u.npy");
        NumpyFile.write(folder.resolve("three.npy"), Matrix.zeros(Precision.F32, 4, 3));
        refused("three.npy", "solve", "--model", "@contraction.safetensors", "--input", "@three.npy");
        refused(
                "three.npy",
                "solve",
                "--model",
                "@contraction.safetensors",
                "--input",
                "@u.npy",
                "--initial",
                "@three.npy");
    }

    /// `x_2 = 1/4 u_2` and `x_1 = (u_1 + 50 x_2)/4`, by name and by default.
    @Test
    void aTriangleIsSubstituted() throws IOException {
        model("triangle.safetensors", Matrix.ofRows(new double[] {-3, 50}, new double[] {0, -3}));
        for (String solver : List.of("auto", "backward-substitution")) {
            String[] arguments = {
                "solve",
                "--model",
                "@triangle.safetensors",
                "--input",
                "@u.npy",
                "--solver",
                solver,
                "--output",
                "@y.npy",
                "--report",
                "@r.json"
            };
            assertEquals(ExitCodes.OK, run(arguments), err::toString);
            assertEquals("backward-substitution", report("r.json").get("solver"));
            assertEquals(List.of("1", "1"), report("r.json").get("iterations"));
            Matrix y = NumpyFile.read(folder.resolve("y.npy")).toMatrix();
            assertEquals(3.375 + 0.25, y.get(0, 0));
            assertEquals(3.875 + 0.25, y.get(1, 0));
        }
        assertEquals(ExitCodes.OK, run("check", "--model", "@triangle.safetensors"), err::toString);
        assertTrue(out.toString().contains("backward-substitution"), out::toString);
    }

    @Test
    void badUsageIsRefused() throws IOException {
        String model = "@contraction.safetensors";
        refused("frobnicate", "solve", "--model", model, "--input", "@u.npy", "--frobnicate");
        refused("--input", "solve", "--model", model);
        refused("which command?");
        refused("no such file", "solve", "--model", "@absent.npz", "--input", "@u.npy");
        refused("no such file", "solve", "--model", model, "--input", "@absent.npy");
        refused("unknown activation 'step'", "solve", "--model", model, "--input", "@u.npy", "--activation", "step");
        refused("its activation is relu", "solve", "--model", model, "--input", "@u.npy", "--activation", "tanh");
        refused("unknown solver 'gauss'", "solve", "--model", model, "--input", "@u.npy", "--solver", "gauss");
        refused(
                "--alpha belongs",
                "solve",
                "--model",
                model,
                "--input",
                "@u.npy",
                "--solver",
                "picard",
                "--alpha",
                "1");
        refused(
                "relaxation",
                "solve",
                "--model",
                model,
                "--input",
                "@u.npy",
                "--solver",
                "picard",
                "--relaxation",
                "3");
        refused(
                "entry (1, 0) lies below the diagonal and entry (0, 1) above it",
                "solve",
                "--model",
                model,
                "--input",
                "@u.npy",
                "--solver",
                "backward-substitution");
        refused("--until is 'sure'", "solve", "--model", model, "--input", "@u.npy", "--until", "sure");
        refused("precision", "solve", "--model", model, "--input", "@u.npy", "--precision", "f16");
        refused("tolerance", "solve", "--model", model, "--input", "@u.npy", "--tolerance", "-1");
        refused("threads", "solve", "--model", model, "--input", "@u.npy", "--threads", "0");
        refused("max", "solve", "--model", model, "--input", "@u.npy", "--max-iterations", "0");
        refused("only once", "solve", "--model", model, "--model", model, "--input", "@u.npy");
    }

    @Test
    void aSolverRefusesAnActivationThatIsNoProximalMap() throws IOException {
        archive("m.npz", ROTATION, IDENTITY);
        refused(
                "proximal map",
                "solve",
                "--model",
                "@m.npz",
                "--input",
                "@u.npy",
                "--activation",
                "leaky-relu:-0.5",
                "--solver",
                "forward-backward",
                "--alpha",
                "0.1");
    }

    @Test
    void outputsThatCannotBeWrittenAreRefused() throws IOException {
        String model = "@contraction.safetensors";
        refused("absent", "solve", "--model", model, "--input", "@u.npy", "--output", "@absent/y.npy");
        Files.createDirectory(folder.resolve("folder"));
        refused("folder", "solve", "--model", model, "--input", "@u.npy", "--output", "@folder");
        refused(
                "target of two outputs",
                "solve",
                "--model",
                model,
                "--input",
                "@u.npy",
                "--output",
                "@y.npy",
                "--state",
                "@y.npy");
    }

    @Test
    void aBackendThatIsNotAvailableGivesCodeThree() {
        assertEquals(
                ExitCodes.UNAVAILABLE,
                run("solve", "--model", "@contraction.safetensors", "--input", "@u.npy", "--backend", "abacus"));
        assertTrue(err.toString().startsWith("stillpoint: there is no backend 'abacus'"), err::toString);
        assertEquals(
                ExitCodes.UNAVAILABLE,
                run("solve", "--model", "@contraction.safetensors", "--input", "@u.npy", "--device", "17"));
    }

    @Test
    void checkReports() throws IOException {
        assertEquals(ExitCodes.OK, run("check", "--model", "@contraction.safetensors", "--report", "@c.json"));
        Map<String, Object> report = report("c.json");
        assertEquals("true", report.get("well_posed"));
        double lower = Double.parseDouble(report.get("lambda_pf_lower").toString());
        double upper = Double.parseDouble(report.get("lambda_pf_upper").toString());
        assertTrue(lower <= Math.sqrt(0.5) && Math.sqrt(0.5) <= upper && upper - lower < 1e-9, report::toString);
        for (String key :
                List.of("condition", "norm_1", "norm_2", "norm_inf", "monotone_margin", "lipschitz", "structure")) {
            assertTrue(report.containsKey(key), key);
        }
        assertEquals(4, Double.parseDouble(report.get("norm_inf").toString()), 1e-12);

        archive("softmax.npz", Matrix.ofRows(new double[] {0, -10}, new double[] {0, 0}), IDENTITY);
        assertEquals(
                ExitCodes.OK,
                run("check", "--model", "@softmax.npz", "--activation", "softmax:2", "--report", "@s.json"));
        assertEquals("unknown", report("s.json").get("well_posed"), "it has two fixed points");
        archive("ill.npz", Matrix.ofRows(new double[] {1, 2}, new double[] {0, 0}), IDENTITY);
        assertEquals(ExitCodes.OK, run("check", "--model", "@ill.npz", "--report", "@i.json"));
        assertEquals("false", report("i.json").get("well_posed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"solve", "check", "devices", "demo", "experiment"})
    void everyCommandShowsItsHelpWithAnExample(String command) {
        assertEquals(ExitCodes.OK, run(command, "--help"));
        assertTrue(out.toString().contains("Example:"), out::toString);
        assertFalse(out.toString().contains("null"), out::toString);
    }
}

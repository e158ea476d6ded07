package dev.stillpoint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.io.NumpyFile;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `solve` from inside the program: outputs, states, reports and exit codes.
final class SolveCommandTest extends CommandLineCase {
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
}

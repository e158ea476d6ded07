package dev.stillpoint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.io.NumericArray;
import dev.stillpoint.io.NumpyArchive;
import dev.stillpoint.io.NumpyFile;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The commands from inside the program: one clear line for each mistake, reports of the others than `solve`,
/// help.
final class CommandLineTest extends CommandLineCase {
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

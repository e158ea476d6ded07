package dev.stillpoint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.model.ImplicitModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the README shows works as it stands there.
final class ReadmeIT {
    @TempDir
    Path folder;

    private static String readme() throws IOException {
        return Files.readString(Path.of(System.getProperty("stillpoint.readme")));
    }

    @Test
    void theJavaProgramRuns() throws Exception {
        Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(readme());
        assertTrue(block.find(), "the README has a Java program");
        Files.writeString(folder.resolve("Example.java"), block.group(1));
        ImplicitModel.of(
                        Matrix.ofRows(new double[] {0, 0.5}, new double[] {0.25, 0}),
                        Matrix.ofRows(new double[] {1, 0}, new double[] {0, 1}),
                        Matrix.ofRows(new double[] {1, 1}),
                        Activation.relu())
                .write(folder.resolve("model.safetensors"));
        Path lib = Path.of(System.getProperty("stillpoint.distribution"), "lib");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        assertTrue(readme().contains("java --add-modules jdk.incubator.vector --class-path"), "how it is started");
        RunningProgram without =
                RunningProgram.start(folder, List.of(java, "--class-path", lib + "/*", "Example.java"));
        assertTrue(without.errors().contains("--add-modules jdk.incubator.vector"), without.errors());
        RunningProgram program = RunningProgram.start(
                folder,
                List.of(java, "--add-modules", "jdk.incubator.vector", "--class-path", lib + "/*", "Example.java"));
        assertEquals(0, program.exitCode(), program.errors());
        List<String> lines = program.output().lines().toList();
        assertEquals(3, lines.size());
        for (int i = 0; i < 3; i++) {
            assertTrue(lines.get(i).startsWith("CONVERGED after "), lines.get(i));
            // x = (I - A)^-1 u, I - A = [[1, -1/2], [-1/4, 1]], so x1 + x2 = (1.25 u1 + 1.5 u2)/0.875.
            double expected = (1.25 * (2 * i + 1) + 1.5 * (2 * i + 2)) / 0.875;
            double y = Double.parseDouble(lines.get(i).replaceAll(".*y = ", ""));
            // |e| <= |r|/(1 - 1/2) in the max-norm, |r| <= 1e-6 |x|, two components.
            assertEquals(expected, y, 4 * 1e-6 * expected);
        }
    }

    @Test
    void theCommandsAreThoseOfTheProgram() throws Exception {
        String help = RunningProgram.stillpoint(folder, "--help").output();
        List<String> commands = names("| command | does |");
        assertEquals(5, commands.size());
        for (String command : commands) {
            assertTrue(help.contains("  " + command + " "), command);
        }
    }

    @Test
    void theSolversAreThoseOfTheProgram() throws Exception {
        String help = RunningProgram.stillpoint(folder, "solve", "--help").output();
        List<String> solvers = names("| `--solver` | takes |");
        assertEquals(10, solvers.size());
        for (String solver : solvers) {
            assertTrue(help.contains(solver), solver);
        }
    }

    /// The first column of a table of the README, whose cells are set as code.
    private static List<String> names(String heading) throws IOException {
        String text = readme();
        int begin = text.indexOf(heading);
        assertTrue(begin >= 0, heading);
        String table = text.substring(begin + heading.length(), text.indexOf("\n\n", begin));
        return Pattern.compile("^\\| `([\\w-]+)` \\|", Pattern.MULTILINE)
                .matcher(table)
                .results()
                .map(row -> row.group(1))
                .toList();
    }
}

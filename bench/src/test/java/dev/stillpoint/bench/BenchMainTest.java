package dev.stillpoint.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BenchMainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        CommandLine commandLine = BenchMain.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--nonsense | --nonsense",
                "solve | 'solve'",
                "--n=32,many | 'many' is not an int",
                "--n=32,0 | --n is 0, expected at least 1",
                "--threads=0 | --threads is 0, expected at least 1",
                "--iterations=-3 | --iterations is -3, expected at least 1",
                "--check-interval=0 | --check-interval is 0, expected at least 1",
                "--benchmark=solve,nonsense | unknown benchmark 'nonsense': expected one of solve, straggler, layers, projection, certify, solvers",
                "--benchmark=solve,solvers | --benchmark solvers stands alone, expected no other beside it",
                "--benchmark=projection --device=scalar | --device does not go with benchmark projection",
                "--benchmark=solvers --n=32 | --n does not go with --benchmark solvers",
                "--benchmark=solvers --device=nonsense | --device nonsense: the cpu backend has no device 'nonsense'",
                "--markdown=page.md | --markdown belongs to --benchmark solvers",
                "--activation=relu,nonsense | unknown activation 'nonsense'",
                "--n=64,30 --activation=softmax:4 | --activation: activation softmax:4 acts on blocks of 4, and the state has 30",
                "--precision=f16 | unknown precision 'f16': expected f32 or f64",
            })
    void badUsageIsOneLineAndTwo(String argument, String part) {
        assertEquals(2, execute(argument.split(" ")));
        assertOneLine(part);
    }

    @Test
    void aReportThatCouldNotBeWrittenIsRefusedBeforeMeasuring(@TempDir Path directory) {
        assertEquals(
                2, execute("--json", directory.resolve("absent/report.json").toString()));
        assertOneLine("report.json: expected a file in a directory that can be written to");
        err.getBuffer().setLength(0);
        assertEquals(2, execute("--json", directory.toString()));
        assertOneLine("expected a file");
        err.getBuffer().setLength(0);
        assertEquals(2, execute("--benchmark", "solvers", "--markdown", directory.toString()));
        assertOneLine("--markdown " + directory + ": expected a file");
    }

    @Test
    void helpNamesEveryOption() {
        assertEquals(0, execute("--help"));
        for (String option : new String[] {
            "--benchmark",
            "--n",
            "--m",
            "--activation",
            "--precision",
            "--threads",
            "--iterations",
            "--check-interval",
            "--device",
            "--forks",
            "--jvm",
            "--json",
            "--markdown"
        }) {
            assertTrue(out.toString().contains(option + "="), option);
        }
    }

    private void assertOneLine(String part) {
        assertEquals(1, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains(part), err.toString());
        assertEquals("", out.toString());
    }
}

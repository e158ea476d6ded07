package dev.stillpoint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.io.NumpyFile;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.model.ImplicitModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged program as a user meets it.
final class DistributionIT {
    @TempDir
    Path folder;

    @BeforeEach
    void files() throws IOException {
        Matrix identity = Matrix.ofRows(new double[] {1, 0}, new double[] {0, 1});
        ImplicitModel.of(
                        Matrix.ofRows(new double[] {0, 4}, new double[] {0.125, 0}),
                        identity,
                        identity,
                        Activation.relu())
                .write(folder.resolve("m.safetensors"));
        // A quarter turn: Picard iteration goes round for ever.
        ImplicitModel.of(
                        Matrix.ofRows(new double[] {0, -1}, new double[] {1, 0}),
                        identity,
                        identity,
                        Activation.identity())
                .write(folder.resolve("turn.safetensors"));
        NumpyFile.write(folder.resolve("u.npy"), Matrix.ofRows(new double[] {1, 2}, new double[] {3, 4}));
    }

    private List<String> listing() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void solvesAndSaysNothingOnStandardError() throws Exception {
        RunningProgram program = RunningProgram.stillpoint(
                folder, "solve", "--model", "m.safetensors", "--input", "u.npy", "--output", "y.npy");
        assertEquals(0, program.exitCode(), program.errors());
        assertEquals("", program.errors(), "no warning of the virtual machine reaches the user");
        assertEquals(2, NumpyFile.read(folder.resolve("y.npy")).shape()[0]);
    }

    @Test
    void aMistakeIsOneLine() throws Exception {
        RunningProgram program =
                RunningProgram.stillpoint(folder, "solve", "--model", "absent.npz", "--input", "u.npy");
        assertEquals(2, program.exitCode());
        assertEquals(1, program.errors().lines().count());
        assertTrue(program.errors().matches("stillpoint: absent.npz: no such file.*\\n"), program.errors());
        assertEquals("", program.output());
    }

    @Test
    void devicesAreListed() throws Exception {
        RunningProgram program = RunningProgram.stillpoint(folder, "devices");
        assertEquals(0, program.exitCode(), program.errors());
        assertTrue(program.output().contains("cpu 0: "), program.output());
        assertTrue(program.output().contains("opencl"), program.output());
        assertEquals("", program.errors());
    }

    @Test
    void anInterruptLeavesNothingBehind() throws Exception {
        List<String> before = listing();
        RunningProgram program = RunningProgram.stillpoint(
                folder,
                "solve",
                "--model",
                "turn.safetensors",
                "--input",
                "u.npy",
                "--output",
                "y.npy",
                "--solver",
                "picard",
                "--tolerance",
                "0",
                "--max-iterations",
                "2147483647");
        // Its temporary file shows that the solve is about to begin.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (listing().equals(before) && System.nanoTime() < end) {
            Thread.sleep(50);
        }
        assertFalse(listing().equals(before), "the output is begun");
        Thread.sleep(500);
        assertEquals(
                0,
                new ProcessBuilder(
                                "kill", "-INT", String.valueOf(program.process().pid()))
                        .start()
                        .waitFor());
        assertEquals(130, program.exitCode());
        assertEquals("stillpoint: interrupted; nothing is written\n", program.errors());
        assertEquals(before, listing(), "nothing half-written");
    }

    /// `/dev/shm` is a file system of limited size on Linux; an output larger than it must be refused at once.
    @Test
    void aDiskWithoutRoomIsNoticedBeforeTheSolve() throws Exception {
        Path small = Path.of("/dev/shm");
        assumeTrue(Files.isWritable(small), "there is no /dev/shm here");
        long room = Files.getFileStore(small).getUsableSpace();
        int rows = 1 << 20;
        long columns = room / rows / Float.BYTES + 1000;
        assumeTrue(columns < 60_000, "/dev/shm is too large to be a small disk");
        Path big = Files.createTempDirectory(small, "stillpoint");
        try {
            ImplicitModel.of(
                            Matrix.ofRows(new double[] {0}),
                            Matrix.ofRows(new double[] {1}),
                            Matrix.zeros(Precision.F32, (int) columns, 1),
                            Activation.relu())
                    .write(folder.resolve("wide.safetensors"));
            NumpyFile.write(folder.resolve("many.npy"), Matrix.zeros(Precision.F32, rows, 1));
            RunningProgram program = RunningProgram.stillpoint(
                    folder,
                    "solve",
                    "--model",
                    "wide.safetensors",
                    "--input",
                    "many.npy",
                    "--output",
                    big.resolve("y.npy").toString());
            assertEquals(2, program.exitCode(), program.errors());
            assertTrue(program.errors().contains("the disk has room for"), program.errors());
            assertEquals(1, program.errors().lines().count());
            try (var files = Files.list(big)) {
                assertEquals(0, files.count(), "nothing half-written");
            }
        } finally {
            Files.delete(big);
        }
    }

    @Test
    void runsThroughALinkAndFromAnywhere() throws Exception {
        Path program = Path.of(System.getProperty("stillpoint.distribution"), "bin", "stillpoint");
        Path link = Files.createSymbolicLink(folder.resolve("sp"), program);
        RunningProgram version = RunningProgram.start(folder, List.of(link.toString(), "--version"));
        assertEquals(0, version.exitCode(), version.errors());
        assertTrue(version.output().startsWith("stillpoint 0."), version.output());
    }

    /// The demonstration with a small model; its page stands by itself.
    @Test
    void theDemoWritesItsPage() throws Exception {
        RunningProgram program =
                RunningProgram.stillpoint(folder, "demo", "--order", "32", "--samples", "200", "--page", "page.html");
        assertEquals(0, program.exitCode(), program.errors());
        String page = Files.readString(folder.resolve("page.html"));
        assertTrue(page.contains("</html>") && !page.contains("src=\"http"), "no resource from elsewhere");
    }
}

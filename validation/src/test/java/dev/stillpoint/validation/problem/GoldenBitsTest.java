package dev.stillpoint.validation.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendProvider;
import dev.stillpoint.backend.Backends;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.backend.PlanOptions;
import dev.stillpoint.backend.SolvePlan;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.solver.SolveResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Golden bits: the hash of a result, as `golden-bits.txt` holds it for a set of problems, is the same on every
/// backend, vector width and machine. A hash that changes is a change of format.
final class GoldenBitsTest {
    private static final String FILE = "golden-bits.txt";

    /// Lines `HASH PROBLEM`.
    static Stream<String> lines() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(GoldenBitsTest.class.getResourceAsStream(FILE), FILE),
                StandardCharsets.UTF_8))) {
            List<String> lines = reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
            return lines.stream();
        }
    }

    /// Every structured problem has its line.
    @Test
    void structuredProblemsAreAmongThem() throws IOException {
        Set<ProblemSpec> golden = lines().map(line -> ProblemSpec.parse(line.substring(line.indexOf(' ') + 1)))
                .collect(Collectors.toSet());
        StructuredProblems.all()
                .forEach(text ->
                        assertTrue(golden.contains(ProblemSpec.parse(text)), () -> "no golden bits of " + text));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void everyEngineGivesTheGoldenBits(String line) throws NoSuchAlgorithmException {
        String expected = line.substring(0, line.indexOf(' '));
        ProblemSpec spec = ProblemSpec.parse(line.substring(line.indexOf(' ') + 1));
        for (BackendProvider provider : Backends.providers()) {
            for (DeviceInfo device : provider.devices()) {
                Backend backend = Backend.open(provider.name(), String.valueOf(device.index()));
                assertEquals(expected, hash(spec, backend), () -> backend.device() + ": " + spec);
            }
        }
    }

    /// Status, iterations, residual and state of every sample, and its outputs, in the byte order of NumPy.
    static String hash(ProblemSpec spec, Backend backend) throws NoSuchAlgorithmException {
        Problem problem = spec.generate();
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        PlanOptions options = new PlanOptions(spec.precision(), 2);
        try (SolvePlan plan = backend.prepare(problem.equation(), problem.solver(), problem.stopping(), options)) {
            SolveResult result = plan.solve(problem.inputs());
            Matrix outputs = problem.model().predict(problem.inputs(), result);
            for (int i = 0; i < result.samples(); i++) {
                digest.update(result.status(i).name().getBytes(StandardCharsets.UTF_8));
                digest.update(ByteBuffer.allocate(12)
                        .putInt(result.iterations(i))
                        .putDouble(result.residual(i))
                        .flip());
                update(digest, result.states(), i);
                update(digest, outputs, i);
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static void update(MessageDigest digest, Matrix matrix, int i) {
        ByteBuffer bytes = ByteBuffer.allocate(matrix.columns() * Double.BYTES);
        for (int j = 0; j < matrix.columns(); j++) {
            bytes.putDouble(matrix.get(i, j));
        }
        digest.update(bytes.flip());
    }
}

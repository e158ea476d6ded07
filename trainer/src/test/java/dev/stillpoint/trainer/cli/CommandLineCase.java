package dev.stillpoint.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.stillpoint.activation.Activation;
import dev.stillpoint.io.NumpyFile;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.model.ImplicitModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What the tests of commands share: a folder with two models and inputs, and a program that runs in it.
abstract class CommandLineCase {
    /// `W = [[0,-2],[2,0]]`, `b = (3,1)`: Picard runs a cycle of four, forward-backward solves it.
    static final Matrix ROTATION = Matrix.ofRows(new double[] {0, -2}, new double[] {2, 0});

    static final Matrix IDENTITY = Matrix.ofRows(new double[] {1, 0}, new double[] {0, 1});

    @TempDir
    Path folder;

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    @BeforeEach
    void files() throws IOException {
        model("contraction.safetensors", Matrix.ofRows(new double[] {0, 4}, new double[] {0.125, 0}));
        model("rotation.safetensors", ROTATION);
        NumpyFile.write(folder.resolve("u.npy"), Matrix.ofRows(new double[] {1, 1}, new double[] {3, 1}));
    }

    final void model(String name, Matrix a) throws IOException {
        ImplicitModel.of(a, IDENTITY, Matrix.ofRows(new double[] {1, 1}), Activation.relu())
                .write(folder.resolve(name));
    }

    final int run(String... arguments) {
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

    final void refused(String expected, String... arguments) throws IOException {
        List<Path> before = listing();
        assertEquals(ExitCodes.BAD_INPUT, run(arguments), () -> err.toString() + out);
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertTrue(err.toString().startsWith("stillpoint: "), err::toString);
        assertTrue(err.toString().contains(expected), () -> err + " should contain " + expected);
        assertEquals("", out.toString());
        assertEquals(before, listing(), "nothing is written");
    }

    final List<Path> listing() throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /// The scalars of a report, and each array as a list.
    final Map<String, Object> report(String name) throws IOException {
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
}

package dev.stillpoint.model;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.io.ArrayFile;
import dev.stillpoint.io.AtomicFile;
import dev.stillpoint.io.FormatException;
import dev.stillpoint.io.NumericArray;
import dev.stillpoint.io.Safetensors;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Implicit models as files: arrays `A (n, n)`, `B (n, p)`, `C (q, n)`, optionally `D (q, p)` and `bias (n)`.
///
/// A `.safetensors` file also carries the texts `kind` (`implicit`) and `activation`. An array of another name is
/// refused, so that a misspelt `bias` is not silently left out.
final class ModelFile {
    private static final String KIND = "kind";
    private static final String IMPLICIT = "implicit";
    private static final String ACTIVATION = "activation";
    private static final Set<String> NAMES = Set.of("A", "B", "C", "D", "bias");

    private ModelFile() {}

    static ImplicitModel read(Path file, @Nullable Activation given) throws IOException {
        ArrayFile arrays = ArrayFile.read(file);
        String kind = arrays.metadata().getOrDefault(KIND, IMPLICIT);
        if (!kind.equals(IMPLICIT)) {
            throw new FormatException("%s: holds a model of kind '%s', expected '%s'".formatted(file, kind, IMPLICIT));
        }
        Set<String> unknown = new TreeSet<>(arrays.names());
        unknown.removeAll(NAMES);
        if (!unknown.isEmpty()) {
            throw new FormatException(
                    "%s: holds arrays %s, expected A, B, C and optionally D and bias".formatted(file, unknown));
        }
        Activation activation = activation(arrays, given);
        NumericArray a = arrays.array("A");
        long n = a.expectShape(-1, -1).shape()[0];
        a.expectShape(n, n);
        NumericArray b = arrays.array("B").expectShape(n, -1);
        NumericArray c = arrays.array("C").expectShape(-1, n);
        NumericArray d = optional(arrays, "D");
        NumericArray bias = optional(arrays, "bias");
        if (d != null) {
            d.expectShape(c.shape()[0], b.shape()[1]);
        }
        if (bias != null) {
            bias.expectShape(n);
        }
        try {
            return ImplicitModel.of(
                    matrix(a),
                    matrix(b),
                    matrix(c),
                    d == null ? null : matrix(d),
                    bias == null ? null : matrix(bias),
                    activation);
        } catch (IllegalArgumentException refused) {
            throw because(file, refused);
        }
    }

    private static Activation activation(ArrayFile arrays, @Nullable Activation given) throws FormatException {
        String label = arrays.metadata().get(ACTIVATION);
        if (label == null) {
            if (given == null) {
                throw new FormatException(arrays.file() + ": does not say its activation, so it has to be given");
            }
            return given;
        }
        Activation stored;
        try {
            stored = Activation.parse(label);
        } catch (IllegalArgumentException refused) {
            throw because(arrays.file(), refused);
        }
        if (given != null && !given.equals(stored)) {
            throw new FormatException("%s: its activation is %s, and %s was given"
                    .formatted(arrays.file(), stored.label(), given.label()));
        }
        return stored;
    }

    private static FormatException because(Path file, IllegalArgumentException refused) {
        FormatException exception = new FormatException(file + ": " + refused.getMessage());
        exception.initCause(refused);
        return exception;
    }

    private static @Nullable NumericArray optional(ArrayFile arrays, String name) throws FormatException {
        return arrays.names().contains(name) ? arrays.array(name) : null;
    }

    private static Matrix matrix(NumericArray array) throws IOException {
        return array.toMatrix().frozen();
    }

    static void write(ImplicitModel model, AtomicFile file) throws IOException {
        Map<String, NumericArray> arrays = new LinkedHashMap<>();
        arrays.put("A", array(model.a()));
        arrays.put("B", array(model.b()));
        arrays.put("C", array(model.c()));
        LinearOperator d = model.d();
        if (d != null) {
            arrays.put("D", array(d));
        }
        Matrix bias = model.bias();
        if (bias != null) {
            arrays.put("bias", NumericArray.vector(bias));
        }
        Safetensors.write(
                file,
                arrays,
                Map.of(KIND, IMPLICIT, ACTIVATION, model.activation().label()));
    }

    private static NumericArray array(LinearOperator operator) {
        return NumericArray.of(operator.toMatrix());
    }
}

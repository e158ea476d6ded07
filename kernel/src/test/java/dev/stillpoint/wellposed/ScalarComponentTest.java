package dev.stillpoint.wellposed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.activation.Activation;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Verdicts on `x = phi(a x + b)` against the number of sign changes of `x - phi(a x + b)` over a grid of `x`, for
/// a grid of `b`; at the ends of the ranges, against the theory.
final class ScalarComponentTest {

    private static Activation activation(String label) {
        return Activation.parse(label);
    }

    private static DoubleUnaryOperator function(String label) {
        return switch (label) {
            case "relu" -> v -> Math.max(v, 0);
            case "tanh" -> Math::tanh;
            case "sigmoid" -> v -> 1 / (1 + Math.exp(-v));
            case "identity" -> v -> v;
            default -> {
                double slope = Double.parseDouble(label.substring(label.indexOf(':') + 1));
                yield v -> v < 0 ? slope * v : v;
            }
        };
    }

    /// Whether some `b` of the grid has a number of solutions other than one.
    private static boolean somewhereNotOne(DoubleUnaryOperator phi, double a) {
        for (double b = -30.03; b < 30; b += 0.37) {
            int changes = 0;
            double before = 0;
            for (double x = -400.0123; x < 400; x += 0.0237) {
                double value = x - phi.applyAsDouble(a * x + b);
                if (before != 0 && value * before < 0) {
                    changes++;
                }
                before = value;
            }
            if (changes != 1) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource({
        "relu, -7",
        "relu, 0.9",
        "relu, 1.1",
        "relu, 5",
        "leaky-relu:0.1, -20",
        "leaky-relu:0.1, 0.9",
        "leaky-relu:0.1, 1.1",
        "leaky-relu:0.1, 9",
        "leaky-relu:0.1, 12",
        "leaky-relu:2, 0.4",
        "leaky-relu:2, 0.6",
        "leaky-relu:2, 1.2",
        "leaky-relu:-0.5, -1.5",
        "leaky-relu:-0.5, -3",
        "leaky-relu:-0.5, 0.9",
        "identity, -3",
        "identity, 0.5",
        "identity, 2",
        "tanh, -9",
        "tanh, 0.9",
        "tanh, 1.5",
        "sigmoid, -40",
        "sigmoid, 3.5",
        "sigmoid, 6"
    })
    void agreesWithTheCountOfSolutions(String label, double a) {
        Verdict verdict = ScalarComponent.decide(activation(label), a);
        assertEquals(
                somewhereNotOne(function(label), a) ? Verdict.ILL_POSED : Verdict.WELL_POSED,
                verdict,
                label + ", a = " + a);
    }

    @ParameterizedTest
    @CsvSource({
        "relu, 1, ILL_POSED",
        "relu, 0.9999999999999999, WELL_POSED",
        "leaky-relu:0.25, 1, ILL_POSED",
        "leaky-relu:0.25, 4, ILL_POSED",
        "leaky-relu:0.25, 4.000000000000001, WELL_POSED",
        "leaky-relu:0.25, 3.9999999999999996, ILL_POSED",
        "leaky-relu:0.25, 0.9999999999999999, WELL_POSED",
        "identity, 1, ILL_POSED",
        "identity, 1.0000000000000002, WELL_POSED",
        "tanh, 1, WELL_POSED",
        "tanh, 1.0000000000000002, ILL_POSED",
        "sigmoid, 4, WELL_POSED",
        "sigmoid, 4.000000000000001, ILL_POSED",
        "softmax:1, 9, WELL_POSED",
        "group-norm:1, 9, WELL_POSED",
        "max-pool:1, 1, ILL_POSED",
        "max-pool:1, 9, WELL_POSED",
        "blocks:relu@1, 1, ILL_POSED",
        "blocks:sigmoid@1, 4, WELL_POSED"
    })
    void isSharpAtTheEnds(String label, double a, Verdict expected) {
        assertEquals(expected, ScalarComponent.decide(activation(label), a));
    }
}

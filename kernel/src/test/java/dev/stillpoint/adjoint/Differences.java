package dev.stillpoint.adjoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.model.ImplicitModel;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Gradients against central differences of a loss with step `h = 2^-15`, entry by entry, to `1e-6` of the
/// largest entry: differences are off by `h^2/6` times a third derivative, and by the error of the loss over `h`.
///
/// @param rounding the error of the loss over `h`
/// @param least what the largest entry of every gradient is above, so that there is something to compare
record Differences(double rounding, double least) {
    private static final double H = 0x1p-15;

    /// All letters of a model.
    void check(ImplicitModel model, Gradients gradients, ToDoubleFunction<ImplicitModel> loss) {
        check("A", model.a(), gradients.a(), a -> loss.applyAsDouble(with(model, a, null, null, null, null)));
        check("B", model.b(), gradients.b(), b -> loss.applyAsDouble(with(model, null, b, null, null, null)));
        check("C", model.c(), gradients.c(), c -> loss.applyAsDouble(with(model, null, null, c, null, null)));
        LinearOperator d = model.d();
        if (d == null) {
            assertEquals(List.of(), gradients.d());
        } else {
            check("D", d, gradients.d(), other -> loss.applyAsDouble(with(model, null, null, null, other, null)));
        }
        Matrix bias = model.bias();
        assertTrue(bias != null);
        check("bias", bias, gradients.bias(), o -> loss.applyAsDouble(with(model, null, null, null, null, o)));
    }

    private static ImplicitModel with(
            ImplicitModel model,
            @Nullable LinearOperator a,
            @Nullable LinearOperator b,
            @Nullable LinearOperator c,
            @Nullable LinearOperator d,
            @Nullable Matrix bias) {
        FixedPointProblem problem = new FixedPointProblem(
                a == null ? model.a() : a,
                b == null ? model.b() : b,
                bias == null ? model.bias() : bias,
                model.activation());
        return new ImplicitModel(problem, c == null ? model.c() : c, d == null ? model.d() : d);
    }

    /// Every letter of an operator.
    void check(String name, LinearOperator operator, List<Matrix> gradients, ToDoubleFunction<LinearOperator> loss) {
        List<Matrix> letters = OperatorLetters.of(operator);
        assertEquals(letters.size(), gradients.size());
        for (int l = 0; l < letters.size(); l++) {
            int at = l;
            check(name + ", letter " + l, letters.get(l), gradients.get(l), letter -> {
                List<Matrix> changed = new ArrayList<>(letters);
                changed.set(at, letter);
                return loss.applyAsDouble(OperatorLetters.replace(operator, changed));
            });
        }
    }

    /// One number.
    void check(String name, double at, double gradient, DoubleUnaryOperator loss) {
        check(
                name,
                Matrix.ofRows(new double[] {at}),
                Matrix.ofRows(new double[] {gradient}),
                value -> loss.applyAsDouble(value.get(0, 0)));
    }

    /// Every entry of a matrix.
    void check(String name, Matrix at, Matrix gradient, ToDoubleFunction<Matrix> loss) {
        double largest = 0;
        for (int i = 0; i < at.rows(); i++) {
            for (int j = 0; j < at.columns(); j++) {
                largest = Math.max(largest, Math.abs(gradient.get(i, j)));
            }
        }
        for (int i = 0; i < at.rows(); i++) {
            for (int j = 0; j < at.columns(); j++) {
                double above = loss.applyAsDouble(changed(at, i, j, H));
                double difference = (above - loss.applyAsDouble(changed(at, i, j, -H))) / (2 * H);
                double tolerance = 1e-6 * largest + rounding;
                assertEquals(difference, gradient.get(i, j), tolerance, "%s at %d, %d".formatted(name, i, j));
            }
        }
        assertTrue(largest > least, name + " is next to nothing");
    }

    private static Matrix changed(Matrix matrix, int i, int j, double by) {
        Matrix changed = Matrix.of(matrix.toDoubleArray(), matrix.rows(), matrix.columns());
        changed.set(i, j, matrix.get(i, j) + by);
        return changed;
    }
}

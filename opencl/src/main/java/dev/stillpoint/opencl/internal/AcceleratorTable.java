package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.backend.StepRecipe.Acceleration;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;

/// What the kernels of a solve are told of a recipe's acceleration: which it is, its history, and its memory.
final class AcceleratorTable {
    private static final int TILE = 8;

    private final StepRecipe recipe;

    AcceleratorTable(StepRecipe recipe) {
        this.recipe = recipe;
    }

    /// Columns or steps at most; 0 where there is no acceleration.
    int history() {
        return switch (recipe.acceleration()) {
            case null -> 0;
            case Acceleration.Mixing(int history) -> history;
            case Acceleration.Secant(int history) -> history;
            case Acceleration.Newton(int columns) -> columns;
        };
    }

    /// Rows of a panel's lanes that the acceleration keeps, as the heads of its files say.
    long rows() {
        long h = history();
        long n = recipe.operator().rows();
        long tiles = Math.ceilDiv(n, TILE);
        return switch (recipe.acceleration()) {
            case null -> 0;
            case Acceleration.Mixing _ -> 5 + 4 * h + 2 * h * h + (2 * h + 3) * n + 2 * h * tiles;
            case Acceleration.Secant _ -> 9 + h + (h + 2) * n + tiles;
            case Acceleration.Newton(int columns) ->
                columns > 0 ? 10 + 4 * h + h * h + (h + 5) * n + tiles : 9 + 7 * n + n * n;
        };
    }

    /// Operations of an iteration beside `f`, about.
    long flops() {
        long h = history();
        long n = recipe.operator().rows();
        return switch (recipe.acceleration()) {
            case null -> 0;
            case Acceleration.Mixing _ -> 6 * h * n + h * h * h;
            case Acceleration.Secant _ -> 6 * h * n;
            case Acceleration.Newton(int columns) -> columns > 0 ? 4 * h * n : n * n * n;
        };
    }

    /// Adds the entries that elimination reads to the constants; where they begin.
    long addMatrix(Entries constants) {
        int n = recipe.operator().rows();
        if (!(recipe.acceleration() instanceof Acceleration.Newton(int columns)) || columns > 0) {
            return 0;
        }
        Matrix a = recipe.operator().toMatrix();
        return constants.add((long) n * n, target -> {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    target.put((long) i * n + j, a.get(i, j));
                }
            }
        });
    }

    /// Defines what the kernels ask for.
    void define(Prelude prelude, Precision precision) {
        if (recipe.acceleration() == null) {
            return;
        }
        prelude.define("ACCELERATED");
        prelude.define("UNIT_ROUNDOFF", "((REAL)" + Double.toHexString(precision.unitRoundoff()) + "f)");
        switch (recipe.acceleration()) {
            case Acceleration.Mixing _ -> prelude.define("ANDERSON");
            case Acceleration.Secant _ -> prelude.define("BROYDEN");
            case Acceleration.Newton(int columns) -> {
                prelude.define("NEWTON");
                prelude.define(columns > 0 ? "KRYLOV" : "ELIMINATION");
            }
        }
    }
}

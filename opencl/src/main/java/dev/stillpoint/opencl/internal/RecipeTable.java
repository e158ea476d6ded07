package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.backend.StepRecipe.Combination;
import dev.stillpoint.backend.StepRecipe.Resolvent;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.SequentialAveraging.InverseNorm;
import dev.stillpoint.solver.StoppingRule;
import java.util.EnumSet;
import java.util.OptionalDouble;

/// A recipe, a stopping rule and a patience as what the kernels of a solve read: integers, constants and entries
/// in memory, and the prelude that says which code there has to be. The text of a program depends on the kinds of
/// things in a recipe, not on its sizes, so that programs are few.
final class RecipeTable {
    /// Panels of the state: `x`, its successor, the best; and `z`.
    private static final int STATE_PANELS = 4;

    /// Constants before the parameters of the activation.
    private static final int PARAMETERS = 8;

    private final StepRecipe recipe;
    private final Precision precision;
    private final Tuning tuning;
    private final EnumSet<Leaf> leaves = EnumSet.noneOf(Leaf.class);
    private final EnumSet<PartKind> parts = EnumSet.noneOf(PartKind.class);
    private final Entries entries;
    private final Integers tables = new Integers();
    private final Integers indices = new Integers();
    private final Entries constants;
    private final int scratch;
    private final AcceleratorTable accelerator;

    RecipeTable(StepRecipe recipe, StoppingRule stopping, int patience, Precision precision, Tuning tuning) {
        this.recipe = recipe;
        this.precision = precision;
        this.tuning = tuning;
        entries = new Entries(precision);
        constants = new Entries(precision);
        int n = recipe.operator().rows();
        Matrix bias = recipe.bias();
        entries.add(n, target -> {
            for (int i = 0; bias != null && i < n; i++) {
                target.put(i, bias.get(0, i));
            }
        });
        for (int i = 0; i < Slot.SIZE; i++) {
            tables.add(0);
        }
        Resolvent resolvent = recipe.resolvent();
        ProductTable operator = new ProductTable(recipe.operator(), tuning.rows(), entries, indices, leaves);
        ProductTable input = new ProductTable(recipe.input(), tuning.rows(), entries, indices, leaves);
        int most = Math.max(operator.scratch(), input.scratch());
        put(Slot.OPS, Slot.COUNT, operator.ops(), operator.count());
        put(Slot.INPUT_OPS, Slot.INPUT_COUNT, input.ops(), input.count());
        if (resolvent != null) {
            ProductTable inverse = new ProductTable(resolvent.operator(), tuning.rows(), entries, indices, leaves);
            put(Slot.RESOLVENT_OPS, Slot.RESOLVENT_COUNT, inverse.ops(), inverse.count());
            most = Math.max(most, inverse.scratch());
        }
        scratch = most;
        ActivationTable value = new ActivationTable(recipe.activation(), n, precision, OptionalDouble.empty(), parts);
        ActivationTable proximal = new ActivationTable(recipe.activation(), n, precision, recipe.proxStep(), parts);
        put(Slot.VALUES, Slot.VALUE_COUNT, value.parts(), value.count());
        put(Slot.PROXIMAL, Slot.PROXIMAL_COUNT, proximal.parts(), proximal.count());
        int interval = stopping.checkInterval();
        set(Slot.N, n);
        set(Slot.P, recipe.input().columns());
        set(Slot.INTERVAL, interval);
        set(Slot.MOST, stopping.maxIterations());
        set(Slot.PATIENCE, Math.multiplyExact(Math.ceilDiv(patience, interval), interval));
        set(Slot.SCRATCH, scratch);
        accelerator = new AcceleratorTable(recipe);
        set(Slot.HISTORY, accelerator.history());
        set(Slot.MEMORY, Math.toIntExact(accelerator.rows()));
        set(Slot.INDICES, tables.size());
        tables.addAll(indices.toArray());
        tables.add(0);
        double alpha = resolvent == null ? 0 : resolvent.alpha();
        constant(stopping.absolute());
        constant(stopping.relative());
        constant(alpha);
        constant(1 - alpha);
        constant(recipe.combine().first());
        constant(recipe.combine().second());
        constant(recipe.relax().first());
        constant(recipe.relax().second());
        value.parameters().forEach(this::constant);
        proximal.parameters().forEach(this::constant);
        set(Slot.MATRIX, Math.toIntExact(accelerator.addMatrix(constants)));
    }

    private void constant(double value) {
        constants.add(1, target -> target.put(0, value));
    }

    private void set(Slot slot, int value) {
        tables.set(slot.place(), value);
    }

    private void put(Slot begin, Slot count, int[] values, int number) {
        set(begin, tables.size());
        set(count, number);
        tables.addAll(values);
    }

    /// The integers.
    int[] tables() {
        return tables.toArray();
    }

    /// The constants.
    Entries constants() {
        return constants;
    }

    /// The entries of the operators, behind the bias.
    Entries entries() {
        return entries;
    }

    private boolean needsMap() {
        return !recipe.evaluatesMap() || recipe.keepsArgument();
    }

    private boolean splits() {
        return recipe.resolvent() != null;
    }

    private boolean needsSpare() {
        return tuning.general() || parts.stream().anyMatch(PartKind::needsSpare);
    }

    private int mapPanel() {
        return needsMap() ? STATE_PANELS : 0;
    }

    private int pointPanel() {
        return STATE_PANELS + 1;
    }

    private int sparePanel() {
        return needsSpare() ? STATE_PANELS + (needsMap() ? 1 : 0) + (splits() ? 1 : 0) : 0;
    }

    private int solvePanels() {
        return STATE_PANELS + (needsMap() ? 1 : 0) + (splits() ? 1 : 0) + (needsSpare() ? 1 : 0);
    }

    private int stagePanels() {
        return splits() ? 3 : 1;
    }

    /// Operations of an iteration of a sample, about.
    long flops() {
        return Math.max(1, recipe.operator().flops() + accelerator.flops());
    }

    /// Values of the memory that a work-group of `solve` works in.
    long solveValues() {
        long n = recipe.operator().rows();
        long tiles = Math.ceilDiv(n, 8);
        return (solvePanels() * n + 2 * tiles + scratch + accelerator.rows()) * tuning.lanes();
    }

    /// Values of the memory that a work-group of `stage` works in.
    long stageValues() {
        long n = recipe.operator().rows();
        return (stagePanels() * n + recipe.input().columns() + scratch) * tuning.lanes();
    }

    /// Integers of 64 bits in which a work-group of `solve` keeps its place.
    int progressSize() {
        return 4 * tuning.lanes() + 5;
    }

    /// What the kernel reads for each iteration of the sequential averaging method.
    ///
    /// @param most iterations at most
    Entries schedule(int most) {
        SequentialAveraging method = recipe.averaging();
        boolean inverse = isInverse();
        Entries schedule = new Entries(inverse ? Precision.F64 : precision);
        if (method == null) {
            return schedule;
        }
        double gamma = method.gamma();
        schedule.add(2L * (most + 1L), target -> {
            if (method.regulariser() instanceof InverseNorm norm) {
                target.put(0, norm.eps());
                target.put(1, gamma);
            }
            for (int k = 1; k <= most; k++) {
                double beta = method.beta(k);
                double lambda = method.lambda(k);
                target.put(2L * k, inverse ? beta : 1 - beta);
                target.put(2L * k + 1, inverse ? lambda : beta * (1 - gamma * lambda - gamma));
            }
        });
        return schedule;
    }

    private boolean isInverse() {
        return isInverse(recipe);
    }

    private static boolean isInverse(StepRecipe recipe) {
        SequentialAveraging method = recipe.averaging();
        return method != null && method.regulariser() instanceof InverseNorm;
    }

    /// Whether the kernels compute in FP64.
    static boolean needsDouble(StepRecipe recipe, Precision precision) {
        return precision == Precision.F64 || isInverse(recipe);
    }

    /// The definitions before the text of the kernels.
    String prelude() {
        Prelude prelude = new Prelude(precision);
        if (isInverse()) {
            prelude.enableDouble();
        }
        Slot.define(prelude);
        prelude.defineKinds(precision, tuning, leaves, parts);
        Outcome.define(prelude);
        String[] names = {"ABSOLUTE", "RELATIVE", "ALPHA", "REST", "C0", "C1", "C3", "C4"};
        for (int at = 0; at < names.length; at++) {
            prelude.define("CONSTANT_" + names[at], at);
        }
        prelude.define("CONSTANT_PARAMETERS", PARAMETERS);
        prelude.define("COUNTER_NEXT", 0);
        prelude.define("COUNTER_LIVE", 1);
        prelude.define("SOLVE_PANELS", solvePanels());
        prelude.define("STAGE_PANELS", stagePanels());
        prelude.define("MAP_PANEL", mapPanel());
        prelude.define("SPARE_PANEL", sparePanel());
        prelude.define("POINT_PANEL", pointPanel());
        prelude.define("PROGRESS_SIZE", progressSize());
        prelude.define("SCHEDULE", isInverse() ? "double" : "REAL");
        if (splits()) {
            prelude.define("RESOLVENT");
        } else if (recipe.evaluatesMap()) {
            prelude.define("EVALUATES_MAP");
        }
        if (recipe.averaging() != null) {
            prelude.define("AVERAGING");
        }
        if (isInverse()) {
            prelude.define("INVERSE_NORM");
        }
        accelerator.define(prelude, precision);
        combination(prelude, "COMBINE", recipe.combine());
        combination(prelude, "RELAX", recipe.relax());
        return prelude.toString();
    }

    private static void combination(Prelude prelude, String name, Combination combination) {
        if (combination.isScaled()) {
            prelude.define(name + "_SCALED");
        }
        if (combination.addsState()) {
            prelude.define(name + "_ADDS");
        }
    }
}

package dev.stillpoint.model;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.wellposed.PerturbationBound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What [simplify][ImplicitModel#simplify()] made of a model: a cheaper one with the same predictions, what it
/// found, and what that saves.
///
/// State `i` of the rewritten model is state [#original(int)] of the model that it was made of; states that the
/// prediction does not need are gone. Immutable.
public final class Simplification {
    private final ImplicitModel original;
    private final ImplicitModel model;
    private final List<String> findings;
    private final int[] order;
    private final int[] positions;
    private final Optional<PerturbationBound> errorBound;

    Simplification(
            ImplicitModel original,
            ImplicitModel model,
            List<String> findings,
            int[] order,
            Optional<PerturbationBound> errorBound) {
        this.original = original;
        this.model = model;
        this.findings = List.copyOf(findings);
        this.order = order.clone();
        positions = new int[original.stateSize()];
        Arrays.fill(positions, -1);
        for (int i = 0; i < order.length; i++) {
            positions[order[i]] = i;
        }
        this.errorBound = errorBound;
    }

    /// The same with one finding more.
    Simplification with(String finding) {
        List<String> more = new ArrayList<>(findings);
        more.add(finding);
        return new Simplification(original, model, more, order, errorBound);
    }

    /// The rewritten model: the original one, the same object, where no cheaper form was found.
    public ImplicitModel model() {
        return model;
    }

    /// Whether the model is another one.
    public boolean isChanged() {
        return model != original;
    }

    /// What was found, a sentence each; never empty.
    public List<String> findings() {
        return findings;
    }

    /// Operations of a product with `A`, as it was.
    public long flopsBefore() {
        return original.a().flops();
    }

    /// Operations of a product with the rewritten `A`. A block triangular one is solved block after block, and then
    /// blocks off the diagonal are used once a solve, not once an iteration.
    public long flopsAfter() {
        return model.a().flops();
    }

    /// Operations of the products with `B`, `C` and `D`, once a sample, as they were.
    public long sampleFlopsBefore() {
        return sampleFlops(original);
    }

    /// Operations of the products with the rewritten `B`, `C` and `D`.
    public long sampleFlopsAfter() {
        return sampleFlops(model);
    }

    private static long sampleFlops(ImplicitModel model) {
        var d = model.d();
        return model.b().flops() + model.c().flops() + (d == null ? 0 : d.flops());
    }

    /// The original index of state `i` of the rewritten model.
    ///
    /// @throws IndexOutOfBoundsException when there is no such state
    public int original(int i) {
        return order[i];
    }

    /// The index that state `i` of the original model has in the rewritten one, or -1 where it was removed.
    ///
    /// @throws IndexOutOfBoundsException when there is no such state
    public int position(int i) {
        return positions[i];
    }

    /// States of the original model, such as starts, as those of the rewritten one.
    ///
    /// @param states `(samples, n)` with `n` states of the original model, not modified
    /// @return a new matrix in the same precision
    /// @throws ShapeException when there are not as many states
    public Matrix select(Matrix states) {
        ShapeException.checkColumns("states", states, positions.length);
        Matrix selected = Matrix.zeros(states.precision(), states.rows(), order.length);
        double[] from = new double[positions.length];
        double[] to = new double[order.length];
        for (int s = 0; s < states.rows(); s++) {
            states.getRow(s, from, 0);
            Arrays.setAll(to, i -> from[order[i]]);
            selected.setRow(s, to, 0);
        }
        return selected;
    }

    /// A bound of what the rewriting changes in the state, in the order of the rewritten model; empty where the
    /// rewriting is exact, with a tolerance that was not used too. With `x0` the state of the rewritten model,
    /// `errorBound().orElseThrow().bound(x0)` bounds its distance from the original's.
    public Optional<PerturbationBound> errorBound() {
        return errorBound;
    }

    /// The findings, a line each.
    @Override
    public String toString() {
        return String.join(System.lineSeparator(), findings);
    }
}

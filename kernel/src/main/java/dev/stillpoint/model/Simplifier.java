package dev.stillpoint.model;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.wellposed.PerturbationBound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The rewriting behind [ImplicitModel#simplify()]: states that are not needed go, the others are put in an order
/// in which `A` is block triangular, and what is left is stored in its cheapest form.
///
/// A candidate replaces the model only where [OperatorCost] finds it cheaper.
final class Simplifier {
    private final ImplicitModel model;
    private final Form a;
    private final Form b;
    private final Form c;
    private final ActivationBlocks blocks;
    private final List<String> findings = new ArrayList<>();

    private Simplifier(ImplicitModel model) {
        this.model = model;
        a = Form.of(model.a());
        b = Form.of(model.b());
        c = Form.of(model.c());
        blocks = ActivationBlocks.of(model.activation(), model.stateSize());
    }

    /// The exact rewriting.
    static Simplification exact(ImplicitModel model) {
        return new Simplifier(model).exact();
    }

    /// The rewriting with entries of `A` that may be off by `tolerance`.
    ///
    /// @throws IllegalArgumentException when the tolerance is negative or not finite
    /// @throws IllegalStateException when something can be approximated and the error cannot be bounded
    static Simplification within(ImplicitModel model, double tolerance) {
        if (!(tolerance >= 0 && tolerance < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + ", expected a number of at least 0");
        }
        Simplification exact = exact(model);
        return tolerance == 0 ? exact : new Simplifier(model).approximate(tolerance, exact);
    }

    private Simplification exact() {
        Reduced reduced = reduce(false);
        Partition partition = Partition.of(reduced.a().pattern().over(reduced.blocks()), reduced.blocks());
        int[] order = reduced.blocks().statesOf(partition.order());
        Form ordered = isIdentity(order) ? reduced.a() : reduced.a().selected(order, order);
        Candidate candidate = candidate(reduced, partition, BlockSource.exact(ordered));
        if (cost(candidate.model()) < cost(model)) {
            return result(candidate, partition, Optional.empty());
        }
        List<String> nothing =
                new ArrayList<>(List.of("nothing found that makes the model cheaper: it stays as it is"));
        addUnusedInputs(b, nothing);
        return new Simplification(model, model, nothing, all(model.stateSize()), Optional.empty());
    }

    private Simplification approximate(double tolerance, Simplification exact) {
        // A constant that is rounded would be an error that the bound does not know.
        Reduced reduced = reduce(true);
        if (!(reduced.a() instanceof StoredEntries entries)) {
            return exact.with("A is given by factors, and the tolerance is for entries that are stored: not used");
        }
        StoredEntries large = entries.where(value -> Math.abs(value) > tolerance);
        Partition partition = Partition.of(large.pattern().over(reduced.blocks()), reduced.blocks());
        int[] order = reduced.blocks().statesOf(partition.order());
        BlockApproximation source = new BlockApproximation(entries.selected(order, order), tolerance);
        Candidate candidate = candidate(reduced, partition, source);
        if (!source.isApproximate() || cost(candidate.model()) >= cost(exact.model())) {
            return exact.with("errors of up to " + tolerance + " in entries of A would save nothing more: not used");
        }
        PerturbationBound bound = PerturbationBound.of(
                source.magnitude(), source.error(), candidate.model().activation());
        findings.add(
                "entries of A are off by up to %s, which moves the state by up to %.3g of its weighted maximum norm"
                        .formatted(tolerance, bound.factor()));
        return result(candidate, partition, Optional.of(bound));
    }

    /// A model without the states that are not needed, in the original order.
    ///
    /// @param states the original indices of its states
    @SuppressWarnings("ArrayRecordComponent") // private data that never leaves the class
    private record Reduced(
            int[] states,
            ActivationBlocks blocks,
            Form a,
            Form b,
            Form c,
            @Nullable Matrix bias) {}

    private Reduced reduce(boolean exactly) {
        Influence influence = Influence.of(blocks, a, b, c, model.bias(), exactly);
        int[] kept = influence.kept();
        if (kept.length == 0) {
            return stateless();
        }
        int dead = influence.deadStates();
        if (dead > 0) {
            findings.add(StructureText.count(dead, "state influences", "states influence")
                    + " neither the output nor another state that does: removed");
        }
        int folded = influence.foldedStates();
        if (folded > 0) {
            findings.add(StructureText.count(folded, "state depends", "states depend")
                    + " on nothing: constant, folded into the bias");
        }
        int[] states = blocks.statesOf(kept);
        boolean whole = kept.length == blocks.count();
        return new Reduced(
                states,
                blocks.select(kept),
                whole ? a : a.selected(states, states),
                whole ? b : b.selected(states, all(b.columns())),
                whole ? c : c.selected(all(c.rows()), states),
                influence.biasOf(states, model.bias()));
    }

    /// A model needs at least one state; here it is a block that nothing depends on.
    private Reduced stateless() {
        findings.add("no state influences the output: all are removed but one block without influence");
        int[] first = {0};
        int size = blocks.size(0);
        return new Reduced(
                blocks.statesOf(first),
                blocks.select(first),
                StoredEntries.zero(size, size),
                StoredEntries.zero(size, b.columns()),
                StoredEntries.zero(c.rows(), size),
                null);
    }

    /// A rewritten model and the original indices of its states.
    @SuppressWarnings("ArrayRecordComponent") // private data that never leaves the class
    private record Candidate(ImplicitModel model, int[] original, boolean permuted, Form b) {}

    private Candidate candidate(Reduced reduced, Partition partition, BlockSource source) {
        int[] order = reduced.blocks().statesOf(partition.order());
        int[] original = Arrays.stream(order).map(i -> reduced.states()[i]).toArray();
        boolean permuted = !isIdentity(order);
        boolean same = !permuted && original.length == model.stateSize();
        Form newB = permuted ? reduced.b().selected(order, all(b.columns())) : reduced.b();
        Form newC = permuted ? reduced.c().selected(all(c.rows()), order) : reduced.c();
        LinearOperator d = model.d();
        FixedPointProblem problem = new FixedPointProblem(
                solveCheaper(same, BlockSource.assemble(partition, reduced.blocks(), source)),
                same ? cheaper(model.b(), newB) : newB.cheapest(),
                ordered(reduced.bias(), order),
                reduced.blocks().select(partition.order()).activation());
        LinearOperator outputs = same ? cheaper(model.c(), newC) : newC.cheapest();
        ImplicitModel rewritten = new ImplicitModel(problem, outputs, d == null ? null : cheaper(d, Form.of(d)));
        return new Candidate(rewritten, original, permuted, newB);
    }

    private LinearOperator solveCheaper(boolean same, LinearOperator found) {
        return same && OperatorCost.ofSolve(found) >= OperatorCost.ofSolve(model.a()) ? model.a() : found;
    }

    private static LinearOperator cheaper(LinearOperator operator, Form form) {
        LinearOperator cheapest = form.cheapest();
        return OperatorCost.of(cheapest) < OperatorCost.of(operator) ? cheapest : operator;
    }

    private static @Nullable Matrix ordered(@Nullable Matrix bias, int[] order) {
        if (bias == null || isIdentity(order)) {
            return bias;
        }
        Matrix ordered = Matrix.zeros(bias.precision(), 1, order.length);
        for (int i = 0; i < order.length; i++) {
            ordered.set(0, i, bias.get(0, order[i]));
        }
        return ordered.frozen();
    }

    private static double cost(ImplicitModel model) {
        LinearOperator d = model.d();
        return OperatorCost.ofSolve(model.a())
                + OperatorCost.of(model.b())
                + OperatorCost.of(model.c())
                + (d == null ? 0 : OperatorCost.of(d));
    }

    private Simplification result(Candidate candidate, Partition partition, Optional<PerturbationBound> bound) {
        ImplicitModel rewritten = candidate.model();
        if (rewritten.a() instanceof BlockTriangularOperator triangular && !triangular.equals(model.a())) {
            findings.addAll(StructureText.ofBlocks(triangular, partition.explicitGroups(), candidate.permuted()));
        } else {
            addForm("A", model.a(), rewritten.a());
        }
        addForm("B", model.b(), rewritten.b());
        addForm("C", model.c(), rewritten.c());
        LinearOperator d = model.d();
        LinearOperator newD = rewritten.d();
        if (d != null && newD != null) {
            addForm("D", d, newD);
        }
        addUnusedInputs(candidate.b(), findings);
        Simplification done = new Simplification(model, rewritten, findings, candidate.original(), bound);
        return done.with("a product with A takes %d operations instead of %d, those with B, C and D %d instead of %d"
                .formatted(done.flopsAfter(), done.flopsBefore(), done.sampleFlopsAfter(), done.sampleFlopsBefore()));
    }

    private void addForm(String name, LinearOperator before, LinearOperator after) {
        if (before.getClass() != after.getClass()) {
            findings.add(name + " is " + StructureText.form(after));
        }
    }

    /// IDL-21 §5.1: a zero column of `B` and `D`.
    private void addUnusedInputs(Form newB, List<String> sentences) {
        boolean[] used = newB.pattern().usedColumns();
        LinearOperator d = model.d();
        boolean[] passed =
                d == null ? new boolean[used.length] : Form.of(d).pattern().usedColumns();
        int unused = (int) IntStream.range(0, used.length)
                .filter(j -> !used[j] && !passed[j])
                .count();
        if (unused > 0) {
            sentences.add(StructureText.count(unused, "input plays", "inputs play") + " no role in the prediction");
        }
    }

    private static int[] all(int count) {
        return IntStream.range(0, count).toArray();
    }

    private static boolean isIdentity(int[] order) {
        return Arrays.equals(order, all(order.length));
    }
}

package dev.stillpoint.internal.engine;

import dev.stillpoint.internal.reference.LeafGradient;
import dev.stillpoint.internal.reference.SampleRows;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/// The sums of the gradient with respect to an operator, and the blocks of samples that go into them.
///
/// A block is as many samples as keep what the leaves store of it near [#BLOCK] values. For each, panels of samples
/// are first taken down to the leaves, then the parts of the leaves go on with their sums; threads claim one panel,
/// or part, after another, as what each is does not depend on who does it.
public final class GradientSum {
    /// Values of a block in all leaves together.
    private static final int BLOCK = 1 << 20;

    /// The most samples of a block: with more, nothing is gained.
    private static final int MOST = 1024;

    private final int rows;
    private final int columns;
    private final int lanes;

    /// The most samples of a block.
    private final int capacity;

    /// Samples that the leaves have room for.
    private int reserved;

    private final GradientNode root;
    private final List<LeafGradient> leaves = new ArrayList<>();

    /// The first part of each leaf among all, and where the last one's end.
    private final int[] partBegins;

    /// What each thread has of its own: a panel of `v`, one of `x`, and what the nodes want to be lent.
    private final List<double[]> scratch = new ArrayList<>();

    /// Sums that are 0.
    public GradientSum(LinearOperator operator, GradientEngine engine) {
        rows = operator.rows();
        columns = operator.columns();
        lanes = engine.lanes();
        root = GradientNode.of(operator, engine, leaves);
        long values = leaves.stream().mapToLong(LeafGradient::values).sum();
        long most = Math.min(MOST, BLOCK / Math.max(1, values));
        capacity = (int) Math.max(lanes, most / lanes * lanes);
        partBegins = new int[leaves.size() + 1];
        for (int l = 0; l < leaves.size(); l++) {
            partBegins[l + 1] = Math.addExact(partBegins[l], leaves.get(l).parts());
        }
    }

    /// Goes on with the sums over samples.
    ///
    /// @param v `(samples, rows)`
    /// @param x `(samples, columns)`
    /// @param threads of the crew, which work
    public void add(Matrix v, Matrix x, int threads, Crew crew) {
        int needed = Math.min(capacity, v.rows());
        if (needed > reserved) {
            leaves.forEach(leaf -> leaf.reserve(needed));
            reserved = needed;
        }
        int first = 0;
        while (first < v.rows()) {
            int samples = Math.min(capacity, v.rows() - first);
            addBlock(v, x, first, samples, threads, crew);
            first += samples;
        }
    }

    private void addBlock(Matrix v, Matrix x, int first, int samples, int threads, Crew crew) {
        int strips = (samples + lanes - 1) / lanes;
        share(strips, threads, crew, (strip, own) -> {
            int at = strip * lanes;
            store(v, x, first + at, at, Math.min(lanes, samples - at), own);
        });
        share(partBegins[leaves.size()], threads, crew, (part, own) -> add(part, samples));
    }

    /// A piece of work, by a thread that owns some memory.
    private interface Piece {
        void run(int piece, double[] own);
    }

    private void share(int pieces, int threads, Crew crew, Piece work) {
        if (pieces == 0) {
            return;
        }
        int count = Math.min(threads, pieces);
        while (scratch.size() < count) {
            int panels = Math.multiplyExact(lanes, Math.addExact(rows, columns));
            scratch.add(new double[Math.addExact(panels, root.scratch())]);
        }
        AtomicInteger claimed = new AtomicInteger();
        IntConsumer share = k -> {
            for (int piece = claimed.getAndIncrement(); piece < pieces; piece = claimed.getAndIncrement()) {
                work.run(piece, scratch.get(k));
            }
        };
        // Nothing is called off: half a block is no gradient, so that an interrupt has to wait for it.
        crew.run(count, share, () -> {});
    }

    /// Takes a panel of samples down to the leaves.
    private void store(Matrix v, Matrix x, int from, int first, int count, double[] own) {
        int xo = lanes * rows;
        for (int s = 0; s < count; s++) {
            v.getRow(from + s, own, s * rows);
            x.getRow(from + s, own, xo + s * columns);
        }
        SampleRows vs = new SampleRows(own, 0, rows);
        SampleRows xs = new SampleRows(own, xo, columns);
        root.store(vs, xs, first, count, own, xo + lanes * columns);
    }

    private void add(int part, int samples) {
        int leaf = 0;
        while (part >= partBegins[leaf + 1]) {
            leaf++;
        }
        leaves.get(leaf).add(part - partBegins[leaf], samples);
    }

    /// The sums, in the order of the letters; copies.
    public List<Matrix> letters() {
        return leaves.stream().map(LeafGradient::letter).toList();
    }

    /// Makes every sum 0.
    public void clear() {
        leaves.forEach(LeafGradient::clear);
    }
}

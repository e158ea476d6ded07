package dev.stillpoint.opencl.internal;

import dev.stillpoint.internal.engine.BlockCourse.Explicit;
import dev.stillpoint.internal.engine.BlockCourse.Pass;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;

/// A pass over explicit blocks as what `pass.cl` reads: integers, parameters and entries in memory, and the
/// prelude.
final class PassTable {
    private static final List<String> HEAD = List.of("ROWS", "BEHIND", "MOST", "SCRATCH", "INDICES", "COUNT", "BLOCKS");
    private static final List<String> BLOCK =
            List.of("BEGIN", "ROWS", "BIAS", "OPS", "COUNT", "PARTS", "PART_COUNT", "PARAMETERS");

    private final Precision precision;
    private final Tuning tuning;
    private final EnumSet<Leaf> leaves = EnumSet.noneOf(Leaf.class);
    private final EnumSet<PartKind> parts = EnumSet.noneOf(PartKind.class);
    private final Integers tables = new Integers();
    private final Entries entries;
    private final Entries parameters;
    private final int rows;
    private final int behind;
    private final int most;
    private final int scratch;

    /// The table of a pass without triangles.
    ///
    /// @param behind values behind the blocks
    PassTable(Pass pass, int behind, Precision precision, Tuning tuning) {
        this.precision = precision;
        this.tuning = tuning;
        this.behind = behind;
        rows = pass.end() - pass.begin();
        entries = new Entries(precision);
        parameters = new Entries(precision);
        Integers indices = new Integers();
        List<int[]> blocks = new ArrayList<>();
        Integers tails = new Integers();
        int tailsAt = HEAD.size() - 1 + pass.blocks().size() * BLOCK.size();
        int largest = 0;
        int needed = 0;
        // The bias of every block comes before the entries of any operator, so that its place is an int.
        for (Explicit block : pass.blocks()) {
            int size = block.size();
            Matrix bias = block.bias();
            entries.add(size, target -> {
                for (int i = 0; bias != null && i < size; i++) {
                    target.put(i, bias.get(0, i));
                }
            });
        }
        int biasAt = 0;
        int parameterAt = 0;
        for (Explicit block : pass.blocks()) {
            ProductTable product = new ProductTable(block.input(), tuning.rows(), entries, indices, leaves);
            ActivationTable phi =
                    new ActivationTable(block.activation(), block.size(), precision, OptionalDouble.empty(), parts);
            int ops = tailsAt + tails.size();
            tails.addAll(product.ops());
            int own = tailsAt + tails.size();
            tails.addAll(phi.parts());
            blocks.add(new int[] {
                block.begin() - pass.begin(), block.size(), biasAt, ops, product.count(), own, phi.count(), parameterAt
            });
            phi.parameters().forEach(value -> parameters.add(1, target -> target.put(0, value)));
            biasAt += block.size();
            parameterAt += phi.count();
            largest = Math.max(largest, block.size());
            needed = Math.max(needed, product.scratch());
        }
        most = largest;
        scratch = needed;
        tables.addAll(rows, behind, most, scratch, tailsAt + tails.size(), blocks.size());
        blocks.forEach(tables::addAll);
        tables.addAll(tails.toArray());
        tables.addAll(indices.toArray());
        tables.add(0);
    }

    /// The integers.
    int[] tables() {
        return tables.toArray();
    }

    /// The parameters of the activations.
    Entries parameters() {
        return parameters;
    }

    /// The biases, and behind them the entries of the operators.
    Entries entries() {
        return entries;
    }

    /// Values of the memory that a work-group works in.
    long values() {
        return ((long) rows + behind + 2L * most + scratch) * tuning.lanes();
    }

    /// The definitions before the text of the kernels.
    String prelude() {
        Prelude prelude = new Prelude(precision);
        prelude.defineKinds(precision, tuning, leaves, parts);
        for (int at = 0; at < HEAD.size(); at++) {
            prelude.define("PASS_" + HEAD.get(at), at);
        }
        for (int at = 0; at < BLOCK.size(); at++) {
            prelude.define("BLOCK_" + BLOCK.get(at), at);
        }
        prelude.define("BLOCK_SIZE", BLOCK.size());
        return prelude.toString();
    }
}

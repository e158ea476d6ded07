package dev.stillpoint.model;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.operator.BlockTriangularOperator;
import dev.stillpoint.operator.LinearOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the blocks of a reordered `A` come from: taken from it as they are, or approximated.
interface BlockSource {
    /// The cheapest operator for a block of at least one entry, or null where it is zero.
    @Nullable
    LinearOperator block(int row, int column, int rows, int columns);

    /// Tells that a block is left out.
    void leaveOut(int row, int column, int rows, int columns);

    /// The blocks of a matrix as they are.
    static BlockSource exact(Form a) {
        return new BlockSource() {
            @Override
            public @Nullable LinearOperator block(int row, int column, int rows, int columns) {
                Form block = a.slice(row, column, rows, columns);
                return block.isZero() ? null : block.cheapest();
            }

            @Override
            public void leaveOut(int row, int column, int rows, int columns) {
                // What is left out is zero already.
            }
        };
    }

    /// `A` in the groups of a partition: block triangular where there are several, or one that is evaluated.
    static LinearOperator assemble(Partition partition, ActivationBlocks blocks, BlockSource source) {
        List<Partition.Group> groups = partition.groups();
        int count = groups.size();
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = blocks.statesOf(groups.get(i).blocks()).length;
        }
        @Nullable LinearOperator[][] operators = new @Nullable LinearOperator[count][];
        int row = 0;
        for (int i = 0; i < count; i++) {
            @Nullable LinearOperator[] line = new @Nullable LinearOperator[count];
            int column = 0;
            for (int j = 0; j < count; j++) {
                if (j < i) {
                    source.leaveOut(row, column, sizes[i], sizes[j]);
                } else {
                    line[j] = source.block(row, column, sizes[i], sizes[j]);
                }
                column += sizes[j];
            }
            operators[i] = line;
            row += sizes[i];
        }
        LinearOperator whole = operators[0][0];
        return count == 1 && whole != null ? whole : new BlockTriangularOperator(sizes, operators);
    }
}

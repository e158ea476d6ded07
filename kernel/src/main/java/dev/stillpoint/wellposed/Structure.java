package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.StronglyConnectedComponents;

/// What the pattern of non-zero entries of `A` looks like. Triangularity and components are those of activation
/// blocks.
///
/// @param states the order `n` of `A`
/// @param blocks activation blocks
/// @param blockSize states of the largest activation block
/// @param nonZeros entries that are not zero
/// @param zeroRows rows without a non-zero entry: states that depend on the input alone
/// @param zeroColumns columns without a non-zero entry: states that no state depends on
/// @param components strongly connected components of the graph of blocks
/// @param largestComponent blocks of the largest component
/// @param upperTriangular whether no block below the diagonal has a non-zero entry
/// @param lowerTriangular whether no block above the diagonal has one
/// @param zeroDiagonal whether no block of the diagonal has one
/// @param rankOne whether `A = p q'` to the rounding of the stored precision
public record Structure(
        int states,
        int blocks,
        int blockSize,
        long nonZeros,
        int zeroRows,
        int zeroColumns,
        int components,
        int largestComponent,
        boolean upperTriangular,
        boolean lowerTriangular,
        boolean zeroDiagonal,
        boolean rankOne) {

    static Structure of(SparseMatrix a, ActivationBlocks blocks, StronglyConnectedComponents graph, boolean rankOne) {
        int n = a.size();
        boolean[] columnSeen = new boolean[n];
        int zeroRows = 0;
        boolean upper = true;
        boolean lower = true;
        boolean zeroDiagonal = true;
        for (int i = 0; i < n; i++) {
            if (a.start()[i] == a.start()[i + 1]) {
                zeroRows++;
            }
            for (int p = a.start()[i]; p < a.start()[i + 1]; p++) {
                int j = a.column()[p];
                columnSeen[j] = true;
                upper &= blocks.blockOf(j) >= blocks.blockOf(i);
                lower &= blocks.blockOf(j) <= blocks.blockOf(i);
                zeroDiagonal &= blocks.blockOf(j) != blocks.blockOf(i);
            }
        }
        int zeroColumns = 0;
        for (boolean seen : columnSeen) {
            zeroColumns += seen ? 0 : 1;
        }
        return new Structure(
                n,
                blocks.count(),
                blocks.largest(),
                a.nonZeros(),
                zeroRows,
                zeroColumns,
                graph.count(),
                graph.largest(),
                upper,
                lower,
                zeroDiagonal,
                rankOne);
    }

    /// The part of the entries that is not zero, in [0, 1].
    public double density() {
        return nonZeros / ((double) states * states);
    }

    /// Whether only diagonal blocks have non-zero entries.
    public boolean isDiagonal() {
        return upperTriangular && lowerTriangular;
    }

    /// Whether it is upper or lower triangular as it stands.
    public boolean isTriangular() {
        return upperTriangular || lowerTriangular;
    }

    /// Whether some order of the blocks makes it triangular: every component is a single block.
    public boolean isTriangularUnderPermutation() {
        return largestComponent == 1;
    }

    /// Whether some order of the blocks makes it strictly triangular.
    public boolean isStrictlyTriangularUnderPermutation() {
        return isTriangularUnderPermutation() && zeroDiagonal;
    }

    /// One line, such as `128 states, density 0.141, strictly upper triangular, 128 components`.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(states).append(states == 1 ? " state" : " states");
        if (blockSize > 1) {
            text.append(" in ")
                    .append(blocks())
                    .append(blocks * blockSize == states ? " blocks of " : " blocks of up to ")
                    .append(blockSize);
        }
        text.append(", density ").append("%.3g".formatted(density()));
        text.append(", ").append(shape());
        if (rankOne) {
            text.append(", rank one");
        }
        text.append(", ").append(components).append(components == 1 ? " component" : " components");
        if (components > 1 && largestComponent > 1) {
            text.append(" of up to ").append(largestComponent).append(blockSize > 1 ? " blocks" : " states");
        }
        if (zeroRows > 0) {
            text.append(", ").append(zeroRows).append(zeroRows == 1 ? " zero row" : " zero rows");
        }
        if (zeroColumns > 0) {
            text.append(", ").append(zeroColumns).append(zeroColumns == 1 ? " zero column" : " zero columns");
        }
        return text.toString();
    }

    private String shape() {
        String block = blockSize > 1 ? "block " : "";
        if (nonZeros == 0) {
            return "zero";
        }
        if (isDiagonal()) {
            return block + "diagonal";
        }
        String strictly = zeroDiagonal ? "strictly " : "";
        if (isTriangular()) {
            return strictly + (upperTriangular ? "upper " : "lower ") + block + "triangular";
        }
        return isTriangularUnderPermutation() ? strictly + block + "triangular under a permutation" : "not triangular";
    }
}

package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.Lipschitz;
import dev.stillpoint.activation.Softmax;
import java.util.Arrays;

/// The matrix of norms `N(A, gamma)` over activation blocks, with verified bounds of its entries:
///
///     N_ij = gamma |A_ij|_p      for blocks i, j of the state
///
/// For a componentwise activation it is `gamma |A|`. Its Perron-Frobenius eigenvalue below 1 makes the model
/// well-posed (IDL-21 (2.4) and Theorem 2.2); that of `|A|` says nothing about a blockwise activation.
final class BlockNorms {
    /// The norm of blocks.
    enum Norm {
        ONE("1-norm"),
        TWO("2-norm"),
        INFINITY("inf-norm");

        private final String label;

        Norm(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private BlockNorms() {}

    /// The norm that the activation's constant is stated in; any for a componentwise activation.
    static Norm normOf(Activation phi) {
        return switch (phi.lipschitz().norm()) {
            case ABSOLUTE, TWO -> Norm.TWO;
        };
    }

    /// Whether the activation has its constant in the norm of that kind over the whole state, as it has over
    /// blocks.
    ///
    /// Softmax has its constant 1/2 in all three: its Jacobian `diag(p) - pp'` is symmetric with absolute row sums
    /// `2 p_i (1 - p_i) <= 1/2`.
    static boolean holdsIn(Activation phi, Norm norm) {
        return phi.lipschitz().norm() == Lipschitz.Norm.ABSOLUTE || norm == normOf(phi) || phi instanceof Softmax;
    }

    /// `N(A, gamma)` with blocks of `size` states.
    static NonNegativeMatrix of(SparseMatrix a, int size, double gamma, Norm norm) {
        if (size == 1) {
            return NonNegativeMatrix.absolute(a).times(gamma);
        }
        int blocks = a.size() / size;
        int[] start = new int[blocks + 1];
        int[] slotOf = new int[blocks];
        Growing entries = new Growing();
        for (int i = 0; i < blocks; i++) {
            int first = a.start()[i * size];
            int last = a.start()[(i + 1) * size];
            boolean[] seen = new boolean[blocks];
            for (int p = first; p < last; p++) {
                seen[a.column()[p] / size] = true;
            }
            int slots = 0;
            for (int j = 0; j < blocks; j++) {
                if (seen[j]) {
                    slotOf[j] = slots++;
                }
            }
            double[][][] dense = new double[slots][size][size];
            for (int row = 0; row < size; row++) {
                for (int p = a.start()[i * size + row]; p < a.start()[i * size + row + 1]; p++) {
                    int j = a.column()[p];
                    dense[slotOf[j / size]][row][j % size] = a.value()[p];
                }
            }
            for (int j = 0; j < blocks; j++) {
                if (seen[j]) {
                    entries.add(j, of(dense[slotOf[j]], norm));
                }
            }
            start[i + 1] = entries.count();
        }
        return entries.matrix(blocks, start).times(gamma);
    }

    private static Bracket of(double[][] block, Norm norm) {
        if (norm == Norm.TWO) {
            return SpectralNorm.of(block);
        }
        int n = block.length;
        double[] sums = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                sums[norm == Norm.ONE ? j : i] += Math.abs(block[i][j]);
            }
        }
        double largest = 0;
        for (double sum : sums) {
            largest = Math.max(largest, sum);
        }
        return Bracket.ofBounds(0, Rounding.sumDown(largest, n), Rounding.sumUp(largest, n));
    }

    /// Entries as they come.
    private static final class Growing {
        private int[] column = new int[16];
        private double[] lower = new double[16];
        private double[] upper = new double[16];
        private int count;

        void add(int j, Bracket bounds) {
            if (count == column.length) {
                int room = Math.toIntExact(Math.min(2L * count, Integer.MAX_VALUE - 8));
                column = Arrays.copyOf(column, room);
                lower = Arrays.copyOf(lower, room);
                upper = Arrays.copyOf(upper, room);
            }
            column[count] = j;
            lower[count] = bounds.lower();
            upper[count++] = bounds.upper();
        }

        int count() {
            return count;
        }

        NonNegativeMatrix matrix(int blocks, int[] start) {
            return new NonNegativeMatrix(
                    blocks,
                    start,
                    Arrays.copyOf(column, count),
                    Arrays.copyOf(lower, count),
                    Arrays.copyOf(upper, count));
        }
    }
}

package dev.stillpoint.wellposed;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.activation.BlockActivation;
import dev.stillpoint.activation.Gate;
import dev.stillpoint.activation.GroupNorm;
import dev.stillpoint.activation.Identity;
import dev.stillpoint.activation.LeakyRelu;
import dev.stillpoint.activation.MaxPool;
import dev.stillpoint.activation.Relu;
import dev.stillpoint.activation.Sigmoid;
import dev.stillpoint.activation.Softmax;
import dev.stillpoint.activation.Tanh;
import dev.stillpoint.internal.analysis.ActivationBlocks;
import dev.stillpoint.internal.analysis.Rounding;
import java.util.Arrays;

/// The matrix of norms `N(A, gamma)` over activation blocks, with verified bounds of its entries:
///
///     N_ij = gamma_i |A_ij|_p      for blocks i, j of the state
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
    /// `2 p_i (1 - p_i) <= 1/2`. Max-pooling has 1 in all three. A gate has its constant in the
    /// 1-norm too, where the largest entry of its gradient bounds it (IDL-21 §2.4). A block activation has the
    /// largest constant of its parts where each has its own in that norm: the 1-norm and the square of the 2-norm
    /// are sums over blocks, and the inf-norm is their maximum.
    static boolean holdsIn(Activation phi, Norm norm) {
        return switch (phi) {
            case Relu _, LeakyRelu _, Tanh _, Sigmoid _, Identity _, Softmax _, MaxPool _ -> true;
            case GroupNorm _ -> norm == normOf(phi);
            case Gate _ -> norm != Norm.INFINITY;
            case BlockActivation(var parts) -> parts.stream().allMatch(part -> holdsIn(part.activation(), norm));
        };
    }

    /// `N(A, gamma)` over the blocks of an activation.
    static NonNegativeMatrix of(SparseMatrix a, ActivationBlocks of, Norm norm) {
        if (of.isComponentwise()) {
            return NonNegativeMatrix.absolute(a).times(of::gamma);
        }
        int blocks = of.count();
        int[] start = new int[blocks + 1];
        int[] slotOf = new int[blocks];
        Growing entries = new Growing();
        for (int i = 0; i < blocks; i++) {
            boolean[] seen = new boolean[blocks];
            for (int p = a.start()[of.begin(i)]; p < a.start()[of.begin(i + 1)]; p++) {
                seen[of.blockOf(a.column()[p])] = true;
            }
            int slots = 0;
            for (int j = 0; j < blocks; j++) {
                if (seen[j]) {
                    slotOf[j] = slots++;
                }
            }
            double[][][] dense = new double[slots][][];
            for (int j = 0; j < blocks; j++) {
                if (seen[j]) {
                    dense[slotOf[j]] = new double[of.size(i)][of.size(j)];
                }
            }
            for (int row = 0; row < of.size(i); row++) {
                int state = of.begin(i) + row;
                for (int p = a.start()[state]; p < a.start()[state + 1]; p++) {
                    int j = of.blockOf(a.column()[p]);
                    dense[slotOf[j]][row][a.column()[p] - of.begin(j)] = a.value()[p];
                }
            }
            for (int j = 0; j < blocks; j++) {
                if (seen[j]) {
                    entries.add(j, of(dense[slotOf[j]], norm));
                }
            }
            start[i + 1] = entries.count();
        }
        return entries.matrix(blocks, start).times(of::gamma);
    }

    private static Bracket of(double[][] block, Norm norm) {
        if (norm == Norm.TWO) {
            return SpectralNorm.of(block);
        }
        int terms = norm == Norm.ONE ? block.length : block[0].length;
        double[] sums = new double[norm == Norm.ONE ? block[0].length : block.length];
        for (int i = 0; i < block.length; i++) {
            for (int j = 0; j < block[i].length; j++) {
                sums[norm == Norm.ONE ? j : i] += Math.abs(block[i][j]);
            }
        }
        double largest = 0;
        for (double sum : sums) {
            largest = Math.max(largest, sum);
        }
        return Bracket.ofBounds(0, Rounding.sumDown(largest, terms), Rounding.sumUp(largest, terms));
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

package dev.stillpoint.validation.problem;

import dev.stillpoint.matrix.Matrix;

/// Random square matrices of a [Structure], before they are scaled.
///
/// A value is bell-shaped and divided by the root of the mean number of values in a row, so that a dense matrix
/// has a 2-norm of about 2; the low-rank one is `LR'/n`, with a 2-norm of about 1 where the rank is small, and the
/// diagonal that may stand beside it is `g/4`. A convolution has weights `g`.
final class StateMatrix {
    private final Structure structure;
    private final int n;
    private final int block;
    private final long seed;

    StateMatrix(Structure structure, int n, int block, long seed) {
        this.structure = structure;
        this.n = n;
        this.block = block;
        this.seed = seed;
    }

    /// The matrix called `letter`.
    double[][] draw(char letter) {
        switch (structure) {
            case Structure.LowRank _ -> {
                return lowRank(letter);
            }
            case Structure.DiagonalLowRank _ -> {
                return diagonalLowRank(letter);
            }
            case Structure.Convolution convolution -> {
                return convolution(letter, convolution);
            }
            default -> {}
        }
        SplitMix64 values = SplitMix64.stream(seed, letter);
        double[][] strength = strengths(SplitMix64.stream(seed, Character.toLowerCase(letter)));
        double[][] matrix = new double[n][n];
        long kept = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double value = values.nextBell() * strength[i / block][j / block];
                matrix[i][j] = structure instanceof Structure.Positive ? Math.abs(value) : value;
                kept += value == 0 ? 0 : 1;
            }
        }
        double factor = kept == 0 ? 1 : 1 / Math.sqrt((double) kept / n);
        for (double[] row : matrix) {
            for (int j = 0; j < n; j++) {
                row[j] *= factor;
            }
        }
        return matrix;
    }

    /// `L` and `R` of `LR'/n`.
    @SuppressWarnings("ArrayRecordComponent") // private data that never leaves the package
    record Factors(double[][] left, double[][] right) {}

    /// The factors of the matrix called `letter`, of low rank.
    Factors factors(char letter) {
        int rank = switch (structure) {
            case Structure.LowRank(int given) -> given;
            case Structure.DiagonalLowRank(int given) -> given;
            default -> throw new IllegalStateException("structure " + structure.label() + " has no factors");
        };
        SplitMix64 values = SplitMix64.stream(seed, letter);
        double[][] left = bells(values, n, rank);
        return new Factors(left, bells(values, n, rank));
    }

    private double[][] lowRank(char letter) {
        Factors factors = factors(letter);
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int k = 0; k < factors.left()[i].length; k++) {
                    sum += factors.left()[i][k] * factors.right()[j][k];
                }
                matrix[i][j] = sum / n;
            }
        }
        return matrix;
    }

    /// The diagonal beside the factors of the matrix called `letter`.
    double[] diagonal(char letter) {
        double[] diagonal = bells(SplitMix64.stream(seed, Character.toLowerCase(letter)), 1, n)[0];
        for (int i = 0; i < n; i++) {
            diagonal[i] *= 0.25;
        }
        return diagonal;
    }

    private double[][] diagonalLowRank(char letter) {
        double[][] matrix = lowRank(letter);
        double[] diagonal = diagonal(letter);
        for (int i = 0; i < n; i++) {
            matrix[i][i] += diagonal[i];
        }
        return matrix;
    }

    /// The weights of the convolution called `letter`.
    double[][] weights(char letter, Structure.Convolution convolution) {
        int channels = convolution.shape().channels();
        int taps = channels * Structure.Convolution.WINDOW * Structure.Convolution.WINDOW;
        return bells(SplitMix64.stream(seed, letter), channels, taps);
    }

    private double[][] convolution(char letter, Structure.Convolution convolution) {
        Matrix weights = Matrix.ofRows(weights(letter, convolution));
        Matrix matrix = convolution.operator(weights).toMatrix();
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            matrix.getRow(i, rows[i], 0);
        }
        return rows;
    }

    /// A rectangular matrix of bell-shaped values, row after row.
    static double[][] bells(SplitMix64 values, int rows, int columns) {
        double[][] matrix = new double[rows][columns];
        for (double[] row : matrix) {
            for (int j = 0; j < columns; j++) {
                row[j] = values.nextBell();
            }
        }
        return matrix;
    }

    /// The factor of every node: 0 where the structure has none.
    private double[][] strengths(SplitMix64 pattern) {
        int nodes = n / block;
        double[][] strength = new double[nodes][nodes];
        int[] group = groups(nodes, pattern);
        for (int i = 0; i < nodes; i++) {
            for (int j = 0; j < nodes; j++) {
                strength[i][j] = switch (structure) {
                    case Structure.Dense _,
                            Structure.Positive _,
                            Structure.LowRank _,
                            Structure.DiagonalLowRank _,
                            Structure.Convolution _ -> 1;
                    case Structure.Layers _ -> group[i] + 1 == group[j] ? 1 : 0;
                    case Structure.Cascade _ -> group[i] < group[j] + (1 - group[i] % 2) ? 1 : 0;
                    case Structure.Sparse(double density) -> pattern.nextDouble() < density || i == j ? 1 : 0;
                    case Structure.Upper _ -> i < j ? 1 : 0;
                    case Structure.BlockTriangular _ -> group[i] <= group[j] ? 1 : 0;
                    case Structure.Cyclic(int period) -> (group[i] + 1) % period == group[j] ? 1 : 0;
                    case Structure.Reducible _ -> group[i] == 0 ? 1 : 0.5 * group[j];
                };
            }
        }
        return strength;
    }

    /// State values of each group, the groups being in order.
    int[] groupSizes() {
        int[] group = groups(n / block, SplitMix64.stream(seed, 'a'));
        int[] sizes = new int[group[group.length - 1] + 1];
        for (int each : group) {
            sizes[each] += block;
        }
        return sizes;
    }

    private int[] groups(int nodes, SplitMix64 pattern) {
        int count = switch (structure) {
            case Structure.BlockTriangular(int groups) -> groups;
            case Structure.Layers(int groups) -> groups;
            case Structure.Cascade(int groups) -> groups;
            case Structure.Cyclic(int period) -> period;
            case Structure.Reducible _ -> 2;
            case Structure.Dense _,
                    Structure.Positive _,
                    Structure.Sparse _,
                    Structure.Upper _,
                    Structure.LowRank _,
                    Structure.DiagonalLowRank _,
                    Structure.Convolution _ -> 1;
        };
        int[] group = new int[nodes];
        for (int i = 0; i < nodes; i++) {
            group[i] = (int) ((long) i * count / nodes);
        }
        if (structure instanceof Structure.Reducible) {
            for (int i = nodes - 1; i > 0; i--) {
                int j = pattern.nextInt(i + 1);
                int swapped = group[i];
                group[i] = group[j];
                group[j] = swapped;
            }
        }
        return group;
    }
}

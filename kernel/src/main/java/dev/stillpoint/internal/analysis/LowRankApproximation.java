package dev.stillpoint.internal.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Factors of small rank of a dense matrix with a bound of the error of each entry: `|M - L R'| <= error`, no
/// entry of which exceeds a tolerance.
///
/// Columns are orthogonalised one after the other, the longest that remains first, until what remains is of the
/// size of the tolerance, and a few more. Their span is turned to the dominant singular vectors by one step of
/// subspace iteration, since columns with errors span a space with errors: `M = QT + remainder`. The singular
/// value decomposition of the small `T` orders the directions; as many are kept as the tolerance needs. The error
/// is then measured entry by entry from the factors as they are returned, with the rounding of that measurement
/// added, so it holds however well the steps before went.
///
/// Cost: about `16 m n k` operations for rank `k` and the decomposition of a `k` by `n` matrix; a matrix of a rank
/// above the limit is recognised after the limit's number of steps.
public final class LowRankApproximation {
    /// Directions beyond those that the tolerance seems to need, from which the best are made.
    private static final int SPARE = 4;

    /// What remains after so many columns, in tolerances, at which their number is tried: the best approximation of
    /// that rank is better than what the columns themselves leave, by an unknown factor.
    private static final double[] TRIALS = {64, 8, 1};

    /// A direction of which less is new is noise of rounding.
    private static final double NOTHING = 0x1p-48;

    private final double[][] left;
    private final double[][] right;
    private final double[][] error;
    private final double[][] magnitude;

    private LowRankApproximation(double[][] left, double[][] right, double[][] error, double[][] magnitude) {
        this.left = left;
        this.right = right;
        this.error = error;
        this.magnitude = magnitude;
    }

    /// The approximation of smallest rank that this way finds, if its rank is at most `mostRank`.
    ///
    /// @param m the matrix, one array a row, at least one row and column, finite values, not modified
    /// @param tolerance the largest error of an entry, positive
    /// @param mostRank the largest rank that is of use, at least 1
    public static Optional<LowRankApproximation> of(double[][] m, double tolerance, int mostRank) {
        int most = Math.min(mostRank + SPARE, Math.min(m.length, m[0].length));
        List<double[]> q = new ArrayList<>();
        double[][] rest = new double[m.length][];
        Arrays.setAll(rest, i -> m[i].clone());
        int trial = 0;
        int due = most;
        boolean more = true;
        while (more) {
            double largest = largest(rest);
            while (trial < TRIALS.length && largest <= TRIALS[trial] * tolerance) {
                trial++;
                due = Math.min(most, q.size() + SPARE);
            }
            boolean tried = q.size() == due;
            more = q.size() < most && largest > 0 && extend(q, longestColumn(rest));
            if (trial > 0 && (tried || !more)) {
                Optional<LowRankApproximation> found =
                        Truncation.of(m, refined(m, q)).within(tolerance, mostRank);
                if (found.isPresent() || trial == TRIALS.length) {
                    return found;
                }
                due = most;
            }
            if (more) {
                subtract(rest, q.getLast());
            }
        }
        return Optional.empty();
    }

    /// Appends what is new in a direction, as a unit vector; whether there is anything.
    private static boolean extend(List<double[]> orthonormal, double[] direction) {
        double before = Math.sqrt(DenseKernels.dot(direction, direction, direction.length));
        double length = before;
        for (int pass = 0; pass < 2 && length > 0; pass++) {
            for (double[] earlier : orthonormal) {
                double overlap = DenseKernels.dot(earlier, direction, direction.length);
                DenseKernels.addMultiple(direction, -overlap, earlier, 0);
            }
            length = Math.sqrt(DenseKernels.dot(direction, direction, direction.length));
        }
        if (!(length > NOTHING * before)) {
            return false;
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] /= length;
        }
        orthonormal.add(direction);
        return true;
    }

    private static void subtract(double[][] rest, double[] q) {
        double[] t = new double[rest[0].length];
        for (int i = 0; i < rest.length; i++) {
            DenseKernels.addMultiple(t, q[i], rest[i], 0);
        }
        for (int i = 0; i < rest.length; i++) {
            DenseKernels.addMultiple(rest[i], -q[i], t, 0);
        }
    }

    /// An orthonormal basis of `M M' Q`.
    private static List<double[]> refined(double[][] m, List<double[]> q) {
        List<double[]> right = new ArrayList<>();
        for (double[] direction : q) {
            extend(right, transposedTimes(m, direction));
        }
        List<double[]> left = new ArrayList<>();
        for (double[] direction : right) {
            double[] product = new double[m.length];
            Arrays.setAll(product, i -> DenseKernels.dot(m[i], direction, direction.length));
            extend(left, product);
        }
        return left;
    }

    /// `M'v`.
    private static double[] transposedTimes(double[][] m, double[] v) {
        double[] product = new double[m[0].length];
        for (int i = 0; i < m.length; i++) {
            DenseKernels.addMultiple(product, v[i], m[i], 0);
        }
        return product;
    }

    private static double largest(double[][] m) {
        double largest = 0;
        for (double[] row : m) {
            for (double value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        return largest;
    }

    private static double[] longestColumn(double[][] m) {
        double[] lengths = new double[m[0].length];
        double scale = 1 / largest(m);
        for (double[] row : m) {
            for (int j = 0; j < lengths.length; j++) {
                double value = row[j] * scale;
                lengths[j] = Math.fma(value, value, lengths[j]);
            }
        }
        int longest = 0;
        for (int j = 1; j < lengths.length; j++) {
            longest = lengths[j] > lengths[longest] ? j : longest;
        }
        double[] column = new double[m.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = m[i][longest] * scale;
        }
        return column;
    }

    /// `k`, the rank.
    public int rank() {
        return left[0].length;
    }

    /// `L`, one array a row of `k` values; not to be written to.
    public double[][] left() {
        return left;
    }

    /// `R`, one array a row of `k` values, a row for each column of the matrix; not to be written to.
    public double[][] right() {
        return right;
    }

    /// Upper bounds of `|M - L R'|`; not to be written to.
    public double[][] error() {
        return error;
    }

    /// Upper bounds of `|L R'|`; not to be written to.
    public double[][] magnitude() {
        return magnitude;
    }

    /// Directions in the order of their singular values, and the sum of the first of them.
    private static final class Truncation {
        private final double[][] m;
        private final double[][] leftColumns;
        private final double[][] rightColumns;
        private final double[][] sum;
        private final double[][] absolute;

        private Truncation(double[][] m, double[][] leftColumns, double[][] rightColumns) {
            this.m = m;
            this.leftColumns = leftColumns;
            this.rightColumns = rightColumns;
            sum = new double[m.length][m[0].length];
            absolute = new double[m.length][m[0].length];
        }

        /// `T' = Y W'` makes `QT = (QW) Y'`.
        static Truncation of(double[][] m, List<double[]> q) {
            int count = q.size();
            double[][] t = new double[count][];
            Arrays.setAll(t, k -> transposedTimes(m, q.get(k)));
            JacobiSvd svd = JacobiSvd.ofColumns(t);
            double[][] leftColumns = new double[count][m.length];
            double[][] rightColumns = new double[count][];
            for (int r = 0; r < count; r++) {
                for (int k = 0; k < count; k++) {
                    DenseKernels.addMultiple(leftColumns[r], svd.right(r)[k], q.get(k), 0);
                }
                rightColumns[r] = svd.scaledLeft(r);
            }
            return new Truncation(m, leftColumns, rightColumns);
        }

        Optional<LowRankApproximation> within(double tolerance, int most) {
            for (int rank = 1; rank <= Math.min(most, leftColumns.length); rank++) {
                add(rank - 1);
                if (largestError(rank) <= tolerance) {
                    return Optional.of(result(rank));
                }
            }
            return Optional.empty();
        }

        private void add(int r) {
            for (int i = 0; i < m.length; i++) {
                double factor = leftColumns[r][i];
                DenseKernels.addMultiple(sum[i], factor, rightColumns[r], 0);
                for (int j = 0; j < absolute[i].length; j++) {
                    absolute[i][j] = Math.fma(Math.abs(factor), Math.abs(rightColumns[r][j]), absolute[i][j]);
                }
            }
        }

        private double largestError(int rank) {
            double largest = 0;
            for (int i = 0; i < m.length; i++) {
                for (int j = 0; j < m[i].length; j++) {
                    largest = Math.max(largest, error(i, j, rank));
                }
            }
            return largest;
        }

        /// What the computed sum of `rank` products is off at most.
        private double rounding(int i, int j, int rank) {
            double size = Rounding.sumUp(absolute[i][j], rank);
            return Rounding.addUp(Rounding.multiplyUp(Rounding.gamma(rank), size), rank * Double.MIN_VALUE);
        }

        private double error(int i, int j, int rank) {
            return Rounding.addUp(Math.nextUp(Math.abs(m[i][j] - sum[i][j])), rounding(i, j, rank));
        }

        private LowRankApproximation result(int rank) {
            double[][] error = new double[m.length][m[0].length];
            double[][] magnitude = new double[m.length][m[0].length];
            for (int i = 0; i < m.length; i++) {
                for (int j = 0; j < m[i].length; j++) {
                    error[i][j] = error(i, j, rank);
                    magnitude[i][j] = Rounding.addUp(Math.abs(sum[i][j]), rounding(i, j, rank));
                }
            }
            return new LowRankApproximation(
                    rows(leftColumns, rank, m.length), rows(rightColumns, rank, m[0].length), error, magnitude);
        }

        private static double[][] rows(double[][] columns, int rank, int count) {
            double[][] rows = new double[count][rank];
            for (int i = 0; i < count; i++) {
                for (int r = 0; r < rank; r++) {
                    rows[i][r] = columns[r][i];
                }
            }
            return rows;
        }
    }
}

package dev.stillpoint.wellposed;

import dev.stillpoint.internal.analysis.Rounding;
import dev.stillpoint.internal.analysis.StronglyConnectedComponents;
import java.util.Arrays;

/// Bounds of the Perron-Frobenius eigenvalue of a non-negative matrix, a strongly connected component at a time.
///
/// For any `x > 0`, the Collatz-Wielandt quotients bound the eigenvalue of a component `M`:
///
///     min_i (Mx)_i / x_i  <=  lambda_PF(M)  <=  max_i (Mx)_i / x_i
///
/// They are evaluated with the rounding of the products and the quotients added on either side (see [Rounding]), so
/// they hold for whatever `x` the iteration has reached; the best of all iterates count. The vectors come from
/// power iteration on `M + sI`, whose shift makes it converge for cyclic matrices too, and where that is slow (long
/// cycles, weakly coupled parts) from [NodaIteration]. The eigenvalue of the whole matrix is the largest of its
/// components'.
///
/// Accuracy: a relative width of about `4 k u`, `k` the longest row, unless the limit on the work is reached first.
/// Source: IDL-21 (2.7) and Theorem 2.2.
final class PerronFrobenius {
    /// Steps of the power iteration before Noda's is tried.
    private static final int FIRST_STEPS = 80;

    private static final int NODA_STEPS = 1000;

    private static final double NODA_WORK = 1e10;

    /// Noda's iteration factors a dense matrix in every step.
    private static final int NODA_LIMIT = 2048;

    /// Limit of the second round of power iterations: multiply-adds, and steps.
    private static final double WORK = 2e9;

    private static final int MOST_STEPS = 20_000;

    /// Components of iterates do not fall below this, relative to the largest: all quotients exist.
    private static final double FLOOR = 0x1p-960;

    private final Component[] components;
    private final Bracket bounds;

    /// One strongly connected component.
    static final class Component {
        private final int[] members;
        private final double[] vector;
        private final Bracket bounds;

        Component(int[] members, double[] vector, Bracket bounds) {
            this.members = members;
            this.vector = vector;
            this.bounds = bounds;
        }

        /// The rows of the component, increasing; not to be written to.
        int[] members() {
            return members;
        }

        /// A positive vector whose largest quotient is the upper bound; not to be written to.
        double[] vector() {
            return vector;
        }

        /// Bounds of the component's eigenvalue.
        Bracket bounds() {
            return bounds;
        }
    }

    private PerronFrobenius(Component[] components, Bracket bounds) {
        this.components = components;
        this.bounds = bounds;
    }

    static PerronFrobenius of(NonNegativeMatrix m) {
        return of(m, StronglyConnectedComponents.of(m.start(), m.column()));
    }

    /// Bounds for the components of `m`'s graph.
    static PerronFrobenius of(NonNegativeMatrix m, StronglyConnectedComponents graph) {
        Component[] components = new Component[graph.count()];
        int[] local = new int[m.size()];
        double lower = 0;
        double upper = 0;
        for (int c = 0; c < components.length; c++) {
            int[] members = graph.members(c);
            components[c] = members.length == 1 ? single(m, members) : new Iteration(m, members, local).run();
            lower = Math.max(lower, components[c].bounds().lower());
            upper = Math.max(upper, components[c].bounds().upper());
        }
        return new PerronFrobenius(components, new Bracket(lower, upper));
    }

    private static Component single(NonNegativeMatrix m, int[] members) {
        int i = members[0];
        Bracket bounds = Bracket.exactly(0);
        for (int p = m.start()[i]; p < m.start()[i + 1]; p++) {
            if (m.column()[p] == i) {
                bounds = new Bracket(m.lower()[p], m.upper()[p]);
            }
        }
        return new Component(members, new double[] {1}, bounds);
    }

    /// Bounds of the eigenvalue of the whole matrix.
    Bracket bounds() {
        return bounds;
    }

    int count() {
        return components.length;
    }

    /// Components in the order of [StronglyConnectedComponents].
    Component component(int c) {
        return components[c];
    }

    /// The work on one component of two rows or more.
    private static final class Iteration {
        private final int[] members;
        private final NonNegativeMatrix m;
        private final int size;
        private final int terms;
        private final boolean exactEntries;
        private final double tolerance;
        private final double[] product;
        private double[] x;
        private double[] best;
        private double lower;
        private double upper = Double.POSITIVE_INFINITY;
        private double largest;

        Iteration(NonNegativeMatrix whole, int[] members, int[] local) {
            this.members = members;
            m = whole.principal(members, local);
            size = members.length;
            terms = m.longestRow();
            exactEntries = Arrays.equals(m.lower(), m.upper());
            tolerance = 4 * Rounding.UNIT * (terms + 8);
            product = new double[size];
            x = new double[size];
            Arrays.fill(x, 1);
            best = x;
        }

        Component run() {
            power(FIRST_STEPS);
            if (!converged() && size <= NODA_LIMIT) {
                noda();
            }
            if (!converged()) {
                x = best.clone();
                power((int) Math.min(MOST_STEPS, WORK / m.column().length));
            }
            if (!exactEntries) {
                lowerOfLowerEntries();
            }
            return new Component(members, best, Bracket.ofBounds(0, lower, upper));
        }

        private void power(int steps) {
            for (int step = 0; step < steps; step++) {
                evaluate();
                if (converged() || !Double.isFinite(largest)) {
                    return;
                }
                // A quarter of the eigenvalue: a two-cycle converges by 0.6 a step, a random matrix by 0.2.
                double shift = largest / 4;
                double[] next = new double[size];
                for (int i = 0; i < size; i++) {
                    next[i] = product[i] + shift * x[i];
                }
                if (!normalise(next)) {
                    return;
                }
                x = next;
            }
            evaluate();
        }

        private void noda() {
            x = best.clone();
            NodaIteration iteration = new NodaIteration(m);
            for (int step = 0; step < NODA_STEPS && iteration.work() < NODA_WORK && !converged(); step++) {
                double before = upper;
                double[] next = iteration.step(x, upper);
                if (next == null || !normalise(next)) {
                    return;
                }
                x = next;
                evaluate();
                if (!(upper < before)) {
                    return;
                }
            }
        }

        private boolean converged() {
            return upper - lower <= tolerance * upper;
        }

        /// Takes the quotients at `x` into account.
        private void evaluate() {
            m.timesUpper(x, product);
            double low = Double.POSITIVE_INFINITY;
            double high = 0;
            largest = 0;
            for (int i = 0; i < size; i++) {
                double up = Rounding.divideUp(Rounding.sumUp(product[i], terms), x[i]);
                double down = Rounding.divideDown(Rounding.sumDown(product[i], terms), x[i]);
                largest = Math.max(largest, product[i] / x[i]);
                high = Math.max(high, up);
                low = Math.min(low, down);
            }
            if (low < Double.POSITIVE_INFINITY) {
                lower = Math.max(lower, low);
            }
            if (high < upper) {
                upper = high;
                best = x;
            }
        }

        /// The iteration saw upper bounds of the entries, so its lower quotients bound nothing.
        private void lowerOfLowerEntries() {
            m.timesLower(best, product);
            double low = Double.POSITIVE_INFINITY;
            for (int i = 0; i < size; i++) {
                low = Math.min(low, Rounding.divideDown(Rounding.sumDown(product[i], terms), best[i]));
            }
            lower = low < Double.POSITIVE_INFINITY ? Math.max(0, low) : 0;
        }

        /// Scales to a largest component of 1 and lifts what is too small; false where that cannot be done.
        private static boolean normalise(double[] v) {
            double max = 0;
            for (double value : v) {
                if (!(value >= 0)) {
                    return false;
                }
                max = Math.max(max, value);
            }
            if (!(max > 0 && max < Double.POSITIVE_INFINITY)) {
                return false;
            }
            for (int i = 0; i < v.length; i++) {
                v[i] = Math.max(v[i] / max, FLOOR);
            }
            return true;
        }
    }
}

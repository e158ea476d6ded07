package dev.stillpoint.model.opteq;

import java.util.Arrays;

/// A regulariser `R(Z)` of the features of a whole batch, `Z = (z_1 ... z_N)`, that [CoupledAveraging] makes small
/// among the fixed points.
///
/// Values and gradients are computed in double precision, every sum one chain from 0 of fused multiply-adds in
/// increasing index. States are arrays with a sample a row; they are not modified. Source: OPT-21 App. A.1, where
/// `Z` has a sample a column.
public sealed interface BatchTerm {
    /// `R(Z)`.
    double value(double[][] z);

    /// `R'(Z)`, a new array with a row for each sample.
    double[][] gradient(double[][] z);

    /// `L`, by which the step is `gamma = 1/(2L)`: a Lipschitz constant of the gradient where one is known.
    double lipschitz();

    /// The name with its parameters.
    String label();

    /// `R(Z) = sum_s |z_s|^2/2`, which is convex: the fixed points of least norm. Samples do not depend on each
    /// other.
    record LeastNorm() implements BatchTerm {
        @Override
        public double value(double[][] z) {
            double sum = 0;
            for (double[] sample : z) {
                sum += Products.dot(sample, sample) / 2;
            }
            return sum;
        }

        @Override
        public double[][] gradient(double[][] z) {
            return Arrays.stream(z).map(double[]::clone).toArray(double[][]::new);
        }

        @Override
        public double lipschitz() {
            return 1;
        }

        @Override
        public String label() {
            return "least-norm";
        }
    }

    /// `R(Z) = sum_s 1/(|z_s|^2 + eps)`: features of large norm. Not convex, so that the theorem of the method
    /// does not cover it; samples do not depend on each other.
    ///
    /// @param eps positive and finite
    record InverseNorm(double eps) implements BatchTerm {
        /// Checks the parameter.
        ///
        /// @throws IllegalArgumentException when it is not positive and finite
        public InverseNorm {
            checkPositive("eps", eps);
        }

        @Override
        public double value(double[][] z) {
            double sum = 0;
            for (double[] sample : z) {
                sum += 1 / (Products.dot(sample, sample) + eps);
            }
            return sum;
        }

        @Override
        public double[][] gradient(double[][] z) {
            double[][] gradient = new double[z.length][];
            for (int s = 0; s < z.length; s++) {
                double size = Products.dot(z[s], z[s]) + eps;
                double factor = -2 / (size * size);
                gradient[s] = Arrays.stream(z[s]).map(value -> factor * value).toArray();
            }
            return gradient;
        }

        @Override
        public double lipschitz() {
            return 2 / (eps * eps);
        }

        @Override
        public String label() {
            return "inverse-norm:" + eps;
        }
    }

    /// Decorrelation of the features over the batch:
    ///
    ///     R(Z) = 1/2 |D G D - I|_F^2,   G = Z Z',   D_ii = 1/sqrt(|r_i|^2 + eps),
    ///
    /// with `r_i`, the values of feature `i` in all samples. Where `eps` is 0 it is half the sum of the squared
    /// cosines between different features, the term of the paper; `eps > 0` makes it smooth where a feature is 0 in
    /// all samples. There, with `eps = 0`, `D_ii` is taken as 0, and so is the gradient.
    ///
    /// With `C = D G D` and `y_i = 2 sum_j (C_ij - delta_ij) D_jj r_j` the gradient is
    /// `D_ii (y_i - (D_ii r_i'y_i) D_ii r_i)`.
    ///
    /// Scaling a feature does not change the term where `eps` is 0, while the `lambda_k` of the method pulls all
    /// states towards 0 and so, among fixed points, towards the one of least norm. A schedule with a larger `c`
    /// lets that go sooner.
    ///
    /// **Samples depend on each other**: what one gets is a matter of which others are in the batch. The term is
    /// not convex, so that the theorem of the method does not cover it, and with `eps = 0` its gradient grows
    /// without bound as a feature goes to 0, so that no `L` is one; it is a parameter that sets the step. The cost
    /// is `2 n^2 N` operations. The factor 1/2 is read from a damaged print.
    ///
    /// @param eps at least 0 and finite
    /// @param lipschitz `L`, positive and finite
    record Decorrelation(double eps, double lipschitz) implements BatchTerm {
        /// Checks the parameters.
        ///
        /// @throws IllegalArgumentException when one is out of range
        public Decorrelation {
            if (!(eps >= 0 && eps < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("eps is " + eps + ", expected a number of at least 0");
            }
            checkPositive("L", lipschitz);
        }

        @Override
        public double value(double[][] z) {
            double[][] rows = transposed(z);
            scale(rows);
            double sum = 0;
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < rows.length; j++) {
                    double c = Products.dot(rows[i], rows[j]) - (i == j ? 1 : 0);
                    sum = Math.fma(c, c, sum);
                }
            }
            return sum / 2;
        }

        @Override
        public double[][] gradient(double[][] z) {
            double[][] rows = transposed(z);
            double[] d = scale(rows);
            double[][] gradient = new double[rows.length][];
            for (int i = 0; i < rows.length; i++) {
                double[] y = new double[z.length];
                for (int j = 0; j < rows.length; j++) {
                    double c = 2 * (Products.dot(rows[i], rows[j]) - (i == j ? 1 : 0));
                    for (int s = 0; s < y.length; s++) {
                        y[s] = Math.fma(c, rows[j][s], y[s]);
                    }
                }
                double along = Products.dot(rows[i], y);
                for (int s = 0; s < y.length; s++) {
                    y[s] = d[i] * Math.fma(-along, rows[i][s], y[s]);
                }
                gradient[i] = y;
            }
            return transposed(gradient);
        }

        /// Multiplies the rows by `D`, which is returned.
        private double[] scale(double[][] rows) {
            double[] d = new double[rows.length];
            for (int i = 0; i < rows.length; i++) {
                double size = Products.dot(rows[i], rows[i]) + eps;
                d[i] = size > 0 ? 1 / Math.sqrt(size) : 0;
                for (int s = 0; s < rows[i].length; s++) {
                    rows[i][s] *= d[i];
                }
            }
            return d;
        }

        private static double[][] transposed(double[][] rows) {
            double[][] columns = new double[rows.length == 0 ? 0 : rows[0].length][rows.length];
            for (int i = 0; i < columns.length; i++) {
                for (int j = 0; j < rows.length; j++) {
                    columns[i][j] = rows[j][i];
                }
            }
            return columns;
        }

        @Override
        public String label() {
            return "decorrelation:" + eps + ":" + lipschitz;
        }
    }

    private static void checkPositive(String name, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name + " is " + value + ", expected a positive number");
        }
    }
}

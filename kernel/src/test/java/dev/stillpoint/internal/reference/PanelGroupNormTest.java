package dev.stillpoint.internal.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stillpoint.activation.Activation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Group norm on panels against exact arithmetic, and its written order; max-pooling in several lanes.
final class PanelGroupNormTest {
    private static final long SEED = 496;
    private static final int[] BLOCKS = {1, 2, 3, 8, 9, 10, 33, 207};
    private static final double EPS = 0.5;
    private static final MathContext DIGITS = new MathContext(60);

    private static double[] numbers(Panels width, SplittableRandom random, int count, double size) {
        double[] v = new double[count];
        for (int i = 0; i < count; i++) {
            v[i] = width.round(size * random.nextDouble(-1, 1));
        }
        return v;
    }

    private static BigDecimal mean(BigDecimal[] v) {
        BigDecimal sum = BigDecimal.ZERO;
        for (BigDecimal value : v) {
            sum = sum.add(value);
        }
        return sum.divide(BigDecimal.valueOf(v.length), DIGITS);
    }

    private static BigDecimal[] exact(double[] v) {
        BigDecimal[] exact = new BigDecimal[v.length];
        for (int i = 0; i < v.length; i++) {
            exact[i] = new BigDecimal(v[i]);
        }
        return exact;
    }

    /// `d_i = v_i - mean` and, last, `sqrt(var + eps)`.
    private static BigDecimal[] centred(double[] v) {
        BigDecimal[] d = new BigDecimal[v.length + 1];
        BigDecimal mean = mean(exact(v));
        BigDecimal squares = BigDecimal.ZERO;
        for (int i = 0; i < v.length; i++) {
            d[i] = new BigDecimal(v[i]).subtract(mean);
            squares = squares.add(d[i].pow(2));
        }
        d[v.length] = squares.divide(BigDecimal.valueOf(v.length), DIGITS)
                .add(new BigDecimal(EPS))
                .sqrt(DIGITS);
        return d;
    }

    private static double gamma(double k, Panels width) {
        return k * width.u / (1 - k * width.u);
    }

    /// The mean has an error of `gamma_(b+1)` of the largest value, its subtraction one of `2u` of it: `d` is off
    /// by `sqrt(b)` times that in the 2-norm, and `d/sqrt(|d|^2/b + eps)` has the constant `1/sqrt(eps)`. What
    /// follows has half of the `b + 3` roundings under the root, the root and the division.
    @ParameterizedTest
    @EnumSource
    void value(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int size : BLOCKS) {
            for (double spread : new double[] {1e-3, 1, 300}) {
                double[] v = numbers(width, random, size, spread);
                BigDecimal[] d = centred(v);
                double[] p = width.value(Activation.groupNorm(size, EPS), v, 1, false);
                double shift = gamma(size + 4, width) * spread * Math.sqrt(size) / Math.sqrt(EPS);
                for (int i = 0; i < size; i++) {
                    BigDecimal expected = d[i].divide(d[size], DIGITS);
                    double error = new BigDecimal(p[i]).subtract(expected).abs().doubleValue();
                    double bound = shift + gamma(size + 6, width) * Math.abs(expected.doubleValue());
                    assertTrue(error <= bound, () -> "block " + size + " seed " + SEED);
                }
            }
        }
    }

    /// `J w` by its formula. The direction has the errors of `v` with its own mean; `p` is off by `shift`, and
    /// enters once as a factor of at most `sqrt(b)` and once in a mean of products.
    @ParameterizedTest
    @EnumSource
    void derivativeTimes(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int size : BLOCKS) {
            double[] v = numbers(width, random, size, 2);
            double[] w = numbers(width, random, size, 1);
            BigDecimal[] d = centred(v);
            BigDecimal s = d[size];
            BigDecimal drift = mean(exact(w));
            BigDecimal[] products = new BigDecimal[size];
            for (int i = 0; i < size; i++) {
                products[i] = d[i].divide(s, DIGITS).multiply(new BigDecimal(w[i]));
            }
            BigDecimal c = mean(products);
            double[] out = width.derivativeTimes(Activation.groupNorm(size, EPS), v, w, 1, false);
            double root = Math.sqrt(size);
            double shift = gamma(size + 4, width) * 2 * root / Math.sqrt(EPS) + gamma(size + 6, width) * root;
            for (int i = 0; i < size; i++) {
                BigDecimal expected = new BigDecimal(w[i])
                        .subtract(drift)
                        .subtract(d[i].divide(s, DIGITS).multiply(c))
                        .divide(s, DIGITS);
                double error = new BigDecimal(out[i]).subtract(expected).abs().doubleValue();
                // |w| <= 1, |c| <= 1, |p_i| <= sqrt(b), s >= sqrt(eps): the errors of w - mean, of p and of c, and
                // those
                // of the last operations and of s itself.
                double terms = gamma(size + 4, width) + shift + root * (shift + gamma(size + 1, width));
                double bound = (terms + gamma(size + 8, width) * (2 + root) + shift * (2 + root)) / Math.sqrt(EPS);
                assertTrue(error <= bound, () -> "block " + size + " seed " + SEED);
            }
        }
    }

    /// Tiles of 8, 8 and 4 rows, added by the tree `(t0 + t1) + t2`.
    @ParameterizedTest
    @EnumSource
    void sumsHaveTheirOrder(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        int size = 20;
        double[] v = numbers(width, random, size, 1);
        double[] tiles = new double[3];
        for (int i = 0; i < size; i++) {
            tiles[i / 8] = width.round(tiles[i / 8] + v[i]);
        }
        double mean = width.round(width.round(width.round(tiles[0] + tiles[1]) + tiles[2]) / size);
        double[] squares = new double[3];
        double[] d = new double[size];
        for (int i = 0; i < size; i++) {
            d[i] = width.round(v[i] - mean);
            BigDecimal square = new BigDecimal(d[i]).pow(2).add(new BigDecimal(squares[i / 8]));
            squares[i / 8] = width == Panels.F32 ? square.floatValue() : square.doubleValue();
        }
        double variance = width.round(width.round(width.round(squares[0] + squares[1]) + squares[2]) / size);
        double s = width.round(Math.sqrt(width.round(variance + EPS)));
        double[] p = width.value(Activation.groupNorm(size, EPS), v, 1, false);
        for (int i = 0; i < size; i++) {
            assertEquals(width.round(d[i] / s), p[i], "row " + i + " seed " + SEED);
        }
    }

    /// A lane's result is its own, in place as well.
    @ParameterizedTest
    @EnumSource
    void lanesAndPlaces(Panels width) {
        SplittableRandom random = new SplittableRandom(SEED);
        int lanes = 5;
        int rows = 12;
        double[] panel = numbers(width, random, rows * lanes, 3);
        panel[2] = Double.NaN;
        for (Activation phi : new Activation[] {
            Activation.groupNorm(6),
            Activation.maxPool(4),
            Activation.parse("gate:tanh:sigmoid"),
            Activation.parse("blocks:max-pool:3@6/relu@2/group-norm:4@4")
        }) {
            double[] whole = width.value(phi, panel, lanes, false);
            assertArrayEquals(whole, width.value(phi, panel, lanes, true), phi.label());
            for (int l = 0; l < lanes; l++) {
                double[] v = new double[rows];
                double[] p = new double[rows];
                for (int i = 0; i < rows; i++) {
                    v[i] = panel[i * lanes + l];
                    p[i] = whole[i * lanes + l];
                }
                assertArrayEquals(width.value(phi, v, 1, false), p, phi.label() + " lane " + l);
            }
        }
    }
}

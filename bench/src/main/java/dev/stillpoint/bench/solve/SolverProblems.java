package dev.stillpoint.bench.solve;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.validation.problem.Problem;
import dev.stillpoint.validation.problem.ProblemSpec;
import dev.stillpoint.validation.problem.SplitMix64;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The problems on which solvers are compared, from easy to nearly singular and to those that few methods solve.
///
/// Where the validation suite can express a problem, its line of text is the description. The others are made here
/// of the bell-shaped numbers of [SplitMix64] with the seed in the description; where that says no more, `B`, the
/// bias and the inputs have such values of variance `1/p`, 1 and 1. Each has 128 samples. The same bits on every
/// machine.
public final class SolverProblems {
    private static final int STATES = 64;
    private static final int INPUTS = 16;
    private static final int SAMPLES = 128;

    private SolverProblems() {}

    /// All of them, in the order of the table.
    public static List<SolverProblem> all() {
        return List.of(
                spec("contraction-0.5", "implicit:n=64,m=128,phi=relu,lambda=0.5,structure=positive,seed=2,scale=0.25"),
                spec(
                        "contraction-0.9-tanh",
                        "implicit:n=64,m=128,phi=tanh,lambda=0.9,structure=positive,seed=2,scale=0.0625,bias=0.25"),
                spec(
                        "contraction-0.99",
                        "implicit:n=64,m=128,phi=relu,lambda=0.99,structure=positive,seed=2,scale=0.25"),
                obstacle("obstacle-0.999", Precision.F32),
                obstacle("obstacle-0.999-f64", Precision.F64),
                spec("layers", "implicit:n=64,m=128,phi=relu,lambda=5,structure=layers:8,operator=block-triangular"),
                spec("attention", "implicit:n=64,m=128,phi=blocks:tanh@32/softmax:8@32,lambda=3"),
                spec("attention-wild", "implicit:n=64,m=128,phi=blocks:tanh@32/softmax:8@32,lambda=5"),
                spec("softmax", "implicit:n=64,m=128,phi=softmax:8,lambda=20"),
                monotone("monotone-3", 1, 3, Activation.relu(), Precision.F32),
                monotone("monotone-100", 0.1, 10, Activation.relu(), Precision.F32),
                monotone("monotone-100-tanh", 0.1, 10, Activation.tanh(), Precision.F32),
                monotone("monotone-10000", 0.001, 10, Activation.relu(), Precision.F32),
                monotone("monotone-10000-f64", 0.001, 10, Activation.relu(), Precision.F64),
                skew(),
                rotations(),
                shortCycles(),
                longCycle("cycle-32", 32, 1.2),
                longCycle("cycle-96", 96, 1.05),
                mixed());
    }

    private static SolverProblem spec(String name, String text) {
        Problem problem = ProblemSpec.parse(text).generate();
        return new SolverProblem(name, text, problem.equation(), problem.inputs());
    }

    /// An obstacle problem in one dimension. The modes of `0.999 T` shrink by every factor between -1 and 1.
    private static SolverProblem obstacle(String name, Precision precision) {
        double[][] a = new double[STATES][STATES];
        for (int i = 0; i + 1 < STATES; i++) {
            a[i][i + 1] = 0.999 / 2;
            a[i + 1][i] = 0.999 / 2;
        }
        String description = "an obstacle problem: A = 0.999 T, T with 1/2 beside the diagonal; relu, seed 3";
        return random(name, description, a, Activation.relu(), precision, 3);
    }

    private static SolverProblem monotone(
            String name, double m, double lipschitz, Activation phi, Precision precision) {
        SplitMix64 random = new SplitMix64(5);
        int planes = STATES / 2;
        double[] c = new double[planes];
        double[] s = new double[planes];
        for (int k = 0; k < planes; k++) {
            double r = m * StrictMath.pow(lipschitz / m, (double) k / (planes - 1));
            c[k] = m + (r - m) * random.nextDouble();
            s[k] = Math.sqrt(Math.max(0, r * r - c[k] * c[k]));
        }
        String description =
                ("expansive, with a margin: I - A is normal with eigenvalues of moduli from m = %s to L = %s"
                                + " in geometric progression, of real parts of at least m; %s, seed 5")
                        .formatted(m, lipschitz, phi.label());
        return random(name, description, oneMinus(normal(c, s, random)), phi, precision, 5);
    }

    private static SolverProblem skew() {
        SplitMix64 random = new SplitMix64(7);
        double[] s = new double[STATES / 2];
        Arrays.setAll(s, k -> 0.5 + 4.5 * k / (s.length - 1));
        String description = "like rotations: A skew-symmetric with eigenvalues from 0.5 i to 5 i; relu, seed 7";
        double[][] a = normal(new double[s.length], s, random);
        return random("skew", description, a, Activation.relu(), Precision.F32, 7);
    }

    private static SolverProblem rotations() {
        double[] divisors = {2, 3, 4, 5, 6, 1.27, 1.73};
        int n = 2 * divisors.length;
        double[][] a = new double[n][n];
        for (int k = 0; k < divisors.length; k++) {
            plane(a, k, StrictMath.cos(Math.PI / divisors[k]), StrictMath.sin(Math.PI / divisors[k]));
        }
        double[][] inputs = bells(new SplitMix64(9), SAMPLES, n, 1);
        for (double[] row : inputs) {
            for (int i = 0; i < n; i++) {
                row[i] += i + 1;
            }
        }
        return of(
                "rotations",
                "x = R(x - u) + u: seven planes rotated by pi/2, /3, /4, /5, /6, /1.27, /1.73 about u = (1 ... 14) and"
                        + " bells; identity, seed 9",
                a,
                oneMinus(a),
                null,
                inputs,
                Activation.identity(),
                Precision.F32);
    }

    /// Well-posed, for `det(I - DA) = 1 + 27 d_1 d_2 d_3 > 0` of each cycle for slopes `d > 0`. Its eigenvalues
    /// are three times the cube roots of -1: two have real parts of 3/2, so that no splitting is bound to converge.
    private static SolverProblem shortCycles() {
        int cycles = 21;
        int n = 3 * cycles;
        double[][] a = bells(new SplitMix64(11), n, n, 0.5 / Math.sqrt(n));
        for (int i = 0; i < n; i++) {
            Arrays.fill(a[i], 0, i / 3 * 3 + 3, 0);
        }
        for (int k = 0; k < cycles; k++) {
            cycle(a, 3 * k, 3, 3);
        }
        return random(
                "cycles-3",
                "well-posed, neither contraction nor monotone: 21 cycles x_1 = -3 x_3, x_2 = 3 x_1, x_3 = 3 x_2, weakly"
                        + " fed by those behind; leaky-relu:0.1, seed 11",
                a,
                Activation.leakyRelu(0.1),
                Precision.F32,
                11);
    }

    /// Well-posed as [#shortCycles()] is, by `1 + g^n d_1 ... d_n > 0`. All states are positive in the fixed points,
    /// where the map is linear with eigenvalues all around the circle of radius `g > 1`: no polynomial of a degree
    /// below `n` is small on these and 1 at 1.
    private static SolverProblem longCycle(String name, int n, double gain) {
        double[][] a = new double[n][n];
        cycle(a, 0, n, gain);
        double[][] b = new double[n][1];
        feedCycle(b, 0, n, 0, gain);
        double[][] inputs = bells(new SplitMix64(13), SAMPLES, 1, 0.1);
        for (double[] row : inputs) {
            row[0] += 1;
        }
        String description = ("one cycle of %d states with the gains %s and one of -%s, every state active: no Krylov"
                        + " method of less than %d columns converges; relu, seed 13")
                .formatted(n, gain, gain, n);
        return of(name, description, a, b, null, inputs, Activation.relu(), Precision.F32);
    }

    private static SolverProblem mixed() {
        int part = 20;
        int length = 88;
        double gain = 1.05;
        int n = 2 * part + length;
        double[][] a = new double[n][n];
        double[][] b = new double[n][3];
        for (int i = 0; i < part; i++) {
            b[i][0] = 1;
            if (i > 0) {
                a[i][i - 1] = 0.4999;
                a[i - 1][i] = 0.4999;
            }
        }
        for (int i = part; i < 2 * part; i += 2) {
            plane(a, i / 2, 0, -5);
            b[i][1] = 0.1;
            b[i + 1][1] = 1;
        }
        cycle(a, 2 * part, length, gain);
        feedCycle(b, 2 * part, length, 2, gain);
        double[][] inputs = bells(new SplitMix64(17), SAMPLES, 3, 0.2);
        for (int i = 0; i < SAMPLES; i++) {
            for (int j = 0; j < 3; j++) {
                inputs[i][j] = j == i % 3 ? 1 + inputs[i][j] : -20;
            }
        }
        return of(
                "mixed",
                "every sample wakes one of three: an obstacle problem with 0.9998 T, planes with (0, 5; -5, 0), a cycle of"
                        + " 88 as in cycle-96; relu, seed 17",
                a,
                b,
                null,
                inputs,
                Activation.relu(),
                Precision.F32);
    }

    /// Plane `k`: `(c, -s; s, c)`.
    private static void plane(double[][] matrix, int k, double c, double s) {
        int i = 2 * k;
        matrix[i][i] = c;
        matrix[i + 1][i + 1] = c;
        matrix[i][i + 1] = -s;
        matrix[i + 1][i] = s;
    }

    private static void cycle(double[][] a, int begin, int length, double gain) {
        for (int i = 0; i < length; i++) {
            a[begin + (i + 1) % length][begin + i] = i + 1 == length ? -gain : gain;
        }
    }

    /// Enough for the first state that it stays positive beside what comes back from the last: of `g^n` the half.
    private static void feedCycle(double[][] b, int begin, int length, int column, double gain) {
        for (int i = 0; i < length; i++) {
            b[begin + i][column] = i == 0 ? 1 + StrictMath.pow(gain, length) : (gain - 1) / 2;
        }
    }

    /// A matrix of planes `(c, -s; s, c)` turned by as many random reflections as there are states: normal, with
    /// eigenvalues `c + is` and `c - is`.
    private static double[][] normal(double[] c, double[] s, SplitMix64 random) {
        int n = 2 * c.length;
        double[][] matrix = new double[n][n];
        for (int k = 0; k < c.length; k++) {
            plane(matrix, k, c[k], s[k]);
        }
        for (int k = 0; k < n; k++) {
            reflect(matrix, bells(random, 1, n, 1)[0]);
        }
        return matrix;
    }

    /// `M <- H M H` with `H = I - 2vv'/v'v`.
    private static void reflect(double[][] matrix, double[] v) {
        int n = v.length;
        double square = 0;
        double[] left = new double[n];
        for (int i = 0; i < n; i++) {
            square += v[i] * v[i];
            for (int j = 0; j < n; j++) {
                left[j] += v[i] * matrix[i][j];
            }
        }
        for (int i = 0; i < n; i++) {
            double right = 0;
            for (int j = 0; j < n; j++) {
                matrix[i][j] -= 2 / square * v[i] * left[j];
                right += matrix[i][j] * v[j];
            }
            for (int j = 0; j < n; j++) {
                matrix[i][j] -= 2 / square * right * v[j];
            }
        }
    }

    private static double[][] oneMinus(double[][] matrix) {
        int n = matrix.length;
        double[][] difference = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                difference[i][j] = (i == j ? 1 : 0) - matrix[i][j];
            }
        }
        return difference;
    }

    private static SolverProblem random(
            String name, String description, double[][] a, Activation phi, Precision precision, long seed) {
        SplitMix64 random = SplitMix64.stream(seed, 'B');
        double[][] b = bells(random, a.length, INPUTS, 1 / Math.sqrt(INPUTS));
        double[] bias = bells(random, 1, a.length, 1)[0];
        return of(name, description, a, b, bias, bells(random, SAMPLES, INPUTS, 1), phi, precision);
    }

    private static SolverProblem of(
            String name,
            String description,
            double[][] a,
            double[][] b,
            double @Nullable [] bias,
            double[][] inputs,
            Activation phi,
            Precision precision) {
        var equation = new FixedPointProblem(
                LinearOperator.dense(matrix(precision, a)),
                LinearOperator.dense(matrix(precision, b)),
                bias == null ? null : matrix(precision, bias),
                phi);
        return new SolverProblem(name, description, equation, matrix(precision, inputs));
    }

    private static double[][] bells(SplitMix64 random, int rows, int columns, double deviation) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, _ -> deviation * random.nextBell());
        }
        return values;
    }

    private static Matrix matrix(Precision precision, double[]... rows) {
        Matrix matrix = Matrix.zeros(precision, rows.length, rows[0].length);
        for (int i = 0; i < rows.length; i++) {
            matrix.setRow(i, rows[i], 0);
        }
        return matrix.frozen();
    }
}

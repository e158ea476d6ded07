package dev.stillpoint.validation.problem;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import dev.stillpoint.solver.FixedPointProblem;
import dev.stillpoint.solver.SequentialAveraging;
import dev.stillpoint.solver.Solver;
import dev.stillpoint.validation.reference.NormMatrix;
import dev.stillpoint.validation.reference.ReferenceActivation;
import dev.stillpoint.validation.reference.SymmetricBound;
import dev.stillpoint.wellposed.SolverAdvisor;
import org.jspecify.annotations.Nullable;

/// Makes the data of a problem. Additions, multiplications, divisions and square roots in a written order, and
/// `StrictMath`, are all the arithmetic: the same bits on every machine.
final class ProblemGenerator {
    private static final int NORM_STEPS = 100;

    private ProblemGenerator() {}

    static Problem generate(ProblemSpec spec) {
        int n = spec.sizes().n();
        int p = spec.sizes().p();
        int q = spec.sizes().q();
        long seed = spec.seed();
        Precision precision = spec.precision();
        StateMatrix states =
                new StateMatrix(spec.structure(), n, spec.activation().blockSize(), seed);
        LinearOperator operator = switch (spec.kind()) {
            case Kind.Implicit(double lambda) -> implicit(spec, states, lambda);
            case Kind.Monotone(double margin) ->
                new StateOperator(states, precision, 1)
                        .of(spec.operator(), spec.structure(), monotone(states, n, margin));
        };
        Matrix a = operator.toMatrix();
        Matrix b = bells(precision, seed, 'B', n, p, 1 / Math.sqrt(p));
        Matrix c = bells(precision, seed, 'C', q, n, 1 / Math.sqrt(n));
        Matrix d = bells(precision, seed, 'D', q, p, 1 / Math.sqrt(p));
        @Nullable Matrix bias = spec.bias() == 0 ? null : bells(precision, seed, 'E', 1, n, spec.bias());
        Matrix inputs = bells(precision, seed, 'U', spec.sizes().samples(), p, spec.scale());
        FixedPointProblem equation = new FixedPointProblem(operator, LinearOperator.dense(b), bias, spec.activation());
        return new Problem(spec, a, b, c, d, bias, inputs, equation, solver(spec, operator, a));
    }

    private static LinearOperator implicit(ProblemSpec spec, StateMatrix states, double lambda) {
        double[][] a = states.draw('A');
        double[][] norms = NormMatrix.of(a, ReferenceActivation.of(spec.activation()));
        double root = switch (spec.structure()) {
            case Structure.Upper _, Structure.Layers _ -> largestRowSum(norms);
            case Structure.Cyclic(int period) -> PerronRoot.estimate(norms, period);
            case Structure.Dense _,
                    Structure.Positive _,
                    Structure.Sparse _,
                    Structure.BlockTriangular _,
                    Structure.Reducible _,
                    Structure.LowRank _,
                    Structure.Cascade _,
                    Structure.DiagonalLowRank _,
                    Structure.Convolution _ -> PerronRoot.estimate(norms, 1);
        };
        double factor = root == 0 ? 0 : lambda / root;
        for (double[] row : a) {
            for (int j = 0; j < row.length; j++) {
                row[j] *= factor;
            }
        }
        return new StateOperator(states, spec.precision(), factor).of(spec.operator(), spec.structure(), a);
    }

    private static double largestRowSum(double[][] norms) {
        double largest = 0;
        for (double[] row : norms) {
            double sum = 0;
            for (double value : row) {
                sum += value;
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }

    /// `(1 - m) I - G'G + H - H'`, with `G` at half of the strength that it is drawn with.
    private static double[][] monotone(StateMatrix states, int n, double margin) {
        double[][] g = states.draw('G');
        double[][] h = states.draw('H');
        double[][] gram = new double[n][n];
        for (double[] row : g) {
            for (int i = 0; i < n; i++) {
                double scaled = 0.25 * row[i];
                if (scaled != 0) {
                    for (int j = 0; j < n; j++) {
                        gram[i][j] += scaled * row[j];
                    }
                }
            }
        }
        double[][] a = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                a[i][j] = h[i][j] - h[j][i] - gram[i][j] + (i == j ? 1 - margin : 0);
            }
        }
        return a;
    }

    private static Matrix bells(Precision precision, long seed, char letter, int rows, int columns, double factor) {
        SplitMix64 values = SplitMix64.stream(seed, letter);
        return matrix(precision, StateMatrix.bells(values, rows, columns), columns, factor);
    }

    private static Matrix matrix(Precision precision, double[][] values, int columns, double factor) {
        Matrix matrix = Matrix.zeros(precision, values.length, columns);
        double[] row = new double[columns];
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < columns; j++) {
                row[j] = factor * values[i][j];
            }
            matrix.setRow(i, row, 0);
        }
        return matrix.frozen();
    }

    /// The solver, with its coefficients rounded to the precision of the problem, so that an engine and a
    /// reference take the very same steps.
    private static Solver solver(ProblemSpec spec, LinearOperator operator, Matrix a) {
        Precision precision = spec.precision();
        return switch (spec.solver()) {
            case SolverChoice.Picard(double relaxation) -> Solver.picard(precision.round(relaxation));
            case SolverChoice.Auto() ->
                SolverAdvisor.recommend(operator, spec.activation()).solver();
            case SolverChoice.Mixing(int history) -> Solver.anderson(history);
            case SolverChoice.Secant(int history) -> Solver.broyden(history);
            case SolverChoice.Newton(var inner) -> Solver.newton(inner);
            case SolverChoice.BackwardSubstitution() -> Solver.substitution();
            case SolverChoice.SequentialAveraging(var eps) ->
                eps.isEmpty()
                        ? Solver.sequentialAveraging()
                        : new SequentialAveraging(new SequentialAveraging.InverseNorm(eps.getAsDouble()));
            case SolverChoice.Splitting(var method, var alpha) ->
                switch (method) {
                    case FORWARD_BACKWARD ->
                        Solver.forwardBackward(precision.round(alpha.orElseGet(() -> bestStep(spec, a))));
                    case PEACEMAN_RACHFORD ->
                        Solver.peacemanRachford(precision.round(alpha.orElseGet(() -> bestResolventStep(spec, a))));
                    case DOUGLAS_RACHFORD ->
                        Solver.douglasRachford(precision.round(alpha.orElseGet(() -> bestResolventStep(spec, a))));
                };
        };
    }

    private static double bestStep(ProblemSpec spec, Matrix a) {
        double[][] gap = gap(a);
        double margin = switch (spec.kind()) {
            case Kind.Monotone(double given) -> given;
            case Kind.Implicit _ -> SymmetricBound.smallestEigenvalue(SymmetricBound.symmetricPart(gap));
        };
        if (!(margin > 0)) {
            throw new IllegalArgumentException("problem '" + spec
                    + "': solver is forward-backward, expected forward-backward:ALPHA, for I - (A + A')/2 is not"
                    + " positive definite and no step is known to converge");
        }
        double norm = norm2(gap, SplitMix64.stream(spec.seed(), 'L'));
        return margin / (norm * norm);
    }

    /// `1/L`.
    private static double bestResolventStep(ProblemSpec spec, Matrix a) {
        return 1 / norm2(gap(a), SplitMix64.stream(spec.seed(), 'L'));
    }

    /// `I - A`.
    private static double[][] gap(Matrix a) {
        int n = a.rows();
        double[][] gap = new double[n][n];
        for (int i = 0; i < n; i++) {
            a.getRow(i, gap[i], 0);
            for (int j = 0; j < n; j++) {
                gap[i][j] = (i == j ? 1 : 0) - gap[i][j];
            }
        }
        return gap;
    }

    /// An estimate from below of the 2-norm by a power iteration on `M'M`; the step is safe up to twice its
    /// value.
    private static double norm2(double[][] matrix, SplitMix64 start) {
        int n = matrix.length;
        double[] v = StateMatrix.bells(start, 1, n)[0];
        double norm = 0;
        for (int step = 0; step < NORM_STEPS; step++) {
            double length = Math.sqrt(squares(v));
            double[] w = new double[n];
            double[] next = new double[n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < n; j++) {
                    w[i] += matrix[i][j] * (v[j] / length);
                }
                for (int j = 0; j < n; j++) {
                    next[j] += matrix[i][j] * w[i];
                }
            }
            norm = Math.sqrt(squares(w));
            v = next;
        }
        return norm;
    }

    private static double squares(double[] v) {
        double sum = 0;
        for (double value : v) {
            sum += value * value;
        }
        return sum;
    }
}

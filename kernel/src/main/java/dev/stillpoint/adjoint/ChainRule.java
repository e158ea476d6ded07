package dev.stillpoint.adjoint;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import dev.stillpoint.operator.LinearOperator;
import java.util.List;

/// What takes gradients of an operator's letters to those of the parameters that it is made from, in FP64.
final class ChainRule {
    private ChainRule() {}

    /// `V'X`, immutable, by the engine: each entry one fma chain from `+0` in increasing row.
    static Matrix product(Matrix v, Matrix x) {
        OperatorGradient sum =
                new OperatorGradient(LinearOperator.dense(Matrix.zeros(Precision.F64, v.columns(), x.columns())));
        sum.add(v, x);
        return sum.letters().getFirst();
    }

    /// `(G +- G')/divisor`: a sum or difference, then a quotient, each rounded; exactly symmetric or antisymmetric.
    static Matrix withTranspose(Matrix g, int sign, double divisor) {
        Matrix sums = Matrix.zeros(Precision.F64, g.rows(), g.rows());
        for (int i = 0; i < g.rows(); i++) {
            for (int j = 0; j < g.rows(); j++) {
                sums.set(i, j, (g.get(i, j) + sign * g.get(j, i)) / divisor);
            }
        }
        return sums.frozen();
    }

    /// `D + S'/divisor`.
    static Matrix plusTransposed(Matrix d, Matrix s, double divisor) {
        Matrix sum = Matrix.zeros(Precision.F64, d.rows(), d.columns());
        for (int i = 0; i < d.rows(); i++) {
            for (int j = 0; j < d.columns(); j++) {
                sum.set(i, j, d.get(i, j) + s.get(j, i) / divisor);
            }
        }
        return sum.frozen();
    }

    /// `F + G`.
    static Matrix plus(Matrix f, Matrix g) {
        Matrix sum = Matrix.zeros(Precision.F64, f.rows(), f.columns());
        for (int i = 0; i < f.rows(); i++) {
            for (int j = 0; j < f.columns(); j++) {
                sum.set(i, j, f.get(i, j) + g.get(i, j));
            }
        }
        return sum.frozen();
    }

    /// `sum_ij f_ij g_ij`, one fma chain from `+0`, row after row.
    static double inner(Matrix f, Matrix g) {
        double sum = 0;
        for (int i = 0; i < f.rows(); i++) {
            for (int j = 0; j < f.columns(); j++) {
                sum = Math.fma(f.get(i, j), g.get(i, j), sum);
            }
        }
        return sum;
    }

    /// Checks that gradients are of the letters that a model has.
    ///
    /// @throws ShapeException when their number or a shape differs
    static void check(String name, List<Matrix> gradients, List<Matrix> letters) {
        checkCount(name, gradients, letters.size());
        for (int l = 0; l < letters.size(); l++) {
            Matrix letter = letters.get(l);
            ShapeException.check(
                    "the gradient of letter %d of %s".formatted(l, name),
                    gradients.get(l),
                    letter.rows(),
                    letter.columns());
        }
    }

    /// Checks how many letters an operator has gradients of.
    ///
    /// @throws ShapeException when they are others
    static void checkCount(String name, List<Matrix> gradients, int count) {
        if (gradients.size() != count) {
            throw new ShapeException(
                    "gradients of %d letters of %s, expected %d".formatted(gradients.size(), name, count));
        }
    }
}

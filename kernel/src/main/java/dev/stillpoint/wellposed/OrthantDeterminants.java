package dev.stillpoint.wellposed;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Decides small models whose activation is linear on either side of zero, `phi(v) = v` for `v >= 0` and `s v`
/// below: ReLU (`s = 0`), leaky ReLU, the identity (`s = 1`).
///
/// With `z = Ax + b = z+ - z-` the equation is `(I - A) z+ - (I - sA) z- = b`, a linear complementarity problem in
/// the parts `z+, z- >= 0` of `z`. It has exactly one solution for every `b` if and only if the determinants of all
/// `2^k` matrices that take each column from `I - A` or from `I - sA` are non-zero and of one sign. For ReLU these
/// are the principal minors of `I - A`, which must all be positive: a P-matrix.
///
/// The determinants are exact, in integers by fraction-free elimination, so the answer is final whatever the
/// entries are. Source: H. Samelson, R. M. Thrall, O. Wesler (1958) for P-matrices; A. N. Willson (1971) for pairs
/// of matrices.
final class OrthantDeterminants {
    /// Largest order for `s != 1`: `2^8` determinants.
    static final int LARGEST = 8;

    /// Largest order for the identity: one determinant.
    static final int LARGEST_LINEAR = 64;

    private final int n;
    private final BigInteger[][] right;
    private final BigInteger[][] left;

    private OrthantDeterminants(double[][] a, double slope) {
        n = a.length;
        int scale = 0;
        BigDecimal s = new BigDecimal(slope);
        BigDecimal[][] one = new BigDecimal[n][n];
        BigDecimal[][] two = new BigDecimal[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                BigDecimal unit = i == j ? BigDecimal.ONE : BigDecimal.ZERO;
                BigDecimal value = new BigDecimal(a[i][j]);
                one[i][j] = unit.subtract(value);
                two[i][j] = unit.subtract(value.multiply(s));
                scale = Math.max(scale, Math.max(one[i][j].scale(), two[i][j].scale()));
            }
        }
        right = new BigInteger[n][n];
        left = new BigInteger[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                right[i][j] = one[i][j].setScale(scale).unscaledValue();
                left[i][j] = two[i][j].setScale(scale).unscaledValue();
            }
        }
    }

    /// Whether `x = phi(Ax + b)` has exactly one solution for every `b`, for the dense matrix `a` of at most
    /// [#LARGEST] rows ([#LARGEST_LINEAR] where `slope` is 1).
    static boolean isWellPosed(double[][] a, double slope) {
        OrthantDeterminants determinants = new OrthantDeterminants(a, slope);
        int sign = determinants.sign(0);
        if (slope == 1) {
            return sign != 0;
        }
        boolean agree = sign != 0;
        for (int mask = 1; agree && mask < 1 << determinants.n; mask++) {
            agree = determinants.sign(mask) == sign;
        }
        return agree;
    }

    /// The sign of the determinant of the matrix with the columns of `mask` from `I - sA` and the others from
    /// `I - A`.
    private int sign(int mask) {
        BigInteger[][] m = new BigInteger[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                m[i][j] = (mask >> Math.min(j, 31) & 1) == 1 ? left[i][j] : right[i][j];
            }
        }
        int sign = 1;
        BigInteger previous = BigInteger.ONE;
        for (int k = 0; k < n - 1; k++) {
            int pivot = k;
            while (pivot < n && m[pivot][k].signum() == 0) {
                pivot++;
            }
            if (pivot == n) {
                return 0;
            }
            if (pivot != k) {
                BigInteger[] row = m[pivot];
                m[pivot] = m[k];
                m[k] = row;
                sign = -sign;
            }
            for (int i = k + 1; i < n; i++) {
                for (int j = k + 1; j < n; j++) {
                    m[i][j] = m[i][j].multiply(m[k][k])
                            .subtract(m[i][k].multiply(m[k][j]))
                            .divide(previous);
                }
            }
            previous = m[k][k];
        }
        return sign * m[n - 1][n - 1].signum();
    }
}

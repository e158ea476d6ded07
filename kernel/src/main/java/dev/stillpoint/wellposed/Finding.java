package dev.stillpoint.wellposed;

/// What one test of well-posedness found.
///
/// @param test the test
/// @param outcome its outcome
/// @param detail a line with its figures, or with the reason why it says nothing
public record Finding(Test test, Outcome outcome, String detail) {

    /// The tests, each a sufficient condition for the equation to have exactly one solution; in the order in which
    /// the report names the first that holds.
    public enum Test {
        /// `lambda_PF(N(A, gamma)) < 1` (IDL-21 Theorem 2.2).
        PERRON_FROBENIUS("Perron-Frobenius"),
        /// `A` is diagonal, with every entry in the range that the activation allows (IDL-19 §3.1).
        DIAGONAL("diagonal"),
        /// `A` is triangular, also under a symmetric permutation, with such a diagonal (IDL-21 Remark 2.5).
        TRIANGULAR("triangular"),
        /// `I - (A + A')/2 >= m I` with `m > 0`, for an activation that is a proximal map (NTK-22 §2.3.2).
        MONOTONE("monotone"),
        /// `gamma |A|_1 < 1` (IDL-19 (2)).
        NORM_ONE("1-norm"),
        /// `gamma |A|_2 < 1`.
        NORM_TWO("2-norm"),
        /// `gamma |A|_inf < 1`.
        NORM_INFINITY("inf-norm"),
        /// `A = p q'` with `gamma |p|'|q| < 1` (IDL-19 §3.2).
        RANK_ONE("rank one"),
        /// ReLU, leaky ReLU or the identity with few states: the determinants of all linear pieces have one sign,
        /// for ReLU the principal minors of `I - A`. This one is necessary, too.
        ORTHANTS("orthant determinants"),
        /// `S - gamma^2 A'SA > 0` for a diagonal `S > 0` (IDL-19 §3.2).
        DIAGONAL_LYAPUNOV("diagonal Lyapunov"),
        /// Every diagonal block of the block-triangular form, which may be all of `A`, is well-posed, each by a
        /// test of its own (IDL-21 Theorems 2.7 and 2.8).
        COMPONENTS("components");

        private final String label;

        Test(String label) {
            this.label = label;
        }

        /// Its name for humans.
        public String label() {
            return label;
        }
    }

    /// Outcomes of a test.
    public enum Outcome {
        /// The condition holds, verified: the model is well-posed.
        HOLDS,
        /// The condition does not hold, or could not be verified. It is sufficient only, so this proves nothing.
        DOES_NOT_HOLD,
        /// The test is not for such a matrix or activation.
        NOT_APPLICABLE,
        /// The test was not run.
        SKIPPED
    }

    /// Whether the condition holds.
    public boolean holds() {
        return outcome == Outcome.HOLDS;
    }

    @Override
    public String toString() {
        return test.label() + ": " + detail;
    }
}

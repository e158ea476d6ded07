package dev.stillpoint.validation.problem;

/// The kind of a problem: what its state matrix is made from, and the number that conditions it.
public sealed interface Kind {
    /// The word that begins a problem's text.
    String name();

    /// The key of the number that conditions problems of this kind.
    String conditioningKey();

    /// The number that conditions the problem.
    double conditioning();

    /// `x = phi(Ax + Bu + bias)` with `A` scaled to `lambda_PF(N(A, gamma)) = lambda`: Picard iteration contracts
    /// by about `lambda` a step where `lambda < 1`, and nothing is promised otherwise. See [Structure.Upper] for
    /// what `lambda` means where the eigenvalue is always 0. Source: IDL-21 (2.4), Theorem 2.2.
    ///
    /// @param lambda the Perron-Frobenius eigenvalue, finite, at least 0
    record Implicit(double lambda) implements Kind {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Implicit {
            Numbers.notNegative("lambda", lambda);
        }

        @Override
        public String name() {
            return "implicit";
        }

        @Override
        public String conditioningKey() {
            return "lambda";
        }

        @Override
        public double conditioning() {
            return lambda;
        }
    }

    /// `x = phi(Ax + Bu + bias)` with `A = (1 - m) I - G'G + H - H'`, so that `I - (A + A')/2 >= m I`: one fixed
    /// point for every proximal activation, found by forward-backward splitting also where Picard iteration
    /// diverges. The values of `H` have variance `1/n` and those of `G` a quarter of that, which makes `|A|_2`
    /// larger than 1 except for a few states. Source: NTK-22 (3.3).
    ///
    /// @param margin the margin `m`, positive
    record Monotone(double margin) implements Kind {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Monotone {
            Numbers.positive("margin", margin);
        }

        @Override
        public String name() {
            return "monotone";
        }

        @Override
        public String conditioningKey() {
            return "margin";
        }

        @Override
        public double conditioning() {
            return margin;
        }
    }
}

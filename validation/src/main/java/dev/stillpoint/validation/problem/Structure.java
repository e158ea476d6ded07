package dev.stillpoint.validation.problem;

/// Where the values of a problem's state matrix are.
///
/// Patterns are over *nodes*: a node is a block of the activation, one state value for a componentwise one, so
/// that `N(A, gamma)`, which is over blocks, has the structure that is asked for. A node that is kept is dense
/// within.
public sealed interface Structure {
    /// The text that [#parse] reads.
    String label();

    /// Checks that the structure is possible for a number of nodes.
    ///
    /// @throws IllegalArgumentException when it is not
    void checkNodes(int nodes);

    /// Every value: `dense`.
    record Dense() implements Structure {
        @Override
        public String label() {
            return "dense";
        }

        @Override
        public void checkNodes(int nodes) {}
    }

    /// Every value, and every value positive: `positive`. `N(A, gamma)` is then `gamma A` for a componentwise
    /// activation, and Picard iteration as slow as `lambda` lets it be, where random signs make it much faster.
    record Positive() implements Structure {
        @Override
        public String label() {
            return "positive";
        }

        @Override
        public void checkNodes(int nodes) {}
    }

    /// The diagonal, and every other node with probability `density`: `sparse:0.1`. The diagonal keeps the
    /// Perron-Frobenius eigenvalue away from 0.
    ///
    /// @param density the probability, in [0, 1]
    record Sparse(double density) implements Structure {
        /// Checks the probability.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Sparse {
            if (!(density >= 0 && density <= 1)) {
                throw new IllegalArgumentException("density of structure sparse is " + Numbers.text(density)
                        + ", expected a number between 0 and 1");
            }
        }

        @Override
        public String label() {
            return "sparse:" + Numbers.text(density);
        }

        @Override
        public void checkNodes(int nodes) {}
    }

    /// Strictly upper triangular: `upper`, a feed-forward model, well-posed at any scale. `lambda_PF` is 0, so
    /// that `lambda` sets the largest row sum of `N(A, gamma)` instead.
    record Upper() implements Structure {
        @Override
        public String label() {
            return "upper";
        }

        @Override
        public void checkNodes(int nodes) {}
    }

    /// Upper block triangular with dense blocks, the diagonal ones included: `block-triangular:4`. The nodes are
    /// divided, in order, into `groups` groups whose sizes differ by at most one.
    ///
    /// @param groups number of groups, at least 1
    record BlockTriangular(int groups) implements Structure {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public BlockTriangular {
            Numbers.atLeast("groups of structure block-triangular", groups, 1);
        }

        @Override
        public String label() {
            return "block-triangular:" + groups;
        }

        @Override
        public void checkNodes(int nodes) {
            checkGroups(label(), groups, nodes);
        }
    }

    /// Block cyclic: `cyclic:3`. Group `g` depends on group `g + 1` modulo `period` alone, so that `N(A, gamma)`
    /// has `period` eigenvalues of the same modulus, and a power iteration without a shift never settles.
    ///
    /// @param period number of groups, at least 1
    record Cyclic(int period) implements Structure {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Cyclic {
            Numbers.atLeast("period of structure cyclic", period, 1);
        }

        @Override
        public String label() {
            return "cyclic:" + period;
        }

        @Override
        public void checkNodes(int nodes) {
            checkGroups(label(), period, nodes);
        }
    }

    /// Two groups, spread over the state by a random permutation: `reducible`. The first depends on both, the
    /// second on itself alone and at half the strength, so that the Perron-Frobenius vector is 0 on the second.
    record Reducible() implements Structure {
        @Override
        public String label() {
            return "reducible";
        }

        @Override
        public void checkNodes(int nodes) {
            checkGroups(label(), 2, nodes);
        }
    }

    /// `A = LR'` with `L` and `R` of `rank` columns, rounded to the precision of the problem: `low-rank:5`.
    ///
    /// @param rank the rank, at least 1
    record LowRank(int rank) implements Structure {
        /// Checks the rank.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public LowRank {
            Numbers.atLeast("rank of structure low-rank", rank, 1);
        }

        @Override
        public String label() {
            return "low-rank:" + rank;
        }

        @Override
        public void checkNodes(int nodes) {}
    }

    /// The structure that `label` names: `dense`, `positive`, `sparse:DENSITY`, `upper`, `block-triangular:GROUPS`,
    /// `cyclic:PERIOD`, `reducible`, `low-rank:RANK`.
    ///
    /// @throws IllegalArgumentException when it names none
    static Structure parse(String label) {
        int colon = label.indexOf(':');
        String name = colon < 0 ? label : label.substring(0, colon);
        String parameter = colon < 0 ? "" : label.substring(colon + 1);
        boolean takesParameter = switch (name) {
            case "sparse", "block-triangular", "cyclic", "low-rank" -> true;
            case "dense", "positive", "upper", "reducible" -> false;
            default ->
                throw new IllegalArgumentException("structure is '" + label
                        + "', expected dense, positive, sparse:DENSITY, upper, block-triangular:GROUPS, cyclic:PERIOD,"
                        + " reducible or low-rank:RANK");
        };
        if (takesParameter && parameter.isEmpty()) {
            throw new IllegalArgumentException("structure is '" + label + "', expected " + name + ":NUMBER");
        }
        if (!takesParameter && colon >= 0) {
            throw new IllegalArgumentException("structure is '" + label + "', expected " + name + " without a number");
        }
        return switch (name) {
            case "dense" -> new Dense();
            case "positive" -> new Positive();
            case "sparse" -> new Sparse(Numbers.number("density of structure sparse", parameter));
            case "upper" -> new Upper();
            case "block-triangular" ->
                new BlockTriangular(Numbers.whole("groups of structure block-triangular", parameter));
            case "cyclic" -> new Cyclic(Numbers.whole("period of structure cyclic", parameter));
            case "reducible" -> new Reducible();
            default -> new LowRank(Numbers.whole("rank of structure low-rank", parameter));
        };
    }

    private static void checkGroups(String label, int groups, int nodes) {
        if (groups > nodes) {
            throw new IllegalArgumentException(
                    "structure is %s, expected at most as many groups as the %d blocks of the".formatted(label, nodes)
                            + " activation in a state");
        }
    }
}

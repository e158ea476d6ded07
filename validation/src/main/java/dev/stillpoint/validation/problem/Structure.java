package dev.stillpoint.validation.problem;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.ImageShape;
import dev.stillpoint.operator.LinearOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

    /// A feed-forward network of `groups` layers: `layers:4`. Group `g` depends on group `g + 1` alone, the last on
    /// nothing but the input. `lambda` is as in [Upper].
    ///
    /// @param groups number of groups, at least 1
    record Layers(int groups) implements Structure {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Layers {
            Numbers.atLeast("groups of structure layers", groups, 1);
        }

        @Override
        public String label() {
            return "layers:" + groups;
        }

        @Override
        public void checkNodes(int nodes) {
            checkGroups(label(), groups, nodes);
        }
    }

    /// Upper block triangular with dense blocks, but without every second one on the diagonal: `cascade:4`. Groups
    /// 0, 2, ... depend on themselves and those behind, groups 1, 3, ... on those behind alone.
    ///
    /// @param groups number of groups, at least 1
    record Cascade(int groups) implements Structure {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Cascade {
            Numbers.atLeast("groups of structure cascade", groups, 1);
        }

        @Override
        public String label() {
            return "cascade:" + groups;
        }

        @Override
        public void checkNodes(int nodes) {
            checkGroups(label(), groups, nodes);
        }
    }

    /// A diagonal and `LR'` with `L` and `R` of `rank` columns: `diagonal-low-rank:3`.
    ///
    /// @param rank the rank, at least 1
    record DiagonalLowRank(int rank) implements Structure {
        /// Checks the rank.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public DiagonalLowRank {
            Numbers.atLeast("rank of structure diagonal-low-rank", rank, 1);
        }

        @Override
        public String label() {
            return "diagonal-low-rank:" + rank;
        }

        @Override
        public void checkNodes(int nodes) {}
    }

    /// A convolution of images of as many channels as it gives, by 3 x 3 windows with a border of zeros:
    /// `convolution:2x5x7`. The state is the image, [ImageShape] says in which order.
    ///
    /// @param shape the image
    record Convolution(ImageShape shape) implements Structure {
        private static final Pattern SHAPE = Pattern.compile("([0-9]{1,6})x([0-9]{1,6})x([0-9]{1,6})");

        /// Rows and columns of a window.
        static final int WINDOW = 3;

        private static Convolution of(String text) {
            Matcher matcher = SHAPE.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        "structure is 'convolution:" + text + "', expected convolution:CHANNELSxHEIGHTxWIDTH");
            }
            return new Convolution(new ImageShape(
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3))));
        }

        /// The convolution with these weights, `(channels, channels WINDOW^2)`.
        LinearOperator operator(Matrix weights) {
            return LinearOperator.convolution(shape, weights, WINDOW, WINDOW, 1, WINDOW / 2, 1);
        }

        @Override
        public String label() {
            return "convolution:%dx%dx%d".formatted(shape.channels(), shape.height(), shape.width());
        }

        @Override
        public void checkNodes(int nodes) {}
    }

    /// The structure that `label` names: `dense`, `positive`, `sparse:DENSITY`, `upper`, `block-triangular:GROUPS`,
    /// `cyclic:PERIOD`, `reducible`, `low-rank:RANK`, `layers:GROUPS`, `cascade:GROUPS`, `diagonal-low-rank:RANK`,
    /// `convolution:CHANNELSxHEIGHTxWIDTH`.
    ///
    /// @throws IllegalArgumentException when it names none
    static Structure parse(String label) {
        int colon = label.indexOf(':');
        String name = colon < 0 ? label : label.substring(0, colon);
        String parameter = colon < 0 ? "" : label.substring(colon + 1);
        boolean takesParameter = switch (name) {
            case "sparse",
                    "block-triangular",
                    "cyclic",
                    "low-rank",
                    "layers",
                    "cascade",
                    "diagonal-low-rank",
                    "convolution" -> true;
            case "dense", "positive", "upper", "reducible" -> false;
            default ->
                throw new IllegalArgumentException("structure is '" + label
                        + "', expected dense, positive, sparse:DENSITY, upper, block-triangular:GROUPS, cyclic:PERIOD,"
                        + " reducible, low-rank:RANK, layers:GROUPS, cascade:GROUPS, diagonal-low-rank:RANK or"
                        + " convolution:CHANNELSxHEIGHTxWIDTH");
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
            case "layers" -> new Layers(Numbers.whole("groups of structure layers", parameter));
            case "cascade" -> new Cascade(Numbers.whole("groups of structure cascade", parameter));
            case "diagonal-low-rank" ->
                new DiagonalLowRank(Numbers.whole("rank of structure diagonal-low-rank", parameter));
            case "convolution" -> Convolution.of(parameter);
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

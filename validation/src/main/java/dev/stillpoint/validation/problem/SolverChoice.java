package dev.stillpoint.validation.problem;

import dev.stillpoint.solver.Solver;
import java.util.OptionalDouble;

/// The solver that a problem asks for. Its parameters may be left to the problem's data.
public sealed interface SolverChoice {
    /// The text that [#parse] reads.
    String label();

    /// Picard iteration: `picard`, or `picard:0.5` with relaxation.
    ///
    /// @param relaxation the relaxation, in (0, 2); 1 is the plain iteration
    record Picard(double relaxation) implements SolverChoice {
        /// Checks the relaxation.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Picard {
            if (!(relaxation > 0 && relaxation < 2)) {
                throw new IllegalArgumentException("relaxation of solver picard is " + Numbers.text(relaxation)
                        + ", expected a number between 0 and 2");
            }
        }

        @Override
        public String label() {
            return relaxation == 1 ? "picard" : "picard:" + Numbers.text(relaxation);
        }
    }

    /// Forward-backward splitting: `forward-backward:0.1` with a given step, or `forward-backward` with the step
    /// `m/L^2` of the problem at hand, where `m` is its margin and `L = |I - A|_2`; see
    /// [dev.stillpoint.solver.ForwardBackward].
    ///
    /// @param alpha the step, positive, or empty for `m/L^2`
    record ForwardBackward(OptionalDouble alpha) implements SolverChoice {
        /// Checks the step.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public ForwardBackward {
            if (alpha.isPresent()) {
                Numbers.positive("alpha of solver forward-backward", alpha.getAsDouble());
            }
        }

        @Override
        public String label() {
            return SolverChoice.label("forward-backward", alpha);
        }
    }

    /// Peaceman-Rachford splitting: `peaceman-rachford:0.5` with a given step, or `peaceman-rachford` with the
    /// step `1/L` of the problem at hand, `L = |I - A|_2`; see [dev.stillpoint.solver.PeacemanRachford].
    ///
    /// @param alpha the step, positive, or empty for `1/L`
    record PeacemanRachford(OptionalDouble alpha) implements SolverChoice {
        /// Checks the step.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public PeacemanRachford {
            if (alpha.isPresent()) {
                Numbers.positive("alpha of solver peaceman-rachford", alpha.getAsDouble());
            }
        }

        @Override
        public String label() {
            return SolverChoice.label("peaceman-rachford", alpha);
        }
    }

    /// Douglas-Rachford splitting, labelled as Peaceman-Rachford; see [dev.stillpoint.solver.DouglasRachford].
    ///
    /// @param alpha the step, positive, or empty for `1/L`
    record DouglasRachford(OptionalDouble alpha) implements SolverChoice {
        /// Checks the step.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public DouglasRachford {
            if (alpha.isPresent()) {
                Numbers.positive("alpha of solver douglas-rachford", alpha.getAsDouble());
            }
        }

        @Override
        public String label() {
            return SolverChoice.label("douglas-rachford", alpha);
        }
    }

    /// Anderson acceleration: `anderson`, or `anderson:5` with a history of five; see
    /// [dev.stillpoint.solver.Anderson].
    ///
    /// @param history columns at most
    record Anderson(int history) implements SolverChoice {
        /// Checks the history.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Anderson {
            Solver.anderson(history);
        }

        @Override
        public String label() {
            return history == dev.stillpoint.solver.Anderson.DEFAULT_HISTORY ? "anderson" : "anderson:" + history;
        }
    }

    /// The sequential averaging method: `sequential-averaging` for the least norm, `sequential-averaging:1.5` for
    /// `1/(|x|^2 + 1.5)`; see [dev.stillpoint.solver.SequentialAveraging].
    ///
    /// @param eps what stands beside the norm, positive, or empty for the least norm
    record SequentialAveraging(OptionalDouble eps) implements SolverChoice {
        /// Checks the parameter.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public SequentialAveraging {
            if (eps.isPresent()) {
                Numbers.positive("eps of solver sequential-averaging", eps.getAsDouble());
            }
        }

        @Override
        public String label() {
            return SolverChoice.label("sequential-averaging", eps);
        }
    }

    /// Backward substitution, for a triangular state matrix: `backward-substitution`; see
    /// [dev.stillpoint.solver.BackwardSubstitution].
    record BackwardSubstitution() implements SolverChoice {
        @Override
        public String label() {
            return "backward-substitution";
        }
    }

    private static String label(String name, OptionalDouble parameter) {
        return parameter.isPresent() ? name + ":" + Numbers.text(parameter.getAsDouble()) : name;
    }

    /// The solver that `label` names: `picard`, `picard:RELAXATION`, `anderson`, `anderson:HISTORY`,
    /// `sequential-averaging`, `sequential-averaging:EPS`, `backward-substitution`, or
    /// `forward-backward`, `peaceman-rachford`, `douglas-rachford`, each also with `:ALPHA`.
    ///
    /// @throws IllegalArgumentException when it names none
    static SolverChoice parse(String label) {
        int colon = label.indexOf(':');
        String name = colon < 0 ? label : label.substring(0, colon);
        return switch (name) {
            case "picard" ->
                new Picard(colon < 0 ? 1 : Numbers.number("relaxation of solver picard", label.substring(colon + 1)));
            case "sequential-averaging" -> new SequentialAveraging(parameter("eps", name, label, colon));
            case "forward-backward" -> new ForwardBackward(parameter("alpha", name, label, colon));
            case "peaceman-rachford" -> new PeacemanRachford(parameter("alpha", name, label, colon));
            case "douglas-rachford" -> new DouglasRachford(parameter("alpha", name, label, colon));
            case "backward-substitution" -> {
                if (colon >= 0) {
                    throw new IllegalArgumentException(
                            "solver is '" + label + "': backward-substitution takes no" + " parameter");
                }
                yield new BackwardSubstitution();
            }
            case "anderson" ->
                new Anderson(
                        colon < 0
                                ? dev.stillpoint.solver.Anderson.DEFAULT_HISTORY
                                : Numbers.whole("history of solver anderson", label.substring(colon + 1)));
            default ->
                throw new IllegalArgumentException(
                        "solver is '" + label
                                + "', expected picard, picard:RELAXATION, anderson, anderson:HISTORY,"
                                + " sequential-averaging, sequential-averaging:EPS, backward-substitution, forward-backward, peaceman-rachford, douglas-rachford, or one of these three with :ALPHA");
        };
    }

    private static OptionalDouble parameter(String parameter, String name, String label, int colon) {
        return colon < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Numbers.number(parameter + " of solver " + name, label.substring(colon + 1)));
    }
}

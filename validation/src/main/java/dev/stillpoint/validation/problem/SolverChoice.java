package dev.stillpoint.validation.problem;

import dev.stillpoint.solver.Anderson;
import dev.stillpoint.solver.Broyden;
import dev.stillpoint.solver.SemismoothNewton.Inner;
import dev.stillpoint.solver.Solver;
import java.util.Arrays;
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

    /// A splitting: `forward-backward:0.1` with a given step, or `forward-backward` with the step of the problem
    /// at hand.
    ///
    /// @param method which
    /// @param alpha the step, positive, or empty for that of the method
    record Splitting(Method method, OptionalDouble alpha) implements SolverChoice {
        /// The splittings, with the steps that they take by themselves: `m` is the problem's margin and `L = |I -
        /// A|_2`.
        public enum Method {
            /// `m/L^2`; see [dev.stillpoint.solver.ForwardBackward].
            FORWARD_BACKWARD("forward-backward"),
            /// `1/L`; see [dev.stillpoint.solver.PeacemanRachford].
            PEACEMAN_RACHFORD("peaceman-rachford"),
            /// `1/L`; see [dev.stillpoint.solver.DouglasRachford].
            DOUGLAS_RACHFORD("douglas-rachford");

            private final String label;

            Method(String label) {
                this.label = label;
            }
        }

        /// Checks the step.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Splitting {
            if (alpha.isPresent()) {
                Numbers.positive("alpha of solver " + method.label, alpha.getAsDouble());
            }
        }

        @Override
        public String label() {
            return SolverChoice.label(method.label, alpha);
        }
    }

    /// Anderson acceleration: `anderson`, or `anderson:5` with a history of five; see [Anderson].
    ///
    /// @param history columns at most
    record Mixing(int history) implements SolverChoice {
        /// Checks the history.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Mixing {
            Solver.anderson(history);
        }

        @Override
        public String label() {
            return history == Anderson.DEFAULT_HISTORY ? "anderson" : "anderson:" + history;
        }
    }

    /// Broyden's method: `broyden`, or `broyden:5` with a history of five; see [Broyden].
    ///
    /// @param history steps at most
    record Secant(int history) implements SolverChoice {
        /// Checks the history.
        ///
        /// @throws IllegalArgumentException when it is out of range
        public Secant {
            Solver.broyden(history);
        }

        @Override
        public String label() {
            return history == Broyden.DEFAULT_HISTORY ? "broyden" : "broyden:" + history;
        }
    }

    /// The semismooth Newton method: `newton`, `newton:active-set` or `newton:krylov`; see
    /// [dev.stillpoint.solver.SemismoothNewton].
    ///
    /// @param inner how its systems are solved
    record Newton(Inner inner) implements SolverChoice {
        @Override
        public String label() {
            return inner == Inner.BY_SIZE ? "newton" : "newton:" + inner.label();
        }

        private static Newton of(String label) {
            return Arrays.stream(Inner.values())
                    .filter(each -> each.label().equals(label))
                    .findFirst()
                    .map(Newton::new)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "inner method of solver newton is '" + label + "', expected active-set or krylov"));
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

    /// What the problem's well-posedness suggests: `auto`; see [dev.stillpoint.wellposed.SolverAdvisor].
    record Auto() implements SolverChoice {
        @Override
        public String label() {
            return "auto";
        }
    }

    private static String label(String name, OptionalDouble parameter) {
        return parameter.isPresent() ? name + ":" + Numbers.text(parameter.getAsDouble()) : name;
    }

    /// The solver that `label` names: `auto`, `picard`, `picard:RELAXATION`, `anderson` or `broyden`, also with
    /// `:HISTORY`, `newton`, `newton:active-set`, `newton:krylov`, `sequential-averaging`,
    /// `sequential-averaging:EPS`, `backward-substitution`, or `forward-backward`, `peaceman-rachford`,
    /// `douglas-rachford`, each also with `:ALPHA`.
    ///
    /// @throws IllegalArgumentException when it names none
    static SolverChoice parse(String label) {
        int colon = label.indexOf(':');
        String name = colon < 0 ? label : label.substring(0, colon);
        for (Splitting.Method method : Splitting.Method.values()) {
            if (method.label.equals(name)) {
                return new Splitting(method, parameter("alpha", name, label, colon));
            }
        }
        return switch (name) {
            case "picard" ->
                new Picard(colon < 0 ? 1 : Numbers.number("relaxation of solver picard", label.substring(colon + 1)));
            case "sequential-averaging" -> new SequentialAveraging(parameter("eps", name, label, colon));
            case "auto" -> bare(label, colon, new Auto());
            case "anderson" -> new Mixing(history(name, label, colon, Anderson.DEFAULT_HISTORY));
            case "broyden" -> new Secant(history(name, label, colon, Broyden.DEFAULT_HISTORY));
            case "newton" -> colon < 0 ? new Newton(Inner.BY_SIZE) : Newton.of(label.substring(colon + 1));
            case "backward-substitution" -> bare(label, colon, new BackwardSubstitution());
            default ->
                throw new IllegalArgumentException(
                        "solver is '" + label
                                + "', expected auto, picard, picard:RELAXATION, anderson, anderson:HISTORY, broyden, broyden:HISTORY,"
                                + " newton, newton:active-set, newton:krylov, sequential-averaging, sequential-averaging:EPS,"
                                + " backward-substitution, forward-backward, peaceman-rachford, douglas-rachford, or one of these three with :ALPHA");
        };
    }

    private static SolverChoice bare(String label, int colon, SolverChoice choice) {
        if (colon >= 0) {
            throw new IllegalArgumentException("solver is '" + label + "': " + choice.label() + " takes no parameter");
        }
        return choice;
    }

    private static int history(String name, String label, int colon, int otherwise) {
        return colon < 0 ? otherwise : Numbers.whole("history of solver " + name, label.substring(colon + 1));
    }

    private static OptionalDouble parameter(String parameter, String name, String label, int colon) {
        return colon < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Numbers.number(parameter + " of solver " + name, label.substring(colon + 1)));
    }
}

package dev.stillpoint.solver;

/// A method that finds a fixed point, as a description without code: a backend compiles it, with the problem,
/// into a step recipe. See the implementing records for equations, convergence and cost.
public sealed interface Solver
        permits Picard,
                ForwardBackward,
                PeacemanRachford,
                DouglasRachford,
                Anderson,
                Broyden,
                SemismoothNewton,
                SequentialAveraging,
                BackwardSubstitution,
                Course {
    /// The name on command lines and in reports, such as `picard`.
    String name();

    /// The name with its parameters, such as `picard(relaxation=0.5)`.
    String label();

    /// Picard iteration `x+ = f(x)`.
    static Solver picard() {
        return new Picard(1);
    }

    /// Relaxed Picard iteration `x+ = theta f(x) + (1 - theta) x`.
    static Solver picard(double relaxation) {
        return new Picard(relaxation);
    }

    /// Forward-backward splitting with step `alpha`.
    static Solver forwardBackward(double alpha) {
        return new ForwardBackward(alpha);
    }

    /// Anderson acceleration with a history of ten.
    static Solver anderson() {
        return new Anderson(Anderson.DEFAULT_HISTORY);
    }

    /// Anderson acceleration.
    ///
    /// @param history columns at most, from 1 to 50
    static Solver anderson(int history) {
        return new Anderson(history);
    }

    /// Limited-memory Broyden's method with a history of twenty.
    static Solver broyden() {
        return new Broyden(Broyden.DEFAULT_HISTORY);
    }

    /// Limited-memory Broyden's method.
    ///
    /// @param history steps at most, from 1 to 50
    static Solver broyden(int history) {
        return new Broyden(history);
    }

    /// The semismooth Newton method, with elimination or a Krylov method by the size of the problem.
    static Solver newton() {
        return new SemismoothNewton(SemismoothNewton.Inner.BY_SIZE);
    }

    /// The semismooth Newton method.
    ///
    /// @param inner how its linear systems are solved
    static Solver newton(SemismoothNewton.Inner inner) {
        return new SemismoothNewton(inner);
    }

    /// The sequential averaging method towards the fixed point of least norm.
    static Solver sequentialAveraging() {
        return new SequentialAveraging(new SequentialAveraging.LeastNorm());
    }

    /// Backward substitution, for a triangular `A`.
    static Solver substitution() {
        return new BackwardSubstitution();
    }

    /// Peaceman-Rachford splitting with step `alpha`.
    static Solver peacemanRachford(double alpha) {
        return new PeacemanRachford(alpha);
    }

    /// Douglas-Rachford splitting with step `alpha`.
    static Solver douglasRachford(double alpha) {
        return new DouglasRachford(alpha);
    }
}

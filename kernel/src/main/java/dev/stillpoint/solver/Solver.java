package dev.stillpoint.solver;

/// A method that finds a fixed point, as a description without code: a backend compiles it, with the problem,
/// into a step recipe. See the implementing records for equations, convergence and cost.
public sealed interface Solver
        permits Picard,
                ForwardBackward,
                PeacemanRachford,
                DouglasRachford,
                Anderson,
                SequentialAveraging,
                BackwardSubstitution {
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

package dev.stillpoint.validation.reference;

import java.util.OptionalDouble;

/// What the reference solver found for one input.
///
/// The state is kept in double-double precision, so that the distance of a computed state from it is known to much
/// less than an error of a double. Immutable.
public final class ReferenceSolution {
    private final ReferenceActivation activation;
    private final DoubleDouble[] state;
    private final double residual;
    private final boolean solved;
    private final double[] errorBounds;

    ReferenceSolution(
            ReferenceActivation activation,
            DoubleDouble[] state,
            double residual,
            boolean solved,
            double[] errorBounds) {
        this.activation = activation;
        this.state = state;
        this.residual = residual;
        this.solved = solved;
        this.errorBounds = errorBounds;
    }

    /// Whether the residual fell below [ReferenceSolver#TOLERANCE]. Where it did not, the state is no reference.
    public boolean isSolved() {
        return solved;
    }

    /// The state, rounded to doubles; a new array.
    public double[] state() {
        return DoubleDouble.round(state);
    }

    /// The state; a new array.
    public DoubleDouble[] accurateState() {
        return state.clone();
    }

    /// `|f(x) - x|_2` of [#accurateState()], rounded.
    public double residual() {
        return residual;
    }

    /// A bound on the 2-norm of every block of the error of [#accurateState()], rounding included; infinite where
    /// no bound can be proved. A new array.
    public double[] errorBounds() {
        return errorBounds.clone();
    }

    /// The largest of [#errorBounds()], or empty where no bound can be proved.
    public OptionalDouble errorBound() {
        double largest = Norms.max(errorBounds);
        return largest < Double.POSITIVE_INFINITY ? OptionalDouble.of(largest) : OptionalDouble.empty();
    }

    /// The distance of another state from this one: the 2-norm of every block of the difference. A new array.
    public double[] distances(double[] other) {
        double[] difference = new double[state.length];
        for (int i = 0; i < state.length; i++) {
            difference[i] = DoubleDouble.of(other[i]).minus(state[i]).high();
        }
        return activation.blockNorms(difference);
    }
}

package dev.stillpoint.wellposed;

/// A number known to lie between two others: `lower <= exact <= upper`, rounding errors included.
///
/// The exact number is that of the matrix as stored. The bounds may be infinite, never not-a-number.
///
/// @param lower a verified lower bound
/// @param upper a verified upper bound
public record Bracket(double lower, double upper) {
    /// Checks the order.
    ///
    /// @throws IllegalArgumentException when `lower <= upper` does not hold
    public Bracket {
        if (!(lower <= upper)) {
            throw new IllegalArgumentException("[" + lower + ", " + upper + "] is no bracket");
        }
    }

    /// The bracket of a number that is known exactly.
    static Bracket exactly(double value) {
        return new Bracket(value, value);
    }

    /// The bracket `[lower, upper]`, where a bound that could not be computed (not-a-number, or beyond the other
    /// one through overflow) is replaced by the weakest one.
    static Bracket ofBounds(double weakest, double lower, double upper) {
        double low = lower >= weakest && lower < Double.POSITIVE_INFINITY ? lower : weakest;
        double high = upper >= low ? upper : Double.POSITIVE_INFINITY;
        return new Bracket(low, high);
    }

    /// Whether `value` lies between the bounds.
    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }

    /// `upper - lower`.
    public double width() {
        return upper - lower;
    }

    @Override
    public String toString() {
        return Figures.between(this);
    }
}

package dev.stillpoint.wellposed;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Bounds as text. A one-sided bound is rounded to its own side, to ten digits, and so remains a bound; a bracket
/// too narrow to see is given as one number of six digits. A number on one side of 1 keeps the digits that show it.
final class Figures {
    private static final int BOUND_DIGITS = 10;
    private static final int VALUE_DIGITS = 6;
    private static final int ALL_DIGITS = 17;
    private static final double NARROW = 1e-7;

    private Figures() {}

    /// An upper bound.
    static String upper(double value) {
        return text(value, BOUND_DIGITS, RoundingMode.CEILING);
    }

    /// A lower bound.
    static String lower(double value) {
        return text(value, BOUND_DIGITS, RoundingMode.FLOOR);
    }

    /// A number between two.
    static String between(Bracket bracket) {
        double size = Math.max(Math.abs(bracket.lower()), Math.abs(bracket.upper()));
        return size < Double.POSITIVE_INFINITY && bracket.width() <= NARROW * size
                ? text(bracket.upper(), VALUE_DIGITS, RoundingMode.HALF_EVEN)
                : "[" + text(bracket.lower(), VALUE_DIGITS, RoundingMode.FLOOR) + ", "
                        + text(bracket.upper(), VALUE_DIGITS, RoundingMode.CEILING) + "]";
    }

    private static String text(double value, int fewest, RoundingMode mode) {
        if (!Double.isFinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = fewest; digits < ALL_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, mode));
            if (mode == RoundingMode.HALF_EVEN
                    || rounded.compareTo(BigDecimal.ONE) == exact.compareTo(BigDecimal.ONE)) {
                return plain(rounded);
            }
        }
        return plain(exact.round(new MathContext(ALL_DIGITS, mode)));
    }

    private static String plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        int magnitude = stripped.precision() - stripped.scale();
        return magnitude > 7 || magnitude < -4 ? stripped.toString() : stripped.toPlainString();
    }
}

package dev.stillpoint.validation.problem;

import java.util.regex.Pattern;

/// Numbers in a problem's text: read strictly, written so that they read back to the same bits.
final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private Numbers() {}

    /// The shortest decimal that reads back to `value`: `0.8`, `1`, `1e-6`.
    static String text(double value) {
        String text = Double.toString(value).replace(".0E", "E").replace('E', 'e');
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /// A finite decimal number: `Double.parseDouble` without its spellings of infinity, hexadecimals and suffixes.
    static double number(String key, String text) {
        if (DECIMAL.matcher(text).matches()) {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        }
        throw new IllegalArgumentException(key + " is '" + text + "', expected a finite decimal number");
    }

    /// A whole number of 32 bits.
    static int whole(String key, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is '" + text + "', expected a whole number", e);
        }
    }

    /// A whole number of 64 bits.
    static long longWhole(String key, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + " is '" + text + "', expected a whole number of 64 bits", e);
        }
    }

    /// Checks a whole number.
    static void atLeast(String key, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " is " + value + ", expected a whole number of at least " + least);
        }
    }

    /// Checks a number.
    static void notNegative(String key, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(key + " is " + text(value) + ", expected a number of at least 0");
        }
    }

    /// Checks a number.
    static void positive(String key, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(key + " is " + text(value) + ", expected a positive number");
        }
    }
}

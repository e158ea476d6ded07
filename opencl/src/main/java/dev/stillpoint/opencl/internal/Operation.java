package dev.stillpoint.opencl.internal;

import dev.stillpoint.matrix.Precision;
import java.util.List;

/// An operation whose bits the self-test compares, as Java computes it. Its twin of the same name is in
/// `self-test.cl`.
enum Operation {
    /// `a + b`.
    ADD(2, "add", "is not correctly rounded"),
    /// `a - b`.
    SUBTRACT(2, "subtract", "is not correctly rounded"),
    /// `a * b`.
    MULTIPLY(2, "multiply", "is not correctly rounded"),
    /// `a * b + c`, rounded twice.
    MULTIPLY_ADD(3, "multiply then add", "is not rounded twice"),
    /// `a * b + c`, rounded once.
    FMA(3, "fma", "is not correctly rounded"),
    /// `a / b`.
    DIVIDE(2, "divide", "is not correctly rounded"),
    /// The square root of `a`.
    SQRT(1, "square root", "is not correctly rounded"),
    /// 1, 2, 3 or 4 for less, equal, greater or unordered.
    COMPARE(2, "comparison", "differs"),
    /// `a < 0 ? 0 : a`, which keeps the sign of zero and passes not-a-number.
    SELECT(1, "selection", "differs"),
    /// The bits of `a`, as a signed integer, converted to the format.
    FROM_INTEGER(1, "conversion from an integer", "is not correctly rounded"),
    /// `a` without its fraction, by way of an integer where one can hold it, zero elsewhere.
    TO_INTEGER(1, "conversion to an integer", "differs"),
    /// `a` rounded to FP32.
    TO_SINGLE(1, "conversion to FP32", "is not correctly rounded");

    /// All of them, in the order of their numbers in a buffer of results.
    static final List<Operation> ALL = List.of(values());

    private final int arity;
    private final String label;
    private final String fault;

    Operation(int arity, String label, String fault) {
        this.arity = arity;
        this.label = label;
        this.fault = fault;
    }

    /// How many of the three operands it uses.
    int arity() {
        return arity;
    }

    /// The name in messages.
    String label() {
        return label;
    }

    /// What is said of a device whose results differ, after the label.
    String fault() {
        return fault;
    }

    /// The result's bits, of the operands' bits; not-a-number is the canonical one.
    long apply(Precision precision, long a, long b, long c) {
        if (precision == Precision.F32) {
            float result =
                    apply(Float.intBitsToFloat((int) a), Float.intBitsToFloat((int) b), Float.intBitsToFloat((int) c));
            return Integer.toUnsignedLong(Float.floatToIntBits(result));
        }
        return Double.doubleToLongBits(
                apply(Double.longBitsToDouble(a), Double.longBitsToDouble(b), Double.longBitsToDouble(c)));
    }

    private float apply(float a, float b, float c) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case MULTIPLY_ADD -> a * b + c;
            case FMA -> Math.fma(a, b, c);
            case DIVIDE -> a / b;
            // The FP64 root has more than twice the digits, so that rounding it again gives the correctly rounded root.
            case SQRT -> (float) StrictMath.sqrt(a);
            case COMPARE -> a < b ? 1 : a == b ? 2 : a > b ? 3 : 4;
            case SELECT -> a < 0 ? 0 : a;
            case FROM_INTEGER -> (float) Float.floatToRawIntBits(a);
            case TO_INTEGER -> a > -0x1p30f && a < 0x1p30f ? (float) (int) a : 0;
            case TO_SINGLE -> a;
        };
    }

    private double apply(double a, double b, double c) {
        return switch (this) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case MULTIPLY_ADD -> a * b + c;
            case FMA -> Math.fma(a, b, c);
            case DIVIDE -> a / b;
            case SQRT -> StrictMath.sqrt(a);
            case COMPARE -> a < b ? 1 : a == b ? 2 : a > b ? 3 : 4;
            case SELECT -> a < 0 ? 0 : a;
            case FROM_INTEGER -> (double) Double.doubleToRawLongBits(a);
            case TO_INTEGER -> a > -0x1p62 && a < 0x1p62 ? (double) (long) a : 0;
            case TO_SINGLE -> (float) a;
        };
    }
}

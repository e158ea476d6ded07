package dev.stillpoint.matrix;

/// The floating-point format of stored values and of arithmetic: IEEE 754 binary32 or binary64.
public enum Precision {
    /// Single precision: 24 bits of significand.
    F32("f32", Float.BYTES, 0x1p-24),
    /// Double precision: 53 bits of significand.
    F64("f64", Double.BYTES, 0x1p-53);

    private final String label;
    private final int bytes;
    private final double unitRoundoff;

    Precision(String label, int bytes, double unitRoundoff) {
        this.label = label;
        this.bytes = bytes;
        this.unitRoundoff = unitRoundoff;
    }

    /// The name on command lines and in reports: `f32` or `f64`.
    public String label() {
        return label;
    }

    /// Bytes a value takes.
    public int bytes() {
        return bytes;
    }

    /// The unit roundoff `u`: an operation rounded to nearest has a relative error of at most `u` (`2^-24` or `2^-53`)
    /// unless it underflows.
    public double unitRoundoff() {
        return unitRoundoff;
    }

    /// The value nearest to `value` in this precision, as a `double`.
    public double round(double value) {
        return this == F32 ? (float) value : value;
    }

    /// The precision that `label` names.
    ///
    /// @throws IllegalArgumentException when it names none
    public static Precision of(String label) {
        for (Precision precision : values()) {
            if (precision.label.equals(label)) {
                return precision;
            }
        }
        throw new IllegalArgumentException("unknown precision '" + label + "': expected f32 or f64");
    }
}

package dev.stillpoint.io;

import dev.stillpoint.matrix.Precision;
import java.util.Locale;

/// The types of array elements that files hold and that can be read. The names are those of safetensors.
public enum ElementType {
    /// IEEE 754 binary64.
    F64(8, 'f'),
    /// IEEE 754 binary32.
    F32(4, 'f'),
    /// IEEE 754 binary16.
    F16(2, 'f'),
    /// The upper half of a binary32. NumPy files have no such type.
    BF16(2, ' '),
    /// Signed, 64 bits.
    I64(8, 'i'),
    /// Signed, 32 bits.
    I32(4, 'i'),
    /// Signed, 16 bits.
    I16(2, 'i'),
    /// Signed, 8 bits.
    I8(1, 'i'),
    /// Unsigned, 64 bits.
    U64(8, 'u'),
    /// Unsigned, 32 bits.
    U32(4, 'u'),
    /// Unsigned, 16 bits.
    U16(2, 'u'),
    /// Unsigned, 8 bits.
    U8(1, 'u'),
    /// A byte; zero is false (0), every other value is true (1).
    BOOL(1, 'b');

    private final int bytes;
    private final char kind;

    ElementType(int bytes, char kind) {
        this.bytes = bytes;
        this.kind = kind;
    }

    /// Bytes an element takes.
    public int bytes() {
        return bytes;
    }

    /// The name in messages: `f64`, `bf16`, `bool`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether elements are floating-point numbers.
    public boolean isFloat() {
        return kind == 'f' || this == BF16;
    }

    /// The precision that values are read in unless another is asked for: FP32 for the floating-point types of at
    /// most 32 bits, which it holds exactly, FP64 for all others.
    public Precision precision() {
        return isFloat() && this != F64 ? Precision.F32 : Precision.F64;
    }

    /// Whether NumPy files can hold such elements.
    boolean isNumpy() {
        return kind != ' ';
    }

    /// NumPy's letter for the kind of number.
    char kind() {
        return kind;
    }

    boolean isSigned() {
        return kind == 'i';
    }

    static ElementType of(Precision precision) {
        return precision == Precision.F32 ? F32 : F64;
    }
}

package dev.stillpoint.opencl.internal;

import dev.stillpoint.internal.reference.ElementaryF32;
import dev.stillpoint.internal.reference.ElementaryF64;
import dev.stillpoint.matrix.Precision;
import java.util.EnumSet;

/// The text of definitions that stands before a kernel's source. Definitions in a text mean the same to every
/// driver; in build options they are quoted differently.
final class Prelude {
    private final StringBuilder text = new StringBuilder();

    /// Definitions for a precision: `REAL` and the integers `INTEGER` and `BITS` of its width.
    Prelude(Precision precision) {
        if (precision == Precision.F64) {
            enableDouble();
        }
        boolean single = precision == Precision.F32;
        define("REAL", single ? "float" : "double");
        define("REAL_BITS", single ? 32 : 64);
        define("INTEGER", single ? "int" : "long");
        define("BITS", single ? "uint" : "ulong");
    }

    /// Asks for FP64, which is an extension in OpenCL C 1.2; a compiler that has it built in does not define its
    /// name.
    void enableDouble() {
        text.append("#ifdef cl_khr_fp64\n#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n#endif\n");
    }

    /// Defines a name.
    void define(String name, String value) {
        text.append("#define ").append(name).append(' ').append(value).append('\n');
    }

    /// Defines a name as a number.
    void define(String name, long value) {
        define(name, Long.toString(value));
    }

    /// Defines a name without a value.
    void define(String name) {
        define(name, "");
    }

    /// What `panel.cl`, `product.cl` and `activation.cl` read: how they are cut, the kinds of leaves and parts
    /// with the code that there has to be, and the elementary functions.
    void defineKinds(Precision precision, Tuning tuning, EnumSet<Leaf> leaves, EnumSet<PartKind> parts) {
        define("VEC", tuning.vector());
        define("LANES", tuning.lanes());
        define("LOCAL", tuning.local());
        define("ROWS", tuning.rows());
        define("NV", tuning.columns());
        Leaf.define(this);
        PartKind.define(this);
        defineElementary(precision);
        (tuning.general() ? EnumSet.allOf(Leaf.class) : leaves).forEach(leaf -> define("HAS_" + leaf.name()));
        (tuning.general() ? EnumSet.allOf(PartKind.class) : parts).forEach(kind -> define("HAS_" + kind.name()));
    }

    /// The constants of the elementary functions.
    private void defineElementary(Precision precision) {
        switch (precision) {
            case F32 -> {
                real("ROUND", ElementaryF32.ROUND);
                real("LOG2_E", ElementaryF32.LOG2_E);
                real("LN2_HIGH", ElementaryF32.LN2_HIGH);
                real("LN2_LOW", ElementaryF32.LN2_LOW);
                real("EXP_HIGH", ElementaryF32.EXP_HIGH);
                real("EXP_LOW", ElementaryF32.EXP_LOW);
                real("EXPM1_LOW", ElementaryF32.EXPM1_LOW);
                real("TANH_HIGH", ElementaryF32.TANH_HIGH);
                real("TANH_SMALL", ElementaryF32.TANH_SMALL);
                real("EXP_C2", ElementaryF32.EXP_C2);
                real("EXP_C3", ElementaryF32.EXP_C3);
                real("EXP_C4", ElementaryF32.EXP_C4);
                real("EXP_C5", ElementaryF32.EXP_C5);
                real("EXP_C6", ElementaryF32.EXP_C6);
                real("GAP_C0", ElementaryF32.GAP_C0);
                real("GAP_C1", ElementaryF32.GAP_C1);
                real("GAP_C2", ElementaryF32.GAP_C2);
                real("GAP_C3", ElementaryF32.GAP_C3);
                real("GAP_C4", ElementaryF32.GAP_C4);
                real("GAP_C5", ElementaryF32.GAP_C5);
                define("FRACTION_BITS", ElementaryF32.FRACTION_BITS);
                define("BIAS", ElementaryF32.BIAS);
            }
            case F64 -> {
                real("ROUND", ElementaryF64.ROUND);
                real("LOG2_E", ElementaryF64.LOG2_E);
                real("LN2_HIGH", ElementaryF64.LN2_HIGH);
                real("LN2_LOW", ElementaryF64.LN2_LOW);
                real("EXP_HIGH", ElementaryF64.EXP_HIGH);
                real("EXP_LOW", ElementaryF64.EXP_LOW);
                real("EXPM1_LOW", ElementaryF64.EXPM1_LOW);
                real("TANH_HIGH", ElementaryF64.TANH_HIGH);
                real("TANH_SMALL", ElementaryF64.TANH_SMALL);
                real("EXP_C2", ElementaryF64.EXP_C2);
                real("EXP_C3", ElementaryF64.EXP_C3);
                real("EXP_C4", ElementaryF64.EXP_C4);
                real("EXP_C5", ElementaryF64.EXP_C5);
                real("EXP_C6", ElementaryF64.EXP_C6);
                real("EXP_C7", ElementaryF64.EXP_C7);
                real("EXP_C8", ElementaryF64.EXP_C8);
                real("EXP_C9", ElementaryF64.EXP_C9);
                real("EXP_C10", ElementaryF64.EXP_C10);
                real("EXP_C11", ElementaryF64.EXP_C11);
                real("GAP_C0", ElementaryF64.GAP_C0);
                real("GAP_C1", ElementaryF64.GAP_C1);
                real("GAP_C2", ElementaryF64.GAP_C2);
                real("GAP_C3", ElementaryF64.GAP_C3);
                real("GAP_C4", ElementaryF64.GAP_C4);
                real("GAP_C5", ElementaryF64.GAP_C5);
                real("GAP_C6", ElementaryF64.GAP_C6);
                real("GAP_C7", ElementaryF64.GAP_C7);
                real("GAP_C8", ElementaryF64.GAP_C8);
                real("GAP_C9", ElementaryF64.GAP_C9);
                real("GAP_C10", ElementaryF64.GAP_C10);
                real("GAP_C11", ElementaryF64.GAP_C11);
                define("FRACTION_BITS", ElementaryF64.FRACTION_BITS);
                define("BIAS", ElementaryF64.BIAS);
            }
        }
    }

    private void real(String name, float value) {
        define(name, "(" + Float.toHexString(value) + "f)");
    }

    private void real(String name, double value) {
        define(name, "(" + Double.toHexString(value) + ")");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

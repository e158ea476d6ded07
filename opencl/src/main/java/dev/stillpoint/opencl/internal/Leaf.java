package dev.stillpoint.opencl.internal;

/// The kinds of leaves that products are made of, and the integers that describe one. In the kernels' text a kind
/// is called `OP_` and its name, and `HAS_` and its name is defined where a program needs it.
enum Leaf {
    DENSE(0),
    SPARSE(1),
    DIAGONAL(2),
    CONVOLUTION(3),
    COPY(4);

    /// Integers of a leaf.
    static final int SIZE = 12;

    /// Where a leaf reads or writes.
    static final int SPACE_X = 0;

    static final int SPACE_Z = 1;
    static final int SPACE_T = 2;
    static final int SPACE_SCRATCH = 3;

    /// A start of `+0`.
    static final int SPACE_ZERO = 4;

    private final int code;

    Leaf(int code) {
        this.code = code;
    }

    /// The number of the kind.
    int code() {
        return code;
    }

    /// Defines the kinds, the order of the integers and the spaces.
    static void define(Prelude prelude) {
        for (Leaf leaf : values()) {
            prelude.define("OP_" + leaf.name(), leaf.code);
        }
        String[] fields = {
            "KIND",
            "ROWS",
            "COLUMNS",
            "ENTRIES_LOW",
            "ENTRIES_HIGH",
            "INDICES",
            "FROM",
            "FROM_ROW",
            "START",
            "START_ROW",
            "TO",
            "TO_ROW"
        };
        for (int at = 0; at < fields.length; at++) {
            prelude.define("OP_" + fields[at], at);
        }
        prelude.define("OP_SIZE", SIZE);
        prelude.define("SPACE_X", SPACE_X);
        prelude.define("SPACE_Z", SPACE_Z);
        prelude.define("SPACE_T", SPACE_T);
        prelude.define("SPACE_SCRATCH", SPACE_SCRATCH);
        prelude.define("SPACE_ZERO", SPACE_ZERO);
    }
}

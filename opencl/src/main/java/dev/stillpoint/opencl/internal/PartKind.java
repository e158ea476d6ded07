package dev.stillpoint.opencl.internal;

/// The kinds of parts that activations are made of. In the kernels' text each has its own name, and `HAS_` and
/// its name is defined where a program needs it.
enum PartKind {
    IDENTITY(0),
    RELU(1),
    LEAKY_RELU(2),
    TANH(3),
    SIGMOID(4),
    /// The proximal map of tanh with a step that is not 1.
    TANH_PROX(5),
    /// That of the logistic function.
    SIGMOID_PROX(6),
    SOFTMAX(7),
    /// That of softmax.
    SOFTMAX_PROX(8),
    GROUP_NORM(9),
    MAX_POOL(10),
    GATE(11);

    /// Integers of a part.
    static final int SIZE = 6;

    private final int code;

    PartKind(int code) {
        this.code = code;
    }

    /// The number of the kind.
    int code() {
        return code;
    }

    /// Whether the rows of a block belong together and need as many rows to work in.
    boolean needsSpare() {
        return this == SOFTMAX || this == SOFTMAX_PROX || this == GROUP_NORM;
    }

    /// Defines the kinds and the order of the integers.
    static void define(Prelude prelude) {
        for (PartKind kind : values()) {
            prelude.define(kind.name(), kind.code);
        }
        String[] fields = {"KIND", "BEGIN", "ROWS", "BLOCK", "OUTER_TANH", "INNER_TANH"};
        for (int at = 0; at < fields.length; at++) {
            prelude.define("PART_" + fields[at], at);
        }
        prelude.define("PART_SIZE", SIZE);
    }
}

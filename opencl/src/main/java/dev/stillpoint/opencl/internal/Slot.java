package dev.stillpoint.opencl.internal;

/// The places of the numbers at the beginning of the integers that a kernel of a solve reads. In the kernels'
/// text each is called `TABLE_` and its name.
enum Slot {
    /// Size of the state.
    N(0),
    /// Size of the input.
    P(1),
    /// Iterations from one test to the next.
    INTERVAL(2),
    /// Iterations at most.
    MOST(3),
    /// Iterations in which the residual has to halve, or 0.
    PATIENCE(4),
    /// Rows that products need between their leaves.
    SCRATCH(5),
    /// Where the leaves of `Op` begin, and how many there are.
    OPS(6),
    COUNT(7),
    /// Those of `B`.
    INPUT_OPS(8),
    INPUT_COUNT(9),
    /// Those of the resolvent.
    RESOLVENT_OPS(10),
    RESOLVENT_COUNT(11),
    /// Where the parts of the activation begin, and how many there are.
    VALUES(12),
    VALUE_COUNT(13),
    /// Those of what stands in its place in a step.
    PROXIMAL(14),
    PROXIMAL_COUNT(15),
    /// Where the indices of operators begin.
    INDICES(16),
    /// Columns or steps that an accelerator keeps, or 0.
    HISTORY(17),
    /// Rows of the memory of an accelerator.
    MEMORY(18),
    /// Where the operator's entries begin among the constants, for elimination.
    MATRIX(19);

    /// Integers at the beginning.
    static final int SIZE = 20;

    private final int place;

    Slot(int place) {
        this.place = place;
    }

    /// The place.
    int place() {
        return place;
    }

    /// Defines all of them.
    static void define(Prelude prelude) {
        for (Slot slot : values()) {
            prelude.define("TABLE_" + slot.name(), slot.place);
        }
    }
}

package dev.stillpoint.opencl.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stillpoint.solver.SolveResult;

/// Whether two results are the same, to the bit.
final class SameBits {
    private SameBits() {}

    /// Compares all samples.
    static void check(SolveResult expected, SolveResult actual, String what) {
        assertEquals(expected.samples(), actual.samples(), what);
        for (int i = 0; i < expected.samples(); i++) {
            check(expected, i, actual, i, what);
        }
    }

    /// Compares sample `i` of one with sample `j` of the other.
    static void check(SolveResult expected, int i, SolveResult actual, int j, String what) {
        String where = what + ", sample " + j;
        assertEquals(expected.status(i), actual.status(j), where);
        assertEquals(expected.iterations(i), actual.iterations(j), where);
        assertEquals(expected.residual(i), actual.residual(j), where);
        assertEquals(expected.leg(i), actual.leg(j), where);
        for (int k = 0; k < expected.states().columns(); k++) {
            assertEquals(
                    Double.doubleToRawLongBits(expected.states().get(i, k)),
                    Double.doubleToRawLongBits(actual.states().get(j, k)),
                    where + ", value " + k);
        }
    }
}

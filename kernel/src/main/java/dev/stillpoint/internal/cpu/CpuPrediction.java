package dev.stillpoint.internal.cpu;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.operator.LinearOperator;
import org.jspecify.annotations.Nullable;

/// The prediction `y = Cx + Du` on the CPU, by the engine that the machine prefers; all have the same bits.
public final class CpuPrediction {
    private CpuPrediction() {}

    /// `outputs = C states + D inputs` in the precision of the states, on the calling thread. The order is that of
    /// [dev.stillpoint.backend]: from `+0` on with `D`, then with `C`.
    ///
    /// @param c `C`, `(q, n)`
    /// @param states `(samples, n)`
    /// @param d `D`, `(q, p)`, or null for none
    /// @param inputs `(samples, p)`
    /// @param outputs `(samples, q)`, overwritten
    public static void predict(
            LinearOperator c, Matrix states, @Nullable LinearOperator d, Matrix inputs, Matrix outputs) {
        CpuEngine.available().getFirst().factory(states.precision()).predict(c, states, d, inputs, null, outputs);
    }
}

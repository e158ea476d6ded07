package dev.stillpoint.internal.cpu;

import dev.stillpoint.activation.Activation;
import dev.stillpoint.internal.engine.BlockCourse;
import dev.stillpoint.internal.engine.ForwardPanel;
import dev.stillpoint.internal.engine.LaneMap;
import dev.stillpoint.internal.engine.Shared;
import dev.stillpoint.internal.reference.LaneMapF64;
import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.operator.LinearOperator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One evaluation of `phi(F v + bias)` for panels of samples on the CPU, by the engine that the machine prefers;
/// all have the same bits.
public final class CpuForward {
    private CpuForward() {}

    /// Packs `F`; what is supplied are panels, one for a thread.
    ///
    /// @param input `F`, `(n, k)`
    /// @param bias `(1, n)`, or null for none
    /// @param activation `phi`
    public static Shared<ForwardPanel> of(
            Precision precision, LinearOperator input, @Nullable Matrix bias, Activation activation) {
        BlockCourse.Explicit block = new BlockCourse.Explicit(0, input.rows(), input, bias, activation, null);
        return CpuEngine.available()
                .getFirst()
                .factory(precision)
                .forwards(new BlockCourse.Pass(List.of(block)), Math.addExact(input.rows(), input.columns()));
    }

    /// Packs `phi(F x + bias)` in FP64; what is supplied are open panels, one for a thread.
    ///
    /// @param f `F`, `(n, k)`
    /// @param bias `(1, n)`, or null for none
    public static Shared<LaneMapF64> map(LinearOperator f, @Nullable Matrix bias, Activation phi) {
        Shared<LaneMap> maps =
                CpuEngine.available().getFirst().factory(Precision.F64).maps(f, bias, phi);
        return new Shared<>(maps.bytes(), () -> (LaneMapF64) maps.make());
    }

    /// Packs the product `F x`, in a precision; what is supplied are open panels, one for a thread.
    public static Shared<LaneMap> product(Precision precision, LinearOperator f) {
        return CpuEngine.available().getFirst().factory(precision).maps(f, null, Activation.identity());
    }
}

package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.engine.GradientSum;
import dev.stillpoint.operator.LinearOperator;

/// Gradients with respect to operators on the CPU, by the engine that the machine prefers; all have the same bits.
public final class CpuGradient {
    private CpuGradient() {}

    /// Sums that are 0.
    public static GradientSum of(LinearOperator operator) {
        return new GradientSum(operator, CpuEngine.available().getFirst().gradients());
    }
}

package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.reference.BoundKernel;
import java.util.List;

/// The passes of a bound on the CPU, by the engines that the machine has; all have the same bits.
public final class CpuBoundKernels {
    private CpuBoundKernels() {}

    /// That of the engine which makes the panels of [CpuForward], and takes as many lanes.
    public static BoundKernel preferred() {
        return CpuEngine.available().getFirst().bounds();
    }

    /// All of this machine, the widest first and the scalar twin last.
    public static List<BoundKernel> available() {
        return CpuEngine.available().stream().map(CpuEngine::bounds).toList();
    }
}

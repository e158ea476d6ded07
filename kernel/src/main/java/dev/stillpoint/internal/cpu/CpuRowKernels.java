package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.reference.RowKernel;
import java.util.List;

/// The passes over a row on the CPU, by the engines that the machine has; all have the same bits.
public final class CpuRowKernels {
    private CpuRowKernels() {}

    /// The one that the machine prefers: the scalar twin where the virtual machine was started without the module
    /// of the Vector API.
    public static RowKernel preferred() {
        return CpuEngine.available().getFirst().rows();
    }

    /// All of this machine, the widest first and the scalar twin last.
    public static List<RowKernel> available() {
        return CpuEngine.available().stream().map(CpuEngine::rows).toList();
    }
}

package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.reference.RowKernel;
import java.util.List;

/// The passes over a row on the CPU, by the engines that the machine has; all have the same bits.
public final class CpuRowKernels {
    /// Below this, vectors do not pay for the second in which they are not compiled yet: the twin takes some tenths
    /// of a millisecond.
    private static final long FEW_VALUES = 1 << 14;

    private CpuRowKernels() {}

    /// The one to prefer for a matrix of so many values: the widest vectors of the machine, or the scalar twin
    /// for few values, and where the virtual machine was started without the module of the Vector API.
    public static RowKernel preferred(long values) {
        return values < FEW_VALUES
                ? CpuEngine.SCALAR.rows()
                : CpuEngine.available().getFirst().rows();
    }

    /// All of this machine, the widest first and the scalar twin last.
    public static List<RowKernel> available() {
        return CpuEngine.available().stream().map(CpuEngine::rows).toList();
    }
}

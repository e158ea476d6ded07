package dev.stillpoint.internal.cpu;

import dev.stillpoint.internal.engine.GradientEngine;
import dev.stillpoint.internal.reference.BoundKernel;
import dev.stillpoint.internal.reference.RowKernel;
import dev.stillpoint.internal.reference.ScalarBoundKernel;
import dev.stillpoint.internal.reference.ScalarRowKernel;
import dev.stillpoint.matrix.Precision;
import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/// The executors of the CPU: one for each vector width, and the scalar twin. All give the same bits.
enum CpuEngine {
    /// Vectors of 512 bits.
    V512(512, "512-bit vectors"),
    /// Vectors of 256 bits.
    V256(256, "256-bit vectors"),
    /// Vectors of 128 bits. On x86 without AVX-512 slow in FP64, as the virtual machine boxes masks of two lanes
    /// there.
    V128(128, "128-bit vectors"),
    /// The scalar twin.
    SCALAR(0, "scalar");

    private final int bits;
    private final String label;

    CpuEngine(int bits, String label) {
        this.bits = bits;
        this.label = label;
    }

    /// The engines that this machine runs, the one to prefer first. A width that the machine lacks is left out,
    /// never emulated; without the module of the Vector API there is the scalar twin alone.
    static List<CpuEngine> available() {
        int widest = hasVectorModule() ? FloatVector.SPECIES_PREFERRED.vectorBitSize() : 0;
        return Arrays.stream(values()).filter(engine -> engine.bits <= widest).toList();
    }

    /// Whether the virtual machine was started with the module of the Vector API: on the module path it always is,
    /// on the class path `--add-modules` has to name it.
    static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /// The name, in words.
    String label() {
        return label;
    }

    /// Vector registers that a micro-kernel may use: 32 with AVX-512 and on 64-bit Arm, else 16.
    private static int registers() {
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        return arm || FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512 ? 32 : 16;
    }

    /// The engine for gradients with respect to operators.
    GradientEngine gradients() {
        return gradients(registers());
    }

    /// The engine for gradients with respect to operators, on a machine of that many vector registers.
    GradientEngine gradients(int registers) {
        return switch (this) {
            case V512 ->
                new VectorGradients(TileKernels.v512(registers), part -> VectorProductsF64V512.leaf(part, registers));
            case V256 ->
                new VectorGradients(TileKernels.v256(registers), part -> VectorProductsF64V256.leaf(part, registers));
            case V128 ->
                new VectorGradients(TileKernels.v128(registers), part -> VectorProductsF64V128.leaf(part, registers));
            case SCALAR -> new TwinGradients();
        };
    }

    /// The passes over a row.
    RowKernel rows() {
        return switch (this) {
            case V512 -> new VectorRowKernelV512();
            case V256 -> new VectorRowKernelV256();
            case V128 -> new VectorRowKernelV128();
            case SCALAR -> new ScalarRowKernel();
        };
    }

    /// The passes of a bound.
    BoundKernel bounds() {
        return switch (this) {
            case V512 -> new VectorBoundKernelV512();
            case V256 -> new VectorBoundKernelV256();
            case V128 -> new VectorBoundKernelV128();
            case SCALAR -> new ScalarBoundKernel();
        };
    }

    /// The engine in a precision.
    WorkerFactory factory(Precision precision) {
        return switch (precision) {
            case F32 ->
                switch (this) {
                    case V512 -> new VectorFactoryF32V512(registers());
                    case V256 -> new VectorFactoryF32V256(registers());
                    case V128 -> new VectorFactoryF32V128(registers());
                    case SCALAR -> new TwinFactoryF32();
                };
            case F64 ->
                switch (this) {
                    case V512 -> new VectorFactoryF64V512(registers());
                    case V256 -> new VectorFactoryF64V256(registers());
                    case V128 -> new VectorFactoryF64V128(registers());
                    case SCALAR -> new TwinFactoryF64();
                };
        };
    }
}

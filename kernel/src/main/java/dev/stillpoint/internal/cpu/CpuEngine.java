package dev.stillpoint.internal.cpu;

import dev.stillpoint.backend.StepRecipe;
import dev.stillpoint.internal.engine.LaneScheduler;
import dev.stillpoint.internal.engine.PanelExecutor;
import dev.stillpoint.internal.reference.PackedRecipeF32;
import dev.stillpoint.internal.reference.PackedRecipeF64;
import dev.stillpoint.internal.reference.ScalarExecutorF32;
import dev.stillpoint.internal.reference.ScalarExecutorF64;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.solver.StoppingRule;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
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

    private static final int SCALAR_LANES = 16;
    private static final int SINGLE_SHARE = 4;

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

    /// Packs a recipe; what is supplied are schedulers, one for a thread, whose panels share it.
    Supplier<LaneScheduler> schedulers(StepRecipe recipe, StoppingRule stopping, Precision precision) {
        if (this == SCALAR) {
            return switch (precision) {
                case F32 -> {
                    var packed = new PackedRecipeF32(recipe);
                    yield () -> twin(new ScalarExecutorF32(packed, stopping, SCALAR_LANES), stopping);
                }
                case F64 -> {
                    var packed = new PackedRecipeF64(recipe);
                    yield () -> twin(new ScalarExecutorF64(packed, stopping, SCALAR_LANES), stopping);
                }
            };
        }
        return switch (precision) {
            case F32 -> schedulersF32(new VectorRecipeF32(recipe, bits, registers()), stopping);
            case F64 -> schedulersF64(new VectorRecipeF64(recipe, bits, registers()), stopping);
        };
    }

    private Supplier<LaneScheduler> schedulersF32(VectorRecipeF32 packed, StoppingRule stopping) {
        return switch (this) {
            case V512 ->
                () -> scheduler(
                        new VectorExecutorF32V512(packed, stopping),
                        stopping,
                        () -> new SingleExecutorF32V512(packed, stopping));
            case V256 ->
                () -> scheduler(
                        new VectorExecutorF32V256(packed, stopping),
                        stopping,
                        () -> new SingleExecutorF32V256(packed, stopping));
            case V128 ->
                () -> scheduler(
                        new VectorExecutorF32V128(packed, stopping),
                        stopping,
                        () -> new SingleExecutorF32V128(packed, stopping));
            case SCALAR -> throw new IllegalStateException();
        };
    }

    private Supplier<LaneScheduler> schedulersF64(VectorRecipeF64 packed, StoppingRule stopping) {
        return switch (this) {
            case V512 ->
                () -> scheduler(
                        new VectorExecutorF64V512(packed, stopping),
                        stopping,
                        () -> new SingleExecutorF64V512(packed, stopping));
            case V256 ->
                () -> scheduler(
                        new VectorExecutorF64V256(packed, stopping),
                        stopping,
                        () -> new SingleExecutorF64V256(packed, stopping));
            case V128 ->
                () -> scheduler(
                        new VectorExecutorF64V128(packed, stopping),
                        stopping,
                        () -> new SingleExecutorF64V128(packed, stopping));
            case SCALAR -> throw new IllegalStateException();
        };
    }

    private static LaneScheduler twin(PanelExecutor panel, StoppingRule stopping) {
        return new LaneScheduler(panel, stopping, () -> panel, 0);
    }

    /// A strip costs what [#SINGLE_SHARE] of its lanes cost one by one.
    private static LaneScheduler scheduler(PanelExecutor panel, StoppingRule stopping, Supplier<PanelExecutor> single) {
        return new LaneScheduler(panel, stopping, single, panel.width() / SINGLE_SHARE);
    }
}

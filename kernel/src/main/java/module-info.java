/// The engine: models, solvers, and the CPU backend.
// The module of OpenCL is compiled after this one.
@SuppressWarnings("module")
@org.jspecify.annotations.NullMarked
module dev.stillpoint.kernel {
    requires com.fasterxml.jackson.core;
    requires static transitive org.jspecify;
    requires jdk.incubator.vector;

    exports dev.stillpoint.activation;
    exports dev.stillpoint.adjoint;
    exports dev.stillpoint.backend;
    exports dev.stillpoint.io;
    exports dev.stillpoint.matrix;
    exports dev.stillpoint.model;
    exports dev.stillpoint.model.opteq;
    exports dev.stillpoint.operator;
    exports dev.stillpoint.solver;
    exports dev.stillpoint.wellposed;
    exports dev.stillpoint.internal.engine to
            dev.stillpoint.opencl;
    exports dev.stillpoint.internal.reference to
            dev.stillpoint.opencl;

    uses dev.stillpoint.backend.BackendProvider;

    provides dev.stillpoint.backend.BackendProvider with
            dev.stillpoint.internal.cpu.CpuBackendProvider;
}

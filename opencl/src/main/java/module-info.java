/// The same solves on OpenCL devices.
@org.jspecify.annotations.NullMarked
module dev.stillpoint.opencl {
    requires static transitive org.jspecify;
    requires transitive dev.stillpoint.kernel;
    requires com.fasterxml.jackson.core;
    requires org.lwjgl;
    requires org.lwjgl.opencl;

    exports dev.stillpoint.opencl;

    provides dev.stillpoint.backend.BackendProvider with
            dev.stillpoint.opencl.OpenClBackendProvider;
}

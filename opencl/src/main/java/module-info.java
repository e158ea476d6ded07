/// The same solves on OpenCL devices.
@org.jspecify.annotations.NullMarked
module dev.stillpoint.opencl {
    requires static transitive org.jspecify;
    requires transitive dev.stillpoint.kernel;
    requires org.lwjgl;
    requires org.lwjgl.opencl;
}

/// The OpenCL backend: which devices there are, and which of them give the CPU's bits.
///
/// [OpenClBackendProvider][dev.stillpoint.opencl.OpenClBackendProvider] is found by `ServiceLoader` under the name
/// `opencl`. It lists every device of every OpenCL platform; this version lists devices and does not solve on them.
///
/// **What has to be installed.** An OpenCL loader (on Debian `ocl-icd-libopencl1`) and the device's driver, which
/// registers itself with the loader. Either being absent is a
/// [BackendUnavailableException][dev.stillpoint.backend.BackendUnavailableException] that says which. The loader is
/// looked for as `libOpenCL.so.1`, then `libOpenCL.so` (on Linux), or as `-Dorg.lwjgl.opencl.libname` says.
///
/// **Bit-exactness.** A device is bit-exact when its driver reports fused multiply-add, subnormals, infinities and
/// not-a-number, rounding to nearest and, in FP32, correctly rounded division and square root, *and* a self-test
/// on the device gives the bits that Java gives; both in FP32, and in FP64 where the device offers it. Otherwise
/// the listing says what is missing or differs. The self-test compiles two small programs, which takes from
/// milliseconds to seconds; drivers keep compiled programs on disk.
///
/// **The process.** Calls go through LWJGL, whose state belongs to the process: the first use loads the loader,
/// and it stays loaded. Where the program has not chosen otherwise, the first use also sets LWJGL's
/// `memoryBackend` to `ffm` (the others make the JVM print warnings), its explicit initialisation of OpenCL, and
/// silences its debug stream, whose messages our exceptions carry. Start the JVM with
/// `--enable-native-access=ALL-UNNAMED` (on the module path `=org.lwjgl`), or it prints a warning of its own. A
/// driver is native code: one that crashes takes the JVM with it.
///
/// **Threads and memory.** The provider may be used from any thread. A listing opens a context on each device and
/// closes it again; nothing stays open between calls.
package dev.stillpoint.opencl;

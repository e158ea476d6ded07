/// The OpenCL backend: which devices there are, which of them give the CPU's bits, and the same solves on them.
///
/// [OpenClBackendProvider][dev.stillpoint.opencl.OpenClBackendProvider] is found by `ServiceLoader` under the name
/// `opencl`. It lists every device of every OpenCL platform and opens one of them:
///
///     Backend backend = Backend.open("opencl");      // the first device; or Backend.open("opencl", "0")
///     try (SolvePlan plan = backend.prepare(model.problem(), Solver.picard(), StoppingRule.mixed(1e-6))) {
///         SolveResult result = plan.solve(inputs);   // statuses, iterations, residuals and states: the CPU's bits
///     }
///
/// **What runs there.** All operators and activations, and all solvers but backward substitution, block triangular
/// problems and courses included, in FP32, and in FP64 where the device has it. Adjoint equations and substitution do
/// not run there yet and are refused by name. Certificates are made on the CPU, of the states that come back.
///
/// **How.** A plan holds one session on the device: its programs, the packed operators, and panels in which each
/// work-group iterates on a few samples at a time, each to its own end; a lane whose sample is done takes the next. A
/// launch makes a limited number of iterations, so that an interrupt ends a solve within a launch. Batches travel in
/// chunks: a batch may be larger than the device's memory. What a panel holds is in global memory, so that `n` is
/// limited by that alone. The caller's thread feeds the device; there are no others. The first plan of a kind compiles
/// a program, for seconds on some drivers; compiled programs are kept in the user's cache folder
/// (`~/.cache/stillpoint/opencl` on Linux), 256 MiB at most.
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
/// **Errors.** No loader, no platform, no device, a device that is not bit-exact and was not asked for as
/// `inexact:NAME`: [BackendUnavailableException][dev.stillpoint.backend.BackendUnavailableException]. A call that
/// fails, for lack of memory or because the device is lost:
/// [DeviceException][dev.stillpoint.backend.DeviceException] with the call and its symbolic code. Nothing falls back
/// to the CPU.
///
/// **Threads and memory.** The provider and its backends may be used from any thread; a plan by one at a time. A
/// listing opens a context on each device and closes it again. All that a plan has on the device is given back when it
/// is closed.
package dev.stillpoint.opencl;

/// How the backend speaks to OpenCL.
///
/// [ClCalls][dev.stillpoint.opencl.internal.ClCalls] is the one checker: every call names itself and its symbolic
/// error code, and every object is a [ClHandle][dev.stillpoint.opencl.internal.ClHandle] that the scope which
/// made it closes. [DeviceListing][dev.stillpoint.opencl.internal.DeviceListing] finds and examines devices;
/// [SelfTest][dev.stillpoint.opencl.internal.SelfTest] compares their arithmetic with Java's.
/// [ProgramCache][dev.stillpoint.opencl.internal.ProgramCache] builds programs and keeps them on disk.
package dev.stillpoint.opencl.internal;

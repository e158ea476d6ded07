/// How the backend speaks to OpenCL.
///
/// [ClCalls][dev.stillpoint.opencl.internal.ClCalls] is the one checker: every call names itself and its symbolic
/// error code, and every object is a [ClHandle][dev.stillpoint.opencl.internal.ClHandle] that the scope which
/// made it closes. [DeviceListing][dev.stillpoint.opencl.internal.DeviceListing] finds and examines devices;
/// [SelfTest][dev.stillpoint.opencl.internal.SelfTest] compares their arithmetic with Java's.
/// [ProgramCache][dev.stillpoint.opencl.internal.ProgramCache] builds programs and keeps them on disk.
///
/// A solve is a [DeviceRunner][dev.stillpoint.opencl.internal.DeviceRunner] in the place of the CPU's lane scheduler:
/// [OpenClFactory][dev.stillpoint.opencl.internal.OpenClFactory] gives it to the plans, courses and block courses that
/// the kernel module has for every engine. [RecipeTable][dev.stillpoint.opencl.internal.RecipeTable] turns a recipe
/// into tables of integers and values that fixed kernel sources interpret, and into a prelude of definitions that says
/// which code there has to be; operators are lists of leaves
/// ([ProductTable][dev.stillpoint.opencl.internal.ProductTable]), activations lists of parts
/// ([ActivationTable][dev.stillpoint.opencl.internal.ActivationTable]). The sources are in `solve/*.cl`; each says its
/// shapes, memory and order. [Tuning][dev.stillpoint.opencl.internal.Tuning] says how they are cut to a device; no
/// result depends on it.
package dev.stillpoint.opencl.internal;

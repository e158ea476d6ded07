/// The interface between problems and the engines that solve them.
///
/// A [Backend][dev.stillpoint.backend.Backend] prepares a [SolvePlan][dev.stillpoint.backend.SolvePlan]; the unit of
/// the interface is a whole solve, never a vector operation, so that iterates stay packed and on the device. A plan is
/// compiled by way of a [StepRecipe][dev.stillpoint.backend.StepRecipe], which is data: every backend runs the same
/// recipe to the same bits.
///
/// A new backend implements [BackendProvider][dev.stillpoint.backend.BackendProvider] and registers it with
/// `ServiceLoader`, in its `module-info` and in `META-INF/services`. A plan owns its memory and its threads, and gives
/// both back on close. A plan may be used from any thread, by one at a time.
package dev.stillpoint.backend;

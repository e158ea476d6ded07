/// References in double precision, written to be read, that share no code with the kernel; and the thresholds that
/// an engine's results are held to.
///
/// Every number here is computed by plain loops from the equation that its class cites. The kernel's records say
/// which map, which solver and which data are meant; none of its arithmetic is used.
///
/// - [ReferenceEquation][dev.stillpoint.validation.reference.ReferenceEquation] evaluates `phi(Ax + Bu + bias)`,
///   and its residual to about 90 bits;
///   [ReferenceActivation][dev.stillpoint.validation.reference.ReferenceActivation] and
///   [DoubleDouble][dev.stillpoint.validation.reference.DoubleDouble] are what it stands on.
/// - [ReferenceSolver][dev.stillpoint.validation.reference.ReferenceSolver] finds the fixed point to about 80
///   bits, says
///   when it could not, and bounds its own error;
///   [ReferenceIteration][dev.stillpoint.validation.reference.ReferenceIteration] runs a solver step by step.
/// - [ErrorBounds][dev.stillpoint.validation.reference.ErrorBounds] turns residuals into errors,
///   [Thresholds][dev.stillpoint.validation.reference.Thresholds] says what an engine may be wrong by at
///   convergence and
///   [IterationBound][dev.stillpoint.validation.reference.IterationBound] after a number of steps.
///
/// Everything is immutable and may be used from any thread. Costs are cubic in the number of states with small
/// constants:
/// meant for up to about a thousand states.
package dev.stillpoint.validation.reference;

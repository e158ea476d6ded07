/// Gradients through a fixed point.
///
/// With the Jacobian `J` of `phi` at `t`, of the fixed point `x = phi(t)`, `t = Ax + Bu + bias`, and `g` the
/// gradient of a loss with respect to the outputs `y = Cx + Du`, the adjoint state of a sample solves `v = J'(A'v
/// + C'g)`, and the gradients of the loss are
///
///     dA = sum v x'    dB = sum v u'    dbias = sum v    dC = sum g x'    dD = sum g u'    du = B'v + D'g
///
/// the sums being over samples. The transposed operators are
/// [transposes][dev.stillpoint.operator.LinearOperator#transpose()].
///
///     AdjointProblem problem = AdjointProblem.of(model);
///     try (SolvePlan forward = Backend.cpu().prepare(model.problem(), solver, stopping, options);
///             AdjointPlan adjoint = AdjointPlan.prepare(problem, solver, stopping, options)) {
///         Matrix states = forward.solve(inputs).orThrow().states();           // (samples, n)
///         Matrix g = lossGradient(model.predict(inputs, states));             // (samples, q), the caller's
///         SolveResult v = adjoint.solve(adjoint.points(inputs, states), g);   // states (samples, n)
///         Gradients gradients = new Gradients(model);
///         gradients.add(inputs, states, g, v, threads);                       // batch after batch
///         Matrix du = gradients.inputGradients(g, v);                         // (samples, p)
///         List<Matrix> letters = OperatorLetters.of(model.a());               // as many as, and of the shapes
///         of List<Matrix> da = gradients.a();
///     }
///
/// The adjoint equation is a fixed-point problem itself, linear, and each sample has its own: an
/// [AdjointPlan][dev.stillpoint.adjoint.AdjointPlan] solves it by the engine and the solvers of the forward one,
/// with a status, a residual and a number of iterations for every sample. A sample whose adjoint did not converge
/// says so; [Gradients][dev.stillpoint.adjoint.Gradients] refuses it, or leaves it out where the caller asks for
/// that. It is never silently zero.
///
/// ## Cheaper, and through the iterations
///
/// Where the adjoint equation is too dear, or has no solution, the first terms of its Neumann series may do:
/// [AdjointPlan#truncated][dev.stillpoint.adjoint.AdjointPlan#truncated], damped or not, and
/// [AdjointPlan#jacobianFree][dev.stillpoint.adjoint.AdjointPlan#jacobianFree] with the first term alone. Such
/// results have run out of iterations, and say so; they are taken by a method of that name, never by accident:
///
///     try (AdjointPlan phantom = AdjointPlan.truncated(problem, terms, damping, options)) {
///         SolveResult v = phantom.solve(phantom.points(inputs, states), g);
///         gradients.addTruncated(inputs, states, g, v, threads);
///         Matrix du = gradients.truncatedInputGradients(g, v);
///     }
///
/// An [UnrolledPlan][dev.stillpoint.adjoint.UnrolledPlan] makes exactly `K` iterations of Picard,
/// forward-backward or sequential averaging, keeps the states, `e (K + 1) n` bytes a sample, and goes back
/// through them, whether they converge or not. It is the way through sequential averaging, whose result depends
/// on its schedule and start, and a check of the others, whose gradients it tends to:
///
///     try (UnrolledPlan plan = UnrolledPlan.prepare(problem, solver, iterations, options)) {
///         UnrolledPass pass = plan.forward(inputs);                           // keeps x_0, ..., x_K
///         Matrix g = lossGradient(model.predict(inputs, pass.states()));      // (samples, q), the caller's
///         UnrolledAdjoint v = pass.backward(g);
///         gradients.add(v, threads);                                          // or addFinite
///         Matrix du = gradients.inputGradients(v);                            // (samples, p)
///         Matrix dx = v.initialGradients();                                   // (samples, n)
///     }
///
/// Their samples have a status too: what is not finite, on the way there or back, is refused, or left out where
/// the caller asks for that.
///
/// ## Operators
///
/// How far an adjoint state is from that of the *true* fixed point, whose Jacobian nobody has, follows from the
/// bound of the state's error, [AdjointCertificate][dev.stillpoint.wellposed.AdjointCertificate]; a sample whose
/// ReLU signs that bound leaves open has none, and says so:
///
///     Certificate certificate = Certificate.of(model.problem());
///     AdjointCertificate adjoints = AdjointCertificate.of(certificate, model.c());
///     AdjointBounds bounds =
///             adjoints.bounds(inputs, states, certificate.bounds(inputs, states), g, v.states(), threads);
///     bounds.errors().two(i);                                           // or bounds.kinks(i) > 0
///
/// Each sum of outer products is asked for with respect to the numbers that an operator is made of, its
/// [letters][dev.stillpoint.adjoint.OperatorLetters], so that its structure stays: an
/// [OperatorGradient][dev.stillpoint.adjoint.OperatorGradient] computes it, also by itself:
///
///     OperatorGradient gradient = new OperatorGradient(a);       // any operator
///     gradient.add(adjoints, states, threads);                   // (samples, n) each, batch after batch
///     List<Matrix> letters = OperatorLetters.of(a);              // as many, of the same shapes as
///     List<Matrix> gradients = gradient.letters();
///     LinearOperator next = OperatorLetters.replace(a, step(letters, gradients));
///
/// Models that are made from parameters of their own, which keep them well-posed, are trained by those: the chain
/// rule from the letters to them is
///
/// | model | its gradients |
/// | --- | --- |
/// | [MonotoneModel][dev.stillpoint.model.MonotoneModel] | [MonotoneGradients] |
/// | [OptEqModel][dev.stillpoint.model.opteq.OptEqModel] | [OptEqGradients] |
/// | [DeepOptEqModel][dev.stillpoint.model.opteq.DeepOptEqModel] | [DeepOptEqGradients] |
/// |
///
///     MonotoneGradients own = MonotoneGradients.of(monotone, gradients);  // a(), b(), m(), u(), bias()
///
/// Adjoint states are computed in the precision of their plan, sums over samples in double precision; all in a
/// written order, with the same bits for any number of threads, any width of vectors and any cut of a batch.
/// Source: IDL-21 §6.2, NTK-22 §2.1.3; OPT-21 (11), §5 for unrolled iterations.
package dev.stillpoint.adjoint;

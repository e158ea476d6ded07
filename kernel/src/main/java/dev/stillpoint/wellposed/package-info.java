/// Whether a model has exactly one solution, and what that rests on.
///
/// [WellPosedness#analyse][dev.stillpoint.wellposed.WellPosedness] takes the matrix `A` and the activation of
/// `x = phi(Ax + b)` and returns a [WellPosednessReport][dev.stillpoint.wellposed.WellPosednessReport]: a
/// [Verdict][dev.stillpoint.wellposed.Verdict], the condition it rests on, and the figures behind it, each a
/// [Bracket][dev.stillpoint.wellposed.Bracket] that holds for the stored matrix with all rounding accounted for.
/// Where the map is a contraction, the report carries verified
/// [ContractionWeights][dev.stillpoint.wellposed.ContractionWeights], from which error bounds follow.
/// [SolverAdvisor][dev.stillpoint.wellposed.SolverAdvisor] turns a report into a solver.
///
///     WellPosednessReport report = WellPosedness.analyse(LinearOperator.dense(a), Activation.relu());
///     report.verdict();                  // WELL_POSED, ILL_POSED or UNKNOWN
///     report.condition();                // "lambda_PF(|A|) <= 0.731059 < 1"
///     SolverAdvisor.recommend(report);   // Picard iteration, or a course of solvers, and why
///
/// A [Certificate][dev.stillpoint.wellposed.Certificate] makes of a report what bounds the error of states, of a
/// plan that is given it or from elsewhere; [CertifiedPlan][dev.stillpoint.backend.CertifiedPlan] iterates until
/// the bound meets the tolerance.
///
///     Certificate certificate = Certificate.of(problem, report);
///     certificate.basis();               // "contraction by 0.731059 in weights of 64 blocks, and (I - N)^-1 bounded"
///     certificate.bounds(u, x).max(0);   // an upper bound of max|x - x*| of the first sample
///
/// [PerturbationBound][dev.stillpoint.wellposed.PerturbationBound] bounds how far a state moves when entries of
/// `A` are changed, as [simplify][dev.stillpoint.model.ImplicitModel#simplify(double)] does with a tolerance.
///
/// **Staying well-posed.** [NormProjection][dev.stillpoint.wellposed.NormProjection] gives the closest matrix whose
/// rows have l1 norms that make the model a contraction, as a training step needs it, and the derivative of that
/// map. The bound holds exactly for what is stored:
///
///     NormProjection projection = NormProjection.onto(0.95);                          // |A|_inf <= 0.95
///     NormProjection wider = NormProjection.onto(Activation.sigmoid(), a.rows(), 0.95);  // gamma |A|_inf <= 0.95
///     projection.apply(a, a, 2);                                       // in place, on two threads
///     Matrix gradient = projection.derivative(before, upstream, 2);    // back through the projection
///
/// **Rigour.** Eigenvalues and norms are estimated by iteration and then verified: Collatz-Wielandt quotients for
/// non-negative matrices, floating-point Cholesky factorisations of shifted matrices for symmetric ones, both
/// with a-priori bounds of their rounding. A bound is correct whether the iteration behind it converged or not;
/// poor convergence only makes it wide. Verdicts are claimed only where they follow from verified bounds, or from
/// exact arithmetic, by a theorem; `ILL_POSED` too.
///
/// **Components.** A state depends on those in whose columns its row has entries. The strongly connected
/// components of this graph, over activation blocks, are the diagonal blocks of a block-triangular form, and the
/// model is well-posed exactly when each of them is; so they are decided one by one where no condition holds for
/// the whole.
///
/// Cost of an analysis: `n^3` operations, about a second for 512 states and half a minute for 4096, linear in the
/// entries beyond that (the report then says which figures are coarse); of a projection: some passes over the
/// matrix. Everything here is immutable, owns what it returns, and may be called from any thread. An analysis
/// starts no threads, a projection those that it is asked for, which end with the call.
package dev.stillpoint.wellposed;

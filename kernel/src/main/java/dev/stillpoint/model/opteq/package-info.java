/// Optimization-induced equilibrium models: equilibria that minimise a known convex function (OPT-21).
///
///     OptEqModel unit = OptEqModel.of(w, u, bias, 1, Activation.relu());    // z = W' relu(Wz + Ux + b)
///     unit.slope();                                  // bounds of gamma |W|_2^2/mu, verified
///     ImplicitModel model = unit.model();            // solved by any backend; its prediction is z
///     unit.objective(x).at(z);                       // the function that z minimises
///
///     DeepOptEqModel deep = DeepOptEqModel.of(List.of(first, second), 0.4, FeatureTerm.absoluteSum(0.01));
///     deep.model(head);                              // the block form of all layers, one implicit model
///
///     new CoupledAveraging(new BatchTerm.Decorrelation(1e-3, 4)).run(deep, inputs, null, 500);
///                                                    // of many equilibria of a batch, decorrelated ones
///
/// A model here is a description that becomes an [ImplicitModel][dev.stillpoint.model.ImplicitModel], by `v =
/// sigma(Wz + Ux + b)`; no solver is special to it, but for
/// [CoupledAveraging][dev.stillpoint.model.opteq.CoupledAveraging], which couples the samples of a batch. What
/// computes on `double[]` (`map`, `layers`, `objective`) is a plain reference for checks, on the calling thread,
/// and allocates its results.
///
/// Matrices are dense, since a model needs `W` and its transpose; they are kept as they are when immutable, else
/// copied. Everything is immutable and may be shared by threads.
package dev.stillpoint.model.opteq;

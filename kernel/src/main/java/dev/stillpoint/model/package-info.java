/// Implicit models: the equation of the state, the prediction made from it, and the rewriting of a model to its
/// cheapest form.
///
///     Simplification done = model.simplify();
///     done.findings();     // "A is block triangular under a permutation: 4 blocks, 4 of them explicit", ...
///     done.model();        // the same predictions, but for rounding, in fewer operations
///
/// A [MonotoneModel][dev.stillpoint.model.MonotoneModel] is well-posed by its parameters; models whose equilibrium
/// minimises a convex function are in `dev.stillpoint.model.opteq`.
///
/// [Composition][dev.stillpoint.model.Composition] and [Feedback][dev.stillpoint.model.Feedback] make models of
/// models, [NetworkBuilder][dev.stillpoint.model.NetworkBuilder] makes them of layers, and
/// [Rescaling][dev.stillpoint.model.Rescaling] makes them contract in the maximum norm.
///
/// [simplify][dev.stillpoint.model.ImplicitModel#simplify()] depends on the model alone and is never done behind
/// the user's back: a plan computes what it was given. Models, and what they are rewritten to, are immutable and
/// may be shared by threads.
package dev.stillpoint.model;

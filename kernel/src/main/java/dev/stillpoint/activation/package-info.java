/// Activation maps: value, derivative, proximal form, Lipschitz constant.
///
/// An [Activation][dev.stillpoint.activation.Activation] describes `phi` of a model and computes nothing for an
/// engine; backends match on its type when a plan is prepared. Its own methods on `double[]` allocate their result
/// and are meant for checks, reports and set-up. They follow the written operations of the engine, so that they
/// give the same bits as a plan in double precision.
///
/// Value and derivative of a component cost a comparison, or one exponential and one division. The proximal maps of
/// tanh and sigmoid solve an equation by some three to nine such evaluations, that of softmax by several for each
/// of a few trial values of its multiplier.
///
/// Blockwise maps (softmax, group norm, max-pooling) act on blocks of consecutive values; a
/// [BlockActivation][dev.stillpoint.activation.BlockActivation] has parts with different activations. What is said
/// of components (triangularity, `|A|`) holds for blocks, with norms of blocks.
///
/// Activations are immutable values, equal when they have the same name and parameters, and may be used from any
/// thread.
package dev.stillpoint.activation;

/// Activation maps: value, derivative, proximal form, Lipschitz constant.
///
/// Activations are immutable values, equal when they compute the same map, and may be used from any thread.
package dev.stillpoint.activation;

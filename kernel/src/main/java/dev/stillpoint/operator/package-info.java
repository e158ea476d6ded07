/// Linear maps as descriptions: what `A`, `B`, `C` and `D` of a model are made of.
///
/// Operators are immutable and may be shared between models and threads. Computing is left to backends, which pack an
/// operator once per plan.
package dev.stillpoint.operator;

/// Rectangular data at the boundary of the engine.
///
/// [Matrix][dev.stillpoint.matrix.Matrix] is a view over a Java array or native memory; engines copy what they need
/// out of it when a plan is prepared or a batch is staged, and never compute on it. A matrix does not own its memory:
/// whoever allocated the array or opened the arena does. Views may be read from any thread; a view that is written
/// belongs to its writer until the write is over.
package dev.stillpoint.matrix;

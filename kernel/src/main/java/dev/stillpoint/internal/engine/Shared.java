package dev.stillpoint.internal.engine;

import java.util.function.Supplier;

/// What the threads of a plan share, packed once, and a maker of what each has of its own.
///
/// @param bytes bytes of the arrays that are shared, at most
/// @param maker makes what a thread has of its own
public record Shared<T>(long bytes, Supplier<? extends T> maker) {
    /// Makes what a thread has of its own.
    public T make() {
        return maker.get();
    }
}

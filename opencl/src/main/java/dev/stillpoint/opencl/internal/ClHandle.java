package dev.stillpoint.opencl.internal;

/// An OpenCL object that is released once, by the scope that made it.
public final class ClHandle implements AutoCloseable {
    private final long address;
    private final Runnable release;
    private boolean closed;

    ClHandle(long address, Runnable release) {
        this.address = address;
        this.release = release;
    }

    /// The object, as OpenCL names it.
    ///
    /// @throws IllegalStateException when it was released
    long address() {
        if (closed) {
            throw new IllegalStateException("an OpenCL object was used after its release");
        }
        return address;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }
}

package dev.stillpoint.opencl.internal;

import dev.stillpoint.backend.DeviceException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongToIntFunction;

/// The checker that every OpenCL call goes through: it turns an error code into an exception that names the call
/// and the code, and counts the objects that are open. It may be used from several threads.
public final class ClCalls {
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong released = new AtomicLong();

    /// Does nothing when `code` is success.
    ///
    /// @param call the OpenCL function, with what tells the call from others
    /// @throws DeviceException when `code` is an error
    static void check(String call, int code) {
        if (code != 0) {
            throw new DeviceException(call + " failed with " + ClError.describe(code));
        }
    }

    /// Takes charge of a new object.
    ///
    /// @param create the OpenCL function that made it
    /// @param code what that function returned
    /// @param address the object
    /// @param release the name of the function that releases it
    /// @param releaser that function
    /// @throws DeviceException when `code` is an error; later, from `close`, when the release fails
    ClHandle own(String create, int code, long address, String release, LongToIntFunction releaser) {
        check(create, code);
        opened.incrementAndGet();
        return new ClHandle(address, () -> {
            released.incrementAndGet();
            check(release, releaser.applyAsInt(address));
        });
    }

    /// How many objects were made so far.
    long openedHandles() {
        return opened.get();
    }

    /// How many objects are open.
    long openHandles() {
        return opened.get() - released.get();
    }
}

package dev.stillpoint.opencl.internal;

import dev.stillpoint.opencl.internal.FoundDevice.Described;

/// A program that runs exercises on the first device there is, and prints the platform of that device.
public final class RunExercise {
    /// The system property that names them, with a comma between two.
    static final String NAMES = "stillpoint.test.exercises";

    private RunExercise() {}

    /// The program.
    public static void main(String[] arguments) {
        ClCalls calls = new ClCalls();
        Described device = OpenClHere.requireUsable(calls);
        for (String name : System.getProperty(NAMES, "").split(",", -1)) {
            Exercise.named(name).body().accept(calls, device);
        }
        if (calls.openedHandles() == 0 || calls.openHandles() != 0) {
            throw new AssertionError(
                    "handles opened: %d, still open: %d".formatted(calls.openedHandles(), calls.openHandles()));
        }
        System.out.println(device.description().platform());
    }
}

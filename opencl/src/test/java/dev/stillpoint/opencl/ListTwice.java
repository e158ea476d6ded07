package dev.stillpoint.opencl;

import dev.stillpoint.backend.BackendUnavailableException;
import java.util.List;

/// A program that lists devices, each time saying how many or why not: twice from a library that does not exist,
/// then twice from the system's.
final class ListTwice {
    static final String MISSING = "libStillpointHasNoSuchOpenCL.so.7";

    private ListTwice() {}

    public static void main(String[] arguments) {
        for (OpenClBackendProvider provider : List.of(
                new OpenClBackendProvider(List.of(MISSING)),
                new OpenClBackendProvider(List.of(MISSING, MISSING + ".1")),
                new OpenClBackendProvider(),
                new OpenClBackendProvider())) {
            try {
                System.out.println(provider.devices().size() + " devices");
            } catch (BackendUnavailableException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}

package dev.stillpoint.backend;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// Finds backends by `ServiceLoader`, on the module path and on the class path.
public final class Backends {
    private Backends() {}

    /// The providers that this program was put together with, by name.
    public static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class, BackendProvider.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(BackendProvider::name))
                .toList();
    }

    static Backend open(String name, @Nullable String device) {
        List<BackendProvider> providers = providers();
        for (BackendProvider provider : providers) {
            if (provider.name().equals(name)) {
                return provider.open(device);
            }
        }
        throw new BackendUnavailableException("there is no backend '%s': this program has %s"
                .formatted(name, providers.stream().map(BackendProvider::name).toList()));
    }
}

package dev.stillpoint.internal.cpu;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendProvider;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceInfo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Offers the CPU under the name `cpu`, always available. Its devices are its engines: the widest vectors of the
/// machine
/// first, then narrower ones, then the scalar twin.
public final class CpuBackendProvider implements BackendProvider {
    /// For `ServiceLoader`.
    public CpuBackendProvider() {}

    @Override
    public String name() {
        return CpuBackend.NAME;
    }

    @Override
    public List<DeviceInfo> devices() {
        Runtime runtime = Runtime.getRuntime();
        List<DeviceInfo> devices = new ArrayList<>();
        for (CpuEngine engine : CpuEngine.available()) {
            String name = "%s, %s, %d processors"
                    .formatted(engine.label(), System.getProperty("os.arch"), runtime.availableProcessors());
            String driver = "Java " + Runtime.version();
            devices.add(
                    new DeviceInfo(CpuBackend.NAME, devices.size(), name, driver, runtime.maxMemory(), true, true, ""));
        }
        return devices;
    }

    @Override
    public Backend open(@Nullable String device) {
        if (device == null && !CpuEngine.hasVectorModule()) {
            throw new BackendUnavailableException(
                    "the CPU engine needs the module jdk.incubator.vector: start Java with"
                            + " --add-modules jdk.incubator.vector, or ask for the device 'scalar', which is slow");
        }
        List<CpuEngine> engines = CpuEngine.available();
        for (int i = 0; i < engines.size(); i++) {
            CpuEngine engine = engines.get(i);
            if (device == null
                    || device.equals(String.valueOf(i))
                    || engine.label().contains(device)) {
                return new CpuBackend(engine);
            }
        }
        throw new BackendUnavailableException("the cpu backend has no device '%s' on this machine: it has %s"
                .formatted(device, engines.stream().map(CpuEngine::label).toList()));
    }
}

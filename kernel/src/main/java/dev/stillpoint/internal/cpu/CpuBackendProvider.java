package dev.stillpoint.internal.cpu;

import dev.stillpoint.backend.Backend;
import dev.stillpoint.backend.BackendProvider;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Offers the CPU engine under the name `cpu`. It is always available.
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
        String name = "%d processors, %s".formatted(runtime.availableProcessors(), System.getProperty("os.arch"));
        String driver = "Java " + Runtime.version();
        return List.of(new DeviceInfo(CpuBackend.NAME, 0, name, driver, runtime.maxMemory(), true, true, ""));
    }

    @Override
    public Backend open(@Nullable String device) {
        if (device != null && !device.equals("0")) {
            throw new BackendUnavailableException(
                    "the cpu backend has one device, number 0; there is no device '" + device + "'");
        }
        return new CpuBackend();
    }
}

package dev.stillpoint.opencl.internal;

import static org.lwjgl.opencl.CL10.CL_DEVICE_TYPE_ALL;
import static org.lwjgl.opencl.CL10.CL_PLATFORM_NAME;

import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceException;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.opencl.internal.FoundDevice.Broken;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Finds the devices of all platforms and examines them.
///
/// The order is that of the platforms, sorted by kind: graphics processors, accelerators, processors, others, and
/// last what did not answer. A device that is broken is listed with the call that failed and spoils no other.
public final class DeviceListing {
    /// The backend's name.
    public static final String BACKEND = "opencl";

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private final ClCalls calls;
    private final String library;
    private final List<FoundDevice> devices;

    /// A listing of devices that were found.
    DeviceListing(ClCalls calls, String library, List<FoundDevice> devices) {
        this.calls = calls;
        this.library = library;
        this.devices = devices;
    }

    /// Loads OpenCL and finds devices, without examining them.
    ///
    /// @param calls the checker to use
    /// @param libraryNames the libraries to try, in order
    /// @throws BackendUnavailableException when there is no loader, no platform or no device
    public static DeviceListing find(ClCalls calls, List<String> libraryNames) {
        String library = OpenClLoader.load(libraryNames);
        List<FoundDevice> devices = new ArrayList<>();
        List<String> platformNames = new ArrayList<>();
        for (long platform : platforms(library)) {
            String name = platformName(platform);
            platformNames.add(name);
            devices.addAll(devicesOf(platform, name));
        }
        if (devices.isEmpty()) {
            throw new BackendUnavailableException(
                    "OpenCL is not available: there is no device on any platform (%s has %s)"
                            .formatted(library, String.join(", ", platformNames)));
        }
        devices.sort(Comparator.comparing(FoundDevice::type));
        return new DeviceListing(calls, library, List.copyOf(devices));
    }

    private static long[] platforms(String library) {
        long[] platforms;
        try {
            platforms = ClInfo.platforms();
        } catch (DeviceException e) {
            throw new BackendUnavailableException(
                    "OpenCL is not available: %s in %s".formatted(e.getMessage(), library), e);
        }
        if (platforms.length == 0) {
            throw new BackendUnavailableException(("OpenCL is not available: %s finds no platform; install the OpenCL "
                            + "driver of the device (on Linux a file in /etc/OpenCL/vendors, or where "
                            + "OCL_ICD_VENDORS says, names it)")
                    .formatted(library));
        }
        return platforms;
    }

    private static String platformName(long platform) {
        try {
            return ClInfo.platformText(platform, CL_PLATFORM_NAME, "CL_PLATFORM_NAME");
        } catch (DeviceException e) {
            return "a platform without a name (" + e.getMessage() + ")";
        }
    }

    private static List<FoundDevice> devicesOf(long platform, String platformName) {
        long[] ids;
        try {
            ids = ClInfo.devices(platform, CL_DEVICE_TYPE_ALL);
        } catch (DeviceException e) {
            return List.of(new Broken("devices of " + platformName, platformName, oneLine(e)));
        }
        List<FoundDevice> devices = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            devices.add(describe(platformName, i, ids[i]));
        }
        return devices;
    }

    private static FoundDevice describe(String platformName, int number, long id) {
        try {
            return new Described(id, DeviceDescription.of(platformName, id));
        } catch (DeviceException e) {
            return new Broken("device %d of %s".formatted(number, platformName), platformName, oneLine(e));
        }
    }

    /// The loader library, by its path where the system tells it.
    String library() {
        return library;
    }

    /// The devices found, in the order of the listing; at least one.
    public List<FoundDevice> devices() {
        return devices;
    }

    /// The number of the device that `device` names: by number, by a part of its name that no other device's name
    /// has (upper and lower case are the same), or null for the first.
    ///
    /// @throws BackendUnavailableException when there is none, or more than one, or it did not answer
    public int choose(@Nullable String device) {
        int index = device == null ? 0 : indexOf(device);
        if (devices.get(index) instanceof Broken broken) {
            throw new BackendUnavailableException(
                    "OpenCL device %d (%s) cannot be used: %s".formatted(index, broken.name(), broken.reason()));
        }
        return index;
    }

    private int indexOf(String device) {
        String wanted = device.strip().toLowerCase(Locale.ROOT);
        if (NUMBER.matcher(wanted).matches()) {
            return IntStream.range(0, devices.size())
                    .filter(i -> Integer.toString(i).equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new BackendUnavailableException(
                            "there is no OpenCL device %s: there are %s".formatted(wanted, summary())));
        }
        int[] matches = IntStream.range(0, devices.size())
                .filter(i -> devices.get(i).name().toLowerCase(Locale.ROOT).contains(wanted))
                .toArray();
        if (matches.length == 1 && !wanted.isEmpty()) {
            return matches[0];
        }
        throw new BackendUnavailableException("%s OpenCL device has '%s' in its name: there are %s"
                .formatted(matches.length == 0 ? "no" : "more than one", device, summary()));
    }

    private String summary() {
        return IntStream.range(0, devices.size())
                .mapToObj(i -> i + " (" + devices.get(i).name() + ")")
                .collect(Collectors.joining(", "));
    }

    /// The device of a number, which [#choose] found, for solves.
    ///
    /// @param inexact whether one that is not bit-exact will do
    /// @throws BackendUnavailableException when it cannot run programs, or is not bit-exact and should be
    public Described open(int index, boolean inexact) {
        Examination examination = Examination.of(calls, index, devices.get(index));
        DeviceInfo info = examination.info();
        if (!(devices.get(index) instanceof Described described)
                || !BitExactness.unusable(described.description()).isEmpty()) {
            throw new BackendUnavailableException(
                    "OpenCL device %d (%s) cannot be used: %s".formatted(index, info.name(), info.reason()));
        }
        if (!info.bitExact() && !inexact) {
            throw new BackendUnavailableException(
                    ("OpenCL device %d (%s) is not bit-exact: %s; to use it all the same, ask for the device"
                                    + " 'inexact:%d'")
                            .formatted(index, info.name(), info.reason(), index));
        }
        return described;
    }

    /// Examines every device.
    public List<Examination> examine() {
        List<Examination> examinations = new ArrayList<>();
        for (int i = 0; i < devices.size(); i++) {
            examinations.add(Examination.of(calls, i, devices.get(i)));
        }
        return List.copyOf(examinations);
    }

    /// What users are told of every device.
    public List<DeviceInfo> infos() {
        return examine().stream().map(Examination::info).toList();
    }

    /// An exception's message without the lines of a log after the first, which usually says what is wrong.
    static String oneLine(DeviceException failure) {
        List<String> lines = String.valueOf(failure.getMessage())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(2)
                .toList();
        return String.join(": ", lines);
    }
}

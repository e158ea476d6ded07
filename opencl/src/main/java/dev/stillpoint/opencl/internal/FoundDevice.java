package dev.stillpoint.opencl.internal;

/// A device of the listing.
public sealed interface FoundDevice {
    /// The device, as its maker calls it.
    String name();

    /// The driver, in words.
    String driver();

    /// The kind of device.
    DeviceType type();

    /// A device that answered.
    ///
    /// @param id the device, as OpenCL names it
    /// @param description its answers
    record Described(long id, DeviceDescription description) implements FoundDevice {
        @Override
        public String name() {
            return description.name();
        }

        @Override
        public String driver() {
            return description.driver();
        }

        @Override
        public DeviceType type() {
            return description.type();
        }
    }

    /// A device, or a whole platform, that did not answer.
    ///
    /// @param name what is known of its name
    /// @param driver what is known of its driver
    /// @param reason the call that failed
    record Broken(String name, String driver, String reason) implements FoundDevice {
        @Override
        public DeviceType type() {
            return DeviceType.UNKNOWN;
        }
    }
}

package dev.stillpoint.opencl.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stillpoint.backend.BackendUnavailableException;
import dev.stillpoint.backend.DeviceInfo;
import dev.stillpoint.opencl.internal.FoundDevice.Described;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.lwjgl.Version;

/// A program that lists the OpenCL devices of a machine with the outcome of the self-test, for trying a machine on
/// which nothing is installed.
///
///     java ... dev.stillpoint.opencl.internal.DeviceReport [REPORT.json]
///
/// Exit code 0: devices were listed; 2: bad usage; 3: OpenCL is not available, with the reason.
public final class DeviceReport {
    private DeviceReport() {}

    /// Prints the listing, and writes it to the file that is named, if any.
    ///
    /// @throws IOException when the file cannot be written
    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 1) {
            System.err.println("expected at most one argument, the file of the report");
            System.exit(2);
        }
        try {
            DeviceListing listing =
                    DeviceListing.find(new ClCalls(), OpenClLoader.defaultNames(System.getProperty("os.name", "")));
            List<Examination> examinations = listing.examine();
            print(System.out, listing.library(), examinations);
            if (arguments.length == 1) {
                write(Path.of(arguments[0]), listing.library(), examinations);
            }
        } catch (BackendUnavailableException e) {
            System.err.println(e.getMessage());
            System.exit(3);
        }
    }

    private static void print(PrintStream out, String library, List<Examination> examinations) {
        out.printf("OpenCL loader: %s%n", library);
        for (Examination examination : examinations) {
            DeviceInfo info = examination.info();
            out.printf("%d: %s%n", info.index(), info.name());
            out.printf("   driver: %s%n", info.driver());
            out.printf("   memory: %d MiB, FP64: %s%n", info.memoryBytes() >> 20, info.fp64() ? "yes" : "no");
            for (SelfTestResult test : examination.tests()) {
                out.printf(
                        "   self-test %s: %d operations, %d cases each, %d operations differ%n",
                        BinaryFormat.of(test.precision()).label(),
                        Operation.ALL.size(),
                        test.cases(),
                        test.differences().size());
                for (SelfTestResult.Difference difference : test.differences()) {
                    out.printf(
                            "      %s: %d differ, %d of them on subnormals; the first: %s%n",
                            difference.operation().label(),
                            difference.count(),
                            difference.onSubnormals(),
                            difference.first());
                }
            }
            out.printf("   bit-exact: %s%n", info.bitExact() ? "yes" : "no: " + info.reason());
        }
    }

    /// Writes the report whole or not at all.
    private static void write(Path file, String library, List<Examination> examinations) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path unfinished = absolute.resolveSibling(absolute.getFileName() + ".part");
        try (JsonGenerator json = new JsonFactory()
                .createGenerator(Files.newBufferedWriter(unfinished))
                .useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("loader", library);
            json.writeStringField("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
            json.writeStringField("architecture", System.getProperty("os.arch"));
            json.writeStringField("java", Runtime.version().toString());
            json.writeStringField("lwjgl", Version.getVersion());
            json.writeArrayFieldStart("devices");
            for (Examination examination : examinations) {
                device(json, examination);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        Files.move(unfinished, absolute, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void device(JsonGenerator json, Examination examination) throws IOException {
        DeviceInfo info = examination.info();
        json.writeStartObject();
        json.writeNumberField("index", info.index());
        json.writeStringField("name", info.name());
        json.writeStringField("driver", info.driver());
        json.writeNumberField("memory_bytes", info.memoryBytes());
        json.writeBooleanField("fp64", info.fp64());
        json.writeBooleanField("bit_exact", info.bitExact());
        json.writeStringField("reason", info.reason());
        if (examination.device() instanceof Described described) {
            description(json, described.description());
        }
        json.writeArrayFieldStart("self_tests");
        for (SelfTestResult test : examination.tests()) {
            selfTest(json, test);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void description(JsonGenerator json, DeviceDescription device) throws IOException {
        json.writeStringField("platform", device.platform());
        json.writeStringField("driver_version", device.driverVersion());
        json.writeStringField("version", device.version());
        json.writeStringField("type", device.type().name());
        json.writeNumberField("max_allocation_bytes", device.maxAllocationBytes());
        json.writeNumberField("local_memory_bytes", device.localMemoryBytes());
        json.writeNumberField("compute_units", device.computeUnits());
        json.writeNumberField("max_work_group_size", device.maxWorkGroupSize());
        json.writeStringField("single_fp_config", "0x" + Long.toHexString(device.singleConfig()));
        json.writeStringField("double_fp_config", "0x" + Long.toHexString(device.doubleConfig()));
        json.writeArrayFieldStart("extensions");
        for (String extension : device.extensions()) {
            json.writeString(extension);
        }
        json.writeEndArray();
    }

    private static void selfTest(JsonGenerator json, SelfTestResult test) throws IOException {
        json.writeStartObject();
        json.writeStringField("precision", test.precision().label());
        json.writeNumberField("operations", Operation.ALL.size());
        json.writeNumberField("cases", test.cases());
        json.writeArrayFieldStart("differences");
        for (SelfTestResult.Difference difference : test.differences()) {
            json.writeStartObject();
            json.writeStringField("operation", difference.operation().label());
            json.writeNumberField("count", difference.count());
            json.writeNumberField("on_subnormals", difference.onSubnormals());
            json.writeStringField("first", difference.first());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}

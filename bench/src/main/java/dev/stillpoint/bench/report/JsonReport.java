package dev.stillpoint.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Measurements as JSON: an object of `machine`, the stamp, and `records`, one object a [Measurement] with the
/// names `benchmark n m precision threads activation engine configuration gflops percent_of_peak
/// gigabytes_per_second percent_of_read seconds undisturbed best_percent_of_peak ratio iterations
/// extra_iterations certificate_seconds`. What is absent or not finite is null.
public final class JsonReport {
    private JsonReport() {}

    /// Writes the report to a file, which appears whole or not at all.
    ///
    /// @throws IOException when it cannot be written
    public static void write(Path file, Machine machine, List<Measurement> measurements) throws IOException {
        WholeFile.write(file, stream -> write(stream, machine, measurements));
    }

    /// Writes the report to a stream and closes it.
    ///
    /// @throws IOException when the stream throws one
    public static void write(OutputStream stream, Machine machine, List<Measurement> measurements) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(stream)) {
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            json.writeObjectFieldStart("machine");
            json.writeStringField("date", machine.date().toString());
            json.writeStringField("processor", machine.processor());
            json.writeNumberField("processors", machine.processors());
            json.writeStringField("system", machine.system());
            json.writeStringField("jvm", machine.jvm());
            json.writeArrayFieldStart("flags");
            for (String flag : machine.flags()) {
                json.writeString(flag);
            }
            json.writeEndArray();
            json.writeStringField("commit", machine.commit());
            number(json, "load_average", machine.loadAverage() < 0 ? null : machine.loadAverage());
            json.writeEndObject();
            json.writeArrayFieldStart("records");
            for (Measurement each : measurements) {
                record(json, each);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private static void record(JsonGenerator json, Measurement each) throws IOException {
        json.writeStartObject();
        json.writeStringField("benchmark", each.benchmark());
        integer(json, "n", each.n());
        integer(json, "m", each.m());
        json.writeStringField("precision", each.precision().label());
        json.writeNumberField("threads", each.threads());
        json.writeStringField("activation", each.activation());
        json.writeStringField("engine", each.engine());
        json.writeStringField("configuration", each.configuration());
        number(json, "gflops", each.gflops());
        number(json, "percent_of_peak", each.percentOfPeak());
        number(json, "gigabytes_per_second", each.gigabytes());
        number(json, "percent_of_read", each.percentOfRead());
        number(json, "seconds", each.seconds());
        number(json, "undisturbed", each.undisturbed());
        number(json, "best_percent_of_peak", each.bestPercentOfPeak());
        number(json, "ratio", each.ratio());
        number(json, "iterations", each.iterations());
        number(json, "extra_iterations", each.extraIterations());
        number(json, "certificate_seconds", each.certificate());
        json.writeEndObject();
    }

    private static void integer(JsonGenerator json, String name, @Nullable Integer value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    private static void number(JsonGenerator json, String name, @Nullable Double value) throws IOException {
        if (value == null || !Double.isFinite(value)) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }
}

package dev.stillpoint.trainer.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stillpoint.io.AtomicFile;
import java.io.IOException;
import java.io.StringWriter;

/// A report as JSON. Not-a-number and infinities are null.
final class JsonReport implements AutoCloseable {
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;

    JsonReport() throws IOException {
        json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter();
        json.writeStartObject();
    }

    JsonReport put(String name, String value) throws IOException {
        json.writeStringField(name, value);
        return this;
    }

    JsonReport put(String name, long value) throws IOException {
        json.writeNumberField(name, value);
        return this;
    }

    JsonReport put(String name, double value) throws IOException {
        json.writeFieldName(name);
        number(value);
        return this;
    }

    JsonReport put(String name, boolean value) throws IOException {
        json.writeBooleanField(name, value);
        return this;
    }

    JsonReport putNull(String name) throws IOException {
        json.writeNullField(name);
        return this;
    }

    JsonReport begin(String name) throws IOException {
        json.writeObjectFieldStart(name);
        return this;
    }

    JsonReport end() throws IOException {
        json.writeEndObject();
        return this;
    }

    /// An array of one entry a sample.
    JsonReport putEach(String name, int count, Entry entry) throws IOException {
        json.writeArrayFieldStart(name);
        for (int i = 0; i < count; i++) {
            entry.write(i);
        }
        json.writeEndArray();
        return this;
    }

    /// Writes entry `i` of an array.
    interface Entry {
        void write(int i) throws IOException;
    }

    void string(String value) throws IOException {
        json.writeString(value);
    }

    void number(long value) throws IOException {
        json.writeNumber(value);
    }

    void number(double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    /// Writes the report to a file that the caller commits.
    void writeTo(AtomicFile file) throws IOException {
        json.writeEndObject();
        json.close();
        file.writeText(text + "\n");
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}

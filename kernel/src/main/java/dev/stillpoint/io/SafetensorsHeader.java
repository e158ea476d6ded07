package dev.stillpoint.io;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads the JSON header of a safetensors file: one object with an entry for each tensor.
///
/// Only what the format defines is accepted, and no name twice. Types that are not supported are kept by name, so
/// that the other tensors stay usable.
final class SafetensorsHeader {
    /// The key of the texts beside the tensors.
    static final String METADATA = "__metadata__";

    private static final int MOST_AXES = 64;
    // A header nests three deep: tensors, a tensor, its shape.
    private static final int DEPTH = 3;

    private final JsonParser json;
    private final Origin origin;

    private SafetensorsHeader(JsonParser json, Origin origin) {
        this.json = json;
        this.origin = origin;
    }

    /// A tensor's entry: bytes `begin` to `end` behind the header.
    record Tensor(String name, String type, Shape shape, long begin, long end) {}

    /// A header's content.
    record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

    static Content read(String text, Origin origin) throws FormatException {
        JsonFactory factory = new JsonFactoryBuilder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                // Names from a file do not belong in tables that live as long as the process.
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
                .build();
        try (JsonParser json = factory.createParser(text)) {
            return new SafetensorsHeader(json, origin).content();
        } catch (FormatException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw origin.malformed(
                    "header is not the JSON that is expected: " + Origin.oneLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw origin.malformed(
                    "header is not the JSON that is expected: " + Origin.oneLine(String.valueOf(e.getMessage())));
        }
    }

    /// The header, without padding, of arrays that follow one another in this order.
    static byte[] write(List<Map.Entry<String, NumericArray>> arrays, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(text(entry.getKey()), text(entry.getValue()));
                }
                json.writeEndObject();
            }
            long begin = 0;
            for (Map.Entry<String, NumericArray> entry : arrays) {
                if (entry.getKey().equals(METADATA)) {
                    throw new IllegalArgumentException("no array can be named " + METADATA);
                }
                NumericArray array = entry.getValue();
                long end = begin + array.layout().bytes();
                json.writeObjectFieldStart(text(entry.getKey()));
                json.writeStringField("dtype", array.type().name());
                json.writeFieldName("shape");
                json.writeArray(array.shape(), 0, array.shape().length);
                json.writeFieldName("data_offsets");
                json.writeArray(new long[] {begin, end}, 0, 2);
                json.writeEndObject();
                begin = end;
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static String text(String value) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(value)) {
            throw new IllegalArgumentException("%s holds half a surrogate pair".formatted(Origin.quote(value)));
        }
        return value;
    }

    private Content content() throws IOException {
        expect(JsonToken.START_OBJECT, "an object of tensors");
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (name.equals(METADATA)) {
                readMetadata(metadata);
            } else {
                tensors.put(name, tensor(name));
            }
        }
        if (json.nextToken() != null) {
            throw origin.malformed("header goes on behind its JSON object");
        }
        return new Content(tensors, metadata);
    }

    private void readMetadata(Map<String, String> metadata) throws IOException {
        expect(JsonToken.START_OBJECT, "an object of texts as " + METADATA);
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            expect(JsonToken.VALUE_STRING, "a text as metadata " + Origin.quote(key));
            metadata.put(key, json.getText());
        }
    }

    private Tensor tensor(String name) throws IOException {
        Origin place = origin.array(name);
        expect(JsonToken.START_OBJECT, "an object as array " + Origin.quote(name));
        String type = null;
        Shape shape = null;
        long[] offsets = null;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            switch (key) {
                case "dtype" -> {
                    expect(JsonToken.VALUE_STRING, "a text as dtype of array " + Origin.quote(name));
                    type = json.getText();
                }
                case "shape" -> shape = shape(place);
                case "data_offsets" -> offsets = integers(place, key, 2);
                default ->
                    throw place.malformed(
                            "has the key %s, expected dtype, shape and data_offsets".formatted(Origin.quote(key)));
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw place.malformed("lacks " + (type == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        if (offsets.length != 2 || offsets[0] > offsets[1]) {
            throw place.malformed(
                    "has data_offsets %s, expected a begin and an end".formatted(Arrays.toString(offsets)));
        }
        return new Tensor(name, type, shape, offsets[0], offsets[1]);
    }

    private Shape shape(Origin place) throws IOException {
        long[] extents = integers(place, "shape", MOST_AXES);
        try {
            return Shape.of(extents);
        } catch (ArithmeticException e) {
            throw place.malformed(
                    "has the shape %s, more elements than a file can hold".formatted(Shape.format(extents)));
        }
    }

    private long[] integers(Origin place, String key, int most) throws IOException {
        expect(JsonToken.START_ARRAY, "a list as %s of %s".formatted(key, place));
        List<Long> values = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || json.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || json.getLongValue() < 0) {
                throw place.malformed("has %s in its %s, expected an integer from 0 to 2^63-1"
                        .formatted(Origin.quote(String.valueOf(json.getText())), key));
            }
            values.add(json.getLongValue());
            if (values.size() > most) {
                throw place.malformed("has more than %d values in its %s".formatted(most, key));
            }
        }
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private void expect(JsonToken token, String what) throws IOException {
        @Nullable JsonToken found = json.nextToken();
        if (found != token) {
            throw origin.malformed("header has %s at character %d, expected %s"
                    .formatted(
                            found == null ? "its end" : Origin.quote(String.valueOf(json.getText())),
                            json.currentTokenLocation().getCharOffset(),
                            what));
        }
    }
}

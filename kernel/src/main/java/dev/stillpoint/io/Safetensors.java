package dev.stillpoint.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Files of the `.safetensors` format: a length of 8 bytes, a JSON header of that length, and the tensors' elements,
/// little-endian in C order.
///
/// Read are elements of type `F64 F32 F16 BF16 I64 I32 I16 I8 U64 U32 U16 U8 BOOL`. A tensor of another type is
/// refused when it is asked for, the others stay usable. The header is checked when the file is opened: tensors must
/// follow one another without gap, overlap or rest up to the end of the file, and each must take the bytes its type
/// and shape ask for, so that memory is never given to a claim.
///
/// Written headers are padded so that the elements begin at a multiple of 8 bytes, and tensors are sorted by the size
/// of their elements, widest first, and then by name, so that each is aligned and the bytes of a file depend on its
/// content alone.
public final class Safetensors implements ArrayFile {
    private static final int LENGTH_BYTES = 8;
    // The limit of the format's own library.
    private static final long LONGEST_HEADER = 100_000_000;

    private final Path file;
    private final Origin origin;
    private final MemorySegment data;
    private final SafetensorsHeader.Content content;

    private Safetensors(Path file, Origin origin, MemorySegment data, SafetensorsHeader.Content content) {
        this.file = file;
        this.origin = origin;
        this.data = data;
        this.content = content;
    }

    /// Opens a file, which stays mapped until it and its arrays can no longer be reached.
    ///
    /// @throws FormatException when it is malformed
    /// @throws IOException when it does not exist or cannot be read
    public static Safetensors read(Path file) throws IOException {
        return read(file, Arena.ofAuto());
    }

    /// Opens a file, which stays mapped, and its arrays usable, as long as `arena` lives.
    ///
    /// @throws FormatException when it is malformed
    /// @throws IOException when it does not exist or cannot be read
    public static Safetensors read(Path file, Arena arena) throws IOException {
        return read(file, MappedFile.map(file, arena));
    }

    static Safetensors read(Path file, MemorySegment bytes) throws FormatException {
        Origin origin = Origin.of(file);
        if (bytes.byteSize() < LENGTH_BYTES) {
            throw origin.malformed("is truncated: expected a header length of %d bytes, found %d bytes in all"
                    .formatted(LENGTH_BYTES, bytes.byteSize()));
        }
        long length = LittleEndian.i64(bytes, 0);
        long available = bytes.byteSize() - LENGTH_BYTES;
        if (length < 0 || length > LONGEST_HEADER || length > available) {
            throw origin.malformed("states a header of %s bytes, expected at most %d"
                    .formatted(Long.toUnsignedString(length), Math.min(available, LONGEST_HEADER)));
        }
        String text;
        try {
            byte[] header = bytes.asSlice(LENGTH_BYTES, length).toArray(ValueLayout.JAVA_BYTE);
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(header))
                    .toString();
        } catch (CharacterCodingException e) {
            throw origin.malformed("header is not UTF-8");
        }
        if (!text.startsWith("{")) {
            throw origin.malformed("header begins with %s, expected '{'"
                    .formatted(text.isEmpty() ? "its end" : Origin.quote(text.substring(0, 1))));
        }
        SafetensorsHeader.Content content = SafetensorsHeader.read(text, origin);
        MemorySegment data = bytes.asSlice(LENGTH_BYTES + length);
        checkPlaces(content.tensors(), data.byteSize(), origin);
        return new Safetensors(file, origin, data, content);
    }

    private static void checkPlaces(Map<String, SafetensorsHeader.Tensor> tensors, long size, Origin origin)
            throws FormatException {
        List<SafetensorsHeader.Tensor> sorted = new ArrayList<>(tensors.values());
        sorted.sort(Comparator.comparingLong(SafetensorsHeader.Tensor::begin)
                .thenComparingLong(SafetensorsHeader.Tensor::end));
        long end = 0;
        for (SafetensorsHeader.Tensor tensor : sorted) {
            Origin place = origin.array(tensor.name());
            if (tensor.begin() != end) {
                throw place.malformed("begins at byte %d of the data, expected %d, where the array before it ends"
                        .formatted(tensor.begin(), end));
            }
            end = tensor.end();
            if (end > size) {
                throw place.malformed("ends at byte %d of the data, which are %d bytes".formatted(end, size));
            }
            ElementType type = type(tensor.type());
            long taken = end - tensor.begin();
            if (type != null
                    && (taken % type.bytes() != 0
                            || taken / type.bytes() != tensor.shape().elements())) {
                throw place.malformed("takes %d bytes, expected %s elements of %d bytes"
                        .formatted(taken, tensor.shape(), type.bytes()));
            }
        }
        if (end != size) {
            throw origin.malformed("has %d bytes of data, its header describes %d".formatted(size, end));
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(content.tensors().keySet());
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(content.metadata());
    }

    @Override
    public NumericArray array(String name) throws FormatException {
        SafetensorsHeader.Tensor tensor = content.tensors().get(name);
        if (tensor == null) {
            throw origin.noArray(name, names());
        }
        ElementType type = type(tensor.type());
        if (type == null) {
            throw origin.array(name)
                    .malformed("has elements of type %s, expected one of %s"
                            .formatted(Origin.quote(tensor.type()), Arrays.toString(ElementType.values())));
        }
        MemorySegment elements = data.asSlice(tensor.begin(), tensor.end() - tensor.begin());
        Layout layout = new Layout(new ElementFormat(type, false), tensor.shape(), false);
        return new NumericArray(origin.array(name), layout, new Payload.Plain(elements));
    }

    private static @Nullable ElementType type(String name) {
        for (ElementType type : ElementType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /// Writes arrays and texts by name, whole or not at all.
    ///
    /// @throws IllegalArgumentException when an array's name is `__metadata__`, or a name or text holds half a
    ///     surrogate pair
    public static void write(Path file, Map<String, NumericArray> arrays, Map<String, String> metadata)
            throws IOException {
        try (AtomicFile output = AtomicFile.create(file)) {
            write(output, arrays, metadata);
            output.commit();
        }
    }

    /// Writes arrays and texts by name to a file that the caller commits.
    ///
    /// @throws IllegalArgumentException when an array's name is `__metadata__`, or a name or text holds half a
    ///     surrogate pair
    public static void write(AtomicFile file, Map<String, NumericArray> arrays, Map<String, String> metadata)
            throws IOException {
        List<Map.Entry<String, NumericArray>> sorted = arrays.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, NumericArray> entry) ->
                                -entry.getValue().type().bytes())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        byte[] header = SafetensorsHeader.write(sorted, metadata);
        int padding = -header.length & 7;
        ByteBuffer begin =
                ByteBuffer.allocate(LENGTH_BYTES + header.length + padding).order(ByteOrder.LITTLE_ENDIAN);
        begin.putLong(header.length + padding)
                .put(header)
                .put("       ".getBytes(StandardCharsets.US_ASCII), 0, padding);
        file.write(begin.flip());
        ArrayWriter writer = new ArrayWriter(file);
        for (Map.Entry<String, NumericArray> entry : sorted) {
            writer.write(entry.getValue());
        }
    }
}

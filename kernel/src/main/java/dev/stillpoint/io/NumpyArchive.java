package dev.stillpoint.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// NumPy's `.npz` files: arrays by name, each a `.npy` file in a zip file.
///
/// Members may be stored or deflated, and zip64; what they hold is as in [NumpyFile]. Opening reads the directory
/// alone; an array's header is read when it is asked for, and its elements, whose CRC-32 is checked each time, when
/// they are. Members not named `*.npy` are not arrays and passed over. Written members are stored, sorted by name,
/// without a time, so that the bytes of a file depend on its arrays alone.
///
/// A stored array is read where it lies in the mapped file. A deflated one is given memory only for what its data can
/// hold: where it claims to be over 16 times larger than they are, they are first inflated in vain to see that it is.
public final class NumpyArchive implements ArrayFile {
    private static final String SUFFIX = ".npy";
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    // A match of 258 bytes takes at least two bits.
    private static final long LARGEST_RATIO = 1032;

    private final Path file;
    private final Origin origin;
    private final Map<String, ZipDirectory.Member> members;

    private NumpyArchive(Path file, Origin origin, Map<String, ZipDirectory.Member> members) {
        this.file = file;
        this.origin = origin;
        this.members = members;
    }

    /// Opens a file, which stays mapped until it and its arrays can no longer be reached.
    ///
    /// @throws FormatException when it is no zip file or its directory is malformed
    /// @throws IOException when it does not exist or cannot be read
    public static NumpyArchive read(Path file) throws IOException {
        return read(file, Arena.ofAuto());
    }

    /// Opens a file, which stays mapped, and its arrays usable, as long as `arena` lives.
    ///
    /// @throws FormatException when it is no zip file or its directory is malformed
    /// @throws IOException when it does not exist or cannot be read
    public static NumpyArchive read(Path file, Arena arena) throws IOException {
        return read(file, MappedFile.map(file, arena));
    }

    static NumpyArchive read(Path file, MemorySegment bytes) throws FormatException {
        Origin origin = Origin.of(file);
        Map<String, ZipDirectory.Member> members = new LinkedHashMap<>();
        for (ZipDirectory.Member member : ZipDirectory.read(bytes, origin).values()) {
            String name = member.name();
            if (name.endsWith(SUFFIX)) {
                members.put(name.substring(0, name.length() - SUFFIX.length()), member);
            }
        }
        return new NumpyArchive(file, origin, members);
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(members.keySet());
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    @Override
    public NumericArray array(String name) throws FormatException {
        ZipDirectory.Member member = members.get(name);
        if (member == null) {
            throw origin.noArray(name, names());
        }
        Origin place = origin.array(name);
        if (member.encrypted()) {
            throw place.malformed("is encrypted, expected a member that is not");
        }
        return switch (member.method()) {
            case STORED -> stored(member, place);
            case DEFLATED -> deflated(member, place);
            default ->
                throw place.malformed("is compressed by zip method %d, expected 0 (stored) or 8 (deflated)"
                        .formatted(member.method()));
        };
    }

    private static NumericArray stored(ZipDirectory.Member member, Origin place) throws FormatException {
        MemorySegment data = member.data();
        if (data.byteSize() != member.size()) {
            throw place.malformed(
                    "is stored in %d bytes, its zip entry states %d".formatted(data.byteSize(), member.size()));
        }
        MemorySegment prefix = data.asSlice(0, Math.min(NpyHeader.LONGEST, data.byteSize()));
        NpyHeader header = NpyHeader.read(prefix, data.byteSize(), place);
        return new NumericArray(place, header.layout(), new Payload.Stored(data, header.start(), member.crc()));
    }

    private static NumericArray deflated(ZipDirectory.Member member, Origin place) throws FormatException {
        MemorySegment data = member.data();
        if (member.size() / LARGEST_RATIO > data.byteSize()) {
            throw place.malformed("claims %d bytes deflated to %d, more than deflated data can hold"
                    .formatted(member.size(), data.byteSize()));
        }
        byte[] prefix = new byte[(int) Math.min(NpyHeader.LONGEST, member.size())];
        try (Inflation inflation = new Inflation(data, member.size(), member.crc(), place)) {
            inflation.read(prefix, prefix.length);
        }
        NpyHeader header = NpyHeader.read(MemorySegment.ofArray(prefix), member.size(), place);
        Payload payload = new Payload.Deflated(data, header.start(), member.size(), member.crc());
        return new NumericArray(place, header.layout(), payload);
    }

    /// Writes arrays by name, whole or not at all.
    ///
    /// @throws IllegalArgumentException when a name is empty, too long, or no text, or NumPy has no such type
    public static void write(Path file, Map<String, NumericArray> arrays) throws IOException {
        try (AtomicFile output = AtomicFile.create(file)) {
            write(output, arrays);
            output.commit();
        }
    }

    /// Writes arrays by name to a file that the caller commits.
    ///
    /// @throws IllegalArgumentException when a name is empty, too long, or no text, or NumPy has no such type
    public static void write(AtomicFile file, Map<String, NumericArray> arrays) throws IOException {
        ZipWriter zip = new ZipWriter(file);
        for (Map.Entry<String, NumericArray> entry : new TreeMap<>(arrays).entrySet()) {
            String name = entry.getKey();
            if (name.isEmpty()) {
                throw new IllegalArgumentException("an array's name is empty");
            }
            NumericArray array = entry.getValue();
            zip.member(name + SUFFIX, NpyHeader.write(array.type(), array.extents()), array);
        }
        zip.finish();
    }
}

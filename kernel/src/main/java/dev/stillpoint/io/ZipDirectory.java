package dev.stillpoint.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the central directory of a zip file, zip64 included.
///
/// The directory must reach exactly to the end of the file (a comment of the stated length included) and agree with
/// every member's own header; no name may occur twice, and members must lie apart from each other. Memory is
/// proportional to the directory. What a member holds is checked when it is read.
final class ZipDirectory {
    private static final int END_SIZE = 22;
    private static final int LOCATOR_SIZE = 20;
    private static final int END64_SIZE = 56;
    private static final int ENTRY_SIZE = 46;
    private static final int LOCAL_SIZE = 30;
    private static final int LONGEST_COMMENT = 0xFFFF;
    private static final int ENCRYPTED = 1;
    private static final int SIZES_BEHIND_DATA = 1 << 3;
    private static final int UTF8 = 1 << 11;
    private static final int ZIP64_FIELD = 1;
    // What a field of 32 bits holds when its value is in the zip64 field.
    private static final long ELSEWHERE = 0xFFFFFFFFL;

    private final MemorySegment file;
    private final Origin origin;

    private ZipDirectory(MemorySegment file, Origin origin) {
        this.file = file;
        this.origin = origin;
    }

    /// A member of the file.
    ///
    /// @param data its bytes in the file
    /// @param method how they were made: 0 stored, 8 deflated
    /// @param encrypted whether they are encrypted
    /// @param size the number of bytes once inflated
    /// @param crc the CRC-32 of these
    record Member(String name, MemorySegment data, int method, boolean encrypted, long size, int crc) {}

    /// Where the directory lies, and how many entries it has.
    private record Bounds(long begin, long end, long entries) {}

    /// An entry of the directory; the next one begins at `next`.
    private record Entry(
            String name, int flags, int method, int crc, long compressed, long size, long offset, long next) {}

    /// The bytes from `begin` to `end` belong to `name`.
    private record Extent(String name, long begin, long end) {}

    /// The members by name, in the directory's order.
    static Map<String, Member> read(MemorySegment file, Origin origin) throws FormatException {
        return new ZipDirectory(file, origin).members();
    }

    private Map<String, Member> members() throws FormatException {
        Bounds bounds = bounds();
        Map<String, Member> members = new LinkedHashMap<>();
        List<Extent> extents = new ArrayList<>();
        long position = bounds.begin;
        for (long i = 0; i < bounds.entries; i++) {
            Entry entry = entry(position, bounds.end);
            position = entry.next;
            long data = dataBegin(entry, bounds.begin);
            extents.add(new Extent(entry.name, entry.offset, data + entry.compressed));
            Member member = new Member(
                    entry.name,
                    file.asSlice(data, entry.compressed),
                    entry.method,
                    (entry.flags & ENCRYPTED) != 0,
                    entry.size,
                    entry.crc);
            if (members.put(entry.name, member) != null) {
                throw origin.malformed("has two zip members named " + Origin.quote(entry.name));
            }
        }
        if (position != bounds.end) {
            throw origin.malformed("has %d bytes behind the %d entries of its zip directory"
                    .formatted(bounds.end - position, bounds.entries));
        }
        extents.sort(Comparator.comparingLong(Extent::begin));
        for (int i = 1; i < extents.size(); i++) {
            if (extents.get(i - 1).end > extents.get(i).begin) {
                throw origin.malformed("has overlapping zip members %s and %s"
                        .formatted(Origin.quote(extents.get(i - 1).name), Origin.quote(extents.get(i).name)));
            }
        }
        return members;
    }

    private Bounds bounds() throws FormatException {
        long end = end();
        long entries = LittleEndian.u16(file, end + 10);
        long size = LittleEndian.u32(file, end + 12);
        long begin = LittleEndian.u32(file, end + 16);
        boolean oneDisk = LittleEndian.i32(file, end + 4) == 0;
        long directoryEnd = end;
        long locator = end - LOCATOR_SIZE;
        if (locator >= 0 && hasSignature(locator, 6, 7)) {
            directoryEnd = LittleEndian.i64(file, locator + 8);
            if (directoryEnd < 0
                    || directoryEnd > locator - END64_SIZE
                    || !hasSignature(directoryEnd, 6, 6)
                    || LittleEndian.i64(file, directoryEnd + 4) != locator - directoryEnd - 12) {
                throw origin.malformed("has a zip64 locator that leads to no zip64 end record before it");
            }
            // The fields beside the entries on this disk count disks, of which there is one.
            oneDisk = LittleEndian.i64(file, directoryEnd + 16) == 0;
            entries = LittleEndian.i64(file, directoryEnd + 32);
            size = LittleEndian.i64(file, directoryEnd + 40);
            begin = LittleEndian.i64(file, directoryEnd + 48);
        }
        if (!oneDisk) {
            throw origin.malformed("is a part of a zip file on several disks, expected a whole one");
        }
        if (begin < 0 || size < 0 || begin > directoryEnd || size != directoryEnd - begin) {
            throw origin.malformed("states a zip directory of %s bytes at byte %s, expected it to end at byte %d"
                    .formatted(Long.toUnsignedString(size), Long.toUnsignedString(begin), directoryEnd));
        }
        if (entries < 0 || entries > size / ENTRY_SIZE) {
            throw origin.malformed(
                    "states %s entries in a zip directory of %d bytes".formatted(Long.toUnsignedString(entries), size));
        }
        return new Bounds(begin, directoryEnd, entries);
    }

    /// The end record: the last one whose comment reaches exactly to the end of the file.
    private long end() throws FormatException {
        long last = file.byteSize() - END_SIZE;
        for (long position = last; position >= Math.max(0, last - LONGEST_COMMENT); position--) {
            if (hasSignature(position, 5, 6) && LittleEndian.u16(file, position + 20) == last - position) {
                return position;
            }
        }
        throw origin.malformed("is no zip file, or truncated, or has bytes behind it: found no end record");
    }

    private Entry entry(long position, long end) throws FormatException {
        if (end - position < ENTRY_SIZE || !hasSignature(position, 1, 2)) {
            throw origin.malformed("zip directory has no entry at byte %d, where one is expected".formatted(position));
        }
        int flags = LittleEndian.u16(file, position + 8);
        int nameLength = LittleEndian.u16(file, position + 28);
        int extraLength = LittleEndian.u16(file, position + 30);
        int commentLength = LittleEndian.u16(file, position + 32);
        long next = position + ENTRY_SIZE + nameLength + extraLength + commentLength;
        if (next > end) {
            throw origin.malformed("zip directory is truncated in its entry at byte %d".formatted(position));
        }
        String name = name(position + ENTRY_SIZE, nameLength, (flags & UTF8) != 0);
        Extra extra = new Extra(name, position + ENTRY_SIZE + nameLength, extraLength);
        long size = extra.value(LittleEndian.u32(file, position + 24));
        long compressed = extra.value(LittleEndian.u32(file, position + 20));
        long offset = extra.value(LittleEndian.u32(file, position + 42));
        int method = LittleEndian.u16(file, position + 10);
        int crc = LittleEndian.i32(file, position + 16);
        return new Entry(name, flags, method, crc, compressed, size, offset, next);
    }

    /// Checks the member's own header, and gives the byte at which its data begin.
    private long dataBegin(Entry entry, long limit) throws FormatException {
        long offset = entry.offset;
        if (offset > limit - LOCAL_SIZE || !hasSignature(offset, 3, 4)) {
            throw inMember(
                    entry.name,
                    "has no header at byte %s, where its zip entry states one"
                            .formatted(Long.toUnsignedString(offset)));
        }
        int nameLength = LittleEndian.u16(file, offset + 26);
        int extraLength = LittleEndian.u16(file, offset + 28);
        long data = offset + LOCAL_SIZE + nameLength + extraLength;
        if (data > limit || entry.compressed > limit - data) {
            throw inMember(
                    entry.name,
                    "takes %s bytes from byte %d on, which exceeds the file"
                            .formatted(Long.toUnsignedString(entry.compressed), data));
        }
        int flags = LittleEndian.u16(file, offset + 6);
        String name = name(offset + LOCAL_SIZE, nameLength, (flags & UTF8) != 0);
        boolean same = name.equals(entry.name)
                && LittleEndian.u16(file, offset + 8) == entry.method
                && (flags & (ENCRYPTED | SIZES_BEHIND_DATA)) == (entry.flags & (ENCRYPTED | SIZES_BEHIND_DATA));
        if (same && (flags & SIZES_BEHIND_DATA) == 0) {
            Extra extra = new Extra(entry.name, offset + LOCAL_SIZE + nameLength, extraLength);
            same = LittleEndian.i32(file, offset + 14) == entry.crc
                    && extra.value(LittleEndian.u32(file, offset + 22)) == entry.size
                    && extra.value(LittleEndian.u32(file, offset + 18)) == entry.compressed;
        }
        if (!same) {
            throw inMember(entry.name, "has a header that differs from its entry in the zip directory");
        }
        return data;
    }

    private String name(long position, int length, boolean utf8) throws FormatException {
        byte[] bytes = file.asSlice(position, length).toArray(ValueLayout.JAVA_BYTE);
        try {
            return (utf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw origin.malformed("has a zip member whose name at byte %d is %s"
                    .formatted(position, utf8 ? "no UTF-8" : "neither ASCII nor marked as UTF-8"));
        }
    }

    private boolean hasSignature(long position, int third, int fourth) {
        return LittleEndian.i32(file, position) == ('P' | 'K' << 8 | third << 16 | fourth << 24);
    }

    private FormatException inMember(String name, String what) {
        return origin.malformed("zip member %s %s".formatted(Origin.quote(name), what));
    }

    /// The zip64 field among a header's extra fields, which holds the values that do not fit 32 bits, in order.
    private final class Extra {
        private final String name;
        private long position;
        private final long end;

        Extra(String name, long begin, int length) throws FormatException {
            this.name = name;
            long at = begin;
            long limit = begin + length;
            while (limit - at >= 4 && LittleEndian.u16(file, at) != ZIP64_FIELD) {
                at += 4 + LittleEndian.u16(file, at + 2);
            }
            boolean found = limit - at >= 4;
            this.position = at + 4;
            this.end = found ? position + LittleEndian.u16(file, at + 2) : position;
            if (end > limit && found) {
                throw inMember(name, "has a zip64 field that exceeds its header");
            }
        }

        /// The value of a field of 32 bits, or the next one here if it says so.
        long value(long field) throws FormatException {
            if (field != ELSEWHERE) {
                return field;
            }
            if (end - position < Long.BYTES) {
                throw inMember(name, "lacks a size or place in its zip64 field");
            }
            long value = LittleEndian.i64(file, position);
            if (value < 0) {
                throw inMember(name, "has a zip64 size or place of %s".formatted(Long.toUnsignedString(value)));
            }
            position += Long.BYTES;
            return value;
        }
    }
}

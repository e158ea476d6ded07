package dev.stillpoint.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes a zip file of stored members without times, zip64 only where a size or place needs it.
final class ZipWriter {
    private static final int UTF8 = 1 << 11;
    private static final int ZIP64_VERSION = 45;
    private static final int VERSION = 20;
    // 1 January 1980, the first day that zip files know.
    private static final short NO_DATE = 1 << 5 | 1;
    private static final long ELSEWHERE = 0xFFFFFFFFL;
    private static final int LONGEST_NAME = 0xFFFF;

    private final AtomicFile file;
    private final List<Entry> entries = new ArrayList<>();
    private long position;

    ZipWriter(AtomicFile file) throws IOException {
        this.file = file;
        this.position = file.position();
    }

    private record Entry(ByteBuffer name, int flags, int crc, long size, long offset) {
        boolean zip64() {
            return size >= ELSEWHERE;
        }
    }

    /// Writes `header` and the elements of `array` as the member `name`.
    void member(String name, byte[] header, NumericArray array) throws IOException {
        ByteBuffer bytes = encode(name);
        int flags = bytes.remaining() == name.length() ? 0 : UTF8;
        long size = header.length + array.layout().bytes();
        // The checksum is known, and written, once the data are.
        Entry unsummed = new Entry(bytes, flags, 0, size, position);
        write(local(unsummed));
        long begin = position;
        ArrayWriter writer = new ArrayWriter(file);
        writer.write(header);
        writer.write(array);
        position = begin + size;
        Entry entry = new Entry(bytes, flags, writer.checksum(), size, unsummed.offset);
        file.write(local(entry), entry.offset);
        entries.add(entry);
    }

    /// Writes the directory.
    void finish() throws IOException {
        long begin = position;
        for (Entry entry : entries) {
            write(central(entry));
        }
        long size = position - begin;
        ByteBuffer end = buffer(56 + 20 + 22);
        boolean zip64 = begin >= ELSEWHERE || size >= ELSEWHERE || entries.size() >= 0xFFFF;
        if (zip64) {
            long end64 = position;
            end.putInt(0x06064b50).putLong(44).putShort((short) ZIP64_VERSION).putShort((short) ZIP64_VERSION);
            end.putInt(0)
                    .putInt(0)
                    .putLong(entries.size())
                    .putLong(entries.size())
                    .putLong(size)
                    .putLong(begin);
            end.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        }
        short count = (short) Math.min(entries.size(), 0xFFFF);
        end.putInt(0x06054b50).putInt(0).putShort(count).putShort(count);
        end.putInt(lower(size)).putInt(lower(begin)).putShort((short) 0);
        write(end.flip());
    }

    private static ByteBuffer local(Entry entry) {
        ByteBuffer header = buffer(30 + entry.name.remaining() + 20);
        header.putInt(0x04034b50);
        common(header, entry, entry.zip64());
        header.putShort((short) (entry.zip64() ? 20 : 0));
        header.put(entry.name.duplicate());
        if (entry.zip64()) {
            header.putShort((short) 1).putShort((short) 16).putLong(entry.size).putLong(entry.size);
        }
        return header.flip();
    }

    private static ByteBuffer central(Entry entry) {
        boolean far = entry.offset >= ELSEWHERE;
        int extra = (entry.zip64() ? 16 : 0) + (far ? 8 : 0);
        ByteBuffer header = buffer(46 + entry.name.remaining() + 28);
        header.putInt(0x02014b50).putShort((short) (extra > 0 ? ZIP64_VERSION : VERSION));
        common(header, entry, extra > 0);
        header.putShort((short) (extra > 0 ? extra + 4 : 0));
        // No comment, the first disk, no attributes.
        header.putShort((short) 0).putShort((short) 0).putShort((short) 0).putInt(0);
        header.putInt(lower(entry.offset)).put(entry.name.duplicate());
        if (extra > 0) {
            header.putShort((short) 1).putShort((short) extra);
        }
        if (entry.zip64()) {
            header.putLong(entry.size).putLong(entry.size);
        }
        if (far) {
            header.putLong(entry.offset);
        }
        return header.flip();
    }

    /// The fields from the version to the length of the name, which both headers of a member have.
    private static void common(ByteBuffer header, Entry entry, boolean zip64) {
        header.putShort((short) (zip64 ? ZIP64_VERSION : VERSION));
        header.putShort((short) entry.flags).putShort((short) 0);
        header.putShort((short) 0).putShort(NO_DATE).putInt(entry.crc);
        header.putInt(lower(entry.size)).putInt(lower(entry.size));
        header.putShort((short) entry.name.remaining());
    }

    private void write(ByteBuffer bytes) throws IOException {
        position += bytes.remaining();
        file.write(bytes);
    }

    private static ByteBuffer encode(String name) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
            if (bytes.remaining() > LONGEST_NAME) {
                throw new IllegalArgumentException("the name %s takes %d bytes, a zip file has room for %d"
                        .formatted(Origin.quote(name), bytes.remaining(), LONGEST_NAME));
            }
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the name %s is no text".formatted(Origin.quote(name)), e);
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int lower(long value) {
        return (int) Math.min(value, ELSEWHERE);
    }
}

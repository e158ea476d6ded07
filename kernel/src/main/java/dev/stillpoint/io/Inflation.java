package dev.stillpoint.io;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// One pass over a deflated zip member, which checks that it holds exactly the bytes its directory entry states.
final class Inflation implements AutoCloseable {
    // An inflater takes a byte buffer, whose size is an int.
    private static final long SLICE = 1 << 30;

    private final MemorySegment compressed;
    private final long size;
    private final int crc;
    private final Origin origin;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private long fed;

    Inflation(MemorySegment compressed, long size, int crc, Origin origin) {
        this.compressed = compressed;
        this.size = size;
        this.crc = crc;
        this.origin = origin;
    }

    /// Reads the next `count` bytes into `buffer`.
    void read(byte[] buffer, int count) throws FormatException {
        int done = 0;
        while (done < count) {
            int got = inflate(buffer, done, count - done);
            if (got < 0) {
                throw origin.malformed("deflated data end after %d of the %d bytes its zip entry states"
                        .formatted(inflater.getBytesWritten(), size));
            }
            done += got;
        }
        checksum.update(buffer, 0, count);
    }

    /// Reads and forgets what is left, up to the stated size.
    void skipToEnd(byte[] buffer) throws FormatException {
        for (long left = size - inflater.getBytesWritten(); left > 0; left = size - inflater.getBytesWritten()) {
            read(buffer, (int) Math.min(buffer.length, left));
        }
    }

    /// Checks, after all bytes were read, that the data end here and have the stated checksum.
    void finish() throws FormatException {
        if (inflate(new byte[1], 0, 1) >= 0) {
            throw origin.malformed("deflated data go on beyond the %d bytes its zip entry states".formatted(size));
        }
        if (inflater.getBytesRead() != compressed.byteSize()) {
            throw origin.malformed("deflated data take %d bytes, its zip entry states %d"
                    .formatted(inflater.getBytesRead(), compressed.byteSize()));
        }
        if ((int) checksum.getValue() != crc) {
            throw Payload.badChecksum(origin, checksum, crc);
        }
    }

    /// Inflates at least one byte, or gives -1 at the end of the data.
    private int inflate(byte[] buffer, int offset, int count) throws FormatException {
        try {
            while (true) {
                int got = inflater.inflate(buffer, offset, count);
                if (got > 0) {
                    return got;
                }
                if (inflater.finished()) {
                    return -1;
                }
                if (!inflater.needsInput()) {
                    throw origin.malformed("deflated data are corrupt (no progress)");
                }
                long left = compressed.byteSize() - fed;
                if (left == 0) {
                    throw origin.malformed("deflated data are truncated after %d of the %d bytes its zip entry states"
                            .formatted(inflater.getBytesWritten(), size));
                }
                long length = Math.min(SLICE, left);
                inflater.setInput(compressed.asSlice(fed, length).asByteBuffer());
                fed += length;
            }
        } catch (DataFormatException e) {
            throw origin.malformed("deflated data are corrupt (%s)".formatted(e.getMessage()));
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}

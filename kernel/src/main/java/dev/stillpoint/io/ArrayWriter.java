package dev.stillpoint.io;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// Writes arrays to a file, little-endian and in C order, and sums what it wrote.
final class ArrayWriter {
    private static final int BUFFER = 1 << 16;

    private final AtomicFile file;
    private final CRC32 checksum = new CRC32();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final MemorySegment memory = MemorySegment.ofBuffer(buffer);

    ArrayWriter(AtomicFile file) {
        this.file = file;
    }

    /// The CRC-32 of everything written through this writer.
    int checksum() {
        return (int) checksum.getValue();
    }

    /// Writes `bytes`.
    void write(byte[] bytes) throws IOException {
        checksum.update(bytes);
        file.write(ByteBuffer.wrap(bytes));
    }

    /// Writes all elements of `array`.
    void write(NumericArray array) throws IOException {
        Layout layout = array.layout();
        Payload payload = array.payload();
        payload.verify(array.origin());
        if (!layout.fortran()) {
            payload.transfer(layout, new Encoder(layout.format()), array.origin());
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ordered = arena.allocate(layout.bytes());
            payload.transfer(layout, new BitSink(layout.format(), ordered), array.origin());
            ElementFormat written = new ElementFormat(layout.type(), false);
            new Encoder(written).put(ordered, 0, layout.shape().elements(), 0, 1);
        }
    }

    /// Takes elements in C order and writes them as they come.
    private final class Encoder extends Sink {
        Encoder(ElementFormat format) {
            super(format);
        }

        @Override
        void put(MemorySegment source, long offset, long count, long base, long stride) throws IOException {
            if (format.bigEndian()) {
                super.put(source, offset, count, base, stride);
                return;
            }
            long size = count * format.type().bytes();
            for (long done = 0; done < size; done += BUFFER) {
                int length = (int) Math.min(BUFFER, size - done);
                MemorySegment.copy(source, offset + done, memory, 0, length);
                flush(length);
            }
        }

        @Override
        void store(long[] bits, int count, long base, long stride) throws IOException {
            format.storeLittleEndian(bits, count, memory, 0, 1);
            flush(count * format.type().bytes());
        }

        private void flush(int length) throws IOException {
            checksum.update(buffer.position(0).limit(length));
            file.write(buffer.position(0).limit(length));
        }
    }
}

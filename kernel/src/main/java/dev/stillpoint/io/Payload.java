package dev.stillpoint.io;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32;

/// Where the elements of an array come from.
sealed interface Payload {
    /// Checks what can be checked without memory for the elements, which is allocated only afterwards.
    default void verify(Origin origin) throws IOException {}

    /// Gives every element once to `sink`.
    void transfer(Layout layout, Sink sink, Origin origin) throws IOException;

    /// Elements in memory, mapped or on the heap, without gaps.
    record Plain(MemorySegment bytes) implements Payload {
        @Override
        public void transfer(Layout layout, Sink sink, Origin origin) throws IOException {
            layout.transfer(bytes, sink);
        }
    }

    /// A stored zip member.
    ///
    /// @param member all its bytes
    /// @param start where in it the elements begin
    /// @param crc the checksum of all its bytes
    record Stored(MemorySegment member, long start, int crc) implements Payload {
        private static final long SLICE = 1 << 30;

        @Override
        public void verify(Origin origin) throws FormatException {
            CRC32 checksum = new CRC32();
            for (long done = 0; done < member.byteSize(); done += SLICE) {
                checksum.update(member.asSlice(done, Math.min(SLICE, member.byteSize() - done))
                        .asByteBuffer());
            }
            if ((int) checksum.getValue() != crc) {
                throw badChecksum(origin, checksum, crc);
            }
        }

        @Override
        public void transfer(Layout layout, Sink sink, Origin origin) throws IOException {
            layout.transfer(member.asSlice(start), sink);
        }
    }

    /// A deflated zip member.
    ///
    /// @param compressed all its bytes
    /// @param start where in the inflated bytes the elements begin
    /// @param size the number of inflated bytes
    /// @param crc the checksum of the inflated bytes
    record Deflated(MemorySegment compressed, long start, long size, int crc) implements Payload {
        // A multiple of every element's size, small enough to stay in the cache between inflation and conversion.
        private static final int BUFFER = 1 << 16;
        private static final long TRUSTED_SIZE = 1 << 20;
        private static final long TRUSTED_RATIO = 16;

        /// Inflates a member that claims to be far larger than its data once in vain, so that no memory is given to a
        /// claim before the data were seen to hold it.
        @Override
        public void verify(Origin origin) throws FormatException {
            if (size > TRUSTED_SIZE && size / TRUSTED_RATIO > compressed.byteSize()) {
                try (Inflation inflation = new Inflation(compressed, size, crc, origin)) {
                    inflation.skipToEnd(new byte[BUFFER]);
                    inflation.finish();
                }
            }
        }

        @Override
        public void transfer(Layout layout, Sink sink, Origin origin) throws IOException {
            byte[] buffer = new byte[BUFFER];
            MemorySegment chunk = MemorySegment.ofArray(buffer);
            try (Inflation inflation = new Inflation(compressed, size, crc, origin)) {
                for (long left = start; left > 0; left -= Math.min(BUFFER, left)) {
                    inflation.read(buffer, (int) Math.min(BUFFER, left));
                }
                int bytes = layout.type().bytes();
                long elements = layout.shape().elements();
                for (long first = 0; first < elements; first += BUFFER / bytes) {
                    int count = (int) Math.min(BUFFER / bytes, elements - first);
                    inflation.read(buffer, count * bytes);
                    layout.transferPart(chunk, first, count, sink);
                }
                inflation.finish();
            }
        }
    }

    /// The rows of a matrix.
    record Rows(Matrix matrix) implements Payload {
        @Override
        public void transfer(Layout layout, Sink sink, Origin origin) throws IOException {
            int columns = matrix.columns();
            float[] floats = new float[matrix.precision() == Precision.F32 ? columns : 0];
            double[] doubles = new double[matrix.precision() == Precision.F64 ? columns : 0];
            MemorySegment row = matrix.precision() == Precision.F32
                    ? MemorySegment.ofArray(floats)
                    : MemorySegment.ofArray(doubles);
            for (int i = 0; i < matrix.rows(); i++) {
                if (matrix.precision() == Precision.F32) {
                    matrix.getRow(i, floats, 0);
                } else {
                    matrix.getRow(i, doubles, 0);
                }
                sink.put(row, 0, columns, (long) i * columns, 1);
            }
        }
    }

    /// The exception for a zip member whose bytes are not those that were written.
    static FormatException badChecksum(Origin origin, CRC32 found, int expected) {
        return origin.malformed("the CRC-32 of its bytes is %08x, its zip entry states %08x"
                .formatted((int) found.getValue(), expected));
    }
}

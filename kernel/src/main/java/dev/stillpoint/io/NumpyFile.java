package dev.stillpoint.io;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// NumPy's `.npy` files: one array each.
///
/// Read are versions 1.0 to 3.0 of the format, elements of NumPy's types `f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1` in
/// either byte order, in C or Fortran order, with any number of axes. Python objects, structured and all other types
/// are refused, and nothing in a file is ever executed. Written is version 1.0, little-endian, C order, to the byte
/// what NumPy writes.
///
/// A file's size is checked against its header when it is read, so that memory is never given to a claim. Files are
/// mapped: one that is cut short by somebody else while it is in use makes the access fail with [InternalError].
public final class NumpyFile {
    private NumpyFile() {}

    /// Reads a file, which stays mapped until the array can no longer be reached.
    ///
    /// @throws FormatException when it is malformed or its type is not supported
    /// @throws IOException when it does not exist or cannot be read
    public static NumericArray read(Path file) throws IOException {
        return read(file, Arena.ofAuto());
    }

    /// Reads a file, which stays mapped, and the array usable, as long as `arena` lives.
    ///
    /// @throws FormatException when it is malformed or its type is not supported
    /// @throws IOException when it does not exist or cannot be read
    public static NumericArray read(Path file, Arena arena) throws IOException {
        return read(MappedFile.map(file, arena), Origin.of(file));
    }

    static NumericArray read(MemorySegment bytes, Origin origin) throws FormatException {
        MemorySegment prefix = bytes.asSlice(0, Math.min(NpyHeader.LONGEST, bytes.byteSize()));
        NpyHeader header = NpyHeader.read(prefix, bytes.byteSize(), origin);
        return new NumericArray(origin, header.layout(), new Payload.Plain(bytes.asSlice(header.start())));
    }

    /// An immutable view of the elements where they lie in the file, which is not copied: for a batch that is larger
    /// than the memory. Shapes are as in [NumericArray#toMatrix(Precision)].
    ///
    /// @param arena how long the file stays mapped and the matrix usable
    /// @throws FormatException when the file is malformed, has more than two axes, or its elements are not of type
    ///     `f4` or `f8` in C order and this machine's byte order
    /// @throws IOException when it does not exist or cannot be read
    public static Matrix map(Path file, Arena arena) throws IOException {
        NumericArray array = read(file, arena);
        Layout layout = array.layout();
        boolean stored = layout.type() == ElementType.F32 || layout.type() == ElementType.F64;
        if (!stored || layout.fortran() || !layout.format().isNative()) {
            throw array.origin()
                    .malformed("has elements of type %s, %s-endian, in %s order; only f32 or f64 in C order and this "
                                    .formatted(
                                            layout.type().label(),
                                            layout.format().bigEndian() ? "big" : "little",
                                            layout.fortran() ? "Fortran" : "C")
                            + "machine's byte order can be used without a copy");
        }
        MemorySegment elements = ((Payload.Plain) array.payload()).bytes();
        int rows = array.rows();
        int columns = array.columns();
        return Matrix.of(elements, layout.type().precision(), 0, rows, columns, columns);
    }

    /// Writes a matrix, shape `(rows, columns)`, whole or not at all.
    public static void write(Path file, Matrix matrix) throws IOException {
        write(file, NumericArray.of(matrix));
    }

    /// Writes an array, with its own type and shape, whole or not at all.
    ///
    /// @throws IllegalArgumentException when NumPy has no such type
    public static void write(Path file, NumericArray array) throws IOException {
        try (AtomicFile output = AtomicFile.create(file)) {
            write(output, array);
            output.commit();
        }
    }

    /// Writes an array, with its own type and shape, to a file that the caller commits.
    ///
    /// @throws IllegalArgumentException when NumPy has no such type
    public static void write(AtomicFile file, NumericArray array) throws IOException {
        ArrayWriter writer = new ArrayWriter(file);
        writer.write(NpyHeader.write(array.type(), array.extents()));
        writer.write(array);
    }

    /// A matrix of zeros whose memory is the file's: for an output that is larger than the memory, as the destination
    /// of a solve or written row by row.
    ///
    ///     try (AtomicFile file = AtomicFile.create(path);
    ///             Arena arena = Arena.ofShared()) {
    ///         Matrix outputs = NumpyFile.create(file, Precision.F32, samples, q, arena);
    ///         ...
    ///         file.commit();
    ///     }
    ///
    /// The file appears when it is committed. See [AtomicFile#map] for what a full disk does.
    ///
    /// @param arena how long the matrix is usable; shared, where several threads write
    /// @throws FormatException on a machine that is not little-endian
    /// @throws IOException when the disk has no room for it
    public static Matrix create(AtomicFile file, Precision precision, int rows, int columns, Arena arena)
            throws IOException {
        ElementType type = ElementType.of(precision);
        Shape shape = Shape.of(rows, columns);
        if (ElementFormat.ofNative(type).bigEndian()) {
            throw Origin.of(file.target()).malformed("cannot be mapped for writing: this machine is not little-endian");
        }
        file.write(ByteBuffer.wrap(NpyHeader.write(type, shape)));
        long most = Long.MAX_VALUE / type.bytes();
        MemorySegment elements = file.map(Math.min(shape.elements(), most) * type.bytes(), arena);
        return Matrix.of(elements, precision, 0, rows, columns, columns);
    }
}

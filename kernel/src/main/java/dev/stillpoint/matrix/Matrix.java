package dev.stillpoint.matrix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/// A rectangular, row-major view over a `float[]`, a `double[]` or a [MemorySegment].
///
/// Element `(i, j)` of a matrix with leading dimension `ld` lies at `offset + i * ld + j`. A batch is a matrix whose
/// rows are samples. The view does not own its memory and copies nothing; writing through one view is seen by every
/// view of the same memory. An *immutable* matrix refuses writes and nobody else holds its memory for writing, so
/// models keep it without a copy of their own.
///
/// Values leave and enter as `double`, or a row at a time as `float` or `double`; a `double` stored into FP32 is
/// rounded to nearest, an FP32 value read as `double` is exact. Sizes: up to `2^31 - 1` rows and columns; array-backed
/// matrices are limited by Java's arrays, segments by memory alone.
public final class Matrix {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.nativeOrder());
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.nativeOrder());

    private final Precision precision;
    private final MemorySegment memory;
    private final long offset;
    private final int rows;
    private final int columns;
    private final long ld;
    private final boolean immutable;

    private Matrix(
            Precision precision, MemorySegment memory, long offset, int rows, int columns, long ld, boolean immutable) {
        if (rows < 0 || columns < 0) {
            throw new ShapeException("a matrix cannot be %d x %d".formatted(rows, columns));
        }
        if (ld < columns) {
            throw new ShapeException("leading dimension %d is below the %d columns".formatted(ld, columns));
        }
        long available = memory.byteSize() / precision.bytes();
        boolean fits = offset >= 0 && offset <= available;
        if (fits && rows > 0 && columns > 0) {
            long room = available - offset - columns;
            fits = room >= 0 && (rows == 1 || ld <= room / (rows - 1));
        }
        if (!fits) {
            throw new ShapeException("a %d x %d matrix with leading dimension %d at offset %d exceeds its %d values"
                    .formatted(rows, columns, ld, offset, available));
        }
        this.precision = precision;
        this.memory = memory;
        this.offset = offset;
        this.rows = rows;
        this.columns = columns;
        this.ld = ld;
        this.immutable = immutable;
    }

    /// A view of `values`, `rows` by `columns` without gaps.
    public static Matrix of(float[] values, int rows, int columns) {
        return of(values, 0, rows, columns, columns);
    }

    /// A view of `values`, `rows` by `columns` without gaps.
    public static Matrix of(double[] values, int rows, int columns) {
        return of(values, 0, rows, columns, columns);
    }

    /// A view of `values` that begins at `offset`, with leading dimension `ld`.
    ///
    /// @throws ShapeException when the array is too short or `ld < columns`
    public static Matrix of(float[] values, int offset, int rows, int columns, int ld) {
        return new Matrix(Precision.F32, MemorySegment.ofArray(values), offset, rows, columns, ld, false);
    }

    /// A view of `values` that begins at `offset`, with leading dimension `ld`.
    ///
    /// @throws ShapeException when the array is too short or `ld < columns`
    public static Matrix of(double[] values, int offset, int rows, int columns, int ld) {
        return new Matrix(Precision.F64, MemorySegment.ofArray(values), offset, rows, columns, ld, false);
    }

    /// A view of native memory, or of any segment, that holds values in the machine's byte order, at any alignment.
    ///
    /// The view lives as long as the segment's arena: a later access throws [IllegalStateException].
    ///
    /// @param offset values (not bytes) before element `(0, 0)`
    /// @throws ShapeException when the segment is too short or `ld < columns`
    public static Matrix of(MemorySegment memory, Precision precision, long offset, int rows, int columns, long ld) {
        return new Matrix(precision, memory, offset, rows, columns, ld, memory.isReadOnly());
    }

    /// A new matrix of zeros on the Java heap.
    ///
    /// @throws ShapeException when it has more values than a Java array can hold
    public static Matrix zeros(Precision precision, int rows, int columns) {
        long size = (long) rows * columns;
        if (rows < 0 || columns < 0 || size > Integer.MAX_VALUE - 8) {
            throw new ShapeException("a %d x %d matrix does not fit a Java array".formatted(rows, columns));
        }
        return precision == Precision.F32
                ? of(new float[(int) size], rows, columns)
                : of(new double[(int) size], rows, columns);
    }

    /// An immutable FP64 matrix with a copy of `values`, one array a row.
    ///
    /// @throws ShapeException when the rows differ in length
    public static Matrix ofRows(double[]... values) {
        int columns = values.length == 0 ? 0 : values[0].length;
        double[] copy = new double[values.length * columns];
        for (int i = 0; i < values.length; i++) {
            if (values[i].length != columns) {
                throw new ShapeException("row %d has %d values, row 0 has %d".formatted(i, values[i].length, columns));
            }
            System.arraycopy(values[i], 0, copy, i * columns, columns);
        }
        return of(copy, values.length, columns).frozen();
    }

    /// How values are stored.
    public Precision precision() {
        return precision;
    }

    /// Number of rows.
    public int rows() {
        return rows;
    }

    /// Number of columns.
    public int columns() {
        return columns;
    }

    /// Values from the begin of a row to the begin of the next.
    public long ld() {
        return ld;
    }

    /// Whether writing is refused.
    public boolean isImmutable() {
        return immutable;
    }

    /// Element `(i, j)`.
    ///
    /// @throws IndexOutOfBoundsException when there is no such element
    public double get(int i, int j) {
        Objects.checkIndex(j, columns);
        long index = rowOffset(i) + j;
        return precision == Precision.F32 ? memory.getAtIndex(FLOAT, index) : memory.getAtIndex(DOUBLE, index);
    }

    /// Sets element `(i, j)`, rounded to the stored precision.
    ///
    /// @throws IndexOutOfBoundsException when there is no such element
    /// @throws UnsupportedOperationException when the matrix is immutable
    public void set(int i, int j, double value) {
        Objects.checkIndex(j, columns);
        checkWritable();
        long index = rowOffset(i) + j;
        if (precision == Precision.F32) {
            memory.setAtIndex(FLOAT, index, (float) value);
        } else {
            memory.setAtIndex(DOUBLE, index, value);
        }
    }

    /// Copies row `i` to `target[targetOffset ...]`, each value rounded to FP32.
    public void getRow(int i, float[] target, int targetOffset) {
        Objects.checkFromIndexSize(targetOffset, columns, target.length);
        long base = rowOffset(i);
        if (precision == Precision.F32) {
            MemorySegment.copy(memory, FLOAT, base * Float.BYTES, target, targetOffset, columns);
        } else {
            for (int j = 0; j < columns; j++) {
                target[targetOffset + j] = (float) memory.getAtIndex(DOUBLE, base + j);
            }
        }
    }

    /// Copies row `i` to `target[targetOffset ...]`.
    public void getRow(int i, double[] target, int targetOffset) {
        Objects.checkFromIndexSize(targetOffset, columns, target.length);
        long base = rowOffset(i);
        if (precision == Precision.F64) {
            MemorySegment.copy(memory, DOUBLE, base * Double.BYTES, target, targetOffset, columns);
        } else {
            for (int j = 0; j < columns; j++) {
                target[targetOffset + j] = memory.getAtIndex(FLOAT, base + j);
            }
        }
    }

    /// Sets row `i` from `source[sourceOffset ...]`.
    ///
    /// @throws UnsupportedOperationException when the matrix is immutable
    public void setRow(int i, float[] source, int sourceOffset) {
        Objects.checkFromIndexSize(sourceOffset, columns, source.length);
        checkWritable();
        long base = rowOffset(i);
        if (precision == Precision.F32) {
            MemorySegment.copy(source, sourceOffset, memory, FLOAT, base * Float.BYTES, columns);
        } else {
            for (int j = 0; j < columns; j++) {
                memory.setAtIndex(DOUBLE, base + j, source[sourceOffset + j]);
            }
        }
    }

    /// Sets row `i` from `source[sourceOffset ...]`, each value rounded to the stored precision.
    ///
    /// @throws UnsupportedOperationException when the matrix is immutable
    public void setRow(int i, double[] source, int sourceOffset) {
        Objects.checkFromIndexSize(sourceOffset, columns, source.length);
        checkWritable();
        long base = rowOffset(i);
        if (precision == Precision.F64) {
            MemorySegment.copy(source, sourceOffset, memory, DOUBLE, base * Double.BYTES, columns);
        } else {
            for (int j = 0; j < columns; j++) {
                memory.setAtIndex(FLOAT, base + j, (float) source[sourceOffset + j]);
            }
        }
    }

    /// The view of rows `from` (inclusive) to `to` (exclusive).
    public Matrix slice(int from, int to) {
        Objects.checkFromToIndex(from, to, rows);
        return new Matrix(precision, memory, offset + (from == to ? 0 : from * ld), to - from, columns, ld, immutable);
    }

    /// The view of `rows` by `columns` values whose first is `(i, j)`.
    public Matrix slice(int i, int j, int rows, int columns) {
        Objects.checkFromIndexSize(i, rows, this.rows);
        Objects.checkFromIndexSize(j, columns, this.columns);
        boolean empty = rows == 0 || columns == 0;
        return new Matrix(precision, memory, empty ? offset : offset + i * ld + j, rows, columns, ld, immutable);
    }

    /// All values, row after row, in a new array, each rounded to FP32.
    ///
    /// @throws ShapeException when there are more than a Java array can hold
    public float[] toFloatArray() {
        float[] values = new float[arraySize()];
        for (int i = 0; i < rows; i++) {
            getRow(i, values, i * columns);
        }
        return values;
    }

    /// All values, row after row, in a new array.
    ///
    /// @throws ShapeException when there are more than a Java array can hold
    public double[] toDoubleArray() {
        double[] values = new double[arraySize()];
        for (int i = 0; i < rows; i++) {
            getRow(i, values, i * columns);
        }
        return values;
    }

    /// An immutable matrix with these values in `precision`: this one where it is that already, else a copy on the
    /// heap.
    public Matrix toImmutable(Precision precision) {
        if (immutable && precision == this.precision) {
            return this;
        }
        return (precision == Precision.F32 ? of(toFloatArray(), rows, columns) : of(toDoubleArray(), rows, columns))
                .frozen();
    }

    /// An immutable matrix with these values: this one where it is immutable already, else a copy on the heap.
    public Matrix toImmutable() {
        return toImmutable(precision);
    }

    /// Hands the memory over: the same view, immutable. The caller promises to keep no way to write to the memory.
    public Matrix frozen() {
        return immutable ? this : new Matrix(precision, memory, offset, rows, columns, ld, true);
    }

    /// Whether `thread` may read (and write) the memory: only its owner may, where it lies in a confined arena.
    public boolean isAccessibleBy(Thread thread) {
        return memory.isAccessibleBy(thread);
    }

    /// Whether no value is infinite or not a number.
    public boolean isFinite() {
        double[] row = new double[columns];
        for (int i = 0; i < rows; i++) {
            getRow(i, row, 0);
            for (double value : row) {
                if (!Double.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Precision and shape, as in `f32 3 x 4`.
    @Override
    public String toString() {
        return precision.label() + " " + rows + " x " + columns;
    }

    private long rowOffset(int i) {
        return offset + Objects.checkIndex(i, rows) * ld;
    }

    private int arraySize() {
        long size = (long) rows * columns;
        if (size > Integer.MAX_VALUE - 8) {
            throw new ShapeException("a %d x %d matrix does not fit a Java array".formatted(rows, columns));
        }
        return (int) size;
    }

    private void checkWritable() {
        if (immutable) {
            throw new UnsupportedOperationException("this matrix is immutable");
        }
    }
}

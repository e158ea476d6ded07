package dev.stillpoint.io;

import dev.stillpoint.matrix.Matrix;
import dev.stillpoint.matrix.Precision;
import dev.stillpoint.matrix.ShapeException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// An array of numbers with any number of axes, in a file that is read or to be written.
///
/// An array read from a file is a description and a mapping: its elements are read, converted, put into C order and
/// copied, once, by [#toMatrix(Precision)] or [#toLongs()], each time that is called. The file must stay as it is and
/// mapped until then (see [NumpyFile#read(java.nio.file.Path)]). Malformed elements, where a format can have them,
/// are found then too.
///
/// Immutable, and safe to use from any thread, as far as the arena, file or Java array behind it allows.
public final class NumericArray {
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Origin origin;
    private final Layout layout;
    private final Shape shape;
    private final Payload payload;

    NumericArray(Origin origin, Layout layout, Payload payload) {
        this(origin, layout, layout.shape(), payload);
    }

    private NumericArray(Origin origin, Layout layout, Shape shape, Payload payload) {
        this.origin = origin;
        this.layout = layout;
        this.shape = shape;
        this.payload = payload;
    }

    /// The array of shape `(rows, columns)` with the values of `matrix`, which is not copied.
    public static NumericArray of(Matrix matrix) {
        return of(matrix, Shape.of(matrix.rows(), matrix.columns()));
    }

    /// The array of shape `(n)` with the values of a 1 x n or n x 1 matrix, which is not copied.
    ///
    /// @throws ShapeException when the matrix has several rows and several columns
    public static NumericArray vector(Matrix matrix) {
        if (matrix.rows() != 1 && matrix.columns() != 1) {
            throw new ShapeException(
                    "a vector is 1 x n or n x 1, this is %d x %d".formatted(matrix.rows(), matrix.columns()));
        }
        return of(matrix, Shape.of((long) matrix.rows() * matrix.columns()));
    }

    /// The array of shape `(n)` with `values`, which are not copied.
    public static NumericArray vector(float... values) {
        return of(ElementType.F32, MemorySegment.ofArray(values), values.length);
    }

    /// The array of shape `(n)` with `values`, which are not copied.
    public static NumericArray vector(double... values) {
        return of(ElementType.F64, MemorySegment.ofArray(values), values.length);
    }

    /// The array of shape `(n)` with `values`, such as labels, which are not copied.
    public static NumericArray vector(int... values) {
        return of(ElementType.I32, MemorySegment.ofArray(values), values.length);
    }

    /// The array of shape `(n)` with `values`, such as labels, which are not copied.
    public static NumericArray vector(long... values) {
        return of(ElementType.I64, MemorySegment.ofArray(values), values.length);
    }

    private static NumericArray of(ElementType type, MemorySegment values, int length) {
        Layout layout = Layout.ofNative(type, Shape.of(length));
        return new NumericArray(Origin.MEMORY, layout, new Payload.Plain(values));
    }

    private static NumericArray of(Matrix matrix, Shape shape) {
        Layout layout = Layout.ofNative(ElementType.of(matrix.precision()), shape);
        return new NumericArray(Origin.MEMORY, layout, new Payload.Rows(matrix));
    }

    /// The name in its file; empty in a `.npy` file, which has none, and in memory.
    public String name() {
        return origin.array();
    }

    /// How elements are stored.
    public ElementType type() {
        return layout.type();
    }

    /// The extents, outermost first: none for a scalar.
    public long[] shape() {
        return shape.extents();
    }

    /// Number of elements.
    public long elements() {
        return shape.elements();
    }

    /// The same elements, in C order, in another shape: images `(samples, 28, 28)` as rows `(samples, 784)`.
    ///
    /// @throws ShapeException when the numbers of elements differ
    public NumericArray reshape(long... extents) {
        Shape reshaped;
        try {
            reshaped = Shape.of(extents);
        } catch (ArithmeticException e) {
            throw new ShapeException("%s is no shape (%s)".formatted(Shape.format(extents), e.getMessage()));
        }
        if (reshaped.elements() != shape.elements()) {
            throw new ShapeException("%s has shape %s and %d elements, shape %s has %d"
                    .formatted(origin, shape, shape.elements(), reshaped, reshaped.elements()));
        }
        return new NumericArray(origin, layout, reshaped, payload);
    }

    /// This array, when it has the shape asked for; a negative extent stands for any.
    ///
    /// @throws FormatException when it has another; the message names the file, the array and both shapes
    public NumericArray expectShape(long... extents) throws FormatException {
        boolean same = extents.length == shape.rank();
        for (int axis = 0; same && axis < extents.length; axis++) {
            same = extents[axis] < 0 || extents[axis] == shape.extent(axis);
        }
        if (!same) {
            throw origin.malformed("has shape %s, expected %s".formatted(shape, Shape.format(extents)));
        }
        return this;
    }

    /// The elements in the precision that suits their type: FP32 for floating-point types of at most 32 bits, else
    /// FP64. See [#toMatrix(Precision)].
    public Matrix toMatrix() throws IOException {
        return toMatrix(type().precision());
    }

    /// The elements in a new matrix on the Java heap: `(m, n)` gives m x n, `(n)` gives 1 x n, a scalar 1 x 1.
    ///
    /// Floating-point elements are widened exactly or rounded to nearest, integers are rounded to nearest: exact in
    /// FP64 up to `2^53`, in FP32 up to `2^24`. Nobody else holds the matrix, which [Matrix#frozen()] makes
    /// immutable without a copy.
    ///
    /// @throws FormatException when there are more than two axes (see [#reshape]), the elements are malformed, or
    ///     they exceed a Java array or the largest heap
    public Matrix toMatrix(Precision precision) throws IOException {
        int rows = rows();
        int columns = columns();
        int size = heapSize(precision.bytes());
        payload.verify(origin);
        if (precision == Precision.F32) {
            float[] values = new float[size];
            payload.transfer(layout, new SinkF32(layout.format(), values), origin);
            return Matrix.of(values, rows, columns);
        }
        double[] values = new double[size];
        payload.transfer(layout, new SinkF64(layout.format(), values), origin);
        return Matrix.of(values, rows, columns);
    }

    /// The elements of an array of integers or truth values, exactly, in C order, whatever the shape.
    ///
    /// @throws FormatException when the elements are floating-point numbers, malformed, beyond `2^63 - 1`, or
    ///     exceed a Java array or the largest heap
    public long[] toLongs() throws IOException {
        if (type().isFloat()) {
            throw origin.malformed("has elements of type %s, expected integers".formatted(type().label()));
        }
        int size = heapSize(Long.BYTES);
        payload.verify(origin);
        long[] values = new long[size];
        payload.transfer(layout, new LongSink(layout.format(), values, origin), origin);
        return values;
    }

    /// Where it is, its type and its shape, as in `model.npz: array 'A' f64 (3, 4)`.
    @Override
    public String toString() {
        return origin + " " + type().label() + " " + shape;
    }

    Origin origin() {
        return origin;
    }

    Layout layout() {
        return layout;
    }

    Shape extents() {
        return shape;
    }

    Payload payload() {
        return payload;
    }

    /// The rows of the matrix with these elements.
    int rows() throws FormatException {
        return matrixExtent(shape.rank() >= 2 ? shape.extent(0) : 1);
    }

    /// The columns of the matrix with these elements.
    int columns() throws FormatException {
        return matrixExtent(shape.rank() == 0 ? 1 : shape.extent(shape.rank() - 1));
    }

    private int matrixExtent(long extent) throws FormatException {
        if (shape.rank() > 2) {
            throw origin.malformed("has shape %s, expected at most two axes".formatted(shape));
        }
        if (extent > Integer.MAX_VALUE) {
            throw origin.malformed("has shape %s, expected extents of at most %d".formatted(shape, Integer.MAX_VALUE));
        }
        return (int) extent;
    }

    private int heapSize(int bytes) throws FormatException {
        long size = shape.elements();
        if (size > LARGEST_ARRAY) {
            throw origin.malformed(
                    "has shape %s, more elements than the %d of a Java array".formatted(shape, LARGEST_ARRAY));
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (size * bytes > heap) {
            throw origin.malformed(
                    "takes %d bytes of memory, more than the largest Java heap of %d".formatted(size * bytes, heap));
        }
        return (int) size;
    }
}

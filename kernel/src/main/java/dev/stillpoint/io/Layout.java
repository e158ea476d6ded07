package dev.stillpoint.io;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// How the elements of an array follow one another: their format, shape and order.
///
/// @param shape the shape the elements were stored in
/// @param fortran whether the first index runs fastest (else the last does)
record Layout(ElementFormat format, Shape shape, boolean fortran) {
    // Rows of a band times a cache line stay in the first-level cache while neighbouring columns are written.
    private static final long BAND = 512;

    Layout {
        fortran = fortran && axesBeyondOne(shape) > 1;
    }

    /// C order, in this machine's byte order.
    static Layout ofNative(ElementType type, Shape shape) {
        return new Layout(ElementFormat.ofNative(type), shape, false);
    }

    ElementType type() {
        return format.type();
    }

    /// Bytes that all elements take.
    ///
    /// @throws ArithmeticException when they exceed 63 bits
    long bytes() {
        return Math.multiplyExact(shape.elements(), (long) type().bytes());
    }

    /// Gives all elements, which begin at byte 0 of `source`, to `sink`.
    void transfer(MemorySegment source, Sink sink) throws IOException {
        if (!fortran) {
            sink.put(source, 0, shape.elements(), 0, 1);
            return;
        }
        long lead = shape.extent(0);
        long runs = lead == 0 ? 0 : shape.elements() / lead;
        long stride = runs;
        for (long band = 0; band < lead; band += BAND) {
            long count = Math.min(BAND, lead - band);
            for (long run = 0; run < runs; run++) {
                long offset = (run * lead + band) * type().bytes();
                sink.put(source, offset, count, runBase(run) + band * stride, stride);
            }
        }
    }

    /// Gives `count` elements that begin at byte 0 of `source`, and are elements `first` and on of what is stored, to
    /// `sink`.
    void transferPart(MemorySegment source, long first, long count, Sink sink) throws IOException {
        if (!fortran) {
            sink.put(source, 0, count, first, 1);
            return;
        }
        long lead = shape.extent(0);
        long stride = shape.elements() / lead;
        for (long done = 0; done < count; ) {
            long run = (first + done) / lead;
            long within = (first + done) % lead;
            long length = Math.min(lead - within, count - done);
            sink.put(source, done * type().bytes(), length, runBase(run) + within * stride, stride);
            done += length;
        }
    }

    /// The C-order number of the first element of run `run`: the elements that differ in the first index alone.
    private long runBase(long run) {
        long base = 0;
        long rest = run;
        long stride = shape.elements() / shape.extent(0);
        for (int axis = 1; axis < shape.rank(); axis++) {
            long extent = shape.extent(axis);
            stride /= extent;
            base += rest % extent * stride;
            rest /= extent;
        }
        return base;
    }

    private static int axesBeyondOne(Shape shape) {
        int axes = 0;
        for (int axis = 0; axis < shape.rank(); axis++) {
            axes += shape.extent(axis) == 1 ? 0 : 1;
        }
        return shape.elements() == 0 ? 0 : axes;
    }
}

package dev.stillpoint.io;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The extents of an array, outermost first.
final class Shape {
    private final long[] extents;
    private final long elements;

    private Shape(long[] extents, long elements) {
        this.extents = extents;
        this.elements = elements;
    }

    /// A shape.
    ///
    /// @throws ArithmeticException when an extent is negative or the number of elements exceeds 63 bits
    static Shape of(long... extents) {
        long elements = 1;
        boolean empty = false;
        for (long extent : extents) {
            if (extent < 0) {
                throw new ArithmeticException("negative extent");
            }
            empty |= extent == 0;
        }
        for (long extent : extents) {
            elements = empty ? 0 : Math.multiplyExact(elements, extent);
        }
        // A product over no extents is one: a scalar has one element.
        return new Shape(extents.clone(), elements);
    }

    int rank() {
        return extents.length;
    }

    long extent(int axis) {
        return extents[axis];
    }

    long[] extents() {
        return extents.clone();
    }

    long elements() {
        return elements;
    }

    /// The extents as NumPy prints them: `()`, `(3,)`, `(3, 4)`.
    static String format(long... extents) {
        return Arrays.stream(extents)
                .mapToObj(extent -> extent < 0 ? "*" : Long.toString(extent))
                .collect(Collectors.joining(", ", "(", extents.length == 1 ? ",)" : ")"));
    }

    @Override
    public String toString() {
        return format(extents);
    }
}

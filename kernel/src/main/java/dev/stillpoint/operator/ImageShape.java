package dev.stillpoint.operator;

import dev.stillpoint.matrix.ShapeException;

/// The shape of an image that is flattened to a vector: value `(c, y, x)` is component `(c height + y) width + x`.
///
/// @param channels number of channels, at least 1
/// @param height rows of a channel, at least 1
/// @param width columns of a channel, at least 1
public record ImageShape(int channels, int height, int width) {
    /// Checks the numbers.
    ///
    /// @throws ShapeException when one is not positive, or there are more than `2^31 - 1` values
    public ImageShape {
        boolean positive = channels > 0 && height > 0 && width > 0;
        // The product of two never overflows, and the quotient says whether that of three would pass the limit.
        if (!positive || (long) channels * height > Integer.MAX_VALUE / width) {
            throw new ShapeException(
                    "an image of %d channels of %d x %d: expected positive numbers and fewer than 2^31 values"
                            .formatted(channels, height, width));
        }
    }

    /// Number of values.
    public int size() {
        return channels * height * width;
    }

    /// As in `3 x 32 x 32`.
    @Override
    public String toString() {
        return channels + " x " + height + " x " + width;
    }
}

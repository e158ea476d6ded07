package dev.stillpoint.internal.reference;

import dev.stillpoint.matrix.Matrix;

/// The gradient of `sum_s v_s' Op x_s` with respect to the letter of an operator that is made of no others: one sum
/// for each entry of the letter, which goes on from block to block of samples.
///
/// A block is first stored, which may be done by several threads, each with samples of its own; then its samples
/// are added to the sums, part by part, which may be done by several threads too, each with parts of its own. What
/// a sum is does not depend on how samples are cut into blocks, or on who does which part.
public abstract class LeafGradient {
    /// Makes a gradient whose sums are 0.
    protected LeafGradient() {}

    /// Values that a sample takes in a block.
    public abstract long values();

    /// Makes room for blocks of `capacity` samples; what was stored of a block is lost.
    ///
    /// @throws ArithmeticException when they are more than a Java array can hold
    public abstract void reserve(int capacity);

    /// Stores `count` samples, of which the first becomes sample `first` of the block.
    ///
    /// @param v samples of as many values as the operator has rows
    /// @param x samples of as many values as the operator has columns
    public abstract void store(SampleRows v, SampleRows x, int first, int count);

    /// Number of parts.
    public abstract int parts();

    /// Goes on with the sums of a part over the samples `0 ... samples - 1` of the block.
    public abstract void add(int part, int samples);

    /// The sums, in FP64 and the shape of the letter, immutable; a copy. A not-a-number is the canonical one.
    public abstract Matrix letter();

    /// Makes every sum 0.
    public abstract void clear();

    /// `sums` as an immutable matrix; a copy.
    protected static Matrix matrix(double[] sums, int rows, int columns) {
        double[] values = sums.clone();
        for (int i = 0; i < values.length; i++) {
            values[i] = canonical(values[i]);
        }
        return Matrix.of(values, rows, columns).frozen();
    }

    /// `value`; a not-a-number is the canonical one.
    protected static double canonical(double value) {
        return Double.isNaN(value) ? Double.NaN : value;
    }
}

package dev.stillpoint.internal.reference;

/// Samples as runs of values: a view, which copies nothing.
public final class SampleRows {
    private final double[] values;
    private final int offset;
    private final int ld;

    /// A view in which value `i` of sample `s` is `values[offset + s * ld + i]`.
    public SampleRows(double[] values, int offset, int ld) {
        this.values = values;
        this.offset = offset;
        this.ld = ld;
    }

    /// The same samples from value `i` on.
    public SampleRows from(int i) {
        return new SampleRows(values, offset + i, ld);
    }

    /// The memory.
    public double[] values() {
        return values;
    }

    /// Where sample `s` begins.
    public int begin(int s) {
        return offset + s * ld;
    }

    /// Copies `count` values of sample `s`, from value `i` on.
    public void copy(int s, int i, int count, double[] target, int to) {
        System.arraycopy(values, begin(s) + i, target, to, count);
    }
}

package dev.stillpoint.validation.report;

import java.util.ArrayList;
import java.util.List;

/// What an axis has to show, while a plot is written.
final class Range {
    private static final int MOST_TICKS = 10;

    private final Axis axis;
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;

    Range(Axis axis) {
        this.axis = axis;
    }

    Axis axis() {
        return axis;
    }

    /// Widens the range to `value`, where the axis has a place for it.
    Range add(double value) {
        if (axis.canShow(value)) {
            least = Math.min(least, value);
            largest = Math.max(largest, value);
        }
        return this;
    }

    /// The value that is shown in the middle.
    double middle() {
        return axis.scale() == Axis.Scale.LOGARITHMIC ? Math.sqrt(least) * Math.sqrt(largest) : (least + largest) / 2;
    }

    /// The ticks of a logarithmic axis: powers of ten, every second, third, ... of them where there are many; where
    /// there are hardly any, twice and five times them as well.
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        if (least > largest) {
            return ticks;
        }
        int first = (int) Math.floor(Math.log10(least));
        int last = (int) Math.ceil(Math.log10(largest));
        int step = Math.max(1, Math.ceilDiv(last - first, MOST_TICKS));
        for (int exponent = first; exponent <= last; exponent += step) {
            ticks.add(Double.parseDouble("1e" + exponent));
            if (last - first <= 2) {
                ticks.add(Double.parseDouble("2e" + exponent));
                ticks.add(Double.parseDouble("5e" + exponent));
            }
        }
        return ticks;
    }
}

package dev.stillpoint.validation.report;

/// An axis of a plot: what it measures, in which unit, on which scale.
///
/// @param title what is measured, such as `Time`
/// @param unit the unit, such as `ms`; empty for a pure number
/// @param scale how values are placed
public record Axis(String title, String unit, Scale scale) {
    /// How values are placed on an axis.
    public enum Scale {
        /// In proportion to the value.
        LINEAR,
        /// In proportion to the logarithm of the value; what is not positive has no place.
        LOGARITHMIC
    }

    /// A linear axis.
    public static Axis linear(String title, String unit) {
        return new Axis(title, unit, Scale.LINEAR);
    }

    /// A logarithmic axis.
    public static Axis logarithmic(String title, String unit) {
        return new Axis(title, unit, Scale.LOGARITHMIC);
    }

    /// Title and unit, such as `Time (ms)`.
    public String label() {
        return unit.isEmpty() ? title : title + " (" + unit + ")";
    }

    /// Whether the axis has a place for `value`.
    public boolean canShow(double value) {
        return Double.isFinite(value) && (scale == Scale.LINEAR || value > 0);
    }
}

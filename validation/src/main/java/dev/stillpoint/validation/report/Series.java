package dev.stillpoint.validation.report;

import java.util.List;

/// Points that belong together, and how they are drawn.
///
/// @param name the name in the legend
/// @param style how the points are drawn
/// @param points the points, in the order in which a line visits them
public record Series(String name, Style style, List<Point> points) {
    /// How the points of a series are drawn.
    public enum Style {
        /// A line from point to point.
        LINE,
        /// A dashed line from point to point, for what is predicted or compared with.
        DASHED_LINE,
        /// Points alone.
        POINTS
    }

    /// A point. A coordinate for which the axis has no place leaves the point out, and a gap in a line.
    ///
    /// @param x the first coordinate
    /// @param y the second coordinate
    public record Point(double x, double y) {}

    /// Copies the points.
    public Series {
        points = List.copyOf(points);
    }

    /// Points joined by a line.
    public static Series line(String name, List<Point> points) {
        return new Series(name, Style.LINE, points);
    }

    /// Points joined by a dashed line.
    public static Series dashedLine(String name, List<Point> points) {
        return new Series(name, Style.DASHED_LINE, points);
    }

    /// Points alone.
    public static Series points(String name, List<Point> points) {
        return new Series(name, Style.POINTS, points);
    }
}

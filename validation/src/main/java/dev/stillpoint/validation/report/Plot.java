package dev.stillpoint.validation.report;

import java.util.List;

/// What a figure shows.
public sealed interface Plot {
    /// A line across the plot at one value of the horizontal axis, such as a bound, with its name.
    ///
    /// @param name what the value is
    /// @param value the value on the horizontal axis
    record Mark(String name, double value) {}

    /// Bars that stand side by side on the horizontal axis: a histogram.
    ///
    /// @param x the horizontal axis
    /// @param y the vertical axis, linear: bars begin at 0
    /// @param bars the bars
    /// @param marks values of the horizontal axis to mark
    record Bars(Axis x, Axis y, List<Bar> bars, List<Mark> marks) implements Plot {
        /// Copies the lists.
        ///
        /// @throws IllegalArgumentException when the vertical axis is not linear
        public Bars {
            if (y.scale() != Axis.Scale.LINEAR) {
                throw new IllegalArgumentException("bars begin at 0, which the axis '" + y.label() + "' cannot show");
            }
            bars = List.copyOf(bars);
            marks = List.copyOf(marks);
        }
    }

    /// A bar from `from` to `to` on the horizontal axis.
    ///
    /// @param from its left end
    /// @param to its right end
    /// @param value its height
    record Bar(double from, double to, double value) {}

    /// Lines and points.
    ///
    /// @param x the horizontal axis
    /// @param y the vertical axis
    /// @param series what is drawn, in the order of the legend, with different names
    /// @param marks values of the horizontal axis to mark
    record Xy(Axis x, Axis y, List<Series> series, List<Mark> marks) implements Plot {
        /// Copies the lists.
        ///
        /// @throws IllegalArgumentException when two series have the same name
        public Xy {
            series = List.copyOf(series);
            marks = List.copyOf(marks);
            if (series.stream().map(Series::name).distinct().count() != series.size()) {
                throw new IllegalArgumentException("two series have the same name: "
                        + series.stream().map(Series::name).toList());
            }
        }
    }

    /// A table of numbers as colours, each number written in its cell; cells that are 0 stay empty.
    ///
    /// @param x what a column is
    /// @param y what a row is
    /// @param columns names of the columns
    /// @param rows names of the rows
    /// @param value what the numbers are
    /// @param cells the numbers, row after row
    record HeatMap(String x, String y, List<String> columns, List<String> rows, String value, List<List<Double>> cells)
            implements Plot {
        /// Copies the lists.
        ///
        /// @throws IllegalArgumentException when the cells are not as many as the names
        public HeatMap {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
            cells = cells.stream().map(List::copyOf).toList();
            int width = columns.size();
            if (cells.size() != rows.size() || cells.stream().anyMatch(row -> row.size() != width)) {
                throw new IllegalArgumentException(
                        "the cells are not %d rows of %d columns".formatted(rows.size(), width));
            }
        }
    }
}

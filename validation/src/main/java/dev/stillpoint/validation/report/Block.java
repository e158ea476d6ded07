package dev.stillpoint.validation.report;

import java.util.Arrays;
import java.util.List;

/// A part of a page. All text is plain text.
public sealed interface Block {
    /// The title of what follows.
    ///
    /// @param text the title
    record Heading(String text) implements Block {}

    /// A paragraph.
    ///
    /// @param text the text
    record Paragraph(String text) implements Block {}

    /// Text in which every character has the same width, and lines are kept.
    ///
    /// @param text the text
    record Preformatted(String text) implements Block {}

    /// The few numbers that matter most, in large letters.
    ///
    /// @param figures the numbers
    record KeyFigures(List<KeyFigure> figures) implements Block {
        /// Copies the list.
        public KeyFigures {
            figures = List.copyOf(figures);
        }
    }

    /// A number that matters.
    ///
    /// @param label what it is
    /// @param value the number with its unit
    /// @param note what to compare it with, or how it was found
    record KeyFigure(String label, String value, String note) {}

    /// A table.
    ///
    /// @param caption what the table shows
    /// @param columns the columns
    /// @param rows the cells, row after row
    record Table(String caption, List<Column> columns, List<List<String>> rows) implements Block {
        /// Copies the lists.
        ///
        /// @throws IllegalArgumentException when a row has not one cell for each column
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<String> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException(
                            "the row %s has %d cells, expected %d".formatted(row, row.size(), columns.size()));
                }
            }
        }
    }

    /// A column of a table.
    ///
    /// @param title its title
    /// @param numeric whether it holds numbers, which stand at the right
    record Column(String title, boolean numeric) {
        /// A column of text.
        public static Column text(String title) {
            return new Column(title, false);
        }

        /// A column of numbers.
        public static Column number(String title) {
            return new Column(title, true);
        }
    }

    /// A plot.
    ///
    /// @param caption what the plot shows and how to read it
    /// @param plot the plot
    record Figure(String caption, Plot plot) implements Block {}

    /// Plots side by side, where the window is wide enough.
    ///
    /// @param figures the plots
    record FigureRow(List<Figure> figures) implements Block {
        /// Copies the list.
        public FigureRow {
            figures = List.copyOf(figures);
        }
    }

    /// Small images in a grid.
    ///
    /// @param caption what the images show
    /// @param images the images
    record ImageGrid(String caption, List<Image> images) implements Block {
        /// Copies the list.
        public ImageGrid {
            images = List.copyOf(images);
        }
    }

    /// A small grey image with what is said about it.
    final class Image {
        private final int width;
        private final int height;
        private final byte[] pixels;
        private final String label;
        private final boolean flagged;

        /// An image.
        ///
        /// @param width pixels in a row, at least 1
        /// @param height rows, at least 1
        /// @param pixels row after row, 0 is black and 255 (as an unsigned byte) is white; copied
        /// @param label the text below
        /// @param flagged whether the image stands out, as something that went wrong
        /// @throws IllegalArgumentException when there are not `width * height` pixels
        public Image(int width, int height, byte[] pixels, String label, boolean flagged) {
            if (width < 1 || height < 1 || pixels.length != (long) width * height) {
                throw new IllegalArgumentException(
                        "an image of %d x %d has %d pixels".formatted(width, height, pixels.length));
            }
            this.width = width;
            this.height = height;
            this.pixels = pixels.clone();
            this.label = label;
            this.flagged = flagged;
        }

        /// Pixels in a row.
        public int width() {
            return width;
        }

        /// Rows.
        public int height() {
            return height;
        }

        /// The pixels, in a new array.
        public byte[] pixels() {
            return pixels.clone();
        }

        /// The text below.
        public String label() {
            return label;
        }

        /// Whether the image stands out.
        public boolean isFlagged() {
            return flagged;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Image that
                    && width == that.width
                    && height == that.height
                    && flagged == that.flagged
                    && label.equals(that.label)
                    && Arrays.equals(pixels, that.pixels);
        }

        @Override
        public int hashCode() {
            return 31 * label.hashCode() + Arrays.hashCode(pixels);
        }
    }
}

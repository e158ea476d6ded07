package dev.stillpoint.matrix;

import java.io.Serial;

/// Operands whose shapes do not fit. The message names the operand, what was expected and what was found.
public final class ShapeException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// An exception with a message of its own.
    public ShapeException(String message) {
        super(message);
    }

    /// Checks that `matrix`, which the message calls `name`, is `rows` by `columns`.
    ///
    /// @throws ShapeException when it is not
    public static void check(String name, Matrix matrix, int rows, int columns) {
        if (matrix.rows() != rows || matrix.columns() != columns) {
            throw new ShapeException(
                    "%s is %d x %d, expected %d x %d".formatted(name, matrix.rows(), matrix.columns(), rows, columns));
        }
    }

    /// Checks that `matrix`, which the message calls `name`, has `columns` columns.
    ///
    /// @throws ShapeException when it has not
    public static void checkColumns(String name, Matrix matrix, int columns) {
        if (matrix.columns() != columns) {
            throw new ShapeException(
                    "%s is %d x %d, expected %d columns".formatted(name, matrix.rows(), matrix.columns(), columns));
        }
    }
}

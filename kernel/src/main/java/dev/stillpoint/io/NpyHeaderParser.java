package dev.stillpoint.io;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the dictionary of a `.npy` header: a Python literal with exactly the keys `descr`, `fortran_order` and
/// `shape`, of which nothing is ever evaluated.
final class NpyHeaderParser {
    private static final int MOST_AXES = 64;
    private static final String EXPECTED_TYPE = "expected a floating-point, integer or boolean type";

    private final String text;
    private final Origin origin;
    private int position;

    NpyHeaderParser(String text, Origin origin) {
        this.text = text;
        this.origin = origin;
    }

    Layout parse() throws FormatException {
        ElementFormat format = null;
        Boolean fortran = null;
        Shape shape = null;
        expect('{');
        while (!accept('}')) {
            String key = string();
            expect(':');
            switch (key) {
                case "descr" -> format = once(format, key, elementFormat());
                case "fortran_order" -> fortran = once(fortran, key, bool());
                case "shape" -> shape = once(shape, key, shape());
                default ->
                    throw origin.malformed("header has the key %s, expected 'descr', 'fortran_order' and 'shape'"
                            .formatted(Origin.quote(key)));
            }
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (position < text.length()) {
            throw unexpected("the end of the header");
        }
        if (format == null || fortran == null || shape == null) {
            throw origin.malformed("header lacks %s"
                    .formatted(format == null ? "'descr'" : fortran == null ? "'fortran_order'" : "'shape'"));
        }
        return new Layout(format, shape, fortran);
    }

    private <T> T once(@Nullable T before, String key, T value) throws FormatException {
        if (before != null) {
            throw origin.malformed("header has the key '%s' twice".formatted(key));
        }
        return value;
    }

    private ElementFormat elementFormat() throws FormatException {
        skipSpace();
        char c = peek();
        if (c == '[' || c == '(') {
            throw origin.malformed("has elements of a structured type, " + EXPECTED_TYPE);
        }
        String name = string();
        if (name.indexOf('O') >= 0) {
            throw origin.malformed("holds Python objects (type %s), which are never unpickled: %s"
                    .formatted(Origin.quote(name), EXPECTED_TYPE));
        }
        if (name.length() == 3) {
            char order = name.charAt(0);
            for (ElementType type : ElementType.values()) {
                boolean ordered = order == '<' || order == '>' || (order == '|' && type.bytes() == 1);
                if (type.isNumpy()
                        && ordered
                        && name.charAt(1) == type.kind()
                        && name.charAt(2) == '0' + type.bytes()) {
                    return new ElementFormat(type, order == '>');
                }
            }
        }
        throw origin.malformed("has elements of type %s, %s".formatted(Origin.quote(name), EXPECTED_TYPE));
    }

    private boolean bool() throws FormatException {
        skipSpace();
        for (String word : List.of("True", "False")) {
            if (text.startsWith(word, position)) {
                position += word.length();
                return word.equals("True");
            }
        }
        throw unexpected("True or False");
    }

    private Shape shape() throws FormatException {
        List<Long> extents = new ArrayList<>();
        expect('(');
        while (!accept(')')) {
            extents.add(extent());
            if (extents.size() > MOST_AXES) {
                throw origin.malformed("has more than %d axes".formatted(MOST_AXES));
            }
            boolean comma = accept(',');
            if (!comma && extents.size() == 1) {
                throw unexpected("',', as in '(3,)'");
            }
            if (!comma) {
                expect(')');
                break;
            }
        }
        long[] values = extents.stream().mapToLong(Long::longValue).toArray();
        try {
            return Shape.of(values);
        } catch (ArithmeticException e) {
            throw origin.malformed(
                    "has the shape %s, more elements than a file can hold".formatted(Shape.format(values)));
        }
    }

    private long extent() throws FormatException {
        skipSpace();
        int begin = position;
        while (isDigit(peek())) {
            position++;
        }
        String digits = text.substring(begin, position);
        if (digits.isEmpty() || (digits.length() > 1 && digits.charAt(0) == '0')) {
            position = begin;
            throw unexpected("a non-negative integer");
        }
        // Python 2 wrote long integers so.
        if (peek() == 'L') {
            position++;
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw origin.malformed(
                    "has an extent of %s, more elements than a file can hold".formatted(Origin.quote(digits)));
        }
    }

    private String string() throws FormatException {
        skipSpace();
        char quote = peek();
        if (quote != '\'' && quote != '"') {
            throw unexpected("a string");
        }
        int end = text.indexOf(quote, position + 1);
        int escape = text.indexOf('\\', position + 1);
        if (end < 0 || (escape >= 0 && escape < end)) {
            throw unexpected("a string without escapes, closed by " + quote);
        }
        String value = text.substring(position + 1, end);
        position = end + 1;
        return value;
    }

    private void expect(char c) throws FormatException {
        if (!accept(c)) {
            throw unexpected("'" + c + "'");
        }
    }

    private boolean accept(char c) {
        skipSpace();
        if (peek() != c) {
            return false;
        }
        position++;
        return true;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\n') {
            position++;
        }
    }

    /// The next character, a NUL at the end, which no header holds.
    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private FormatException unexpected(String expected) {
        String rest = text.substring(position, Math.min(text.length(), position + 20));
        return origin.malformed("header has %s at character %d, expected %s"
                .formatted(rest.isEmpty() ? "its end" : Origin.quote(rest), position, expected));
    }
}

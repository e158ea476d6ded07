package dev.stillpoint.io;

import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/// Where an array came from, for messages: a file, and the array's name in it.
///
/// @param file the file as the caller named it, empty for an array made in memory
/// @param array the array's name, empty where the file holds one array without a name
record Origin(String file, String array) {
    private static final int LONGEST_QUOTE = 80;
    private static final int MOST_NAMES = 10;

    /// An array made in memory.
    static final Origin MEMORY = new Origin("", "");

    /// The file itself.
    static Origin of(Path file) {
        return new Origin(oneLine(file.toString()), "");
    }

    /// The array `name` of this file.
    Origin array(String name) {
        return new Origin(file, name);
    }

    /// An exception whose message is `what` behind the names of the file and the array.
    FormatException malformed(String what) {
        return new FormatException(this + ": " + what);
    }

    /// The exception for a name that none of the arrays `names` has.
    FormatException noArray(String name, Set<String> names) {
        String some = names.stream().limit(MOST_NAMES).map(Origin::quote).collect(Collectors.joining(", "));
        String present = names.isEmpty() ? "no arrays at all" : names.size() <= MOST_NAMES ? some : some + ", ...";
        return malformed("has no array %s, it has %s".formatted(quote(name), present));
    }

    /// `name` between quotes, on one line whatever it holds, and cut where it is long.
    static String quote(String name) {
        String shown = name;
        if (name.length() > LONGEST_QUOTE) {
            int end = Character.isHighSurrogate(name.charAt(LONGEST_QUOTE - 1)) ? LONGEST_QUOTE - 1 : LONGEST_QUOTE;
            shown = name.substring(0, end) + "...";
        }
        return "'" + oneLine(shown) + "'";
    }

    /// `file`, or `file: array 'name'`.
    @Override
    public String toString() {
        if (array.isEmpty()) {
            return file.isEmpty() ? "array" : file;
        }
        return (file.isEmpty() ? "" : file + ": ") + "array " + quote(array);
    }

    /// `text` with whatever could break or disguise a line replaced by its code.
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> line.append("\\u%04x".formatted(c));
                default -> line.appendCodePoint(c);
            }
        });
        return line.toString();
    }
}

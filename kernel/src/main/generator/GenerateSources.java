import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Writes a class for each precision, and for vector code for each width, from one template, so that one text is
/// the source of truth for all of them.
///
/// Usage: `java GenerateSources.java TEMPLATES TARGET`. A template `p/Name.java.template` gives `p/NameF32.java`
/// and `p/NameF64.java`; a template `p/Name.java.vector-template` gives `p/NameF32V128.java` and so on for 128,
/// 256 and 512 bits; a template `p/Name.java.double-template` gives `p/NameV128.java` and so on, in FP64 alone.
/// In them
///
/// - `${P}` is `F32` or `F64`, `${real}` is `float` or `double`, `${Real}` is `Float` or `Double`,
///   `${bits}` is `int` or `long`, `${Bits}` is `Integer` or `Long`, `${bytes}` is `4` or `8`, `${cast}` narrows a
///   `double`: `(float) ` or nothing, `${suffix}` is `f` or nothing, and `${Word}` is `Int` or `Long`;
/// - in templates of vector code, `${V}` is the width in bits, `${L}` the number of lanes, `${K}` the number of
///   vectors that hold 16 values (1 for FP32 of 512 bits), `${BitsVector}` is `IntVector` or `LongVector`,
///   `${asBits}` and `${asReal}` are the reinterpreting methods;
/// - a line `$if F32` (or `F64`) begins lines for that precision alone, `$else` and `$end` as one would expect;
/// - a line `$for r 8` begins lines that are repeated with `${r}` from 0 to 7, and `$each m 8 5 4` lines that are
///   repeated with each of these, until `$end`;
/// - all of these nest.
///
/// A file is written only when its text changed, so that the compiler sees no change where there is none.
final class GenerateSources {
    private static final String SCALAR = ".java.template";
    private static final String VECTOR = ".java.vector-template";
    private static final String DOUBLE = ".java.double-template";
    private static final Pattern NAME = Pattern.compile("\\$\\{(\\w+)}");

    private GenerateSources() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("usage: GenerateSources TEMPLATES TARGET");
        }
        Path templates = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);
        List<Path> files;
        try (var walk = Files.walk(templates)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = file.getFileName().toString();
            for (String precision : List.of("F32", "F64")) {
                Map<String, String> names = names(precision);
                if (name.endsWith(SCALAR)) {
                    write(templates, file, target, name.replace(SCALAR, precision), names);
                } else if (name.endsWith(VECTOR)) {
                    writeWidths(templates, file, target, name.replace(VECTOR, precision), names);
                } else if (!name.endsWith(DOUBLE)) {
                    throw new IllegalArgumentException(
                            file + ": none of *" + SCALAR + ", *" + VECTOR + " and *" + DOUBLE);
                } else if (precision.equals("F64")) {
                    writeWidths(templates, file, target, name.replace(DOUBLE, ""), names);
                }
            }
        }
    }

    private static void writeWidths(Path templates, Path file, Path target, String name, Map<String, String> names)
            throws IOException {
        for (int width : new int[] {128, 256, 512}) {
            int lanes = width / 8 / Integer.parseInt(names.get("bytes"));
            names.put("V", String.valueOf(width));
            names.put("L", String.valueOf(lanes));
            names.put("K", String.valueOf(16 / lanes));
            write(templates, file, target, name + "V" + width, names);
        }
    }

    private static void write(Path templates, Path file, Path target, String name, Map<String, String> names)
            throws IOException {
        Path output = target.resolve(templates.relativize(file)).resolveSibling(name + ".java");
        StringBuilder text = new StringBuilder();
        List<String> lines = Files.readAllLines(file);
        int end = expand(file, lines, 0, names, text, true);
        if (end != lines.size()) {
            throw new IllegalArgumentException(file + ":" + (end + 1) + ": $else or $end without a begin");
        }
        if (!Files.exists(output) || !Files.readString(output).contentEquals(text)) {
            Files.createDirectories(output.getParent());
            Files.writeString(output, text);
        }
    }

    private static Map<String, String> names(String precision) {
        boolean single = precision.equals("F32");
        Map<String, String> names = new LinkedHashMap<>();
        names.put("P", precision);
        names.put("real", single ? "float" : "double");
        names.put("Real", single ? "Float" : "Double");
        names.put("bits", single ? "int" : "long");
        names.put("Bits", single ? "Integer" : "Long");
        names.put("bytes", single ? "4" : "8");
        names.put("Word", single ? "Int" : "Long");
        names.put("suffix", single ? "f" : "");
        names.put("BitsVector", single ? "IntVector" : "LongVector");
        names.put("asBits", single ? "reinterpretAsInts" : "reinterpretAsLongs");
        names.put("asReal", single ? "reinterpretAsFloats" : "reinterpretAsDoubles");
        names.put("cast", single ? "(float) " : "");
        return names;
    }

    /// Expands lines from `begin` to the `$else` or `$end` that closes their block, or to the last; returns where
    /// that is.
    private static int expand(
            Path file, List<String> lines, int begin, Map<String, String> names, StringBuilder text, boolean kept) {
        int at = begin;
        while (at < lines.size()) {
            String line = lines.get(at).trim();
            String[] words = line.startsWith("$if") || line.startsWith("$for") || line.startsWith("$each")
                    ? replaced(file, at + 1, line, names).split(" +")
                    : new String[] {line};
            switch (words[0]) {
                case "$else", "$end" -> {
                    return at;
                }
                case "$if" -> {
                    boolean chosen = words[1].equals(names.get("P"));
                    at = expand(file, lines, at + 1, names, text, kept && chosen);
                    if (at < lines.size() && lines.get(at).trim().equals("$else")) {
                        at = expand(file, lines, at + 1, names, text, kept && !chosen);
                    }
                    at = closed(file, lines, at);
                }
                case "$for", "$each" -> {
                    int end = at;
                    for (String value : values(words)) {
                        Map<String, String> inner = new LinkedHashMap<>(names);
                        inner.put(words[1], value);
                        end = expand(file, lines, at + 1, inner, text, kept);
                    }
                    at = closed(file, lines, end);
                }
                default -> {
                    if (kept) {
                        text.append(replaced(file, at + 1, lines.get(at), names))
                                .append('\n');
                    }
                    at++;
                }
            }
        }
        return at;
    }

    private static int closed(Path file, List<String> lines, int end) {
        if (end >= lines.size() || !lines.get(end).trim().equals("$end")) {
            throw new IllegalArgumentException(file + ": $if or $for without $end");
        }
        return end + 1;
    }

    private static List<String> values(String[] words) {
        return words[0].equals("$for")
                ? IntStream.range(0, Integer.parseInt(words[2]))
                        .mapToObj(String::valueOf)
                        .toList()
                : Arrays.asList(words).subList(2, words.length);
    }

    private static String replaced(Path file, int number, String line, Map<String, String> names) {
        StringBuilder text = new StringBuilder();
        Matcher matcher = NAME.matcher(line);
        while (matcher.find()) {
            String value = names.get(matcher.group(1));
            if (value == null) {
                throw new IllegalArgumentException(file + ":" + number + ": unknown name " + matcher.group());
            }
            matcher.appendReplacement(text, value);
        }
        return matcher.appendTail(text).toString();
    }
}

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes the single- and double-precision class of every template, so that one text is the source of truth for both.
///
/// Usage: `java GenerateSources.java TEMPLATES TARGET`. A template `p/Name.java.template` gives `p/NameF32.java` and
/// `p/NameF64.java`. In it
///
/// - `${P}` is `F32` or `F64`, `${real}` is `float` or `double`, `${Real}` is `Float` or `Double`,
///   `${bits}` is `int` or `long`, `${Bits}` is `Integer` or `Long`, `${bytes}` is `4` or `8`, and `${cast}` narrows a
///   `double`: `(float) ` or nothing;
/// - a line `$if F32` (or `F64`) begins lines for that precision alone, `$else` and `$end` as one would expect; they
///   nest.
///
/// A file is written only when its text changed, so that the compiler sees no change where there is none.
final class GenerateSources {
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
            files = walk.filter(file -> file.toString().endsWith(".java.template"))
                    .sorted()
                    .toList();
        }
        for (Path file : files) {
            for (Map<String, String> names : List.of(names("F32"), names("F64"))) {
                String precision = names.get("P");
                String name = file.getFileName().toString().replace(".java.template", precision + ".java");
                Path output = target.resolve(templates.relativize(file)).resolveSibling(name);
                String text = expand(file, names);
                if (!Files.exists(output) || !Files.readString(output).equals(text)) {
                    Files.createDirectories(output.getParent());
                    Files.writeString(output, text);
                }
            }
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
        names.put("cast", single ? "(float) " : "");
        return names;
    }

    private static String expand(Path file, Map<String, String> names) throws IOException {
        StringBuilder text = new StringBuilder();
        Deque<Boolean> kept = new ArrayDeque<>();
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String trimmed = line.trim();
            if (trimmed.startsWith("$if ")) {
                kept.push(trimmed.substring(4).trim().equals(names.get("P")));
            } else if (trimmed.equals("$else")) {
                kept.push(!kept.pop());
            } else if (trimmed.equals("$end")) {
                kept.pop();
            } else if (!kept.contains(false)) {
                Matcher matcher = NAME.matcher(line);
                while (matcher.find()) {
                    String value = names.get(matcher.group(1));
                    if (value == null) {
                        throw new IllegalArgumentException(file + ":" + number + ": unknown name " + matcher.group());
                    }
                    matcher.appendReplacement(text, value);
                }
                matcher.appendTail(text);
                text.append('\n');
            }
        }
        if (!kept.isEmpty()) {
            throw new IllegalArgumentException(file + ": $if without $end");
        }
        return text.toString();
    }
}

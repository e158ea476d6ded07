package dev.stillpoint.validation.problem;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The `key=value` fields of a problem's text. Whoever reads them asks for every key that it knows, present or
/// not, and then calls [#finish()], which refuses what nobody asked for.
final class Fields {
    private final Map<String, String> values;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(Map<String, String> values) {
        this.values = values;
    }

    /// Splits `key=value,key=value`; an empty text has no fields.
    static Fields split(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        if (text.isEmpty()) {
            return new Fields(values);
        }
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals <= 0) {
                throw new IllegalArgumentException("'" + field + "' is no field, expected key=value");
            }
            String key = field.substring(0, equals);
            String value = field.substring(equals + 1);
            if (value.isEmpty()) {
                throw new IllegalArgumentException(key + " has no value, expected " + key + "=value");
            }
            if (values.put(key, value) != null) {
                throw new IllegalArgumentException(key + " is given twice, expected it once");
            }
        }
        return new Fields(values);
    }

    /// The value of `key`, or `fallback` where there is none.
    String text(String key, String fallback) {
        String value = ask(key);
        return value == null ? fallback : value;
    }

    /// The whole number of `key`, which must be there.
    int requiredWhole(String key) {
        String value = ask(key);
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing, expected " + key + "=NUMBER");
        }
        return Numbers.whole(key, value);
    }

    /// The whole number of `key`, or `fallback`.
    int whole(String key, int fallback) {
        String value = ask(key);
        return value == null ? fallback : Numbers.whole(key, value);
    }

    /// The whole number of 64 bits of `key`, or `fallback`.
    long longWhole(String key, long fallback) {
        String value = ask(key);
        return value == null ? fallback : Numbers.longWhole(key, value);
    }

    /// The number of `key`, or `fallback`.
    double number(String key, double fallback) {
        String value = ask(key);
        return value == null ? fallback : Numbers.number(key, value);
    }

    /// Refuses fields that nobody asked for.
    void finish() {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(
                        "unknown key '" + key + "', expected one of " + String.join(", ", known));
            }
        }
    }

    private @Nullable String ask(String key) {
        known.add(key);
        return values.get(key);
    }
}

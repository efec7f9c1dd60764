package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.internal.Shown;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one JSON object from a file that is not trusted. What is wrong becomes a problem with the JSON path,
 * the value and what was expected; keys that nobody asked for are reported by {@link #unknown()}. Not thread-safe.
 */
final class JsonFields {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    private final JsonNode node;
    private final String path;
    private final Problems problems;
    private final Set<String> asked = new LinkedHashSet<>();

    JsonFields(JsonNode node, String path, Problems problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (!node.isObject()) {
            problems.add(path + ": " + shown(node) + " (expected: an object)");
        }
    }

    String path(String key) {
        return path + (PLAIN_KEY.matcher(key).matches() ? "." + key : "['" + Shown.text(key) + "']");
    }

    void problem(String key, String found, String expected) {
        problems.add(path(key) + ": " + found + " (expected: " + expected + ")");
    }

    private @Nullable JsonNode take(String key) {
        asked.add(key);
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    private void missing(String key, String expected) {
        problem(key, node.has(key) ? "null" : "missing", expected);
    }

    private void wrong(String key, JsonNode value, String expected) {
        problem(key, shown(value), expected);
    }

    static String shown(JsonNode value) {
        return value.isObject()
                ? "an object"
                : value.isArray()
                        ? "an array"
                        : value.isTextual() ? "'" + Shown.text(value.textValue()) + "'" : Shown.text(value.asText());
    }

    @Nullable
    String text(String key, String expected) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            wrong(key, value, expected);
            return null;
        }
        return value.textValue();
    }

    /** A text that has to be there; "?" if it is not, with a problem. */
    String needText(String key, String expected) {
        JsonNode value = take(key);
        if (value == null) {
            missing(key, expected);
            return "?";
        }
        String text = text(key, expected);
        return text == null ? "?" : text;
    }

    @Nullable
    String sha256(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        if (!value.isTextual() || !SHA_256.matcher(value.textValue()).matches()) {
            wrong(key, value, "64 hexadecimal digits in lower case");
            return null;
        }
        return value.textValue();
    }

    String needSha256(String key) {
        if (take(key) == null) {
            missing(key, "64 hexadecimal digits in lower case");
            return "?";
        }
        String hash = sha256(key);
        return hash == null ? "?" : hash;
    }

    @Nullable
    String filePath(String key) {
        String value = text(key, PackagePaths.expected());
        String objection = value == null ? null : PackagePaths.objection(value);
        if (value != null && objection != null) {
            problem(key, "'" + Shown.text(value) + "' " + objection, PackagePaths.expected());
            return null;
        }
        return value;
    }

    @Nullable
    String needFilePath(String key) {
        if (take(key) == null) {
            missing(key, PackagePaths.expected());
            return null;
        }
        return filePath(key);
    }

    boolean flag(String key) {
        JsonNode value = take(key);
        if (value != null && !value.isBoolean()) {
            wrong(key, value, "true or false");
            return false;
        }
        return value != null && value.booleanValue();
    }

    @Nullable
    Double number(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            wrong(key, value, "a finite number");
            return null;
        }
        return value.doubleValue();
    }

    @Nullable
    Long integer(String key, long least) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < least) {
            wrong(key, value, least == Long.MIN_VALUE ? "a whole number of 64 bits" : "a whole number >= " + least);
            return null;
        }
        return value.longValue();
    }

    long needInteger(String key, long least) {
        if (take(key) == null) {
            missing(key, "a whole number >= " + least);
            return least;
        }
        Long value = integer(key, least);
        return value == null ? least : value;
    }

    @Nullable
    JsonFields object(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        if (!value.isObject()) {
            wrong(key, value, "an object");
            return null;
        }
        return new JsonFields(value, path(key), problems);
    }

    @Nullable
    JsonFields needObject(String key) {
        if (take(key) == null) {
            missing(key, "an object");
            return null;
        }
        return object(key);
    }

    /** The elements of an array of objects. */
    List<JsonFields> objects(String key, int limit) {
        List<JsonFields> found = new ArrayList<>();
        JsonNode array = array(key, limit);
        for (int i = 0; i < array.size(); i++) {
            JsonNode element = array.get(i);
            if (element.isObject()) {
                found.add(new JsonFields(element, path(key) + "[" + i + "]", problems));
            } else {
                problem(key + "[" + i + "]", shown(element), "an object");
            }
        }
        return found;
    }

    /** The elements of an array of texts. */
    List<String> texts(String key, int limit) {
        List<String> found = new ArrayList<>();
        JsonNode array = array(key, limit);
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i).isTextual()) {
                found.add(array.get(i).textValue());
            } else {
                problems.add(path(key) + "[" + i + "]: " + shown(array.get(i)) + " (expected: a text)");
            }
        }
        return found;
    }

    /** The elements of an array of whole numbers. */
    long[] integers(String key, int limit) {
        JsonNode array = array(key, limit);
        long[] found = new long[array.size()];
        for (int i = 0; i < found.length; i++) {
            JsonNode element = array.get(i);
            if (element.isIntegralNumber() && element.canConvertToLong()) {
                found[i] = element.longValue();
            } else {
                problems.add(path(key) + "[" + i + "]: " + shown(element) + " (expected: a whole number)");
            }
        }
        return found;
    }

    JsonNode array(String key, int limit) {
        JsonNode value = take(key);
        if (value == null) {
            return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        }
        if (!value.isArray() || value.size() > limit) {
            problem(
                    key,
                    value.isArray() ? value.size() + " elements" : shown(value),
                    "an array of at most " + limit + " elements");
            return com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
        }
        return value;
    }

    boolean has(String key) {
        return take(key) != null;
    }

    @Nullable
    JsonNode raw(String key) {
        return take(key);
    }

    /** The fields of this object, whatever their names, each taken for known. */
    Map<String, JsonNode> all() {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            asked.add(field.getKey());
            fields.put(field.getKey(), field.getValue());
        }
        return fields;
    }

    /** The paths of the keys that nobody has asked for. */
    List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!asked.contains(name)) {
                unknown.add(path(name));
            }
        }
        return unknown;
    }
}

package io.github.plimsoll.validation.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.validation.data.ContractJson.Words;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, each asked for once by a reader that knows what it wants; what nobody asked for is refused
 * in the end. Every problem says where it is.
 */
final class Fields {

    private final String path;
    private final JsonNode node;
    private final Set<String> known = new HashSet<>();

    Fields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw problem(path, shown(node), "an object");
        }
    }

    private @Nullable JsonNode take(String key) {
        known.add(key);
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    private JsonNode require(String key, String expected) {
        JsonNode value = take(key);
        if (value == null) {
            throw problem(key, "(absent)", expected);
        }
        return value;
    }

    String text(String key) {
        return asText(key, require(key, "a text"));
    }

    private String asText(String key, JsonNode value) {
        if (!value.isTextual()) {
            throw problem(key, shown(value), "a text");
        }
        return value.textValue();
    }

    void text(String key, Consumer<String> set) {
        JsonNode value = take(key);
        if (value != null) {
            String text = asText(key, value);
            checked(key, () -> set.accept(text));
        }
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(key)) {
            texts.add(asText(key + "[" + texts.size() + "]", element));
        }
        return texts;
    }

    List<List<String>> textLists(String key) {
        List<List<String>> lists = new ArrayList<>();
        for (JsonNode list : array(key)) {
            List<String> texts = new ArrayList<>();
            String at = key + "[" + lists.size() + "]";
            if (!list.isArray() || list.isEmpty()) {
                throw problem(at, shown(list), "a list of columns");
            }
            for (JsonNode element : list) {
                texts.add(asText(at, element));
            }
            lists.add(List.copyOf(texts));
        }
        return List.copyOf(lists);
    }

    private Iterable<JsonNode> array(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw problem(key, shown(value), "a list");
        }
        return value;
    }

    int integer(String key, int absent) {
        long value = whole(key, absent);
        if (value != (int) value) {
            throw problem(key, value, "a whole number of 32 bits");
        }
        return (int) value;
    }

    long whole(String key, long absent) {
        JsonNode value = take(key);
        return value == null ? absent : asWhole(key, value);
    }

    private long asWhole(String key, JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw problem(key, shown(value), "a whole number");
        }
        return value.longValue();
    }

    long[] wholes(String key) {
        List<Long> numbers = new ArrayList<>();
        for (JsonNode element : array(key)) {
            numbers.add(asWhole(key + "[" + numbers.size() + "]", element));
        }
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    void number(String key, DoubleConsumer set) {
        JsonNode value = take(key);
        if (value != null) {
            if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
                throw problem(key, shown(value), "a finite number");
            }
            checked(key, () -> set.accept(value.doubleValue()));
        }
    }

    void flag(String key, Runnable set) {
        JsonNode value = take(key);
        if (value != null) {
            if (!value.isBoolean()) {
                throw problem(key, shown(value), "true or false");
            }
            if (value.booleanValue()) {
                checked(key, set);
            }
        }
    }

    @Nullable
    Instant instant(String key) {
        JsonNode value = take(key);
        if (value == null) {
            return null;
        }
        try {
            return Instant.parse(asText(key, value));
        } catch (DateTimeException e) {
            throw problem(key, shown(value), "a time such as 2026-03-01T12:00:00Z");
        }
    }

    void value(String key, Consumer<JsonNode> set) {
        JsonNode value = take(key);
        if (value != null) {
            checked(key, () -> set.accept(value));
        }
    }

    <E extends Enum<E>> E word(String key, Class<E> type) {
        return asWord(key, require(key, "one of " + Words.all(type)), type);
    }

    private <E extends Enum<E>> E asWord(String key, JsonNode value, Class<E> type) {
        E constant = value.isTextual() ? Words.constant(type, value.textValue()) : null;
        if (constant == null) {
            throw problem(key, shown(value), "one of " + Words.all(type));
        }
        return constant;
    }

    <E extends Enum<E>> void word(String key, Class<E> type, Consumer<E> set) {
        JsonNode value = take(key);
        if (value != null) {
            E constant = asWord(key, value, type);
            checked(key, () -> set.accept(constant));
        }
    }

    <E extends Enum<E>> List<E> words(String key, Class<E> type) {
        List<E> words = new ArrayList<>();
        for (JsonNode element : array(key)) {
            words.add(asWord(key + "[" + words.size() + "]", element, type));
        }
        return words;
    }

    void object(String key, Consumer<Fields> read) {
        JsonNode value = take(key);
        if (value != null) {
            read.accept(new Fields(at(key), value));
        }
    }

    void objects(String key, Consumer<Fields> read) {
        int index = 0;
        for (JsonNode element : array(key)) {
            read.accept(new Fields(at(key + "[" + index++ + "]"), element));
        }
    }

    /** Refuses what nobody asked for: a misspelt rule must not be a rule less. */
    void end() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw problem(key, "unknown", "one of " + new TreeSet<>(known));
            }
        });
    }

    /** What a check of the contract itself says is a problem at this place. */
    <T> T checked(Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
            throw new ContractException(path + ": " + e.getMessage(), e);
        }
    }

    private void checked(String key, Runnable set) {
        try {
            set.run();
        } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
            throw new ContractException(at(key) + ": " + e.getMessage(), e);
        }
    }

    ContractException problem(String key, Object found, String expected) {
        return new ContractException(
                (key.equals(path) ? path : at(key)) + ": " + found + " (expected: " + expected + ")", null);
    }

    private String at(String key) {
        return path + "." + key;
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}

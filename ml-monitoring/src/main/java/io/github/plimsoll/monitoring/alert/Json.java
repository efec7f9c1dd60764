package io.github.plimsoll.monitoring.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;

/** The written forms of this package: JSON with a version, read with every field checked. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array(Collection<String> texts) {
        ArrayNode array = MAPPER.createArrayNode();
        texts.forEach(array::add);
        return array;
    }

    static String write(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** JSON does not have infinities and NaN. */
    static void putNumber(ObjectNode node, String field, double value) {
        if (Double.isFinite(value)) {
            node.put(field, value);
        } else {
            node.put(field, Double.toString(value));
        }
    }

    static boolean isJson(String text) {
        try {
            MAPPER.readTree(text);
            return !text.isBlank();
        } catch (JsonProcessingException damage) {
            return false;
        }
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    /** An object of a version that we know. */
    static JsonNode read(String json, String what) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node.isObject() && node.path("v").asInt() == 1) {
                return node;
            }
            throw new IllegalArgumentException(
                    what + ": version " + node.path("v") + " (expected: a JSON object of version 1)");
        } catch (JsonProcessingException damage) {
            throw new IllegalArgumentException(what + ": " + damage.getOriginalMessage(), damage);
        }
    }

    static String text(JsonNode node, String field) {
        return expected(node.path(field), field, node.path(field).isTextual(), "a text")
                .asText();
    }

    static long whole(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return expected(value, field, value.canConvertToExactIntegral() && value.canConvertToLong(), "a whole number")
                .asLong();
    }

    static int count(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return expected(
                        value,
                        field,
                        value.canConvertToExactIntegral() && value.canConvertToInt() && value.asInt() >= 0,
                        "a whole number >= 0")
                .asInt();
    }

    static double number(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (value.isNumber()) {
            return value.asDouble();
        }
        return switch (value.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw unexpected(value, field, "a number");
        };
    }

    static Instant instant(JsonNode node, String field) {
        String text = text(node, field);
        try {
            return Instant.parse(text);
        } catch (DateTimeException damage) {
            throw new IllegalArgumentException(
                    field + ": " + text + " (expected: a time such as 2026-03-01T12:00:00Z)");
        }
    }

    static <E extends Enum<E>> E constant(JsonNode node, String field, Class<E> type) {
        String text = text(node, field);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                field + ": " + text + " (expected: one of " + List.of(type.getEnumConstants()) + ")");
    }

    static List<String> texts(JsonNode node, String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : array(node, field)) {
            texts.add(expected(each, field, each.isTextual(), "texts").asText());
        }
        return texts;
    }

    static JsonNode array(JsonNode node, String field) {
        return expected(node.path(field), field, node.path(field).isArray(), "an array");
    }

    static JsonNode object(JsonNode node, String field) {
        return expected(node.path(field), field, node.path(field).isObject(), "an object");
    }

    static boolean flag(JsonNode node, String field) {
        return expected(node.path(field), field, node.path(field).isBoolean(), "true or false")
                .asBoolean();
    }

    private static JsonNode expected(JsonNode value, String field, boolean holds, String what) {
        if (!holds) {
            throw unexpected(value, field, what);
        }
        return value;
    }

    private static IllegalArgumentException unexpected(JsonNode value, String field, String what) {
        return new IllegalArgumentException(
                field + ": " + (value.isMissingNode() ? "missing" : value) + " (expected: " + what + ")");
    }

    // ---- identity -----------------------------------------------------------------------------------------------

    /** The same 32 hexadecimal digits for the same texts, in every process. */
    static String digest(String... texts) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(write(array(List.of(texts))).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (NoSuchAlgorithmException impossible) { // every JDK has it
            throw new IllegalStateException(impossible);
        }
    }
}

package io.github.plimsoll.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What violations call the things they speak of. */
final class Wording {

    private static final int DIGITS_SHOWN = 1024; // bits; more take long to write down and say nothing

    private Wording() {}

    /** What a feature's values have to be. */
    static String expected(Feature feature) {
        return switch (feature.type()) {
            case NUMBER -> "a number";
            case INTEGER -> "a whole number";
            case BOOLEAN -> "true or false";
            case CATEGORY -> "a category's name";
            case TEXT -> "text";
            case TIMESTAMP -> "a point in time: ISO-8601 text with an offset, such as 2026-01-31T12:00:00Z";
            case TENSOR -> "an array of numbers of shape " + shape(feature.shape());
        };
    }

    /** A shape as people write it, such as {@code 3 x 224 x 224}; a first size of -1 is {@code n}. */
    static String shape(long[] shape) {
        return Arrays.stream(shape)
                .mapToObj(size -> size < 0 ? "n" : Long.toString(size))
                .collect(Collectors.joining(" x "));
    }

    /**
     * What was seen, in few words: never a whole payload, never a {@code toString} that is not the JDK's own, text in
     * quotation marks so that {@code '42'} is not mistaken for a number.
     */
    static String observed(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof CharSequence text) {
            return quoted(text);
        }
        if (value instanceof BigInteger integer) {
            int bits = integer.bitLength();
            return bits <= DIGITS_SHOWN ? integer.toString() : "an integer of " + bits + " bits";
        }
        if (value instanceof BigDecimal decimal) {
            int bits = decimal.unscaledValue().bitLength();
            return bits <= DIGITS_SHOWN ? decimal.toString() : "a decimal number of " + bits + " bits";
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof JsonNode node) {
            return observedJson(node);
        }
        if (value.getClass().isArray()) {
            return value.getClass().getComponentType().getSimpleName() + "[" + Array.getLength(value) + "]";
        }
        boolean plain = value instanceof Number || value instanceof Boolean || value instanceof TemporalAccessor;
        return plain && value.getClass().getName().startsWith("java.")
                ? value.toString()
                : "a " + value.getClass().getName();
    }

    private static String observedJson(JsonNode node) {
        return switch (node.getNodeType()) {
            case NUMBER -> observed(node.numberValue());
            case STRING -> quoted(node.textValue());
            case BOOLEAN -> node.asText();
            case ARRAY -> "an array of " + node.size();
            case OBJECT -> "an object of " + node.size();
            case NULL, MISSING -> "null";
            case BINARY, POJO -> "a " + node.getClass().getSimpleName();
        };
    }

    private static String quoted(CharSequence text) {
        int most = Violation.OBSERVED_LIMIT - 2;
        return text.length() <= most ? "'" + text + "'" : "'" + text.subSequence(0, most - 3) + "...'";
    }
}

package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.PlimsollException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * One comparison: an answer of the product against what is expected. An expected {@code {"error": ...}} is met by the product's
 * refusal, whatever its words, or by NaN.
 */
record Check(String name, Callable<?> answer, JsonNode expected, Tolerance tolerance) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ROUNDED = Pattern.compile("(.*)_rounded_(\\d+)");
    private static final Pattern IN_FULL = Pattern.compile("(.*?)(_scipy)?_full");
    private static final String PUBLISHED = "_anchor";

    /** Compares. Nothing is thrown but {@link AssertionError}. */
    void run() {
        JsonNode actual;
        try {
            actual = JSON.valueToTree(answer.call());
        } catch (PlimsollException | IllegalArgumentException refused) {
            if (isRefusal()) {
                return;
            }
            throw new AssertionError("refused: " + refused.getMessage(), refused);
        } catch (Exception broken) {
            throw new AssertionError("broke: " + broken, broken);
        }
        List<String> differences = new ArrayList<>();
        if (isRefusal()) {
            if (!isNaN(actual)) {
                differences.add("expected a refusal, got " + actual);
            }
        } else {
            compare("", expected, actual, differences);
        }
        if (!differences.isEmpty()) {
            throw new AssertionError(String.join("; ", differences));
        }
    }

    /** A text says what is refused; a list under this name is an answer like any other. */
    private boolean isRefusal() {
        return expected.path("error").isTextual();
    }

    private static boolean isNaN(JsonNode actual) {
        return actual.isObject()
                ? StreamSupport.stream(actual.spliterator(), false).anyMatch(Check::isNaN)
                : actual.isNumber() && Double.isNaN(actual.asDouble());
    }

    private void compare(String path, JsonNode wanted, JsonNode actual, List<String> differences) {
        if (wanted.isObject()) {
            JsonNode object =
                    actual.isObject() ? actual : JSON.createObjectNode().set("value", actual);
            for (Map.Entry<String, JsonNode> field : wanted.properties()) {
                compareField(path, field.getKey(), wanted, object, differences);
            }
        } else if (wanted.isArray()) {
            if (!actual.isArray() || actual.size() != wanted.size()) {
                differences.add(where(path) + "expected " + wanted + ", got " + actual);
                return;
            }
            for (int i = 0; i < wanted.size(); i++) {
                compare(path + "[" + i + "]", wanted.get(i), actual.get(i), differences);
            }
        } else if (Numbers.isNumber(wanted)) {
            if (!Numbers.isNumber(actual)
                    || !tolerance.allows(lastKey(path), Numbers.read(wanted), Numbers.read(actual))) {
                differences.add(where(path) + "expected " + wanted + ", got " + actual);
            }
        } else if (!wanted.equals(actual)) {
            differences.add(where(path) + "expected " + wanted + ", got " + actual);
        }
    }

    /** Some files give one quantity twice: as its source prints it, and in full. */
    private void compareField(String path, String key, JsonNode wanted, JsonNode actual, List<String> differences) {
        String inner = path.isEmpty() ? key : path + "." + key;
        Matcher rounded = ROUNDED.matcher(key);
        Matcher inFull = IN_FULL.matcher(key);
        if (actual.has(key)) {
            compare(inner, wanted.get(key), actual.get(key), differences);
        } else if (rounded.matches() && actual.has(rounded.group(1))) {
            double value = Numbers.read(actual.get(rounded.group(1)));
            double round = new BigDecimal(value)
                    .setScale(Integer.parseInt(rounded.group(2)), RoundingMode.HALF_EVEN)
                    .doubleValue();
            compare(inner, wanted.get(key), JSON.getNodeFactory().numberNode(round), differences);
        } else if (inFull.matches() && actual.has(inFull.group(1))) {
            compare(inner, wanted.get(key), actual.get(inFull.group(1)), differences);
        } else if (!(key.endsWith(PUBLISHED) && wanted.has(key.replace(PUBLISHED, "")))) {
            differences.add(where(inner) + "expected " + wanted.get(key) + ", got no answer");
        }
    }

    private static String lastKey(String path) {
        return path.substring(path.lastIndexOf('.') + 1).replaceAll("\\[\\d+\\]", "");
    }

    private static String where(String path) {
        return path.isEmpty() ? "" : path + ": ";
    }
}

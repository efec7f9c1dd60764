package io.github.plimsoll.validation.profile;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads the form in JSON. */
final class JsonReader implements FieldReader {

    private static final int LONGEST_SHOWN = 80;

    private final String path;
    private final JsonNode object;

    JsonReader(String path, JsonNode object) {
        this.path = path;
        this.object = object;
        if (!object.isObject()) {
            throw problem("", shown(object), "an object");
        }
    }

    @Override
    public ProfileException problem(String key, Object found, String expected) {
        return new ProfileException(
                path + (key.isEmpty() ? "" : "." + key) + ": " + found + " (expected: " + expected + ")", null);
    }

    private static String shown(JsonNode node) {
        String text = node.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN - 3) + "...";
    }

    private JsonNode take(String key) {
        JsonNode node = object.get(key);
        if (node == null) {
            throw problem(key, "(absent)", "a field");
        }
        return node;
    }

    private JsonNode array(String key) {
        JsonNode node = take(key);
        if (!node.isArray()) {
            throw problem(key, shown(node), "a list");
        }
        return node;
    }

    @Override
    public long whole(String key) {
        return whole(key, take(key));
    }

    private long whole(String key, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw problem(key, shown(node), "a whole number of 64 bits");
        }
        return node.longValue();
    }

    @Override
    public boolean flag(String key) {
        JsonNode node = take(key);
        if (!node.isBoolean()) {
            throw problem(key, shown(node), "true or false");
        }
        return node.booleanValue();
    }

    private double real(String key, JsonNode node) {
        if (node.isTextual()) {
            switch (node.textValue()) {
                case "NaN" -> {
                    return Double.NaN;
                }
                case "Infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-Infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> throw problem(key, shown(node), "a number");
            }
        }
        if (!node.isNumber()) {
            throw problem(key, shown(node), "a number");
        }
        return node.doubleValue();
    }

    @Override
    public String text(String key) {
        return text(key, take(key));
    }

    private String text(String key, JsonNode node) {
        if (!node.isTextual()) {
            throw problem(key, shown(node), "a text");
        }
        return node.textValue();
    }

    @Override
    public long[] wholes(String key) {
        JsonNode array = array(key);
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = whole(key + "[" + i + "]", array.get(i));
        }
        return values;
    }

    @Override
    public long[] ascending(String key) {
        long[] values = wholes(key);
        for (int i = 1; i < values.length; i++) {
            if (values[i] <= values[i - 1]) {
                throw problem(key + "[" + i + "]", values[i] + " after " + values[i - 1], "ascending numbers");
            }
        }
        return values;
    }

    @Override
    public double[] reals(String key) {
        JsonNode array = array(key);
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = real(key + "[" + i + "]", array.get(i));
        }
        return values;
    }

    @Override
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (JsonNode node : array(key)) {
            texts.add(text(key + "[" + texts.size() + "]", node));
        }
        return texts;
    }

    @Override
    public byte[] bytes(String key) {
        JsonNode node = take(key);
        try {
            byte[] value = node.binaryValue();
            if (value != null) {
                return value;
            }
        } catch (IOException e) { // no Base64
            throw problem(key, shown(node), "bytes in Base64");
        }
        throw problem(key, shown(node), "bytes in Base64");
    }

    @Override
    public <T> List<T> objects(String key, Function<FieldReader, T> read) {
        List<T> objects = new ArrayList<>();
        for (JsonNode node : array(key)) {
            objects.add(read.apply(new JsonReader(path + "." + key + "[" + objects.size() + "]", node)));
        }
        return objects;
    }
}

package io.github.plimsoll.validation.profile;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.BiConsumer;

/** The form in JSON: a field each. */
final class JsonWriter implements FieldWriter {

    private final ObjectNode object;

    JsonWriter(ObjectNode object) {
        this.object = object;
    }

    @Override
    public void whole(String key, long value) {
        object.put(key, value);
    }

    @Override
    public void flag(String key, boolean value) {
        object.put(key, value);
    }

    @Override
    public void text(String key, String value) {
        object.put(key, value);
    }

    @Override
    public void wholes(String key, long[] values) {
        ArrayNode array = object.putArray(key);
        for (long value : values) {
            array.add(value);
        }
    }

    @Override
    public void ascending(String key, long[] values) {
        wholes(key, values);
    }

    @Override
    public void reals(String key, double[] values) {
        ArrayNode array = object.putArray(key);
        for (double value : values) {
            if (Double.isFinite(value)) {
                array.add(value);
            } else {
                array.add(Double.toString(value)); // JSON has no such number
            }
        }
    }

    @Override
    public void texts(String key, List<String> values) {
        ArrayNode array = object.putArray(key);
        values.forEach(array::add);
    }

    @Override
    public void bytes(String key, byte[] value) {
        object.put(key, value);
    }

    @Override
    public <T> void objects(String key, List<T> objects, BiConsumer<? super T, FieldWriter> write) {
        ArrayNode array = object.putArray(key);
        for (T each : objects) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            write.accept(each, new JsonWriter(node));
            array.add(node);
        }
    }
}

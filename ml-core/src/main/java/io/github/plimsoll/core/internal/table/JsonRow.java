package io.github.plimsoll.core.internal.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.table.TableRow;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A line of a JSON lines file. */
public final class JsonRow implements TableRow {

    private final ObjectNode object;
    private final byte[] bytes;
    private final int from;
    private final int to;
    private final long offset;
    private final long line;

    JsonRow(ObjectNode object, byte[] bytes, int from, int to, long offset, long line) {
        this.object = object;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        this.offset = offset;
        this.line = line;
    }

    /** The line's object; not to be changed. */
    public ObjectNode object() {
        return object;
    }

    @Override
    public List<String> columns() {
        List<String> names = new ArrayList<>(object.size());
        object.fieldNames().forEachRemaining(names::add);
        return List.copyOf(names);
    }

    @Override
    public long line() {
        return line;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public boolean isNull(String column) {
        JsonNode value = object.get(column);
        return value == null || value.isNull();
    }

    @Override
    public @Nullable String text(String column) {
        JsonNode value = object.get(column);
        if (value == null || value.isNull()) {
            return null;
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }

    @Override
    public @Nullable Object value(String column) {
        return isNull(column) ? null : object.get(column);
    }

    @Override
    public double number(String column) {
        JsonNode value = object.get(column);
        if (value == null || value.isNull()) {
            return Double.NaN;
        }
        if (!value.isNumber()) {
            throw Cells.noNumber(this, column);
        }
        return value.doubleValue();
    }

    @Override
    public String raw() {
        int end = to > from && bytes[to - 1] == '\r' ? to - 1 : to;
        return new String(bytes, from, end - from, StandardCharsets.UTF_8);
    }

    /** Where the row stands: a row may hold personal data. */
    @Override
    public String toString() {
        return "line " + line;
    }
}

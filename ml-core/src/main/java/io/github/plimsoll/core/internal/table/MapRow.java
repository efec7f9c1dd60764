package io.github.plimsoll.core.internal.table;

import io.github.plimsoll.core.table.TableRow;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of the host's own.
 *
 * @param values the row
 * @param offset how many rows stand before it
 */
public record MapRow(Map<String, ?> values, long offset) implements TableRow {

    @Override
    public List<String> columns() {
        return List.copyOf(values.keySet());
    }

    @Override
    public long line() {
        return offset + 1;
    }

    @Override
    public boolean isNull(String column) {
        return values.get(column) == null;
    }

    @Override
    public @Nullable String text(String column) {
        Object value = values.get(column);
        return value == null ? null : value.toString();
    }

    @Override
    public @Nullable Object value(String column) {
        return values.get(column);
    }

    @Override
    public double number(String column) {
        Object value = values.get(column);
        if (value == null) {
            return Double.NaN;
        }
        if (!(value instanceof Number number)) {
            throw Cells.noNumber(this, column);
        }
        return number.doubleValue();
    }

    @Override
    public String raw() {
        return values.toString();
    }

    /** Where the row stands: a row may hold personal data. */
    @Override
    public String toString() {
        return "row " + line();
    }
}

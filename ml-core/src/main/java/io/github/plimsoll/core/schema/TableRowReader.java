package io.github.plimsoll.core.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.internal.table.CsvRow;
import io.github.plimsoll.core.internal.table.Decimals;
import io.github.plimsoll.core.internal.table.JsonRow;
import io.github.plimsoll.core.internal.table.MapRow;
import io.github.plimsoll.core.table.TableRow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the cells of table rows whose columns have the features' names. */
final class TableRowReader implements InputReader<TableRow> {

    private static final JsonReader JSON = new JsonReader(true);
    private static final MapReader MAPS = new MapReader(true);
    private static final JsonMapper ARRAYS = JsonMapper.builder().build();
    private static final int LONGEST_NUMBER =
            1_000; // of an integer with a point or an exponent: BigDecimal takes its time

    private final FeatureType[] types;
    private final byte[][][] categories; // of each feature, or none
    // The file's columns are the same list in all its rows, so their places are looked up once a file. Rows of two
    // files
    // at once find each other's places and look theirs up again: slower, never wrong, as the pair is replaced whole.
    private volatile Places places = new Places(List.of(), new int[0]);

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Places(List<String> columns, int[] ofFeature) {}

    TableRowReader(SchemaLayout layout) {
        types = layout.features().stream().map(Feature::type).toArray(FeatureType[]::new);
        categories = layout.features().stream()
                .map(feature -> feature.categories().stream()
                        .map(name -> name.getBytes(StandardCharsets.UTF_8))
                        .toArray(byte[][]::new))
                .toArray(byte[][][]::new);
    }

    @Override
    public FeatureRow read(SchemaLayout layout, TableRow input) {
        if (input instanceof JsonRow json) {
            return JSON.read(layout, json.object());
        }
        if (input instanceof MapRow map) {
            return MAPS.read(layout, map.values());
        }
        CsvRow row = (CsvRow) input;
        int[] columns = places(layout, row.columns());
        RowWriter writer = new RowWriter(layout);
        for (int i = 0; i < columns.length; i++) {
            if (columns[i] < 0) {
                writer.missing(i);
            } else {
                cell(writer, i, row, columns[i]);
            }
        }
        return writer.finish();
    }

    private int[] places(SchemaLayout layout, List<String> columns) {
        Places found = places;
        if (found.columns != columns) {
            Map<String, Integer> byName = new HashMap<>();
            columns.forEach(name -> byName.put(name, byName.size()));
            int[] ofFeature = new int[layout.size()];
            for (int i = 0; i < ofFeature.length; i++) {
                ofFeature[i] = byName.getOrDefault(layout.feature(i).name(), -1);
            }
            found = new Places(columns, ofFeature);
            places = found;
        }
        return found.ofFeature;
    }

    private void cell(RowWriter writer, int index, CsvRow row, int column) {
        FeatureType type = types[index];
        boolean isText = type == FeatureType.CATEGORY || type == FeatureType.TEXT;
        if (row.isNullWord(column) && !(isText && row.isQuoted(column))) {
            writer.nullValue(index);
            return;
        }
        switch (type) {
            case NUMBER -> number(writer, index, row, column);
            case INTEGER -> integer(writer, index, row, column);
            case BOOLEAN -> bool(writer, index, row.text(column));
            case CATEGORY -> category(writer, index, row, column);
            case TEXT -> Values.text(writer, index, row.text(column));
            case TIMESTAMP -> timestamp(writer, index, row, column);
            case TENSOR -> tensor(writer, index, row.text(column));
        }
    }

    private static void number(RowWriter writer, int index, CsvRow row, int column) {
        long bits = row.numberBits(column);
        double value = Double.longBitsToDouble(bits);
        if (bits == Decimals.NO_NUMBER) {
            writer.wrongType(index, row.text(column));
        } else if (Math.abs(value) == Double.POSITIVE_INFINITY
                && row.text(column).indexOf('y') < 0) { // digits, not "Infinity"
            writer.invalid(index, Violation.INEXACT, row.text(column), Values.FINITE_NUMBER);
        } else {
            writer.number(index, value);
        }
    }

    private static void integer(RowWriter writer, int index, CsvRow row, int column) {
        byte[] bytes = row.bytes();
        int to = row.to(column);
        int at = row.from(column);
        boolean negative = at < to && bytes[at] == '-';
        at += negative ? 1 : 0;
        long few = Decimals.digits(bytes, at, to);
        if (few >= 0) {
            writer.integer(index, negative ? -few : few);
            return;
        }
        if (at < to && to - at <= 18) { // 18 digits always fit
            long value = 0;
            while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
                value = value * 10 + (bytes[at++] - '0');
            }
            if (at == to) {
                writer.integer(index, negative ? -value : value);
                return;
            }
        }
        String text = row.text(column);
        long bits = row.numberBits(column);
        if (bits == Decimals.NO_NUMBER || to - row.from(column) > LONGEST_NUMBER) {
            writer.wrongType(index, text);
        } else if (!Double.isFinite(Double.longBitsToDouble(bits))) {
            Values.number(writer, index, Double.longBitsToDouble(bits));
        } else {
            decimal(writer, index, row, column);
        }
    }

    private static void decimal(RowWriter writer, int index, CsvRow row, int column) {
        BigDecimal value;
        try {
            value = new BigDecimal(row.decimalText(column));
        } catch (NumberFormatException e) { // an exponent that is more than an int
            writer.wrongType(index, row.text(column));
            return;
        }
        Values.bigDecimal(writer, index, value);
    }

    private static void timestamp(RowWriter writer, int index, CsvRow row, int column) {
        long millis = row.isEscaped(column)
                ? Timestamps.UNUSUAL
                : Timestamps.millis(row.bytes(), row.from(column), row.to(column));
        if (millis == Timestamps.UNUSUAL) {
            Values.timestamp(writer, index, row.text(column), row.zone());
        } else {
            writer.integer(index, millis);
        }
    }

    private static void bool(RowWriter writer, int index, String text) {
        switch (text.length() <= 5 ? text.toLowerCase(Locale.ROOT) : text) {
            case "true", "1" -> writer.bool(index, true);
            case "false", "0" -> writer.bool(index, false);
            default -> writer.wrongType(index, text);
        }
    }

    private void category(RowWriter writer, int index, CsvRow row, int column) {
        byte[][] names = categories[index];
        byte[] bytes = row.bytes();
        int from = row.from(column);
        int to = row.to(column);
        if (names.length <= 16
                && !row.isEscaped(column)) { // comparing a few is quicker than making a String to look up
            for (int code = 0; code < names.length; code++) {
                if (isSame(names[code], bytes, from, to)) {
                    writer.category(index, code, "");
                    return;
                }
            }
        }
        writer.category(index, row.text(column));
    }

    /** Most names differ in length or in the first letter, so this is over sooner than a call of {@code Arrays.equals}. */
    private static boolean isSame(byte[] name, byte[] bytes, int from, int to) {
        if (name.length != to - from) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (name[i] != bytes[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static void tensor(RowWriter writer, int index, String text) {
        JsonNode array = array(text);
        if (array == null) {
            writer.wrongType(index, text);
        } else {
            new TensorReader(writer, index, array).read();
        }
    }

    private static @Nullable JsonNode array(String text) {
        try {
            JsonNode node = ARRAYS.readTree(text);
            return node != null && node.isArray() ? node : null;
        } catch (JsonProcessingException e) {
            return null; // it is no array of numbers: the violation says so
        }
    }

    @Override
    public TableRowReader over(SchemaLayout layout) {
        return new TableRowReader(layout);
    }
}

package io.github.plimsoll.validation.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Recognises what the columns of a table hold. */
final class ColumnTypes {

    private static final int MOST_COLUMNS = 100_000;
    private static final int BLOCK = 2048;
    private static final double ENOUGH = 0.9;

    /** How many cells of one column look like what. */
    private static final class Column {

        private long whole;
        private long decimal;
        private long truth;
        private long time;
        private long array;
        private long text;
        private final KnownValues texts = new KnownValues(WordTally.MOST_KNOWN, false);

        private void see(TableRow row, String name) {
            Object value = row.value(name);
            if (value == null) {
                return;
            }
            if (value instanceof String cell) {
                text(row, name, cell);
            } else if (value instanceof JsonNode node) {
                json(node);
            } else if (value instanceof Boolean) {
                truth++;
            } else if (value instanceof Integer
                    || value instanceof Long
                    || value instanceof Short
                    || value instanceof Byte
                    || value instanceof java.math.BigInteger) {
                whole++;
            } else if (value instanceof Number) {
                decimal++;
            } else if (value instanceof Instant
                    || value instanceof OffsetDateTime
                    || value instanceof ZonedDateTime
                    || value instanceof Date) {
                time++;
            } else if (value instanceof float[] || value instanceof double[] || value instanceof List<?>) {
                array++;
            } else {
                word(value.toString());
            }
        }

        private void json(JsonNode node) {
            if (node.isBoolean()) {
                truth++;
            } else if (node.isIntegralNumber()) {
                whole++;
            } else if (node.isNumber()) {
                decimal++;
            } else if (node.isArray()) {
                array++;
            } else if (isTime(node.asText())) {
                time++;
            } else {
                word(node.asText());
            }
        }

        private void text(TableRow row, String name, String text) {
            String trimmed = text.trim();
            if (trimmed.equalsIgnoreCase("true") || trimmed.equalsIgnoreCase("false")) {
                truth++;
            } else if (isWhole(trimmed)) {
                whole++;
            } else if (isNumber(row, name, trimmed)) {
                decimal++;
            } else if (isTime(trimmed)) {
                time++;
            } else {
                word(text);
            }
        }

        private void word(String text) {
            this.text++;
            long id = WordTally.id(text);
            if (!texts.count(id, 1)) {
                texts.add(id, KnownValues.mix(id), 1, null);
            }
        }

        private Feature feature(String name) {
            long all = whole + decimal + truth + time + array + text;
            double enough = ENOUGH * all;
            Feature feature;
            if (all > 0 && whole + decimal >= enough) {
                feature = decimal == 0 ? Feature.integer(name) : Feature.number(name);
            } else if (all > 0 && truth >= enough) {
                feature = Feature.bool(name);
            } else if (all > 0 && time >= enough) {
                feature = Feature.timestamp(name);
            } else if (all > 0 && array >= enough) {
                feature = Feature.tensor(name, -1);
            } else {
                KnownValues.Sorted known = texts.sorted();
                feature = known.isComplete() && text >= 2 * known.distinct() && text > 0
                        ? Feature.category(name)
                        : Feature.text(name);
            }
            return feature.nullable();
        }
    }

    private ColumnTypes() {}

    static List<Feature> of(Table table) {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (TableReader reader = table.open()) {
            reader.columns().forEach(name -> columns.put(name, new Column()));
            for (List<TableRow> rows = reader.next(BLOCK); !rows.isEmpty(); rows = reader.next(BLOCK)) {
                for (TableRow row : rows) {
                    for (String name : row.columns()) {
                        Column column = columns.get(name);
                        if (column == null && columns.size() < MOST_COLUMNS) {
                            column = new Column();
                            columns.put(name, column);
                        }
                        if (column != null) {
                            column.see(row, name);
                        }
                    }
                }
            }
        }
        List<Feature> features = new ArrayList<>();
        columns.forEach((name, column) -> {
            if (!name.isBlank()) {
                features.add(column.feature(name));
            }
        });
        return features;
    }

    private static boolean isWhole(String text) {
        int from = text.startsWith("-") ? 1 : 0;
        if (text.length() == from || text.length() > from + 18) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumber(TableRow row, String name, String text) {
        if (text.isEmpty() || "+-.,0123456789NI".indexOf(text.charAt(0)) < 0) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            if ("+-.,0123456789eEINafinty".indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        try {
            row.number(name); // which knows the decimal separator
            return true;
        } catch (InvalidInputException e) {
            return false;
        }
    }

    private static boolean isTime(String text) {
        if (text.length() < 17 || text.charAt(4) != '-') {
            return false;
        }
        try {
            OffsetDateTime.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}

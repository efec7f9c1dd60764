package io.github.plimsoll.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.util.Iterator;

/** Reads the fields of a JSON object whose names are the features'. */
record JsonReader(boolean ignoresUnknownFields) implements InputReader<JsonNode> {

    @Override
    public FeatureRow read(SchemaLayout layout, JsonNode input) {
        RowWriter row = new RowWriter(layout);
        if (!input.isObject()) {
            row.refuse(Violation.TYPE, Wording.observed(input), "a JSON object");
            return row.finish();
        }
        int found = 0;
        for (int i = 0; i < layout.size(); i++) {
            JsonNode value = input.get(layout.feature(i).name());
            if (value == null || value.isMissingNode()) {
                found += value == null ? 0 : 1;
                row.missing(i);
            } else {
                found++;
                read(row, i, value);
            }
        }
        if (found < input.size() && !ignoresUnknownFields) {
            for (Iterator<String> names = input.fieldNames(); names.hasNext(); ) {
                String name = names.next();
                if (layout.indexOf(name) < 0) {
                    row.unexpected(name);
                }
            }
        }
        return row.finish();
    }

    private static void read(RowWriter row, int index, JsonNode value) {
        switch (value.getNodeType()) {
            case NUMBER -> number(row, index, value);
            case STRING -> Values.text(row, index, value.textValue());
            case BOOLEAN -> Values.bool(row, index, value.booleanValue());
            case NULL -> row.nullValue(index);
            case ARRAY -> {
                if (row.type(index) == FeatureType.TENSOR) {
                    new TensorReader(row, index, value).read();
                } else {
                    row.wrongType(index, value);
                }
            }
            case POJO -> Values.object(row, index, ((POJONode) value).getPojo());
            default -> row.wrongType(index, value);
        }
    }

    private static void number(RowWriter row, int index, JsonNode value) {
        switch (value.numberType()) {
            case INT, LONG -> Values.integer(row, index, value.longValue());
            case BIG_INTEGER -> Values.bigInteger(row, index, value.bigIntegerValue());
            case BIG_DECIMAL -> Values.bigDecimal(row, index, value.decimalValue());
            case FLOAT, DOUBLE -> {
                double number = value.doubleValue();
                // JSON has no infinities: Jackson gives one for a number too large for a double.
                if (Double.isInfinite(number) && row.type(index) == FeatureType.NUMBER) {
                    row.invalid(index, Violation.INEXACT, number, Values.FINITE_NUMBER);
                } else {
                    Values.number(row, index, number);
                }
            }
        }
    }

    @Override
    public JsonReader ignoringUnknownFields() {
        return new JsonReader(true);
    }
}

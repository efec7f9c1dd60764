package io.github.plimsoll.monitoring.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Ranking;
import io.github.plimsoll.core.schema.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Renders entries as lines of JSON, version 1. Confined to the writing thread. */
final class LogLine {

    static final int VERSION = 1;
    static final int TEXT_LIMIT = 4_096;
    static final String MASK = "***";

    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final int[] features;

    /** Lines with the features at these indexes. */
    LogLine(int... features) {
        this.features = features;
    }

    boolean writesFeatures() {
        return features.length > 0;
    }

    /** Adds a line for a prediction; what it throws leaves half a line behind. */
    void entry(LogEntry entry, OutputStream out) throws IOException {
        try (JsonGenerator json = begin(entry.time(), out)) {
            json.writeStringField("id", entry.id());
            json.writeStringField("model", entry.model().name());
            json.writeStringField("version", entry.model().version());
            json.writeStringField("outcome", entry.reason() == null ? "success" : entry.reason());
            if (entry.source() != null) {
                json.writeStringField("source", entry.source().name().toLowerCase(Locale.ROOT));
                json.writeFieldName("value");
                value(json, entry.value());
            }
            json.writeFieldName("micros");
            json.writeNumber(BigDecimal.valueOf(entry.nanos(), 3));
            violations(json, "violations", entry.violations());
            violations(json, "warnings", entry.warnings());
            if (entry.features() != null) {
                features(json, entry.features());
            }
            json.writeEndObject();
        }
        out.write('\n');
    }

    /** Adds a line that says how many predictions are missing before it. */
    void dropped(long millis, long number, ByteArrayOutputStream out) {
        try (JsonGenerator json = begin(millis, out)) {
            json.writeNumberField("dropped", number);
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        out.write('\n');
    }

    private static JsonGenerator begin(long millis, OutputStream out) throws IOException {
        JsonGenerator json = JSON.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        json.writeNumberField("v", VERSION);
        json.writeStringField("time", TIME.format(Instant.ofEpochMilli(millis)));
        return json;
    }

    /** The rules and the places, never what was seen there. */
    private static void violations(JsonGenerator json, String field, List<Violation> found) throws IOException {
        if (found.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(field);
        for (Violation violation : found) {
            json.writeStartObject();
            json.writeStringField("code", violation.code());
            json.writeStringField("path", violation.path());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void features(JsonGenerator json, FeatureRow row) throws IOException {
        json.writeObjectFieldStart("features");
        boolean invalid = false;
        for (int index : features) {
            Feature feature = row.features().get(index);
            if (row.isInvalid(index)) {
                invalid = true;
                continue;
            }
            json.writeFieldName(feature.name());
            if (row.isNull(index)) {
                json.writeNull();
            } else if (feature.isSensitive()) {
                json.writeString(MASK);
            } else {
                value(json, row.value(index));
            }
        }
        json.writeEndObject();
        if (invalid) {
            json.writeArrayFieldStart("invalid");
            for (int index : features) {
                if (row.isInvalid(index)) {
                    json.writeString(row.features().get(index).name());
                }
            }
            json.writeEndArray();
        }
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Number number) {
            number(json, number);
        } else if (value instanceof double[] doubles) {
            json.writeStartArray();
            for (double element : doubles) {
                json.writeNumber(element);
            }
            json.writeEndArray();
        } else if (value instanceof float[] floats) {
            json.writeStartArray();
            for (float element : floats) {
                json.writeNumber(element);
            }
            json.writeEndArray();
        } else if (value instanceof ClassProbabilities classes) {
            json.writeStartObject();
            for (String label : classes.labels()) {
                json.writeNumberField(label, classes.of(label));
            }
            json.writeEndObject();
        } else if (value instanceof Ranking ranking) {
            ranking(json, ranking);
        } else if (value instanceof Instant instant) {
            json.writeString(TIME.format(instant));
        } else {
            String text = String.valueOf(value);
            json.writeString(text.length() > TEXT_LIMIT ? text.substring(0, TEXT_LIMIT) : text);
        }
    }

    private static void ranking(JsonGenerator json, Ranking ranking) throws IOException {
        json.writeStartArray();
        for (Ranking.Item item : ranking.items()) {
            json.writeStartObject();
            json.writeStringField("item", item.name());
            json.writeNumberField("score", item.score());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void number(JsonGenerator json, Number number) throws IOException {
        if (number instanceof Double || number instanceof Float) {
            if (number instanceof Float) {
                json.writeNumber(number.floatValue()); // as it prints, not as its double would
            } else {
                json.writeNumber(number.doubleValue());
            }
        } else if (number instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else if (number instanceof BigInteger integer) {
            json.writeNumber(integer);
        } else if (number instanceof Long
                || number instanceof Integer
                || number instanceof Short
                || number instanceof Byte) {
            json.writeNumber(number.longValue());
        } else {
            json.writeString(String.valueOf(number));
        }
    }
}

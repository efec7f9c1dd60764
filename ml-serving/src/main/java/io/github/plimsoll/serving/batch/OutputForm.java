package io.github.plimsoll.serving.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Ranking;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How predictions are written. */
enum OutputForm {
    /** As RFC 4180 has it, with line feeds. */
    CSV {
        @Override
        byte[] header(List<String> names) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            row(out, names, names);
            return out.toByteArray();
        }

        @Override
        void row(ByteArrayOutputStream out, List<String> names, List<? extends @Nullable Object> values) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                Object value = values.get(i);
                String cell = value == null ? "" : isPlain(value) ? plain(value) : json(value);
                boolean isQuoted = value == null
                        ? values.size() == 1 // else the line would be blank, and no record
                        : needsQuotes(cell);
                line.append(i == 0 ? "" : ",");
                line.append(isQuoted ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
            }
            out.writeBytes(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        }

        private boolean needsQuotes(String cell) {
            for (int i = 0; i < cell.length(); i++) {
                char c = cell.charAt(i);
                if (c == '"' || c == ',' || c == '\n' || c == '\r') {
                    return true;
                }
            }
            return cell.isEmpty();
        }

        private String plain(Object value) {
            return value instanceof JsonNode node ? node.asText() : value.toString();
        }

        private String json(Object value) {
            StringWriter text = new StringWriter();
            try (JsonGenerator json = JSON.createGenerator(text)) {
                write(json, value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return text.toString();
        }
    },
    /** An object a line. */
    JSON_LINES {
        @Override
        byte[] header(List<String> names) {
            return new byte[0];
        }

        @Override
        void row(ByteArrayOutputStream out, List<String> names, List<? extends @Nullable Object> values) {
            try (JsonGenerator json = JSON.createGenerator(out)) {
                json.writeStartObject();
                for (int i = 0; i < values.size(); i++) {
                    json.writeFieldName(names.get(i));
                    write(json, values.get(i));
                }
                json.writeEndObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            out.write('\n');
        }
    };

    static final JsonMapper JSON = JsonMapper.builder().build();

    /** What stands before the rows. */
    abstract byte[] header(List<String> names);

    /** Adds a row. */
    abstract void row(ByteArrayOutputStream out, List<String> names, List<? extends @Nullable Object> values);

    private static boolean isPlain(Object value) {
        return value instanceof JsonNode node
                ? node.isValueNode()
                : !(value instanceof ClassProbabilities
                        || value instanceof Ranking
                        || value instanceof List<?>
                        || value.getClass().isArray());
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value instanceof ClassProbabilities classes) {
            json.writeStartObject();
            double[] probabilities = classes.toArray();
            for (int i = 0; i < probabilities.length; i++) {
                json.writeNumberField(classes.labels().get(i), probabilities[i]);
            }
            json.writeEndObject();
        } else if (value instanceof Ranking ranking) {
            json.writeStartArray();
            for (Ranking.Item item : ranking.items()) {
                json.writeStartObject();
                json.writeStringField("item", item.name());
                json.writeNumberField("score", item.score());
                json.writeEndObject();
            }
            json.writeEndArray();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value == null
                || value instanceof JsonNode
                || value instanceof Number
                || value instanceof Boolean
                || value.getClass().isArray()) {
            JSON.writeValue(json, value);
        } else {
            json.writeString(value.toString());
        }
    }
}

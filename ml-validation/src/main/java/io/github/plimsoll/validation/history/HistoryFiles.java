package io.github.plimsoll.validation.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Histories as JSON, a line a table, from files that nobody vouches for. */
final class HistoryFiles {

    static final int VERSION = 1;
    static final int LARGEST = 256 << 20;

    private static final String FORM = "plimsoll-history";
    private static final Set<String> KEYS = new TreeSet<>(Set.of(FORM, "keeping", "dropped", "tables"));

    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(5)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private HistoryFiles() {}

    static String json(MetricHistory history) {
        StringBuilder json = new StringBuilder("{\"" + FORM + "\":" + VERSION + ",\"keeping\":" + history.keeping()
                + ",\"dropped\":" + history.dropped() + ",\"tables\":[");
        String separator = "\n";
        for (TableMetrics table : history.tables()) {
            ObjectNode node =
                    JsonNodeFactory.instance.objectNode().put("at", table.at().toString());
            ObjectNode values = node.putObject("values");
            table.values().forEach(values::put);
            json.append(separator).append(text(node));
            separator = ",\n";
        }
        return json.append(history.tables().isEmpty() ? "]}\n" : "\n]}\n").toString();
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(MetricHistory history, Path file) {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(draft, json(history));
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HistoryException("history " + file + ": cannot be written: " + e, e);
        }
    }

    static MetricHistory read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (IOException e) {
            throw new HistoryException("history " + file + ": cannot be read: " + e, e);
        }
        String where = "history " + file;
        if (bytes.length > LARGEST) {
            throw new HistoryException(where + ": more than " + LARGEST + " bytes (expected: at most that)", null);
        }
        try {
            return parse(
                    where,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw new HistoryException(where + ": not UTF-8 (expected: a text in UTF-8)", e);
        }
    }

    static MetricHistory parse(String where, String text) {
        JsonNode tree;
        try {
            tree = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new HistoryException(
                    where + ": not valid JSON at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage(),
                    e);
        }
        if (!tree.isObject()) {
            throw new HistoryException(where + ": no JSON object (expected: one with " + KEYS + ")", null);
        }
        long version = whole(where, tree, FORM);
        if (version != VERSION) {
            String newer = version > VERSION ? "; this history needs a newer Plimsoll" : "";
            throw new HistoryException(
                    where + "." + FORM + ": " + version + " (expected: " + VERSION + newer + ")", null);
        }
        tree.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new HistoryException(where + "." + key + ": unknown (expected: one of " + KEYS + ")", null);
            }
        });
        List<TableMetrics> tables = new ArrayList<>();
        if (!(tree.get("tables") instanceof ArrayNode array)) {
            throw new HistoryException(where + ".tables: no array (expected: a list of tables)", null);
        }
        for (JsonNode node : array) {
            tables.add(table(where + ".tables[" + tables.size() + "]", node));
        }
        long keeping = whole(where, tree, "keeping");
        long dropped = whole(where, tree, "dropped");
        try {
            return MetricHistory.of(tables, Math.toIntExact(keeping), dropped);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new HistoryException(where + ": " + e.getMessage(), e);
        }
    }

    private static long whole(String where, JsonNode tree, String key) {
        JsonNode value = tree.path(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new HistoryException(
                    where + "." + key + ": " + shown(value) + " (expected: a whole number >= 0)", null);
        }
        return value.longValue();
    }

    private static TableMetrics table(String where, JsonNode node) {
        Map<String, Double> values = new LinkedHashMap<>();
        node.path("values").properties().forEach(entry -> {
            if (!entry.getValue().isNumber()) {
                throw new HistoryException(
                        where + ".values." + entry.getKey() + ": " + shown(entry.getValue()) + " (expected: a number)",
                        null);
            }
            values.put(entry.getKey(), entry.getValue().doubleValue());
        });
        if (!node.path("at").isTextual() || !node.path("values").isObject() || node.size() != 2) {
            throw new HistoryException(
                    where + ": " + shown(node) + " (expected: {\"at\": a time, \"values\": {...}})", null);
        }
        try {
            return new TableMetrics(Instant.parse(node.path("at").textValue()), values);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new HistoryException(where + ": " + e.getMessage(), e);
        }
    }

    private static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "(absent)" : value.toString();
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }
}

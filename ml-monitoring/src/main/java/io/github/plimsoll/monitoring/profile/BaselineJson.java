package io.github.plimsoll.monitoring.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The written form of a baseline: JSON, version 1, the same bytes for equal baselines. */
final class BaselineJson {

    private static final String FORMAT = "plimsoll-baseline";
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private BaselineJson() {}

    // ---- writing ------------------------------------------------------------------------------------------------

    static void write(Baseline baseline, OutputStream out) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("format", FORMAT).put("v", VERSION).put("rows", baseline.rows());
        ArrayNode features = root.putArray("features");
        for (FeatureBaseline feature : baseline.features()) {
            ObjectNode node = features.addObject();
            node.put("name", feature.name()).put("type", feature.type().name());
            if (feature.isSensitive()) {
                node.put("sensitive", true);
            }
            ArrayNode cells = node.putArray("cells");
            feature.cells().forEach(cell -> cells.add(toJson(cell)));
        }
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter(" ", "\n")); // not the platform's line feed
        out.write(JSON.writer(printer).writeValueAsString(root).getBytes(StandardCharsets.UTF_8));
        out.write('\n');
    }

    private static ObjectNode toJson(Cell cell) {
        ObjectNode node = JSON.createObjectNode().put("kind", cell.kind().name());
        if (cell.kind() == Cell.Kind.RANGE && Double.isFinite(cell.above())) {
            node.put("above", cell.above());
        }
        if (Double.isFinite(cell.to())) {
            node.put(cell.kind() == Cell.Kind.RANGE ? "to" : "number", cell.to());
        }
        if (!cell.names().isEmpty()) {
            ArrayNode names = node.putArray("names");
            cell.names().forEach(names::add);
        }
        node.put("count", cell.count());
        if (cell.expected() != cell.count()) {
            node.put("expected", cell.expected());
        }
        return node;
    }

    // ---- reading ------------------------------------------------------------------------------------------------

    static Baseline read(InputStream in, String source) throws IOException {
        try {
            return fromJson(JSON.readTree(in));
        } catch (JsonProcessingException | IllegalArgumentException damage) {
            throw new IllegalArgumentException("baseline: " + source + ": " + damage.getMessage(), damage);
        }
    }

    private static Baseline fromJson(JsonNode root) {
        if (!root.path("format").asText().equals(FORMAT)) {
            throw new IllegalArgumentException("not a baseline (expected: \"format\": \"" + FORMAT + "\")");
        }
        if (root.path("v").asInt() != VERSION) {
            throw new IllegalArgumentException("version " + root.path("v") + " (expected: " + VERSION + ")");
        }
        long rows = whole(root, "rows");
        if (rows < Baseline.MIN_ROWS) {
            throw new IllegalArgumentException("rows: " + rows + " (expected: >= " + Baseline.MIN_ROWS + ")");
        }
        List<FeatureBaseline> features = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonNode node : root.path("features")) {
            FeatureBaseline feature = feature(node, rows);
            if (!names.add(feature.name())) {
                throw new IllegalArgumentException("feature '" + feature.name() + "': stands twice (expected: once)");
            }
            features.add(feature);
        }
        if (features.isEmpty()) {
            throw new IllegalArgumentException("features: none (expected: at least one)");
        }
        return new Baseline(rows, features);
    }

    private static FeatureBaseline feature(JsonNode node, long rows) {
        String name = node.path("name").asText();
        List<Cell> cells = new ArrayList<>();
        for (JsonNode cell : node.path("cells")) {
            cells.add(cell(cell));
        }
        FeatureType type = FeatureType.valueOf(node.path("type").asText());
        boolean sensitive = node.path("sensitive").asBoolean();
        long counted = cells.stream().mapToLong(Cell::count).sum();
        if (counted != rows || !begins(cells, expectedKinds(type, sensitive))) {
            throw new IllegalArgumentException("feature '" + name + "': " + counted + " rows in cells " + cells
                    + " (expected: " + rows + " rows, cells beginning with " + expectedKinds(type, sensitive) + ")");
        }
        FeatureBaseline feature = new FeatureBaseline(name, type, sensitive, cells);
        feature.index(Feature.category("any"), 0); // throws if the cells leave a gap
        return feature;
    }

    private static List<Cell.Kind> expectedKinds(FeatureType type, boolean sensitive) {
        List<Cell.Kind> kinds = new ArrayList<>(List.of(Cell.Kind.NULL, Cell.Kind.INVALID));
        if (sensitive) {
            kinds.add(Cell.Kind.PRESENT);
            return kinds;
        }
        switch (type) {
            case NUMBER, INTEGER ->
                kinds.addAll(List.of(Cell.Kind.NAN, Cell.Kind.NEGATIVE_INFINITY, Cell.Kind.POSITIVE_INFINITY));
            case BOOLEAN -> kinds.addAll(List.of(Cell.Kind.VALUE, Cell.Kind.VALUE));
            case TEXT, TIMESTAMP, TENSOR -> kinds.add(Cell.Kind.PRESENT);
            case CATEGORY -> {}
        }
        return kinds;
    }

    private static boolean begins(List<Cell> cells, List<Cell.Kind> kinds) {
        return cells.size() >= kinds.size()
                && cells.subList(0, kinds.size()).stream()
                        .map(Cell::kind)
                        .toList()
                        .equals(kinds);
    }

    private static Cell cell(JsonNode node) {
        Cell.Kind kind = Cell.Kind.valueOf(node.path("kind").asText());
        long count = whole(node, "count");
        if (kind == Cell.Kind.RANGE) {
            return Cell.range(
                    number(node, "above", Double.NEGATIVE_INFINITY),
                    number(node, "to", Double.POSITIVE_INFINITY),
                    count);
        }
        if (node.has("number")) {
            return Cell.number(number(node, "number", 0), count);
        }
        List<String> names = new ArrayList<>();
        node.path("names").forEach(name -> names.add(name.asText()));
        return Cell.names(kind, names, count, number(node, "expected", (double) count));
    }

    private static long whole(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.canConvertToExactIntegral() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(field + ": " + value + " (expected: a whole number)");
        }
        return value.asLong();
    }

    private static double number(JsonNode node, String field, double absent) {
        JsonNode value = node.path(field);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw new IllegalArgumentException(field + ": " + value + " (expected: a finite number)");
        }
        return value.asDouble();
    }
}

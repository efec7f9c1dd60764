package io.github.plimsoll.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** What properties read: the same values in every form, and JSON of any form at all. */
class SchemaInputs extends DomainContextBase {

    static final List<String> NAMES = List.of("number", "integer", "flag", "season", "text", "time", "tensor", "table");

    static final List<Feature> FEATURES = List.of(
            Feature.number("number"),
            Feature.integer("integer").nullable(),
            Feature.bool("flag"),
            Feature.category("season", "SPRING", "SUMMER", "FALL", "WINTER"),
            Feature.text("text").nullable(),
            Feature.timestamp("time"),
            Feature.tensor("tensor", -1),
            Feature.tensor("table", 2, 2));

    enum Season {
        SPRING,
        SUMMER,
        FALL,
        WINTER
    }

    /** The components are the features above; numbers are finite, since JSON has no others. */
    @SuppressWarnings("ArrayRecordComponent") // compared by what is read from it
    record Ride(
            double number,
            @FeatureSpec(nullable = true) Long integer,
            boolean flag,
            Season season,
            @FeatureSpec(nullable = true) String text,
            Instant time,
            double[] tensor,
            @FeatureSpec(shape = {2, 2}) double[] table) {}

    @Provide
    Arbitrary<Ride> rides() {
        Arbitrary<Double> numbers = Arbitraries.doubles().withSpecialValue(-0.0).withSpecialValue(Double.MIN_VALUE);
        Arbitrary<double[]> tables = numbers.array(double[].class).ofSize(4);
        return Combinators.combine(
                        numbers,
                        Arbitraries.longs().injectNull(0.1),
                        Arbitraries.of(true, false),
                        Arbitraries.of(Season.class),
                        Arbitraries.strings().ofMaxLength(5).injectNull(0.1),
                        Arbitraries.longs().between(-1L << 45, 1L << 45).map(Instant::ofEpochMilli),
                        numbers.array(double[].class).ofMaxSize(4),
                        tables)
                .as(Ride::new);
    }

    @Provide
    Arbitrary<JsonNode> jsonTrees() {
        return trees(3);
    }

    private Arbitrary<JsonNode> trees(int depth) {
        return depth == 0
                ? scalars()
                : Arbitraries.frequencyOf(
                        Tuple.of(1, scalars()),
                        Tuple.of(3, objects(trees(depth - 1))),
                        Tuple.of(1, arrays(trees(depth - 1))));
    }

    private Arbitrary<JsonNode> scalars() {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return Arbitraries.oneOf(
                Arbitraries.longs().map(nodes::numberNode),
                Arbitraries.integers().map(nodes::numberNode),
                Arbitraries.doubles()
                        .withSpecialValue(Double.NaN)
                        .withSpecialValue(Double.NEGATIVE_INFINITY)
                        .map(nodes::numberNode),
                Arbitraries.floats().map(nodes::numberNode),
                Arbitraries.bigIntegers().map(nodes::numberNode),
                Arbitraries.bigDecimals().map(nodes::numberNode),
                Arbitraries.bigDecimals().map(decimal -> nodes.numberNode(decimal.scaleByPowerOfTen(2_000_000_000))),
                Arbitraries.strings().ofMaxLength(100).map(nodes::textNode),
                Arbitraries.of("SUMMER", "2026-01-31T12:00:00Z", "2026-01-31", "NaN", "+999999999-12-31T23:59:59Z")
                        .map(nodes::textNode),
                Arbitraries.of(true, false).map(nodes::booleanNode),
                Arbitraries.create(nodes::nullNode),
                Arbitraries.create(nodes::missingNode),
                Arbitraries.of(Season.class).map(nodes::pojoNode),
                Arbitraries.create(() -> nodes.pojoNode(Map.of())),
                Arbitraries.create(() -> nodes.binaryNode(new byte[2])));
    }

    private Arbitrary<JsonNode> objects(Arbitrary<JsonNode> fields) {
        Arbitrary<String> names =
                Arbitraries.oneOf(Arbitraries.of(NAMES), Arbitraries.strings().ofMaxLength(3));
        return Arbitraries.maps(names, fields).ofMaxSize(8).map(map -> {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            map.forEach(node::set);
            return node;
        });
    }

    private Arbitrary<JsonNode> arrays(Arbitrary<JsonNode> elements) {
        return elements.list().ofMaxSize(4).map(list -> {
            ArrayNode node = JsonNodeFactory.instance.arrayNode();
            list.forEach(node::add);
            return node;
        });
    }
}

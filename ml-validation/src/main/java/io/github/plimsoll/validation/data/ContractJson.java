package io.github.plimsoll.validation.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.data.ColumnContract.Limit;
import io.github.plimsoll.validation.data.ColumnContract.Order;
import io.github.plimsoll.validation.data.DataContract.TableRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A contract as a tree of JSON, in both directions. What has its default is left out. */
final class ContractJson {

    static final String FORM = "plimsoll-contract";
    static final int VERSION = 1;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ContractJson() {}

    // ---- writing --------------------------------------------------------------------------------------------------

    static ObjectNode tree(DataContract contract) {
        ObjectNode tree = JSON.objectNode().put(FORM, VERSION).put("name", contract.name());
        ArrayNode columns = tree.putArray("columns");
        contract.columns().forEach(column -> columns.add(column(column)));
        if (!contract.rowRules().isEmpty()) {
            ArrayNode rows = tree.putArray("rows");
            contract.rowRules().forEach(rule -> rows.add(rule(rule)));
        }
        ObjectNode table = table(contract);
        if (!table.isEmpty()) {
            tree.set("table", table);
        }
        return tree;
    }

    static ObjectNode column(ColumnContract column) {
        Feature feature = column.feature();
        ObjectNode tree = JSON.objectNode().put("name", feature.name()).put("type", Words.of(feature.type()));
        put(tree, "unit", feature.unit());
        put(tree, "nullable", feature.isNullable());
        put(tree, "sensitive", feature.isSensitive());
        bound(tree, "min", feature, feature.min());
        bound(tree, "max", feature, feature.max());
        if (!feature.categories().isEmpty()) {
            feature.categories().forEach(tree.putArray("categories")::add);
        }
        for (long size : feature.shape()) {
            tree.withArray("/shape").add(size);
        }
        put(tree, "not-finite", column.isNotFiniteAllowed());
        if (column.presence() != (feature.isNullable() ? 0 : 1)) {
            tree.put("presence", column.presence());
        }
        if (column.minLength() > 0) {
            tree.put("min-length", column.minLength());
        }
        if (column.maxLength() < Integer.MAX_VALUE) {
            tree.put("max-length", column.maxLength());
        }
        put(tree, "pattern", column.pattern());
        put(tree, "earliest", column.earliest());
        put(tree, "latest", column.latest());
        put(tree, "plain", column.isPlain());
        put(tree, "unique", column.isUnique());
        if (column.minDistinct() > 0) {
            tree.put("min-distinct", column.minDistinct());
        }
        if (column.maxDistinct() < Long.MAX_VALUE) {
            tree.put("max-distinct", column.maxDistinct());
        }
        if (column.order() != Order.NONE) {
            tree.put("order", Words.of(column.order()));
        }
        if (column.mass() < 1) {
            tree.put("mass", column.mass());
        }
        if (!column.mostly().isEmpty()) {
            ObjectNode shares = tree.putObject("mostly");
            column.mostly().forEach((check, share) -> shares.put(check.code(), share));
        }
        limit(tree, "drift", column.drift());
        limit(tree, "skew", column.skew());
        if (column.environments().size() < Environment.values().length) {
            column.environments()
                    .forEach(environment -> tree.withArray("/environments").add(Words.of(environment)));
        }
        if (column.lifecycle() != Lifecycle.PRODUCTION) {
            tree.put("lifecycle", Words.of(column.lifecycle()));
        }
        if (column.imputed() != null) {
            tree.set("impute", value(column.imputed()));
        }
        reactions(tree, column.reactions());
        return tree;
    }

    private static void bound(ObjectNode tree, String key, Feature feature, double bound) {
        if (Double.isInfinite(bound)) {
            return;
        }
        if (feature.type() == FeatureType.INTEGER && bound == Math.rint(bound) && Math.abs(bound) < 0x1p63) {
            tree.put(key, (long) bound);
        } else {
            tree.put(key, bound);
        }
    }

    private static void put(ObjectNode tree, String key, boolean flag) {
        if (flag) {
            tree.put(key, true);
        }
    }

    private static void put(ObjectNode tree, String key, @Nullable Object value) {
        if (value != null) {
            tree.put(key, value.toString());
        }
    }

    private static void limit(ObjectNode tree, String key, @Nullable Limit limit) {
        if (limit != null) {
            tree.putObject(key).put("distance", Words.of(limit.distance())).put("most", limit.most());
        }
    }

    private static JsonNode value(Object value) {
        if (value instanceof Double number) {
            return JSON.numberNode(number);
        }
        if (value instanceof Long number) {
            return JSON.numberNode(number);
        }
        return value instanceof Boolean flag ? JSON.booleanNode(flag) : JSON.textNode(value.toString());
    }

    private static void reactions(ObjectNode tree, Map<Check, Reaction> reactions) {
        if (!reactions.isEmpty()) {
            ObjectNode on = tree.putObject("reactions");
            reactions.forEach((check, reaction) -> on.put(check.code(), Words.of(reaction)));
        }
    }

    private static ObjectNode rule(RowRule rule) {
        ObjectNode tree = JSON.objectNode().put("name", rule.name());
        if (rule.text() == null) {
            tree.put("java", true);
        } else {
            tree.put("rule", rule.text());
        }
        if (rule.reaction() != Reaction.REJECT) {
            tree.put("reaction", Words.of(rule.reaction()));
        }
        if (rule.mostly() < 1) {
            tree.put("mostly", rule.mostly());
        }
        return tree;
    }

    static ObjectNode table(DataContract contract) {
        ObjectNode tree = JSON.objectNode();
        if (contract.minRows() > 0) {
            tree.put("min-rows", contract.minRows());
        }
        if (contract.maxRows() < Long.MAX_VALUE) {
            tree.put("max-rows", contract.maxRows());
        }
        put(tree, "ordered", contract.isOrdered());
        if (contract.duplicates() < 1) {
            tree.put("duplicates", contract.duplicates());
        }
        for (List<String> key : contract.keys()) {
            key.forEach(tree.withArray("/keys").addArray()::add);
        }
        if (contract.freshness() != null) {
            tree.putObject("fresh")
                    .put("column", contract.freshness().column())
                    .put("within", contract.freshness().within().toString());
        }
        reactions(tree, contract.reactions());
        return tree;
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    /** The contract that a tree describes; {@code inJava} has the rules of which the tree has the names only. */
    static DataContract contract(Fields fields, List<RowRule> inJava) {
        int version = fields.integer(FORM, 0); // no form has had this number
        if (version != VERSION) {
            throw fields.problem(
                    FORM,
                    version == 0 ? "(absent)" : version,
                    VERSION + (version > VERSION ? "; this contract needs a newer Plimsoll" : ""));
        }
        String name = fields.text("name");
        List<ColumnContract> columns = new ArrayList<>();
        fields.objects("columns", column -> columns.add(column(column)));
        List<RowRule> rules = new ArrayList<>();
        fields.objects("rows", rule -> rules.add(rule(rule, inJava)));
        TableRules[] table = {TableRules.NONE};
        fields.object("table", described -> table[0] = table(described));
        fields.end();
        return fields.checked(
                () -> new DataContract(name, DataContract.of(name, columns).byName(), List.copyOf(rules), table[0]));
    }

    private static ColumnContract column(Fields fields) {
        ColumnContract[] column = {ColumnContract.of(feature(fields))};
        fields.flag("not-finite", () -> column[0] = column[0].allowingNotFinite());
        fields.number("presence", share -> column[0] = column[0].presence(share));
        int minLength = fields.integer("min-length", 0);
        int maxLength = fields.integer("max-length", Integer.MAX_VALUE);
        if (minLength != 0 || maxLength != Integer.MAX_VALUE) {
            fields.checked(() -> column[0] = column[0].length(minLength, maxLength));
        }
        fields.text("pattern", regex -> column[0] = column[0].matching(regex));
        Instant earliest = fields.instant("earliest");
        Instant latest = fields.instant("latest");
        if (earliest != null || latest != null) {
            fields.checked(() -> column[0] = column[0].between(earliest, latest));
        }
        fields.flag("plain", () -> column[0] = column[0].plain());
        fields.flag("unique", () -> column[0] = column[0].unique());
        long minDistinct = fields.whole("min-distinct", 0);
        long maxDistinct = fields.whole("max-distinct", Long.MAX_VALUE);
        if (minDistinct != 0 || maxDistinct != Long.MAX_VALUE) {
            fields.checked(() -> column[0] = column[0].distinct(minDistinct, maxDistinct));
        }
        fields.word("order", Order.class, order -> column[0] = column[0].order(order));
        fields.number("mass", share -> column[0] = column[0].mass(share));
        fields.object("mostly", shares -> {
            for (Check check : Check.values()) {
                shares.number(check.code(), share -> column[0] = column[0].mostly(check, share));
            }
            shares.end();
        });
        limit(fields, "drift", limit -> column[0] = column[0].drift(limit.distance(), limit.most()));
        limit(fields, "skew", limit -> column[0] = column[0].skew(limit.distance(), limit.most()));
        List<Environment> environments = fields.words("environments", Environment.class);
        if (!environments.isEmpty()) {
            column[0] = column[0].onlyIn(
                    environments.get(0),
                    environments.subList(1, environments.size()).toArray(Environment[]::new));
        }
        fields.word("lifecycle", Lifecycle.class, stage -> column[0] = column[0].lifecycle(stage));
        fields.value(
                "impute",
                node -> column[0] =
                        column[0].imputing(value(node, column[0].feature().type())));
        reactions(fields).forEach((check, reaction) -> fields.checked(() -> column[0] = column[0].on(check, reaction)));
        fields.end();
        return column[0];
    }

    private static Feature feature(Fields fields) {
        String name = fields.text("name");
        FeatureType type = fields.word("type", FeatureType.class);
        List<String> categories = fields.texts("categories");
        long[] shape = fields.wholes("shape");
        Feature[] feature = {
            fields.checked(() -> switch (type) {
                case NUMBER -> Feature.number(name);
                case INTEGER -> Feature.integer(name);
                case BOOLEAN -> Feature.bool(name);
                case CATEGORY -> Feature.category(name, categories);
                case TEXT -> Feature.text(name);
                case TIMESTAMP -> Feature.timestamp(name);
                case TENSOR -> Feature.tensor(name, shape);
            })
        };
        if (type != FeatureType.CATEGORY && !categories.isEmpty()) {
            throw fields.problem("categories", categories, "none for a column of type " + Words.of(type));
        }
        if (type != FeatureType.TENSOR && shape.length > 0) {
            throw fields.problem(
                    "shape", java.util.Arrays.toString(shape), "none for a column of type " + Words.of(type));
        }
        fields.text("unit", unit -> feature[0] = feature[0].unit(unit));
        fields.flag("nullable", () -> feature[0] = feature[0].nullable());
        fields.flag("sensitive", () -> feature[0] = feature[0].sensitive());
        double[] range = {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
        fields.number("min", min -> range[0] = min);
        fields.number("max", max -> range[1] = max);
        if (Double.isFinite(range[0]) || Double.isFinite(range[1])) {
            fields.checked(() -> feature[0] = feature[0].range(range[0], range[1]));
        }
        return feature[0];
    }

    private static void limit(Fields fields, String key, java.util.function.Consumer<Limit> set) {
        fields.object(key, described -> {
            Distance distance = described.word("distance", Distance.class);
            double[] most = {Double.NaN};
            described.number("most", number -> most[0] = number);
            described.end();
            described.checked(() -> {
                set.accept(new Limit(distance, most[0]));
                return true;
            });
        });
    }

    private static Object value(JsonNode node, FeatureType type) {
        return switch (type) {
            case NUMBER -> node.isNumber() ? (Object) node.doubleValue() : node.toString();
            case INTEGER ->
                node.canConvertToLong() && node.isIntegralNumber() ? (Object) node.longValue() : node.toString();
            case BOOLEAN -> node.isBoolean() ? (Object) node.booleanValue() : node.toString();
            case TIMESTAMP -> Instant.parse(node.asText());
            case CATEGORY, TEXT, TENSOR -> node.asText();
        };
    }

    private static Map<Check, Reaction> reactions(Fields fields) {
        Map<Check, Reaction> reactions = new EnumMap<>(Check.class);
        fields.object("reactions", on -> {
            for (Check check : Check.values()) {
                on.word(check.code(), Reaction.class, reaction -> reactions.put(check, reaction));
            }
            on.end();
        });
        return reactions;
    }

    private static RowRule rule(Fields fields, List<RowRule> inJava) {
        String name = fields.text("name");
        RowRule[] rule = new RowRule[1];
        fields.text("rule", text -> rule[0] = RowRule.of(text).named(name));
        fields.flag(
                "java",
                () -> rule[0] = inJava.stream()
                        .filter(given -> given.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "'" + name + "' is a rule in Java (expected: to be given to read or parse)")));
        if (rule[0] == null) {
            throw fields.problem("rule", "(absent)", "a rule, such as \"registered <= count\"");
        }
        fields.word("reaction", Reaction.class, reaction -> rule[0] = rule[0].reaction(reaction));
        fields.number("mostly", share -> rule[0] = rule[0].mostly(share));
        fields.end();
        return rule[0];
    }

    private static TableRules table(Fields fields) {
        long minRows = fields.whole("min-rows", 0);
        long maxRows = fields.whole("max-rows", Long.MAX_VALUE);
        boolean[] ordered = {false};
        fields.flag("ordered", () -> ordered[0] = true);
        double[] duplicates = {1};
        fields.number("duplicates", share -> duplicates[0] = share);
        List<List<String>> keys = fields.textLists("keys");
        DataContract.Freshness[] fresh = {null};
        fields.object("fresh", described -> {
            String column = described.text("column");
            described.text("within", age -> fresh[0] = new DataContract.Freshness(column, Duration.parse(age)));
            described.end();
        });
        Map<Check, Reaction> reactions = reactions(fields);
        fields.end();
        // made by the public methods, for their checks
        DataContract probe = DataContract.of("table");
        fields.checked(() -> probe.rowCount(minRows, maxRows).duplicates(duplicates[0]));
        reactions.forEach((check, reaction) -> fields.checked(() -> probe.on(check, reaction)));
        return new TableRules(
                minRows,
                maxRows,
                ordered[0],
                duplicates[0],
                keys,
                fresh[0],
                Collections.unmodifiableMap(new LinkedHashMap<>(reactions)));
    }

    /** Constants of enums as they stand in files. */
    static final class Words {

        private Words() {}

        static String of(Enum<?> constant) {
            return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static <E extends Enum<E>> @Nullable E constant(Class<E> type, String word) {
            for (E constant : EnumSet.allOf(type)) {
                if (of(constant).equals(word)) {
                    return constant;
                }
            }
            return null;
        }

        static <E extends Enum<E>> List<String> all(Class<E> type) {
            return EnumSet.allOf(type).stream().map(Words::of).toList();
        }
    }
}

package io.github.plimsoll.validation.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.data.ContractChange.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What changed between two contracts, told from their JSON: so nothing that a file can say is left out. */
final class ContractDifference {

    /** Keys whose larger values allow more; absent means without a bound. */
    private static final Set<String> UPPER = Set.of("max", "max-length", "max-distinct", "max-rows", "duplicates");

    /** Keys whose smaller values allow more; absent means without a bound. */
    private static final Set<String> LOWER = Set.of("min", "min-length", "min-distinct", "min-rows");

    /** Keys that allow more if they are there. */
    private static final Set<String> ALLOWING = Set.of("nullable", "not-finite");

    /** Keys that allow less if they are there. */
    private static final Set<String> DEMANDING =
            Set.of("plain", "unique", "ordered", "keys", "fresh", "drift", "skew", "pattern");

    private final List<ContractChange> changes = new ArrayList<>();

    private ContractDifference() {}

    static List<ContractChange> between(DataContract before, DataContract after) {
        ContractDifference difference = new ContractDifference();
        if (!before.name().equals(after.name())) {
            difference.add(Kind.OTHER, "name", "'" + after.name() + "', was '" + before.name() + "'");
        }
        difference.columns(before, after);
        difference.rules(before, after);
        difference.fields("table", ContractJson.table(before), ContractJson.table(after));
        return List.copyOf(difference.changes);
    }

    private void columns(DataContract before, DataContract after) {
        Map<String, ColumnContract> old = new HashMap<>(before.byName());
        for (ColumnContract column : after.columns()) {
            ColumnContract was = old.remove(column.name());
            if (was == null) {
                add(Kind.TIGHTER, column.name(), "new column, " + column);
            } else {
                fields(column.name(), ContractJson.column(was), ContractJson.column(column));
            }
        }
        for (ColumnContract column : before.columns()) {
            if (old.containsKey(column.name())) {
                add(Kind.OTHER, column.name(), "column removed");
            }
        }
        if (after.isOrdered()) {
            List<String> common = new ArrayList<>(after.byName().keySet());
            common.retainAll(new HashSet<>(before.byName().keySet()));
            List<String> earlier = new ArrayList<>(before.byName().keySet());
            earlier.retainAll(new HashSet<>(common));
            if (!common.equals(earlier)) {
                add(Kind.OTHER, "table", "columns in another order");
            }
        }
    }

    private void rules(DataContract before, DataContract after) {
        Map<String, RowRule> old = new HashMap<>();
        before.rowRules().forEach(rule -> old.put(rule.name(), rule));
        for (RowRule rule : after.rowRules()) {
            RowRule was = old.remove(rule.name());
            if (was == null) {
                add(Kind.TIGHTER, rule.name(), "new rule, " + rule);
            } else if (!was.equals(rule)) {
                String text = rule.toString().equals(was.toString()) ? "" : rule + ", was " + was + "; ";
                String share =
                        rule.mostly() == was.mostly() ? "" : "mostly " + rule.mostly() + ", was " + was.mostly() + "; ";
                Kind kind = text.isEmpty() && rule.reaction() == was.reaction()
                        ? rule.mostly() < was.mostly() ? Kind.LOOSER : Kind.TIGHTER
                        : Kind.OTHER;
                add(kind, rule.name(), text + share + "on " + rule.reaction() + ", was " + was.reaction());
            }
        }
        for (RowRule rule : before.rowRules()) {
            if (old.containsKey(rule.name())) {
                add(Kind.LOOSER, rule.name(), "rule removed");
            }
        }
    }

    private void fields(String path, ObjectNode before, ObjectNode after) {
        Set<String> keys = new LinkedHashSet<>();
        after.fieldNames().forEachRemaining(keys::add);
        before.fieldNames().forEachRemaining(keys::add);
        for (String key : keys) {
            JsonNode was = before.path(key);
            JsonNode is = after.path(key);
            if (!was.equals(is)) {
                add(kind(key, was, is, before, after), path, key + " " + shown(is) + ", was " + shown(was));
            }
        }
    }

    /** A missing presence means every row, or none if the column may be null. */
    private static double presence(ObjectNode column) {
        return column.path("presence").asDouble(column.path("nullable").asBoolean() ? 0 : 1);
    }

    private static Kind kind(String key, JsonNode was, JsonNode is, ObjectNode before, ObjectNode after) {
        if (UPPER.contains(key) || LOWER.contains(key)) {
            double unbounded = UPPER.contains(key) ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            boolean grown = is.asDouble(unbounded) > was.asDouble(unbounded);
            return grown == UPPER.contains(key) ? Kind.LOOSER : Kind.TIGHTER;
        }
        if (key.equals("presence")) {
            return presence(after) < presence(before) ? Kind.LOOSER : Kind.TIGHTER;
        }
        if (key.equals("mass")) {
            return is.asDouble(1) < was.asDouble(1) ? Kind.LOOSER : Kind.TIGHTER;
        }
        if (key.equals("mostly")) {
            return shares(was, is);
        }
        if (key.equals("categories")) {
            Set<JsonNode> now = new HashSet<>();
            is.forEach(now::add);
            Set<JsonNode> then = new HashSet<>();
            was.forEach(then::add);
            return is.isEmpty() || (!was.isEmpty() && now.containsAll(then))
                    ? Kind.LOOSER
                    : was.isEmpty() || then.containsAll(now) ? Kind.TIGHTER : Kind.OTHER;
        }
        if (ALLOWING.contains(key)) {
            return is.isMissingNode() ? Kind.TIGHTER : Kind.LOOSER;
        }
        if (DEMANDING.contains(key) && (is.isMissingNode() || was.isMissingNode())) {
            return is.isMissingNode() ? Kind.LOOSER : Kind.TIGHTER;
        }
        return Kind.OTHER;
    }

    /** Smaller shares allow more; absent means all. */
    private static Kind shares(JsonNode was, JsonNode is) {
        boolean looser = false;
        boolean tighter = false;
        for (Check check : Check.values()) {
            double before = was.path(check.code()).asDouble(1);
            double after = is.path(check.code()).asDouble(1);
            looser |= after < before;
            tighter |= after > before;
        }
        return looser == tighter ? Kind.OTHER : looser ? Kind.LOOSER : Kind.TIGHTER;
    }

    private static String shown(JsonNode value) {
        if (value instanceof MissingNode) {
            return "not set";
        }
        String text = value.isTextual() ? value.textValue() : value.toString();
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }

    private void add(Kind kind, String path, String text) {
        changes.add(new ContractChange(kind, path, text));
    }
}

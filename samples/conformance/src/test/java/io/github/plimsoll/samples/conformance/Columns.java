package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Check;
import io.github.plimsoll.validation.data.ColumnContract;
import io.github.plimsoll.validation.data.ColumnContract.Distance;
import io.github.plimsoll.validation.data.ColumnContract.Limit;
import io.github.plimsoll.validation.data.ContractException;
import io.github.plimsoll.validation.data.ContractInference;
import io.github.plimsoll.validation.data.DataContract;
import io.github.plimsoll.validation.data.RowRule;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.data.TableValidation;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.Profile;
import io.github.plimsoll.validation.stats.ChiSquare;
import io.github.plimsoll.validation.stats.Divergence;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;

/**
 * Values of a column held to what is expected of it, and their distribution to another. The form of the inputs tells what is
 * asked, as far as it can; where two questions have the same form, what the case says it is about does.
 */
final class Columns implements Subject {

    private static final String COLUMN = "value";

    @Override
    public Map<String, Answer> answers() {
        return Map.of(
                "validation.schema", Columns::schema,
                "validation.expectations", Columns::expectation,
                "validation.anomaly", Columns::anomaly);
    }

    private static Object schema(Case given) {
        JsonNode inputs = given.inputs();
        if (inputs.has("h1")) {
            return Map.of("jsd", jensenShannon(inputs.get("h1"), inputs.get("h2")));
        }
        if (inputs.has("training") && inputs.has("serving")) {
            return skew(given);
        }
        if (inputs.has("domain") && inputs.has("counts")) {
            List<Object> values = new ArrayList<>();
            inputs.get("counts")
                    .properties()
                    .forEach(count ->
                            values.addAll(Collections.nCopies(count.getValue().asInt(), count.getKey())));
            List<String> domain = texts(inputs.get("domain"));
            return anomaly(
                    validate(ColumnContract.of(Feature.category(COLUMN, domain)), values),
                    Check.UNKNOWN_CATEGORY,
                    "ENUM_TYPE_UNEXPECTED_STRING_VALUES");
        }
        if (inputs.has("disallow_nan") && inputs.has("num_nan")) {
            ColumnContract number = ColumnContract.of(Feature.number(COLUMN));
            return anomaly(
                    validate(
                            inputs.get("disallow_nan").asBoolean() ? number : number.allowingNotFinite(),
                            Collections.nCopies(inputs.get("num_nan").asInt(), Double.NaN)),
                    Check.NOT_FINITE,
                    "FLOAT_TYPE_HAS_NAN");
        }
        if (inputs.has("values") && inputs.has("max_string_domain_size")) {
            int most = inputs.get("max_string_domain_size").asInt();
            List<Map<String, ?>> rows = texts(inputs.get("values")).stream()
                    .<Map<String, ?>>map(value -> Map.of(COLUMN, value))
                    .toList();
            Feature inferred = ContractInference.of(COLUMN)
                    .categories(most)
                    .infer(Table.rows(rows))
                    .contract()
                    .column(COLUMN)
                    .feature();
            return Collections.singletonMap("domain", inferred.categories().isEmpty() ? null : inferred.categories());
        }
        if (inputs.has("cases")) {
            return Map.of(
                    "anomalies",
                    StreamSupport.stream(inputs.get("cases").spliterator(), false)
                            .map(Columns::refusal)
                            .toList());
        }
        throw new Unsupported("inputs of 'validation.schema'");
    }

    /** Why a contract with a wrong setting cannot be made, under the name that the cases have for it; null if it can. */
    private static String refusal(JsonNode config) {
        String[] setting = config.asText().split("=");
        String column = switch (setting[0]) {
            case "no type" -> "";
            case "value_count.min" -> ", type: text, min-length: " + setting[1];
            case "value_count.max" -> ", type: text, max-length: " + setting[1];
            case "presence.min_fraction" -> ", type: text, nullable: true, presence: " + setting[1];
            case "bool_domain+min_domain_mass" -> ", type: boolean, mass: 0.5";
            default -> throw new Unsupported("setting '" + config.asText() + "'");
        };
        try {
            DataContract.parse("plimsoll-contract: 1\nname: case\ncolumns: [{name: value" + column + "}]");
            return null;
        } catch (ContractException refused) {
            return refused.getMessage().contains("].type: (absent)")
                    ? "FEATURE_MISSING_TYPE"
                    : "INVALID_SCHEMA_SPECIFICATION";
        }
    }

    private static double jensenShannon(JsonNode x, JsonNode y) {
        return Histograms.ofBuckets(x, y).jensenShannon() / Math.log(2);
    }

    /** Buckets have a divergence and a limit, shares a distance; counts may ask for one of two distances, so the case has to say. */
    private static Object skew(Case given) {
        JsonNode training = given.inputs().get("training");
        JsonNode serving = given.inputs().get("serving");
        if (training.isArray()) {
            double divergence = jensenShannon(training, serving);
            boolean allowed = new Limit(Distance.JENSEN_SHANNON, given.number("threshold")).allows(divergence);
            Map<String, Object> answer = new HashMap<>();
            answer.put("jsd", divergence);
            answer.put("anomaly", allowed ? null : "COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH");
            return answer;
        }
        if (given.what().contains("absolute difference")) {
            double distance = Distance.NORMALIZED_ABSOLUTE_DIFFERENCE.between(profile(training), profile(serving));
            return Map.of("distance", distance);
        }
        if (given.what().contains("L-infinity") || isShares(training) && isShares(serving)) {
            double distance = training.isEmpty() && serving.isEmpty()
                    ? Distance.L_INFINITY.between(profile(training), profile(serving))
                    : Histograms.ofCategories(training, serving).lInfinity();
            return Map.of("distance", distance);
        }
        throw new Unsupported("a distance that is not named");
    }

    private static boolean isShares(JsonNode weights) {
        double sum = StreamSupport.stream(weights.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .sum();
        return Math.abs(sum - 1) < 1e-9;
    }

    /** The profile of a column with so many rows of each value. */
    private static FeatureProfile profile(JsonNode counts) {
        List<Object> values = new ArrayList<>();
        counts.properties()
                .forEach(count ->
                        values.addAll(Collections.nCopies(count.getValue().asInt(), count.getKey())));
        return Profile.of(table(values), List.of(Feature.category(COLUMN))).feature(COLUMN);
    }

    /** An anomaly of this check, under the name that the cases have for it. */
    private static Object anomaly(TableReport report, Check check, String name) {
        Map<String, Object> answer = new HashMap<>();
        Anomaly found = find(report, check);
        answer.put("anomaly", found == null ? null : name);
        answer.put("severity", found == null ? null : found.severity().name());
        return answer;
    }

    private static Object expectation(Case given) {
        JsonNode inputs = given.inputs();
        if (inputs.has("observed") && inputs.has("expected")) {
            double distance = Divergence.between(given.numbers("observed"), given.numbers("expected"))
                    .kullbackLeibler();
            return Map.of("kl", distance, "success", distance <= given.number("threshold"));
        }
        if (inputs.has("values") && (inputs.has("min") || inputs.has("max")) && !inputs.has("mostly")) {
            return between(given);
        }
        if (inputs.has("quantiles") && inputs.has("ranges")) {
            return quantiles(given);
        }
        if (inputs.has("values") && inputs.has("mostly") && inputs.size() == 2) {
            return notNull(given);
        }
        throw new Unsupported("inputs of 'validation.expectations'");
    }

    private static Object between(Case given) {
        JsonNode inputs = given.inputs();
        DataContract contract =
                DataContract.of("case", ColumnContract.of(Feature.number(COLUMN).nullable()));
        if (inputs.has("min")) {
            contract = contract.with(
                    rule("min", given.number("min"), inputs.path("strict_min").asBoolean() ? "<" : "<="));
        }
        if (inputs.has("max")) {
            contract = contract.with(
                    rule("max", given.number("max"), inputs.path("strict_max").asBoolean() ? ">" : ">="));
        }
        List<Object> values = values(inputs);
        List<Double> unexpected = new ArrayList<>();
        TableReport report = TableValidation.of(contract)
                .rejects((row, violations) -> unexpected.add(row.number(COLUMN)))
                .validate(table(values));
        long present = values.stream().filter(value -> value != null).count();
        return Map.of(
                "success",
                report.isAccepted(),
                "unexpected_count",
                report.rejected(),
                "unexpected_percent",
                100.0 * report.rejected() / present,
                "unexpected",
                unexpected);
    }

    /** {@code bound < value}, in the language of rules, whose numbers have no sign. */
    private static RowRule rule(String name, double bound, String comparison) {
        String size = BigDecimal.valueOf(Math.abs(bound)).toPlainString();
        return RowRule.of((bound < 0 ? "0 - " + size : size) + " " + comparison + " " + COLUMN)
                .named(name);
    }

    /** Values at the rank nearest to each share, half way to the even one, as pandas' {@code nearest} has them. */
    private static Object quantiles(Case given) {
        List<Object> values = values(given.inputs());
        FeatureProfile column = Profile.of(
                        table(values), List.of(Feature.number(COLUMN).nullable()))
                .feature(COLUMN);
        List<Double> observed = new ArrayList<>();
        boolean success = true;
        double[] shares = given.numbers("quantiles");
        for (int i = 0; i < shares.length; i++) {
            double rank = Math.rint(shares[i] * (column.count() - 1));
            double quantile = column.quantile((rank + 0.5) / column.count());
            JsonNode range = given.inputs().get("ranges").get(i);
            success &= (range.get(0).isNull() || quantile >= Numbers.read(range.get(0)))
                    && (range.get(1).isNull() || quantile <= Numbers.read(range.get(1)));
            observed.add(quantile);
        }
        return Map.of("observed", observed, "success", success);
    }

    private static Object notNull(Case given) {
        List<Object> values = values(given.inputs());
        Feature column = feature(values);
        ColumnContract mostly = ColumnContract.of(column.nullable()).presence(given.number("mostly"));
        Anomaly nulls = find(validate(ColumnContract.of(column), values), Check.NULL);
        return Map.of(
                "success",
                validate(mostly, values).isAccepted(),
                "unexpected_percent",
                nulls == null ? 0 : 100 * nulls.fraction());
    }

    private static Feature feature(List<Object> values) {
        if (values.stream().anyMatch(Boolean.class::isInstance)) {
            return Feature.bool(COLUMN);
        }
        return values.stream().anyMatch(String.class::isInstance) ? Feature.text(COLUMN) : Feature.number(COLUMN);
    }

    private static List<Object> values(JsonNode inputs) {
        List<Object> values = new ArrayList<>();
        for (JsonNode value : inputs.get("values")) {
            values.add(
                    value.isNull()
                            ? null
                            : value.isBoolean()
                                    ? (Object) value.asBoolean()
                                    : value.isNumber() ? (Object) value.asDouble() : value.asText());
        }
        return values;
    }

    /** What changed between two counts of categories: as it is, and less what chance explains at two levels. */
    private static Object anomaly(Case given) {
        JsonNode inputs = given.inputs();
        if (inputs.has("series")) {
            return Series.answer(given);
        }
        if (inputs.has("cases")) {
            return Map.of("distance", goodnessOfFit(inputs.get("cases")));
        }
        if (!inputs.has("s1") || !inputs.has("s2")) {
            throw new Unsupported("inputs of 'validation.anomaly'");
        }
        Divergence divergence = Histograms.ofCategories(inputs.get("s1"), inputs.get("s2"));
        return Map.of(
                "distance", divergence.lInfinity(),
                "alpha_003", divergence.robustLInfinity(0.003),
                "alpha_1", divergence.robustLInfinity(0.1));
    }

    /** The p-value of each sample of categories under a baseline. */
    private static double[] goodnessOfFit(JsonNode cases) {
        return StreamSupport.stream(cases.spliterator(), false)
                .mapToDouble(one -> {
                    Set<String> names = Histograms.names(one.get("sample"), one.get("expected"));
                    return ChiSquare.goodnessOfFitOfJoinedCells(
                                    Numbers.counts(one.get("sample"), names),
                                    Numbers.counts(one.get("expected"), names))
                            .pValue();
                })
                .toArray();
    }

    private static TableReport validate(ColumnContract column, List<?> values) {
        return TableValidation.of(DataContract.of("case", column)).validate(table(values));
    }

    private static Table table(List<?> values) {
        return Table.rows(values.stream()
                .map(value -> Collections.singletonMap(COLUMN, value))
                .toList());
    }

    private static Anomaly find(TableReport report, Check check) {
        return report.anomalies().stream()
                .filter(anomaly -> anomaly.code().equals(check.code()))
                .findFirst()
                .orElse(null);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}

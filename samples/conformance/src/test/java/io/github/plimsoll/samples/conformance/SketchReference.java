package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.Profile;
import io.github.plimsoll.validation.profile.ValueCount;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * {@code sketch_exact.json}: exact facts of a table's column, or of values written out, which a profile has to meet: counts and moments
 * to nine digits, quantiles and numbers of different values within the errors that it states.
 */
final class SketchReference implements ReferenceFile {

    private static final String COLUMN = "x";
    private static final String LEVELS = "q";
    private static final double FOUR_STANDARD_ERRORS = 4 * 0.0163;

    /** How a quantile is put together from the values next to its place: Hyndman and Fan, 1996. */
    private enum Interpolation {
        INVERTED_CDF,
        AVERAGED_INVERTED_CDF,
        CLOSEST_OBSERVATION,
        INTERPOLATED_INVERTED_CDF,
        HAZEN,
        WEIBULL,
        LINEAR,
        MEDIAN_UNBIASED,
        NORMAL_UNBIASED;

        double of(double[] sorted, double p) {
            int n = sorted.length;
            double np = n * p;
            return switch (this) {
                case INVERTED_CDF -> at(sorted, Math.ceil(np));
                case AVERAGED_INVERTED_CDF ->
                    np == Math.rint(np) ? (at(sorted, np) + at(sorted, np + 1)) / 2 : at(sorted, Math.ceil(np));
                case CLOSEST_OBSERVATION -> at(sorted, Math.rint(np));
                case INTERPOLATED_INVERTED_CDF -> between(sorted, np);
                case HAZEN -> between(sorted, np + 0.5);
                case WEIBULL -> between(sorted, np + p);
                case LINEAR -> between(sorted, np - p + 1);
                case MEDIAN_UNBIASED -> between(sorted, np + (p + 1) / 3);
                case NORMAL_UNBIASED -> between(sorted, np + p / 4 + 3.0 / 8);
            };
        }

        private static double between(double[] sorted, double place) {
            double low = Math.floor(place);
            return at(sorted, low) + (place - low) * (at(sorted, low + 1) - at(sorted, low));
        }

        private static double at(double[] sorted, double place) {
            return sorted[(int) Math.max(1, Math.min(sorted.length, place)) - 1];
        }
    }

    @Override
    public String path() {
        return "expected/sketch_exact.json";
    }

    @Override
    public List<Check> checks(JsonNode content, Tables tables) throws Exception {
        List<Check> checks = new ArrayList<>();
        for (JsonNode entry : content) {
            boolean numeric = entry.path("kind").asText().equals("numeric");
            List<String> cells = cells(entry, tables);
            FeatureProfile profile = profile(cells, numeric).feature(COLUMN);
            String name = entry.has("table")
                    ? entry.path("table").asText() + " " + entry.path("column").asText()
                    : entry.path("id").asText();
            Map<String, Quantity> quantities =
                    numeric ? ofNumbers(entry, cells, profile) : ofCategories(entry, profile);
            for (Map.Entry<String, JsonNode> expected : entry.path("expected").properties()) {
                if (expected.getKey().equals(LEVELS)) {
                    continue; // of which quantiles are asked: no answer
                }
                Quantity quantity = quantities.get(expected.getKey());
                checks.add(new Check(
                        name + " " + expected.getKey(),
                        () -> {
                            if (quantity == null) {
                                throw new Unsupported("'" + expected.getKey() + "'");
                            }
                            return quantity.answer.call();
                        },
                        expected.getValue(),
                        quantity == null ? Tolerance.reference() : quantity.tolerance));
            }
        }
        return checks;
    }

    private record Quantity(Callable<?> answer, Tolerance tolerance) {

        private static Quantity exact(Callable<?> answer) {
            return new Quantity(answer, Tolerance.reference());
        }
    }

    private static List<String> cells(JsonNode entry, Tables tables) throws Exception {
        if (entry.has("table")) {
            return tables.column(
                    entry.path("table").asText(), entry.path("column").asText());
        }
        List<String> cells = new ArrayList<>();
        entry.path("values").forEach(value -> cells.add(value.isNull() ? "" : value.asText()));
        return cells;
    }

    private static Profile profile(List<String> cells, boolean numeric) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (String cell : cells) {
            Map<String, Object> row = new HashMap<>();
            row.put(COLUMN, cell.isEmpty() ? null : numeric ? (Object) Double.valueOf(cell) : cell);
            rows.add(row);
        }
        Feature feature = numeric ? Feature.number(COLUMN) : Feature.category(COLUMN);
        return Profile.of(Table.rows(rows), List.of(feature));
    }

    private static Map<String, Quantity> ofNumbers(JsonNode entry, List<String> cells, FeatureProfile profile) {
        int n = (int) profile.count();
        double[] sorted = new double[n]; // as the profile tells them
        for (int i = 0; i < n; i++) {
            sorted[i] = profile.quantile((i + 0.5) / n);
        }
        double error = profile.quantileError();
        Map<String, Quantity> of = new HashMap<>(common(profile));
        of.put("summary", new Quantity(() -> summary(profile, sorted), summaryTolerance(profile, sorted)));
        of.put(
                "quantiles",
                new Quantity(
                        () -> quantiles(entry, sorted),
                        (key, expected, actual) ->
                                Math.abs(actual - expected) <= error * Math.abs(expected) + 1e-9 * Math.abs(expected)));
        of.put("rank_le", new Quantity(() -> ranks(entry, profile), rankTolerance(profile)));
        of.put("partition_sizes_and_means", Quantity.exact(() -> partitions(entry, cells, profile)));
        return of;
    }

    private static Map<String, Quantity> common(FeatureProfile profile) {
        Map<String, Quantity> of = new HashMap<>();
        of.put("rows", Quantity.exact(profile::rows));
        of.put("missing", Quantity.exact(profile::missing));
        of.put("distinct", new Quantity(profile::distinct, distinctTolerance(profile)));
        return of;
    }

    private static Tolerance distinctTolerance(FeatureProfile profile) {
        double allowed = profile.isDistinctExact() ? 0 : FOUR_STANDARD_ERRORS;
        return (key, expected, actual) -> Math.abs(actual - expected) <= allowed * expected;
    }

    private static Map<String, Object> summary(FeatureProfile profile, double[] sorted) {
        int n = sorted.length;
        Map<String, Object> summary = new HashMap<>();
        summary.put("count", n);
        summary.put("mean", profile.mean());
        summary.put("var_ddof1", profile.variance());
        summary.put("std_ddof0", Math.sqrt(profile.variance() * (n - 1) / n));
        summary.put("skew_biased", profile.skewness());
        summary.put("kurtosis_excess_biased", profile.excessKurtosis());
        summary.put("min", profile.min());
        summary.put("max", profile.max());
        summary.put("sum_fsum", profile.sum());
        double median = Interpolation.LINEAR.of(sorted, 0.5);
        double[] deviations =
                Arrays.stream(sorted).map(x -> Math.abs(x - median)).sorted().toArray();
        summary.put("median_abs_dev", Interpolation.LINEAR.of(deviations, 0.5));
        summary.put("iqr_linear", Interpolation.LINEAR.of(sorted, 0.75) - Interpolation.LINEAR.of(sorted, 0.25));
        int cut = (int) (0.1 * n);
        summary.put(
                "trimmed_mean_10", Arrays.stream(sorted, cut, n - cut).average().orElse(Double.NaN));
        summary.put("distinct", profile.distinct());
        summary.put("zeros", profile.zeros());
        summary.put("negatives", profile.negatives());
        return summary;
    }

    /** What is put together from quantiles is off by the errors of those that it is put together from. */
    private static Tolerance summaryTolerance(FeatureProfile profile, double[] sorted) {
        double error = profile.quantileError();
        double median = Math.abs(profile.quantile(0.5));
        double quartiles = Math.abs(profile.quantile(0.25)) + Math.abs(profile.quantile(0.75));
        double middle = Arrays.stream(sorted).map(Math::abs).average().orElse(0);
        return (key, expected, actual) -> switch (key) {
            case "median_abs_dev" -> Math.abs(actual - expected) <= error * (2 * median + expected) * 1.01 + 1e-9;
            case "iqr_linear" -> Math.abs(actual - expected) <= error * quartiles * 1.01 + 1e-9;
            case "trimmed_mean_10" -> Math.abs(actual - expected) <= error * middle * 1.01 + 1e-9 * Math.abs(expected);
            case "distinct" -> distinctTolerance(profile).allows(key, expected, actual);
            default -> Tolerance.reference().allows(key, expected, actual);
        };
    }

    private static Map<String, double[]> quantiles(JsonNode entry, double[] sorted) {
        double[] levels = Numbers.read(entry.path("expected").path(LEVELS), Map.of());
        Map<String, double[]> quantiles = new HashMap<>();
        for (Interpolation method : Interpolation.values()) {
            quantiles.put(
                    method.name().toLowerCase(java.util.Locale.ROOT),
                    Arrays.stream(levels).map(p -> method.of(sorted, p)).toArray());
        }
        return quantiles;
    }

    private static List<Map<String, Object>> ranks(JsonNode entry, FeatureProfile profile) {
        List<Map<String, Object>> ranks = new ArrayList<>();
        for (JsonNode rank : entry.path("expected").path("rank_le")) {
            double x = rank.path("x").asDouble();
            ranks.add(Map.of(
                    "x",
                    x,
                    "count_le",
                    profile.shareAtMost(x) * profile.count(),
                    "count_lt",
                    profile.shareAtMost(Math.nextDown(x)) * profile.count()));
        }
        return ranks;
    }

    /** A rank is off by no more values than are within the error of a quantile around it. */
    private static Tolerance rankTolerance(FeatureProfile profile) {
        return (key, expected, actual) -> {
            if (key.equals("x")) {
                return actual == expected;
            }
            double at = profile.quantile(Math.max(0, Math.min(1, (expected - 0.5) / profile.count())));
            double near = 3 * profile.quantileError() * Math.abs(at);
            double around = profile.shareAtMost(at + near) - profile.shareAtMost(Math.nextDown(at - near));
            return profile.quantileError() == 0
                    ? Math.abs(actual - expected) < 1e-6
                    : Math.abs(actual - expected) <= around * profile.count() + 1;
        };
    }

    /** The parts' profiles, whose sum has to be the profile of the whole. */
    private static List<double[]> partitions(JsonNode entry, List<String> cells, FeatureProfile whole) {
        List<String> present = cells.stream().filter(cell -> !cell.isEmpty()).toList();
        int parts = entry.path("partitions").asInt();
        List<double[]> answers = new ArrayList<>();
        List<Profile> profiles = new ArrayList<>();
        int from = 0;
        for (int part = 0; part < parts; part++) {
            int size = present.size() / parts + (part < present.size() % parts ? 1 : 0);
            Profile profile = profile(present.subList(from, from + size), true);
            from += size;
            profiles.add(profile);
            FeatureProfile of = profile.feature(COLUMN);
            answers.add(new double[] {size, of.mean(), of.variance()});
        }
        FeatureProfile sum = Profile.merged(profiles).feature(COLUMN);
        if (sum.count() != whole.count()
                || sum.variance() != whole.variance()
                || sum.quantile(0.5) != whole.quantile(0.5)
                || !sum.frequent().equals(whole.frequent())) {
            throw new IllegalStateException("the parts do not add up to the whole");
        }
        return answers;
    }

    private static Map<String, Quantity> ofCategories(JsonNode entry, FeatureProfile profile) {
        Map<String, Quantity> of = new HashMap<>(common(profile));
        of.put(
                "top_k",
                Quantity.exact(() -> profile.frequent().stream()
                        .limit(entry.path("k").asInt())
                        .map(value -> List.of(value.value(), value.count()))
                        .toList()));
        of.put(
                "heavy_hitters_ge_1pct",
                Quantity.exact(() -> profile.frequent().stream()
                        .filter(value -> value.count() >= 0.01 * profile.count())
                        .map(ValueCount::value)
                        .sorted()
                        .toList()));
        return of;
    }
}

package io.github.plimsoll.validation.history;

import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.validation.data.TableReport;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.Profile;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What was measured of one table: numbers by name, such as {@code rows} or {@code fare.mean}. A metric that is not defined, such as
 * the mean of a column without values, is not there. Immutable and thread-safe.
 *
 * @param at the moment that the table stands for
 * @param values the metrics, in their order
 * @since 0.1
 * @see MetricHistory
 */
public record TableMetrics(Instant at, Map<String, Double> values) {

    /** The most metrics of one table. */
    public static final int MOST = 100_000;

    /**
     * Metrics of a table.
     *
     * @throws IllegalArgumentException if a name is blank, a number is not finite, or there are more than {@value #MOST}
     */
    public TableMetrics {
        Objects.requireNonNull(at);
        Map<String, Double> copy = new LinkedHashMap<>(values);
        copy.forEach((name, value) -> {
            if (name.isBlank() || !Double.isFinite(value)) {
                throw new IllegalArgumentException(
                        "metric '" + name + "': " + value + " (expected: a name and a finite number)");
            }
        });
        if (copy.size() > MOST) {
            throw new IllegalArgumentException("metrics: " + copy.size() + " (expected: at most " + MOST + ")");
        }
        values = Collections.unmodifiableMap(copy);
    }

    /**
     * The metrics of a table that was held against a contract: {@code rows}, {@code rejected} and {@code unreadable}, the latter two as
     * shares of all records, and those of its profile, if the report has one.
     *
     * @param report the report
     * @param at the moment that the table stands for
     * @return the metrics
     */
    public static TableMetrics of(TableReport report, Instant at) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("rows", (double) report.rows());
        double records = (double) report.rows() + report.unreadable();
        put(values, "rejected", report.rejected() / records);
        put(values, "unreadable", report.unreadable() / records);
        report.profile().ifPresent(profile -> values.putAll(of(profile, at).values()));
        return new TableMetrics(at, values);
    }

    /**
     * The metrics of a profile: {@code rows}, and of each column {@code c}
     *
     * <ul>
     *   <li>{@code c.missing} and {@code c.unreadable}, shares of the rows,
     *   <li>{@code c.distinct}, how many different values there are, for columns whose values are known,
     *   <li>for numbers {@code c.not-finite}, a share of the rows, {@code c.min}, {@code c.max}, {@code c.mean}, {@code c.sd} (of the
     *       sample), {@code c.q25}, {@code c.q50} and {@code c.q75}; booleans are 0 and 1, timestamps milliseconds since 1970.
     * </ul>
     *
     * @param profile the profile
     * @param at the moment that the table stands for
     * @return the metrics
     */
    public static TableMetrics of(Profile profile, Instant at) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("rows", (double) profile.rows());
        for (FeatureProfile feature : profile.features()) {
            String name = feature.name();
            put(values, name + ".missing", feature.missingShare());
            put(values, name + ".unreadable", (double) feature.unreadable() / feature.rows());
            boolean known =
                    feature.type() != FeatureType.TENSOR && !feature.feature().isSensitive();
            if (known) {
                put(values, name + ".distinct", (double) feature.distinct());
            }
            if (known && feature.type() != FeatureType.CATEGORY && feature.type() != FeatureType.TEXT) {
                long notFinite = feature.notANumber() + feature.positiveInfinity() + feature.negativeInfinity();
                put(values, name + ".not-finite", (double) notFinite / feature.rows());
                put(values, name + ".min", feature.min());
                put(values, name + ".max", feature.max());
                put(values, name + ".mean", feature.mean());
                put(values, name + ".sd", feature.standardDeviation());
                put(values, name + ".q25", feature.quantile(0.25));
                put(values, name + ".q50", feature.quantile(0.5));
                put(values, name + ".q75", feature.quantile(0.75));
            }
        }
        return new TableMetrics(at, values);
    }

    private static void put(Map<String, Double> values, String name, double value) {
        if (Double.isFinite(value)) {
            values.put(name, value);
        }
    }

    /**
     * These metrics with one of the host's own.
     *
     * @param name its name; one of that name is replaced
     * @param value a finite number
     * @return a changed copy
     * @throws IllegalArgumentException if the name is blank or the number is not finite
     */
    public TableMetrics with(String name, double value) {
        Map<String, Double> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new TableMetrics(at, changed);
    }
}

package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.validation.data.ContractUpdate.Open;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loosens what a table that is taken to be good has failed, and nothing else. What would take the meaning from a rule, and what
 * looks like a fault of the data, is left open.
 */
final class Loosening {

    /** Above this share of rows that fail, a rule is not loosened: it is another kind of data. */
    static final double MOST_FAILING = 0.05;

    private final TableReading reading;
    private final Promise promise;
    private final int mostCategories;
    private final List<Open> open = new ArrayList<>();
    private final Map<String, String> reasons = new HashMap<>();
    private DataContract contract;

    Loosening(DataContract contract, TableReading reading, Promise promise, int mostCategories) {
        this.contract = contract;
        this.reading = reading;
        this.promise = promise;
        this.mostCategories = mostCategories;
    }

    ContractUpdate by(TableReport report) {
        DataContract before = contract;
        for (Anomaly anomaly : report.anomalies()) {
            if (anomaly.severity() == Severity.ERROR) {
                loosen(anomaly, report.rows());
            }
        }
        List<ContractChange> changes = contract.changesSince(before).stream()
                .map(change -> new ContractChange(
                        change.kind(), change.path(), change.text() + ": " + reasons.get(change.path())))
                .toList();
        return new ContractUpdate(contract, changes, open, List.of());
    }

    private void loosen(Anomaly anomaly, long rows) {
        String refusal = refusal(anomaly, rows);
        if (refusal == null) {
            reasons.merge(anomaly.path(), said(anomaly), (one, other) -> one + "; " + other);
        } else {
            open.add(new Open(anomaly.path(), anomaly.code() + ": " + said(anomaly) + "; " + refusal));
        }
    }

    private static String said(Anomaly anomaly) {
        return anomaly.examples().isEmpty()
                ? anomaly.observed()
                : String.format(
                        Locale.ROOT,
                        "%,d %s, such as %s in line %d",
                        anomaly.count(),
                        anomaly.count() == 1 ? "row" : "rows",
                        anomaly.examples().get(0).observed(),
                        anomaly.examples().get(0).line());
    }

    /** Loosens what an anomaly is about; why not, if it was not. */
    private @Nullable String refusal(Anomaly anomaly, long rows) {
        Check check = null;
        for (Check one : Check.values()) {
            check = one.code().equals(anomaly.code()) ? one : check;
        }
        if (check == null) {
            return "what holds between columns is not loosened";
        }
        if (anomaly.fraction() > MOST_FAILING) {
            return String.format(
                    Locale.ROOT, "%.1f %% of the rows, too many to be let in unseen", 100 * anomaly.fraction());
        }
        return switch (check) {
            case RANGE -> range(anomaly.path());
            case NULL, PRESENCE -> presence(anomaly.path(), rows);
            case UNKNOWN_CATEGORY, MASS -> categories(anomaly.path());
            case LENGTH -> length(anomaly.path());
            case TIME -> time(anomaly.path());
            case DUPLICATES -> duplicates(anomaly, rows);
            case ROW_COUNT -> rowCount(rows);
            case TYPE, INEXACT -> "another type is for a person to agree on";
            case MISSING, UNEXPECTED -> "a column that came or went takes a migration";
            case NOT_FINITE, PATTERN, CHARACTERS, UNIQUE, DISTINCT, ORDER, DRIFT, SKEW, COLUMN_ORDER, FRESHNESS, KEY ->
                "a rule of this kind holds or is given up, which is for a person to decide";
        };
    }

    private ColumnFacts facts(String column) {
        return reading.columns().stream()
                .filter(facts -> facts.name().equals(column))
                .findFirst()
                .orElseThrow();
    }

    private void set(ColumnContract column) {
        contract = contract.with(column);
    }

    /** The contract that the table alone would give the column. */
    private ColumnContract inferred(ColumnFacts facts) {
        return new ColumnInference(facts, promise, mostCategories).contract();
    }

    private @Nullable String range(String name) {
        ColumnContract column = contract.column(name);
        Feature feature = column.feature();
        ColumnFacts facts = facts(name);
        double width = feature.max() - feature.min();
        double below = feature.min() - facts.min();
        double above = facts.max() - feature.max();
        if (Double.isFinite(width) && Math.max(below, above) > width) {
            return "further off than the range is wide: another unit, or a fault";
        }
        Feature alone = inferred(facts).feature();
        boolean sameType = alone.type() == feature.type();
        double min = below > 0 ? widened(facts.min(), sameType ? alone.min() : facts.min(), -1) : feature.min();
        double max = above > 0 ? widened(facts.max(), sameType ? alone.max() : facts.max(), 1) : feature.max();
        set(column.feature(feature.range(min, max)));
        return null;
    }

    /** The end that the table gives, if it gives one, and at least the value seen. */
    private static double widened(double seen, double end, int sign) {
        return Double.isFinite(end) && sign * end > sign * seen ? end : seen;
    }

    private @Nullable String presence(String name, long rows) {
        ColumnContract column = contract.column(name);
        long nulls = facts(name).nulls();
        double share = new BigDecimal(1 - promise.share(nulls, rows))
                .setScale(4, RoundingMode.DOWN)
                .doubleValue();
        double least = Math.min(column.presence(), Math.min(share, (double) (rows - nulls) / rows));
        ColumnContract nullable = column.feature(column.feature().nullable());
        set(nullable.presence(Math.max(0, least)));
        return null;
    }

    private @Nullable String categories(String name) {
        ColumnContract column = contract.column(name);
        Map<String, Long> counts = facts(name).counts();
        List<String> all = new ArrayList<>(column.feature().categories());
        Set<String> spellings = new HashSet<>();
        all.forEach(category -> spellings.add(spelling(category)));
        List<String> misspelt = new ArrayList<>();
        if (counts != null) {
            for (String category : counts.keySet()) {
                if (!all.contains(category)) {
                    (spellings.contains(spelling(category)) ? misspelt : all).add(category);
                }
            }
        }
        if (counts == null
                || all.size()
                        > Math.max(mostCategories, column.feature().categories().size())) {
            return "too many to be a list of categories";
        }
        int added = all.size() - column.feature().categories().size();
        if (added > 0) {
            Feature feature = Feature.category(name, all);
            feature = column.feature().isNullable() ? feature.nullable() : feature;
            set(column.feature(column.feature().isSensitive() ? feature.sensitive() : feature));
        }
        if (!misspelt.isEmpty()) {
            String refused = "'" + String.join("', '", misspelt) + "' differ from known ones in their spelling only";
            if (added == 0) {
                return refused;
            }
            open.add(new Open(name, refused));
        }
        return null;
    }

    private static String spelling(String category) {
        return category.strip().toLowerCase(Locale.ROOT);
    }

    private @Nullable String length(String name) {
        ColumnContract column = contract.column(name);
        if (column.feature().type() == FeatureType.TENSOR) {
            return "arrays of another shape are for a person to agree on";
        }
        double[] longest = facts(name).lengths().largest();
        double[] shortest = facts(name).lengths().smallest();
        set(column.length(
                (int) Math.min(column.minLength(), shortest[0]), (int) Math.max(column.maxLength(), longest[0])));
        return null;
    }

    private @Nullable String time(String name) {
        ColumnContract column = contract.column(name);
        Instant first = Instant.ofEpochMilli((long) facts(name).min());
        Instant last = Instant.ofEpochMilli((long) facts(name).max());
        Instant earliest = column.earliest();
        Instant latest = column.latest();
        set(column.between(
                earliest == null || earliest.isBefore(first) ? earliest : first,
                latest == null || latest.isAfter(last) ? latest : last));
        return null;
    }

    private @Nullable String duplicates(Anomaly anomaly, long rows) {
        double share = new BigDecimal(promise.share(anomaly.count(), rows))
                .setScale(4, RoundingMode.UP)
                .doubleValue();
        contract = contract.duplicates(Math.max(share, anomaly.fraction()));
        return null;
    }

    private @Nullable String rowCount(long rows) {
        if (rows > 2.0 * contract.maxRows() || 2.0 * rows < contract.minRows()) {
            return "less than half or more than double of what was agreed on";
        }
        contract = contract.rowCount(Math.min(contract.minRows(), rows), Math.max(contract.maxRows(), rows));
        return null;
    }
}

package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.validation.profile.ProfileChange.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds what differs between two profiles by more than chance would make it. */
final class ProfileDifference {

    private static final double STANDARD_ERRORS = 4;
    private static final int MOST_VALUES = 5; // of one kind that are told
    private static final double DISTINCT_FACTOR = 1.1;

    private final List<ProfileChange> changes = new ArrayList<>();

    static List<ProfileChange> between(Profile earlier, Profile later) {
        ProfileDifference difference = new ProfileDifference();
        difference.structure(earlier, later);
        for (FeatureProfile after : later.features()) {
            FeatureProfile before = earlier.find(after.feature());
            if (before != null) {
                difference.rows(after.name(), before, after);
                difference.values(after.name(), before, after);
                for (int i = 0; i < after.parts().size(); i++) {
                    FeatureProfile part = after.parts().get(i);
                    difference.numbers(
                            after.name() + ", " + part.name(), before.parts().get(i), part);
                }
            }
        }
        difference.correlations(earlier, later);
        return List.copyOf(difference.changes);
    }

    private void structure(Profile earlier, Profile later) {
        List<String> before = names(earlier);
        List<String> after = names(later);
        for (String name : after) {
            if (!before.contains(name)) {
                add(
                        name,
                        Kind.ADDED,
                        Double.NaN,
                        Double.NaN,
                        "is new: " + later.feature(name).feature());
            } else {
                FeatureType was = earlier.feature(name).type();
                FeatureType is = later.feature(name).type();
                if (was != is) {
                    add(name, Kind.TYPE, Double.NaN, Double.NaN, "type " + was + " -> " + is);
                }
            }
        }
        for (String name : before) {
            if (!after.contains(name)) {
                add(name, Kind.REMOVED, Double.NaN, Double.NaN, "is no longer there");
            }
        }
        before.retainAll(after);
        after.retainAll(before);
        for (int i = 0; i < after.size(); i++) {
            int was = before.indexOf(after.get(i));
            if (was != i) {
                add(after.get(i), Kind.ORDER, was, i, "place " + (was + 1) + " -> " + (i + 1));
            }
        }
    }

    private static List<String> names(Profile profile) {
        return new ArrayList<>(
                profile.features().stream().map(FeatureProfile::name).toList());
    }

    private void rows(String name, FeatureProfile before, FeatureProfile after) {
        long was = before.rows();
        long is = after.rows();
        share(name, Kind.MISSING, "missing", before.missing(), was, after.missing(), is);
        share(name, Kind.UNREADABLE, "unreadable", before.unreadable(), was, after.unreadable(), is);
        share(name, Kind.NOT_FINITE, "not finite", notFinite(before), was, notFinite(after), is);
        share(name, Kind.OUTSIDE, "outside", before.outside(), before.count(), after.outside(), after.count());
    }

    /** By Fisher's transformation, whose standard error is 1 / sqrt(rows - 3). */
    private void correlations(Profile earlier, Profile later) {
        for (Correlation after : later.correlations()) {
            for (Correlation before : earlier.correlations()) {
                if (before.first().equals(after.first()) && before.second().equals(after.second())) {
                    double error = Math.sqrt(1.0 / (before.rows() - 3) + 1.0 / (after.rows() - 3));
                    double difference = Math.abs(fisher(after.value()) - fisher(before.value()));
                    if (before.rows() > 3 && after.rows() > 3 && difference > STANDARD_ERRORS * error) {
                        add(
                                after.first() + ", " + after.second(),
                                Kind.CORRELATION,
                                before.value(),
                                after.value(),
                                "correlation " + Words.number(before.value()) + " -> " + Words.number(after.value()));
                    }
                }
            }
        }
    }

    private static double fisher(double correlation) {
        return 0.5 * (Math.log1p(correlation) - Math.log1p(-correlation));
    }

    private static long notFinite(FeatureProfile profile) {
        return profile.notANumber() + profile.positiveInfinity() + profile.negativeInfinity();
    }

    private void values(String name, FeatureProfile before, FeatureProfile after) {
        numbers(name, before, after);
        if ((before.isDistinctExact() && after.isDistinctExact()) || !(after.facts() instanceof NumberFacts)) {
            frequent(name, before, after);
        }
        long was = before.distinct();
        long is = after.distinct();
        boolean manyRows = before.count() > 0 && after.count() > 0;
        // With more rows come more different values: only a number that rows cannot explain is told.
        boolean more = is > was * DISTINCT_FACTOR && after.count() <= before.count();
        boolean fewer = is * DISTINCT_FACTOR < was && after.count() >= before.count();
        if (manyRows && (more || fewer)) {
            add(name, Kind.DISTINCT, (double) was, (double) is, "different values " + was + " -> " + is);
        }
    }

    private void numbers(String name, FeatureProfile before, FeatureProfile after) {
        if (Double.isNaN(before.mean()) || Double.isNaN(after.mean())) {
            return;
        }
        FeatureType type = after.type();
        if (type != FeatureType.BOOLEAN) {
            if (after.min() < before.min()) {
                change(name, Kind.MIN, "smallest", before.min(), after.min(), type);
            }
            if (after.max() > before.max()) {
                change(name, Kind.MAX, "largest", before.max(), after.max(), type);
            }
        }
        double error =
                Math.sqrt(zeroIfNaN(before.variance()) / before.count() + zeroIfNaN(after.variance()) / after.count());
        if (Math.abs(after.mean() - before.mean()) > STANDARD_ERRORS * error) {
            change(name, Kind.MEAN, "mean", before.mean(), after.mean(), type);
        }
        if (type == FeatureType.BOOLEAN) {
            return;
        }
        spread(name, before, after);
        double median = before.quantile(0.5);
        double below = after.shareAtMost(median);
        double expected = before.shareAtMost(median);
        if (isMore(expected, before.count(), below, after.count()) && median != after.quantile(0.5)) {
            change(name, Kind.MEDIAN, "median", median, after.quantile(0.5), type);
        }
        if (type != FeatureType.TIMESTAMP) {
            share(name, Kind.ZEROS, "zeros", before.zeros(), before.count(), after.zeros(), after.count());
            share(name, Kind.WHOLE, "whole numbers", wholes(before), before.count(), wholes(after), after.count());
        }
    }

    private static long wholes(FeatureProfile profile) {
        return profile.facts() instanceof NumberFacts numbers ? numbers.wholes : 0;
    }

    private static double zeroIfNaN(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    /** A variance has a standard error of its square times sqrt((kurtosis + 2) / n), kurtosis being the excess. */
    private void spread(String name, FeatureProfile before, FeatureProfile after) {
        double was = before.variance();
        double is = after.variance();
        if (Double.isNaN(was) || Double.isNaN(is)) {
            return;
        }
        double error = Math.hypot(
                was * Math.sqrt((zeroIfNaN(before.excessKurtosis()) + 2) / before.count()),
                is * Math.sqrt((zeroIfNaN(after.excessKurtosis()) + 2) / after.count()));
        if (Math.abs(is - was) > STANDARD_ERRORS * error) {
            change(
                    name,
                    Kind.STANDARD_DEVIATION,
                    "standard deviation",
                    before.standardDeviation(),
                    after.standardDeviation(),
                    FeatureType.NUMBER);
        }
    }

    private void frequent(String name, FeatureProfile before, FeatureProfile after) {
        Map<String, Long> was = new HashMap<>();
        before.frequent().forEach(value -> was.put(value.value(), value.count()));
        Map<String, Long> is = new HashMap<>();
        after.frequent().forEach(value -> is.put(value.value(), value.count()));
        boolean numbers = after.facts() instanceof NumberFacts; // any may be new by chance, a name may not
        int told = 0;
        for (ValueCount value : after.frequent()) {
            double share = (double) value.count() / after.count();
            boolean isNew = before.isDistinctExact()
                    && !was.containsKey(value.value())
                    && (!numbers || isMore(0, before.count(), share, after.count()));
            if (isNew && told++ < MOST_VALUES) {
                add(name, Kind.NEW_VALUE, 0, share, "new value '" + value.value() + "' " + Words.share(share));
            }
        }
        told = 0;
        for (ValueCount value : before.frequent()) {
            double share = (double) value.count() / before.count();
            if (is.containsKey(value.value())) {
                share(
                        name,
                        Kind.SHARE,
                        "'" + value.value() + "'",
                        value.count(),
                        before.count(),
                        is.get(value.value()),
                        after.count());
            } else if (after.isDistinctExact()
                    && isMore(share, before.count(), 0, after.count())
                    && told++ < MOST_VALUES) {
                add(name, Kind.LOST_VALUE, share, 0, "no more '" + value.value() + "', was " + Words.share(share));
            }
        }
    }

    private void share(String name, Kind kind, String what, long before, long ofBefore, long after, long ofAfter) {
        double was = (double) before / ofBefore;
        double is = (double) after / ofAfter;
        if (isMore(was, ofBefore, is, ofAfter)) {
            add(name, kind, was, is, what + " " + Words.share(was) + " -> " + Words.share(is));
        }
    }

    /** Whether two shares differ by more than four standard errors of such a difference. */
    private static boolean isMore(double was, long ofBefore, double is, long ofAfter) {
        double pooled = (was * ofBefore + is * ofAfter) / ((double) ofBefore + ofAfter);
        double error = Math.sqrt(pooled * (1 - pooled) * (1.0 / ofBefore + 1.0 / ofAfter));
        return Math.abs(is - was) > STANDARD_ERRORS * error;
    }

    private void change(String name, Kind kind, String what, double before, double after, FeatureType type) {
        String was = Words.number(before, type);
        String is = Words.number(after, type);
        if (was.equals(is)) { // to four digits
            was = Double.toString(before);
            is = Double.toString(after);
        }
        add(name, kind, before, after, what + " " + was + " -> " + is);
    }

    private void add(String name, Kind kind, double before, double after, String text) {
        changes.add(new ProfileChange(name, kind, before, after, text));
    }
}

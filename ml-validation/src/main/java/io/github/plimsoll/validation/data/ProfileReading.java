package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.validation.data.ColumnFacts.Kind;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.Profile;
import io.github.plimsoll.validation.profile.ValueCount;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a profile tells of columns. Less than a table does: whether a value is there twice, the order and the form of texts are
 * not known, and the values at the ends are those of its quantiles.
 */
final class ProfileReading {

    private ProfileReading() {}

    static TableReading of(Profile profile) {
        return new TableReading(
                "a profile",
                profile.rows(),
                profile.features().stream().map(ProfileReading::facts).toList(),
                -1,
                false);
    }

    private static ColumnFacts facts(FeatureProfile profile) {
        Kind kind = kind(profile);
        boolean ordered = kind == Kind.INTEGER || kind == Kind.NUMBER || kind == Kind.TIMESTAMP;
        boolean looked = !profile.feature().isSensitive();
        return new ColumnFacts(
                profile.name(),
                kind,
                profile.rows(),
                profile.count(),
                Map.of(),
                profile.unreadable(),
                looked && kind != Kind.TENSOR ? counts(profile) : null,
                ordered && looked ? end(profile, false) : new double[0],
                ordered && looked ? end(profile, true) : new double[0],
                profile.notANumber() + profile.positiveInfinity() + profile.negativeInfinity(),
                kind == Kind.NUMBER && looked ? Math.round(profile.count() * (1 - profile.wholeShare())) : 0,
                0,
                0,
                false,
                false,
                new Extremes(),
                null,
                null,
                false,
                null,
                null,
                profile.type() == FeatureType.TENSOR ? (int) profile.feature().shape()[0] : 0,
                !looked);
    }

    private static Kind kind(FeatureProfile profile) {
        if (profile.rows() == profile.missing()) {
            return Kind.EMPTY;
        }
        return switch (profile.type()) {
            case NUMBER -> Kind.NUMBER;
            case INTEGER -> Kind.INTEGER;
            case BOOLEAN -> Kind.BOOLEAN;
            case TIMESTAMP -> Kind.TIMESTAMP;
            case TENSOR -> Kind.TENSOR;
            case CATEGORY, TEXT -> Kind.TEXT;
        };
    }

    private static @Nullable Map<String, Long> counts(FeatureProfile profile) {
        if (!profile.isDistinctExact()) {
            return null;
        }
        Map<String, Long> counts = new TreeMap<>();
        for (ValueCount value : profile.frequent()) {
            counts.put(value.value(), value.count());
        }
        return counts;
    }

    /** The values at an end, as far as a tail is looked at: the i-th of n is the quantile of the share (i + 1/2) / n. */
    private static double[] end(FeatureProfile profile, boolean upper) {
        long count = profile.count();
        double[] values = new double[(int) Math.min(count, Tail.MOST + 1)];
        for (int i = 0; i < values.length; i++) {
            double share = (i + 0.5) / count;
            values[i] = profile.quantile(upper ? 1 - share : share);
        }
        return values;
    }
}

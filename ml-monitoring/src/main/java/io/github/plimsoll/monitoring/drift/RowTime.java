package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where rows say when they were: in a feature, or nowhere. Immutable. */
record RowTime(int feature) {

    static final RowTime NOWHERE = new RowTime(-1);

    /**
     * In the feature of a name, if there is one.
     *
     * @throws IllegalArgumentException if none of the features has that name and is a timestamp
     */
    static RowTime of(@Nullable String name, List<Feature> features) {
        if (name == null) {
            return NOWHERE;
        }
        for (int i = 0; i < features.size(); i++) {
            if (features.get(i).name().equals(name) && features.get(i).type() == FeatureType.TIMESTAMP) {
                return new RowTime(i);
            }
        }
        throw new IllegalArgumentException("no timestamp '" + name + "' (expected: one of " + features + ')');
    }

    /** The time of a row, or another one if it does not say. */
    long millis(FeatureRow row, long otherwise) {
        boolean isKnown = feature >= 0 && !row.isNull(feature) && !row.isInvalid(feature);
        return isKnown ? row.integer(feature) : otherwise;
    }
}

package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;

/** Counts one feature of rows: those without a value by the reason, and the values. Not thread-safe. */
final class FeatureTally {

    private final Feature feature;
    private final boolean real;
    private final Tally values;
    private long missing;
    private long unreadable;
    private long notANumber;
    private long positiveInfinity;
    private long negativeInfinity;

    FeatureTally(Feature feature) {
        this.feature = feature;
        real = feature.type() == FeatureType.NUMBER;
        values = tally(feature);
    }

    private static Tally tally(Feature feature) {
        if (feature.isSensitive()) {
            return new NoFacts.Counter();
        }
        return switch (feature.type()) {
            case NUMBER, INTEGER, BOOLEAN, TIMESTAMP -> new NumberTally(feature.type(), feature.min(), feature.max());
            case CATEGORY, TEXT -> new WordTally(feature);
            case TENSOR -> new NoFacts.Counter();
        };
    }

    void add(FeatureRow row, int index) {
        if (row.isNull(index)) {
            missing++;
        } else if (row.isInvalid(index)) {
            if (row.invalidValue(index) == null) {
                missing++; // where null is not allowed it is an error of the row, and still nothing
            } else {
                unreadable++;
            }
        } else if (real && !Double.isFinite(row.number(index))) {
            double number = row.number(index);
            if (number > 0) {
                positiveInfinity++;
            } else if (number < 0) {
                negativeInfinity++;
            } else {
                notANumber++;
            }
        } else {
            values.add(row, index);
        }
    }

    void addMissing(long rows) {
        missing += rows;
    }

    void add(FeatureProfile other) {
        missing += other.missing();
        unreadable += other.unreadable();
        notANumber += other.notANumber();
        positiveInfinity += other.positiveInfinity();
        negativeInfinity += other.negativeInfinity();
        values.add(other.facts());
    }

    FeatureProfile profile() {
        return new FeatureProfile(
                feature,
                new States(missing, unreadable, notANumber, positiveInfinity, negativeInfinity),
                values.facts());
    }
}

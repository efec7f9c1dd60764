package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import org.jspecify.annotations.Nullable;

/** Counts one feature of rows: those without a value by the reason, and the values. Not thread-safe. */
final class FeatureTally {

    private final Feature feature;
    private final boolean real;
    private final Tally values;
    private final Unreadable unread;
    private long missing;
    private long unreadable;
    private long notANumber;
    private long positiveInfinity;
    private long negativeInfinity;

    FeatureTally(Feature feature, @Nullable FeatureProfile earlier, @Nullable Key key) {
        this.feature = feature;
        real = feature.type() == FeatureType.NUMBER;
        unread = new Unreadable(feature.isSensitive());
        values = tally(feature, earlier == null ? null : earlier.facts(), key);
    }

    private static Tally tally(Feature feature, @Nullable Facts earlier, @Nullable Key key) {
        if (feature.isSensitive()) {
            return key != null && Facts.areHashed(feature) ? new KeyedTally(key) : new NoFacts.Counter();
        }
        return switch (feature.type()) {
            case NUMBER, INTEGER, BOOLEAN, TIMESTAMP -> new NumberTally(feature.type(), feature.min(), feature.max());
            case CATEGORY, TEXT ->
                new WordTally(feature, earlier instanceof WordFacts words ? words.tokens : new long[0]);
            case TENSOR ->
                new TensorTally(feature, earlier instanceof TensorFacts tensors ? tensors.centre() : new double[0]);
        };
    }

    void add(FeatureRow row, int index) {
        if (row.isNull(index)) {
            missing++;
        } else if (row.isInvalid(index)) {
            Object given = row.invalidValue(index);
            if (given == null) {
                missing++; // where null is not allowed it is an error of the row, and still nothing
            } else {
                unreadable++;
                unread.add(given);
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

    void add(FeatureProfile other) {
        missing += other.missing();
        unreadable += other.unreadable();
        notANumber += other.notANumber();
        positiveInfinity += other.positiveInfinity();
        negativeInfinity += other.negativeInfinity();
        unread.add(other.unread());
        values.add(other.facts());
    }

    FeatureProfile profile() {
        return new FeatureProfile(
                feature,
                new States(missing, unreadable, notANumber, positiveInfinity, negativeInfinity),
                unread.facts(),
                values.facts());
    }
}

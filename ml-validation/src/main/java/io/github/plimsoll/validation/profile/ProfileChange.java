package io.github.plimsoll.validation.profile;

import java.util.Objects;

/**
 * One difference between two profiles.
 *
 * @param feature the feature, or the feature and a {@linkplain FeatureProfile#parts part} of it as in {@code note, length}
 * @param kind what differs
 * @param before what it was: a share, a number, a count, or a place; NaN where it is no number
 * @param after what it is
 * @param text the difference in words, such as {@code missing 0.1 % -> 12 %}
 * @since 0.1
 * @see Profile#changesSince
 */
public record ProfileChange(String feature, Kind kind, double before, double after, String text) {

    /** What differs. */
    public enum Kind {
        /** The feature was not there. */
        ADDED,
        /** The feature is no longer there. */
        REMOVED,
        /** The feature has another type. */
        TYPE,
        /** The feature stands in another place among those that are in both. */
        ORDER,
        /** The share of rows with null or nothing. */
        MISSING,
        /** The share of rows with something that is no value of the type. */
        UNREADABLE,
        /** The share of rows with NaN or an infinity. */
        NOT_FINITE,
        /** The share of values outside the declared range or set. */
        OUTSIDE,
        /** The smallest value is below any before. */
        MIN,
        /** The largest value is above any before. */
        MAX,
        /** The mean. */
        MEAN,
        /** The standard deviation. */
        STANDARD_DEVIATION,
        /** The median. */
        MEDIAN,
        /** The share of zeros. */
        ZEROS,
        /** The share of whole numbers. */
        WHOLE,
        /** The number of different values. */
        DISTINCT,
        /** A value that was not there. */
        NEW_VALUE,
        /** A value that is no longer there. */
        LOST_VALUE,
        /** The share of a value. */
        SHARE,
        /** The correlation of two features. */
        CORRELATION
    }

    /** A difference. */
    public ProfileChange {
        Objects.requireNonNull(feature);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(text);
    }

    /** The difference as one line, such as {@code fare: missing 0.1 % -> 12 %}. */
    @Override
    public String toString() {
        return feature + ": " + text;
    }
}

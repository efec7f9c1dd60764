package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureRow;

/** Counts the values of one feature. Not thread-safe. */
interface Tally {

    /** Counts a value, which is there and, if it is a number, finite. */
    void add(FeatureRow row, int index);

    /** Adds what another tally of the same feature counted. */
    void add(Facts other);

    /** What was counted, independent of what is counted later. */
    Facts facts();
}

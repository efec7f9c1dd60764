package io.github.plimsoll.monitoring.drift;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is tested: a channel of a column or of a pair.
 *
 * @param channel what is looked at
 * @param column the column, or -1 for the rows as a whole
 * @param partner the column that a relation predicts it from, or -1
 * @param weight its part of the false-alarm budget, compared with others
 * @param counts the index of its counts in a window, or -1 if it is tested on something else
 * @param test how counts are compared, or null
 */
record Unit(
        Channel channel,
        int column,
        int partner,
        double weight,
        int counts,
        @Nullable CountTest test) {

    /** Whether it is of a column that is computed of a feature, or of one and another column. */
    boolean isComputed(RowEncoder encoder) {
        return isComputed(encoder, column) || isComputed(encoder, partner);
    }

    private static boolean isComputed(RowEncoder encoder, int column) {
        return column >= 0 && encoder.measure(column) != null;
    }
}

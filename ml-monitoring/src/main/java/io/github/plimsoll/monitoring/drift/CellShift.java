package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.validation.stats.Interval;
import io.github.plimsoll.validation.stats.Proportion;
import java.util.Locale;
import java.util.Objects;

/**
 * A cell whose share of the rows is not what it was, in words.
 *
 * @param cell the cell, such as {@code temperature > 36.2}
 * @param before its share of the baseline, from 0 to 1
 * @param now its share of the live rows, from 0 to 1
 * @param interval the share that is behind {@code now}: of several cells that are named together, each holds its own with a
 *     confidence of 95 % for all of them (Clopper and Pearson's interval)
 * @since 0.1
 */
public record CellShift(String cell, double before, double now, Interval interval) implements Finding {

    private static final double LEVEL = 0.95;

    /** Checks. */
    public CellShift {
        Objects.requireNonNull(cell);
        Objects.requireNonNull(interval);
    }

    /** For a cell that was looked at because it had gained most of several. */
    static CellShift of(String cell, double before, long count, long rows, int cells) {
        double size = Math.max(1, rows);
        return new CellShift(cell, before, count / size, interval(count, Math.max(1, rows), cells));
    }

    static Interval interval(long count, long rows, int cells) {
        return Proportion.interval(
                count, rows, 1 - (1 - LEVEL) / Math.max(1, cells), Proportion.IntervalMethod.CLOPPER_PEARSON);
    }

    /** The shift as {@code temperature > 36.2: 3 % -> 71 % (66 % to 76 %)}. */
    @Override
    public String toString() {
        return words(cell, before, now, interval);
    }

    static String words(String what, double before, double now, Interval interval) {
        return what + ": " + percent(before) + " -> " + percent(now) + " (" + percent(interval.lower()) + " to "
                + percent(interval.upper()) + ')';
    }

    static String percent(double share) {
        double percent = share * 100;
        if (percent == 0 || (percent >= 10 && percent < 99.95)) {
            return String.format(Locale.ROOT, "%.0f %%", percent);
        }
        String text = String.format(Locale.ROOT, percent >= 0.095 ? "%.1f" : "%.2g", percent);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
    }
}

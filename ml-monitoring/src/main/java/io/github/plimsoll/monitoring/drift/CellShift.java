package io.github.plimsoll.monitoring.drift;

import java.util.Locale;
import java.util.Objects;

/**
 * A cell that has more rows than it should, in words.
 *
 * @param cell the cell, such as {@code temperature > 36.2}
 * @param before its share of the baseline, from 0 to 1
 * @param now its share of the live rows, from 0 to 1
 * @since 0.1
 */
public record CellShift(String cell, double before, double now) {

    /** Checks. */
    public CellShift {
        Objects.requireNonNull(cell);
    }

    /** The shift as {@code temperature > 36.2: 3 % -> 71 %}. */
    @Override
    public String toString() {
        return cell + ": " + percent(before) + " -> " + percent(now);
    }

    private static String percent(double share) {
        double percent = share * 100;
        if (percent == 0 || (percent >= 10 && percent < 99.95)) {
            return String.format(Locale.ROOT, "%.0f %%", percent);
        }
        String text = String.format(Locale.ROOT, percent >= 0.095 ? "%.1f" : "%.2g", percent);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
    }
}

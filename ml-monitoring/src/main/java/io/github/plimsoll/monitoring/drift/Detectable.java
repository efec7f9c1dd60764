package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * The smallest changes of one column that are found within one window, about every other time; what is smaller by a third is
 * hardly ever found in one, but may be in several. NaN stands for a change that the column cannot have, or of which no size is
 * found in so few rows. Immutable.
 *
 * @param column the column
 * @param rows the rows of the window
 * @param shift by how many standard deviations a number has to move, measured on normal scores: its baseline's quantiles as
 *     those of a normal law; larger than 0
 * @param lowerMedian below which median a number has to fall; NaN for a sensitive column
 * @param upperMedian above which median a number has to rise; NaN for a sensitive column
 * @param oneValue in which share of the rows one value, of those that are neither frequent nor rare, has to come up
 * @param missing which share of the rows has to be missing; of the column {@code fallback}, which share of the answers has to
 *     be others than the model's
 * @param newNames which share of the rows has to have a name that the baseline does not have
 * @since 0.1
 */
public record Detectable(
        String column,
        int rows,
        double shift,
        double lowerMedian,
        double upperMedian,
        double oneValue,
        double missing,
        double newNames) {

    /** The changes in a line, such as {@code income, in 500 rows: median < 38012 or > 42940, 0.34 sd; 1.4 % missing}. */
    @Override
    public String toString() {
        List<String> changes = new ArrayList<>();
        if (!Double.isNaN(shift)) {
            String medians = Double.isNaN(lowerMedian) || Double.isNaN(upperMedian)
                    ? "shifted by"
                    : "median < " + Words.number(lowerMedian) + " or > " + Words.number(upperMedian) + ',';
            changes.add(medians + ' ' + Words.number(Math.round(1_000 * shift) / 1e3) + " sd");
        }
        add(changes, oneValue, "one value in ", "");
        add(changes, missing, "", " missing");
        add(changes, newNames, "", " new names");
        return column + ", in " + rows + " rows: " + (changes.isEmpty() ? "nothing" : String.join("; ", changes));
    }

    private static void add(List<String> changes, double share, String before, String after) {
        if (!Double.isNaN(share)) {
            changes.add(before + CellShift.percent(share) + after);
        }
    }
}

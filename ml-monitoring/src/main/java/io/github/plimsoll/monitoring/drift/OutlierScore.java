package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.drift.OutlierDetector.Part;
import java.util.List;

/**
 * How unlike the baseline one row is.
 *
 * @param surprise the logarithm, to base 10, of the mean of 1/p over the columns and related pairs of columns, where p is the
 *     share of the baseline that is as far out: about 1 for rows like those of the baseline
 * @param pValue the share of sound rows that are at least as surprising: rows like those of the baseline have one of at most
 *     0.01 in 1 of 100 cases
 * @param parts what the surprise is made of, the largest part first: columns or pairs, none that is less than a tenth of the
 *     first
 * @since 0.1
 */
public record OutlierScore(double surprise, double pValue, List<Part> parts) {

    /** Copies the list. */
    public OutlierScore {
        parts = List.copyOf(parts);
    }

    /**
     * Whether the row is among the most surprising ones.
     *
     * @param share which share of the sound rows may be taken for outliers, such as 0.001
     * @return true if the p-value is not above the share
     */
    public boolean isOutlier(double share) {
        return pValue <= share;
    }

    /** The score as {@code p 0.0004, surprise 4.2: income (1 of 12000 is as far out); age with pension (1 of 900 ...)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("p ")
                .append(Words.number(pValue))
                .append(", surprise ")
                .append(Words.number(Math.round(10 * surprise) / 10.0));
        for (int i = 0; i < parts.size(); i++) {
            text.append(i == 0 ? ": " : "; ").append(parts.get(i));
        }
        return text.toString();
    }
}

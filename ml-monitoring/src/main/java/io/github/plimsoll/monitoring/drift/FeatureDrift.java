package io.github.plimsoll.monitoring.drift;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What a look says of one feature. Immutable.
 *
 * @param name the feature's name
 * @param rows how many rows were counted
 * @param score the evidence of drift as a power of ten: with 3, the counts are a thousand times as likely under "has drifted"
 *     as under "has not". Negative where the counts speak against drift; 0 without rows. It grows without bound with the rows
 *     of a real drift, so it says how sure, not how big
 * @param threshold the score from which on the feature counts as drifted
 * @param psi how big: the population stability index over the same cells, less its expectation when nothing has changed;
 *     around 0 without drift, somewhat below for fewer than some hundred rows, and NaN without rows
 * @param shifts the cells that gained most, the one that gives most evidence first; at most three, none that gives less than
 *     a tenth of the first
 * @since 0.1
 */
public record FeatureDrift(String name, long rows, double score, double threshold, double psi, List<CellShift> shifts) {

    /** Copies the list. */
    public FeatureDrift {
        Objects.requireNonNull(name);
        shifts = List.copyOf(shifts);
    }

    /**
     * Whether the evidence suffices.
     *
     * @return true if the score has reached the threshold
     */
    public boolean isDrifted() {
        return score >= threshold;
    }

    /** The feature in a line, such as {@code temperature: drifted, score 41.3 of 3.9, PSI 1.72; temperature > 36.2: 3 % -> 71 %}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(name)
                .append(isDrifted() ? ": drifted" : ": stable")
                .append(String.format(Locale.ROOT, ", score %.1f of %.1f, PSI %.2f", score, threshold, psi));
        if (isDrifted()) {
            shifts.forEach(shift -> text.append("; ").append(shift));
        }
        return text.toString();
    }
}

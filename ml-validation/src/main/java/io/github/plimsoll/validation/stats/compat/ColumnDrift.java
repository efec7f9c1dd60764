package io.github.plimsoll.validation.stats.compat;

/**
 * What a monitor's default test says of one column.
 *
 * @param test the test or distance that the monitor's rule chose
 * @param value its p-value or distance
 * @param threshold what the value is compared with
 * @param drifted whether the monitor calls it drift: a p-value below the threshold, or a distance at or above it
 * @since 0.1
 */
public record ColumnDrift(Test test, double value, double threshold, boolean drifted) {

    /**
     * What a rule may choose.
     *
     * @since 0.1
     */
    public enum Test {
        /** The two-sample Kolmogorov-Smirnov test. */
        KOLMOGOROV_SMIRNOV,
        /** The chi-square test of the current counts against the reference's shares. */
        CHI_SQUARE,
        /** The z test of two proportions. */
        PROPORTION_Z,
        /** The Wasserstein distance over the reference's standard deviation. */
        WASSERSTEIN,
        /** The Jensen-Shannon distance. */
        JENSEN_SHANNON
    }
}

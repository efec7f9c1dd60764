package io.github.plimsoll.validation.stats;

/**
 * What a statistical test says: how far the data are from the null hypothesis, and how often chance alone goes that far.
 *
 * @param statistic the test's statistic, in the sign and scale that the test states; {@code NaN} if the data do not define it
 * @param pValue the probability, if the null hypothesis holds, of a statistic at least this extreme, in [0, 1]; {@code NaN} if
 *     the data do not define it
 * @param degreesOfFreedom of the null distribution, {@code NaN} for tests that have none; may be a fraction
 * @since 0.1
 */
public record TestResult(double statistic, double pValue, double degreesOfFreedom) {

    static TestResult of(double statistic, double pValue) {
        return new TestResult(statistic, pValue, Double.NaN);
    }

    /**
     * Tells whether the null hypothesis is rejected at a level. An undefined p-value rejects nothing.
     *
     * @param alpha the level, as 0.05
     * @return whether the p-value is at most {@code alpha}
     */
    public boolean rejectedAt(double alpha) {
        return pValue <= alpha;
    }
}

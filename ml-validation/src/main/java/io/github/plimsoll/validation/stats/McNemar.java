package io.github.plimsoll.validation.stats;

/**
 * McNemar's test: on the same cases, is one of two classifiers right where the other is wrong more often than the reverse?
 *
 * <p>Equal to statsmodels' {@code mcnemar}, but for no discordant case at all: that is {@code NaN} here where statsmodels divides by
 * zero.
 *
 * @since 0.1
 */
public final class McNemar {

    private McNemar() {}

    /**
     * Tests exactly, by the binomial distribution. O(discordant cases).
     *
     * @param onlyFirst cases that only the first has right
     * @param onlySecond cases that only the second has right
     * @return the smaller of the two, and its two-sided p-value; 1 without any discordant case
     * @throws IllegalArgumentException if a count is negative
     */
    public static TestResult exact(long onlyFirst, long onlySecond) {
        double smaller = Math.min(Shares.count("onlyFirst", onlyFirst), Shares.count("onlySecond", onlySecond));
        if (onlyFirst == onlySecond) {
            return TestResult.of(smaller, 1);
        }
        double tail = 0;
        for (double k = 0; k <= smaller; k++) {
            tail += Binomial.probability(k, (double) onlyFirst + onlySecond, 0.5);
        }
        return TestResult.of(smaller, Math.min(1, 2 * tail));
    }

    /**
     * Tests by the chi-square limit.
     *
     * @param onlyFirst cases that only the first has right
     * @param onlySecond cases that only the second has right
     * @param correction {@link Correction#CONTINUITY} is Edwards'
     * @return the statistic and its p-value; {@code NaN} without any discordant case
     * @throws IllegalArgumentException if a count is negative
     */
    public static TestResult chiSquare(long onlyFirst, long onlySecond, Correction correction) {
        double sum = (double) Shares.count("onlyFirst", onlyFirst) + Shares.count("onlySecond", onlySecond);
        if (sum == 0) {
            return new TestResult(Double.NaN, Double.NaN, 1);
        }
        double difference = Math.abs((double) onlyFirst - onlySecond) - (correction == Correction.CONTINUITY ? 1 : 0);
        double statistic = difference * difference / sum;
        return new TestResult(statistic, Distributions.chiSquareSurvival(statistic, 1), 1);
    }
}

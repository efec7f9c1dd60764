package io.github.plimsoll.validation.stats;

/**
 * The G test, which is the likelihood-ratio test, on counts: do they follow expected frequencies, or do the rows of a table
 * follow one distribution? G is twice the counts' sum times their Kullback-Leibler divergence.
 *
 * <p>Equal to SciPy's {@code power_divergence} and {@code chi2_contingency} with {@code lambda_="log-likelihood"}.
 *
 * @since 0.1
 */
public final class GTest {

    private GTest() {}

    /**
     * Tells whether counts follow expected frequencies.
     *
     * @param observed what was counted per cell
     * @param expected what was expected per cell, adding up to as much as {@code observed}
     * @return G and its p-value; infinite and 0 if something was counted where nothing was expected; a p-value of {@code NaN} for a
     *     single cell
     * @throws IllegalArgumentException if the arrays differ in length or in their sum, or if a number is negative
     */
    public static TestResult goodnessOfFit(long[] observed, double[] expected) {
        return Contingency.goodnessOfFit(observed, expected, GTest::term);
    }

    /**
     * Tells whether the rows of a table follow one distribution.
     *
     * @param table counts, a row each of one length
     * @return G and its p-value, without correction; 0 and 1 for a single row or column
     * @throws IllegalArgumentException if rows differ in length, a count is negative, or a row or column adds up to 0
     */
    public static TestResult independence(long[][] table) {
        return independence(table, Correction.NONE);
    }

    /**
     * Tells whether the rows of a table follow one distribution.
     *
     * @param table counts, a row each of one length
     * @param correction {@link Correction#CONTINUITY} is Yates' for tables of two rows and two columns, and none for others
     * @return G and its p-value; 0 and 1 for a single row or column
     * @throws IllegalArgumentException if rows differ in length, a count is negative, or a row or column adds up to 0
     */
    public static TestResult independence(long[][] table, Correction correction) {
        return Contingency.independence(table, correction, GTest::term);
    }

    private static double term(double observed, double expected) {
        return observed == 0 ? 0 : 2 * observed * Math.log(observed / expected);
    }
}

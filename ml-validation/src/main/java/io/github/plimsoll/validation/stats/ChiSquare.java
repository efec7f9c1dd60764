package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * Pearson's chi-square test on counts: do they follow expected frequencies, or do the rows of a table follow one distribution?
 *
 * <p>Its limit law wants about five expected in a cell. Equal to SciPy's {@code chisquare} and {@code chi2_contingency}.
 *
 * @since 0.1
 */
public final class ChiSquare {

    private ChiSquare() {}

    /**
     * Tells whether counts are equal but for chance.
     *
     * @param observed what was counted per cell
     * @return the statistic and its p-value; a p-value of {@code NaN} for a single cell
     * @throws IllegalArgumentException if a count is negative or none is above 0
     */
    public static TestResult goodnessOfFit(long[] observed) {
        double[] expected = new double[observed.length];
        Arrays.fill(expected, Arrays.stream(observed).asDoubleStream().sum() / observed.length);
        return goodnessOfFit(observed, expected);
    }

    /**
     * Tells whether counts follow expected frequencies.
     *
     * @param observed what was counted per cell
     * @param expected what was expected per cell, adding up to as much as {@code observed}
     * @return the statistic and its p-value; infinite and 0 if something was counted where nothing was expected; a p-value of
     *     {@code NaN} for a single cell
     * @throws IllegalArgumentException if the arrays differ in length or in their sum, or if a number is negative
     */
    public static TestResult goodnessOfFit(long[] observed, double[] expected) {
        return Contingency.goodnessOfFit(observed, expected, ChiSquare::term);
    }

    /**
     * Tells whether the rows of a table follow one distribution, which is whether row and column are independent.
     *
     * @param table counts, a row each of one length
     * @return the statistic and its p-value, without correction; 0 and 1 for a single row or column
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
     * @return the statistic and its p-value; 0 and 1 for a single row or column
     * @throws IllegalArgumentException if rows differ in length, a count is negative, or a row or column adds up to 0
     */
    public static TestResult independence(long[][] table, Correction correction) {
        return Contingency.independence(table, correction, ChiSquare::term);
    }

    private static double term(double observed, double expected) {
        double off = observed - expected;
        return off * off / expected;
    }
}

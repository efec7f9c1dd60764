package io.github.plimsoll.validation.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
     * Tells whether counts follow those of a baseline, with rare cells joined until the limit law can be used, as Deequ has it: with two
     * cells, 10 are expected in each (Cochran); with more, fewer than 5 are expected in no more than a fifth of them (Yates, Moore and
     * McCabe). The cell of which least is expected is joined to the next, the first of equals, until that holds. Cells that the
     * baseline does not have are left out.
     *
     * @param observed what was counted per cell
     * @param baseline what was counted per cell in the baseline, of any sum
     * @return the statistic and its p-value; {@code NaN} if fewer than two cells remain, never 0 or 1
     * @throws IllegalArgumentException if the arrays differ in length or a number is negative
     */
    public static TestResult goodnessOfFitOfJoinedCells(long[] observed, long[] baseline) {
        if (observed.length != baseline.length) {
            throw new IllegalArgumentException(
                    "baseline: " + baseline.length + " cells (expected: " + observed.length + ", as observed)");
        }
        Shares.weights("observed", observed);
        Shares.weights("baseline", baseline);
        long common = 0;
        long all = 0;
        List<long[]> cells = new ArrayList<>(); // observed, baseline
        for (int i = 0; i < observed.length; i++) {
            if (baseline[i] > 0) {
                cells.add(new long[] {observed[i], baseline[i]});
                common += observed[i];
                all += baseline[i];
            }
        }
        double scale = (double) common / all;
        while (cells.size() > 1 && tooRare(cells, scale)) {
            long[] rarest = rarest(cells);
            cells.remove(rarest);
            long[] next = rarest(cells);
            next[0] += rarest[0];
            next[1] += rarest[1];
        }
        if (cells.size() < 2) {
            return new TestResult(Double.NaN, Double.NaN, Double.NaN);
        }
        return goodnessOfFit(
                cells.stream().mapToLong(cell -> cell[0]).toArray(),
                cells.stream().mapToDouble(cell -> cell[1] * scale).toArray());
    }

    private static boolean tooRare(List<long[]> cells, double scale) {
        double enough = cells.size() == 2 ? 10 : 5;
        long below = cells.stream().filter(cell -> cell[1] * scale < enough).count();
        return below > (cells.size() == 2 ? 0 : cells.size() / 5);
    }

    private static long[] rarest(List<long[]> cells) {
        long[] rarest = cells.get(0);
        for (long[] cell : cells) {
            rarest = cell[1] < rarest[1] ? cell : rarest;
        }
        return rarest;
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

package io.github.plimsoll.validation.stats;

/**
 * Fisher's exact test of a table of two rows and two columns: are row and column independent? For counts too small for
 * chi-square.
 *
 * <p>Equal to SciPy's {@code fisher_exact}.
 *
 * @since 0.1
 */
public final class FisherExact {

    /** Tables as likely as the one at hand, up to rounding, are as extreme. */
    private static final double AS_LIKELY = 1 + 1e-13;

    private FisherExact() {}

    /**
     * Tests a table, given its margins. O(smallest margin).
     *
     * @param table two rows of two counts
     * @return the sample odds ratio, {@code NaN} if a row or column adds up to 0, and its two-sided p-value: the probability of all
     *     tables that are at most as likely
     * @throws IllegalArgumentException if the table has another shape or a negative count
     */
    public static TestResult independence(long[][] table) {
        return independence(table, Alternative.TWO_SIDED);
    }

    /**
     * Tests a table, given its margins. O(smallest margin).
     *
     * @param table two rows of two counts
     * @param alternative {@link Alternative#GREATER} for an odds ratio above 1
     * @return the sample odds ratio, {@code NaN} if a row or column adds up to 0, and its p-value, 1 in that case
     * @throws IllegalArgumentException if the table has another shape or a negative count
     */
    public static TestResult independence(long[][] table, Alternative alternative) {
        if (table.length != 2 || table[0].length != 2 || table[1].length != 2) {
            throw new IllegalArgumentException("table of " + table.length + " rows (expected: two rows of two counts)");
        }
        long a = Shares.count("table[0][0]", table[0][0]);
        long b = Shares.count("table[0][1]", table[0][1]);
        long c = Shares.count("table[1][0]", table[1][0]);
        long d = Shares.count("table[1][1]", table[1][1]);
        if (a + b == 0 || c + d == 0 || a + c == 0 || b + d == 0) {
            return TestResult.of(Double.NaN, 1);
        }
        double oddsRatio = (double) a * d / ((double) b * c);
        return TestResult.of(oddsRatio, pValue(a, b, c, d, alternative));
    }

    /**
     * Sums the weights of the tables with these margins, each from its neighbour's by a ratio, relative to the table at hand: no
     * factorials, and the sum of all needs no formula of its own.
     */
    private static double pValue(long a, long b, long c, long d, Alternative alternative) {
        double all = 1;
        double extreme = 1;
        double weight = 1;
        boolean below = alternative == Alternative.LESS;
        for (long down = 1; down <= Math.min(a, d); down++) {
            weight *= (double) (a - down + 1) * (d - down + 1) / ((double) (b + down) * (c + down));
            all += weight;
            if (below || (alternative == Alternative.TWO_SIDED && weight <= AS_LIKELY)) {
                extreme += weight;
            }
        }
        weight = 1;
        boolean above = alternative == Alternative.GREATER;
        for (long up = 1; up <= Math.min(b, c); up++) {
            weight *= (double) (b - up + 1) * (c - up + 1) / ((double) (a + up) * (d + up));
            all += weight;
            if (above || (alternative == Alternative.TWO_SIDED && weight <= AS_LIKELY)) {
                extreme += weight;
            }
        }
        return extreme / all;
    }
}

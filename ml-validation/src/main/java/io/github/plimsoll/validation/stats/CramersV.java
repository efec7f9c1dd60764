package io.github.plimsoll.validation.stats;

/**
 * Cramer's V: how strongly row and column of a table of counts depend on each other, from 0 for not at all to 1 for completely.
 * The size of what {@link ChiSquare} tests.
 *
 * @since 0.1
 */
public final class CramersV {

    private CramersV() {}

    /**
     * The plain V. Above 0 by chance, the more so the fewer rows are counted.
     *
     * @param table counts, a row each of one length
     * @return V; {@code NaN} for a single row or column
     * @throws IllegalArgumentException if rows differ in length, a count is negative, or a row or column adds up to 0
     */
    public static double of(long[][] table) {
        double chiSquare = ChiSquare.independence(table).statistic();
        return Math.sqrt(chiSquare / total(table) / (Math.min(table.length, table[0].length) - 1));
    }

    /**
     * V with Bergsma's correction: near 0 for independent rows and columns.
     *
     * @param table counts, a row each of one length
     * @param correction of the chi-square statistic
     * @return V; {@code NaN} for a single row or column
     * @throws IllegalArgumentException if rows differ in length, a count is negative, or a row or column adds up to 0
     */
    public static double biasCorrected(long[][] table, Correction correction) {
        double n = total(table);
        double rows = table.length;
        double columns = rows == 0 ? 0 : table[0].length;
        double squared =
                ChiSquare.independence(table, correction).statistic() / n - (rows - 1) * (columns - 1) / (n - 1);
        double correctedRows = rows - (rows - 1) * (rows - 1) / (n - 1);
        double correctedColumns = columns - (columns - 1) * (columns - 1) / (n - 1);
        return Math.sqrt(Math.max(0, squared) / (Math.min(correctedRows, correctedColumns) - 1));
    }

    private static double total(long[][] table) {
        double total = 0;
        for (long[] row : table) {
            for (long count : row) {
                total += count;
            }
        }
        return total;
    }
}

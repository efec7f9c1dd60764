package io.github.plimsoll.validation.stats;

import java.util.function.DoubleBinaryOperator;

/** What the chi-square and the G test share: a table or a row of counts, what is expected in each cell, and the limit law. */
final class Contingency {

    private Contingency() {}

    /** Compares a table with the products of its margins. */
    static TestResult independence(long[][] table, Correction correction, DoubleBinaryOperator term) {
        int rows = table.length;
        int columns = rows == 0 ? 0 : table[0].length;
        double[] rowSums = new double[rows];
        double[] columnSums = new double[columns];
        double total = 0;
        for (int i = 0; i < rows; i++) {
            if (table[i].length != columns) {
                throw new IllegalArgumentException("table[" + i + "] has " + table[i].length + " cells (expected: "
                        + columns + ", as the first row)");
            }
            for (int j = 0; j < columns; j++) {
                long count = Shares.count("table[" + i + "][" + j + "]", table[i][j]);
                rowSums[i] += count;
                columnSums[j] += count;
                total += count;
            }
        }
        checkMargins("row", rowSums);
        checkMargins("column", columnSums);
        int degreesOfFreedom = (rows - 1) * (columns - 1);
        if (degreesOfFreedom == 0) {
            return new TestResult(0, 1, 0);
        }
        boolean corrected = correction == Correction.CONTINUITY && degreesOfFreedom == 1;
        double statistic = 0;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double expected = rowSums[i] * columnSums[j] / total;
                double off = expected - table[i][j];
                double observed =
                        corrected ? table[i][j] + Math.copySign(Math.min(0.5, Math.abs(off)), off) : table[i][j];
                statistic += term.applyAsDouble(observed, expected);
            }
        }
        return result(statistic, degreesOfFreedom);
    }

    private static void checkMargins(String what, double[] sums) {
        for (int i = 0; i < sums.length; i++) {
            if (sums[i] == 0) {
                throw new IllegalArgumentException(what + " " + i
                        + " of the table adds up to 0 (expected: something counted; leave empty ones out)");
            }
        }
        if (sums.length == 0) {
            throw new IllegalArgumentException("the table has no " + what + " (expected: one or more)");
        }
    }

    /** Compares a row of counts with what was expected in each cell. */
    static TestResult goodnessOfFit(long[] observed, double[] expected, DoubleBinaryOperator term) {
        double[] counts = Shares.weights("observed", observed);
        if (expected.length != counts.length) {
            throw new IllegalArgumentException("expected has " + expected.length + " cells (expected: " + counts.length
                    + ", as many as observed)");
        }
        double observedSum = 0;
        double expectedSum = 0;
        double statistic = 0;
        for (int i = 0; i < counts.length; i++) {
            if (!(expected[i] >= 0)) {
                throw new IllegalArgumentException("expected[" + i + "]: " + expected[i] + " (expected: not negative)");
            }
            observedSum += counts[i];
            expectedSum += expected[i];
            if (counts[i] != expected[i]) {
                statistic += term.applyAsDouble(counts[i], expected[i]);
            }
        }
        if (!(Math.abs(observedSum - expectedSum) <= 1e-8 * Math.min(observedSum, expectedSum))) {
            throw new IllegalArgumentException("expected adds up to " + expectedSum + " (expected: " + observedSum
                    + ", the sum of what was observed)");
        }
        return result(statistic, counts.length - 1);
    }

    private static TestResult result(double statistic, int degreesOfFreedom) {
        double pValue = degreesOfFreedom == 0
                ? Double.NaN
                : Distributions.chiSquareSurvival(Math.max(0, statistic), degreesOfFreedom);
        return new TestResult(statistic, pValue, degreesOfFreedom);
    }
}

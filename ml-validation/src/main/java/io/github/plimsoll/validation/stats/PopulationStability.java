package io.github.plimsoll.validation.stats;

/**
 * The population stability index beside what chance alone makes of it. The usual rules, 0.1 for a shift and 0.25 for a large one,
 * mean nothing without the sizes of the samples: over ten cells, 5,000 against 100 rows of one distribution exceed 0.1 in a
 * third of all cases.
 *
 * <p>Under the null hypothesis the index is (1/N + 1/M) times a chi-square variable of cells - 1 degrees of freedom, for about five
 * counts in a cell or more (Yurdakul 2018).
 *
 * @param index the index, as {@link Divergence#populationStabilityIndex} gives it
 * @param cells the number of cells, two or more
 * @param referenceSize how many the reference counts
 * @param currentSize how many are compared with it
 * @since 0.1
 */
public record PopulationStability(double index, int cells, long referenceSize, long currentSize) {

    /**
     * Takes an index that was computed elsewhere.
     *
     * @throws IllegalArgumentException if there are fewer than two cells, or a size is not positive
     */
    public PopulationStability {
        if (cells < 2 || referenceSize < 1 || currentSize < 1) {
            throw new IllegalArgumentException(cells + " cells of " + referenceSize + " and " + currentSize
                    + " counts (expected: two cells or more, one count or more)");
        }
    }

    /**
     * Compares counts.
     *
     * @param reference counts of the reference, per cell
     * @param current counts of what is compared with it, in the same cells
     * @param emptyCells what becomes of empty cells; {@code adding(0.5)} fits the null distribution best
     * @return the index
     * @throws IllegalArgumentException if the counts differ in length, are negative or all 0, or if there are fewer than two cells
     */
    public static PopulationStability of(long[] reference, long[] current, EmptyCells emptyCells) {
        double index =
                Divergence.between(reference, current).replacing(emptyCells).populationStabilityIndex();
        return new PopulationStability(index, reference.length, sum(reference), sum(current));
    }

    /**
     * What the index is on average if nothing changed.
     *
     * @return (cells - 1) (1/N + 1/M)
     */
    public double expectedByChance() {
        return (cells - 1) * scale();
    }

    /**
     * How far the index strays from that by chance.
     *
     * @return its standard deviation, sqrt(2 (cells - 1)) (1/N + 1/M)
     */
    public double chanceDeviation() {
        return Math.sqrt(2.0 * (cells - 1)) * scale();
    }

    /**
     * The index less what is expected by chance: an unbiased size of the shift, and negative about half the time if there is none.
     *
     * @return the corrected index
     */
    public double corrected() {
        return index - expectedByChance();
    }

    /**
     * The probability of an index at least as large if nothing changed.
     *
     * @return the p-value
     */
    public double pValue() {
        return Distributions.chiSquareSurvival(index / scale(), cells - 1.0);
    }

    /**
     * The index that is exceeded with a probability if nothing changed.
     *
     * @param alpha the probability, as 0.05
     * @return the critical value
     * @throws IllegalArgumentException if {@code alpha} is not between 0 and 1
     */
    public double criticalValue(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha: " + alpha + " (expected: above 0, below 1)");
        }
        return scale() * Distributions.chiSquareUpperQuantile(alpha, cells - 1.0);
    }

    private double scale() {
        return 1.0 / referenceSize + 1.0 / currentSize;
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}

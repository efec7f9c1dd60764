package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * Intervals and p-values that hold at all times at once: one may look after every value and stop when one likes, and the error
 * probability is that of all looks together. They are about twice as wide as those for a single look.
 *
 * <p>Equal to the package confseq.
 *
 * @since 0.1
 */
public final class ConfidenceSequence {

    private static final double TUNED_FOR = 0.05;

    private ConfidenceSequence() {}

    /**
     * The interval for a success rate after some trials.
     *
     * @param successes how many succeeded
     * @param trials how many there were
     * @param alpha the probability that the true rate is ever outside
     * @param tightestAt the number of trials at which the interval shall be tightest
     * @return the interval, inside [0, 1]
     * @throws IllegalArgumentException if a count is out of range or {@code alpha} is not between 0 and 1
     */
    public static Interval bernoulli(long successes, long trials, double alpha, double tightestAt) {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException("successes " + successes + " of " + trials
                    + " (expected: one trial or more, and a count from 0 to it)");
        }
        MixtureBoundary.checkLevel(alpha, 1);
        MixtureBoundary.checkPositive("tightestAt", tightestAt);
        double rate = (double) successes / trials;
        double lower = successes == 0
                ? 0
                : Search.root(p -> p <= 0 ? 1 : excess(p, rate, (double) trials, alpha, tightestAt), 0, rate);
        double upper = successes == trials
                ? 1
                : Search.root(p -> p >= 1 ? 1 : excess(p, rate, (double) trials, alpha, tightestAt), rate, 1);
        return new Interval(lower, upper);
    }

    /** How much the evidence against a rate is beyond the threshold. */
    private static double excess(double p, double rate, double trials, double alpha, double tightestAt) {
        return MixtureBoundary.betaBinomial(p * (1 - p) * tightestAt, TUNED_FOR, p, 1 - p)
                        .logEvidence((rate - p) * trials, p * (1 - p) * trials)
                + Math.log(alpha);
    }

    /**
     * Tells whether two growing samples have a quantile in common. O(n log n).
     *
     * @param x the one sample so far
     * @param y the other sample so far
     * @param level the quantile's level, as 0.5 for the median
     * @param tightestAt the size of the samples at which the test shall be strongest
     * @return the p-value: it is ever at most alpha with a probability of at most alpha, if the quantiles are equal
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}, the level is not between 0 and 1 or {@code
     *     tightestAt} is not positive
     */
    public static double quantilePValue(double[] x, double[] y, double level, double tightestAt) {
        MixtureBoundary.checkLevel(level, 1);
        MixtureBoundary boundary =
                MixtureBoundary.betaBinomial(tightestAt * level * (1 - level), TUNED_FOR, level, 1 - level);
        Arm first = new Arm(Samples.sorted("x", x), boundary, level);
        Arm second = new Arm(Samples.sorted("y", y), boundary, level);
        double evidence = first.leastTo <= second.leastTo ? leastTogether(first, second) : leastTogether(second, first);
        return Math.min(1, Math.exp(-evidence));
    }

    /** Over all values that the common quantile may have: only those between the two arms' own least evidence matter. */
    private static double leastTogether(Arm left, Arm right) {
        double least = Math.min(together(left, right, left.leastTo), together(left, right, right.leastFrom));
        for (double value : right.sorted) {
            if (value >= left.leastTo && value <= right.leastFrom) {
                least = Math.min(least, together(left, right, value));
            }
        }
        return least;
    }

    private static double together(Arm left, Arm right, double value) {
        return left.logEvidence(value) + right.logEvidence(value);
    }

    /** The evidence of one sample that its quantile is not a value. */
    private static final class Arm {

        private final double[] sorted;
        private final MixtureBoundary boundary;
        private final double level;
        private final double leastShare;
        private final double leastFrom;
        private final double leastTo;

        Arm(double[] sorted, MixtureBoundary boundary, double level) {
            this.sorted = sorted;
            this.boundary = boundary;
            this.level = level;
            leastShare = Search.minimum(this::logEvidenceOfShare, 0, 1);
            int n = sorted.length;
            leastFrom = sorted[Math.max(0, (int) Math.ceil(leastShare * n) - 1)];
            leastTo = sorted[Math.min(n - 1, (int) Math.floor(leastShare * n))];
        }

        double logEvidence(double value) {
            if (value >= leastFrom && value <= leastTo) {
                return logEvidenceOfShare(leastShare);
            }
            int below = value < leastFrom ? countUpTo(value) : countUpTo(Math.nextDown(value));
            return logEvidenceOfShare((double) below / sorted.length);
        }

        private double logEvidenceOfShare(double share) {
            double n = sorted.length;
            return boundary.logEvidence((share - level) * n, level * (1 - level) * n);
        }

        private int countUpTo(double value) {
            int at = Arrays.binarySearch(sorted, Math.nextUp(value));
            int from = at >= 0 ? at : -at - 1;
            while (from > 0 && sorted[from - 1] > value) {
                from--; // equal values: the search may find any of them
            }
            return from;
        }
    }
}

package io.github.plimsoll.validation.data;

import io.github.plimsoll.validation.stats.Proportion;
import io.github.plimsoll.validation.stats.Proportion.IntervalMethod;

/**
 * How rarely the rules of an inferred contract are to be broken by a clean table, and the laws that turn counts into limits.
 *
 * @param chance the probability with which a clean table may break one estimated rule
 * @param least how many rows such a table has at least
 * @param most how many it has at most
 */
record Promise(double chance, long least, long most) {

    private static final double CONFIDENT = 0.95;

    /**
     * The probability that one more value is of a kind that {@code seen} of {@code values} were: it is not more than this, with
     * the confidence of 95 % (Clopper and Pearson 1934). For a kind that was never seen it is about 3 / values.
     */
    static double risk(long seen, long values) {
        return upper(seen, values, 1 - CONFIDENT);
    }

    private static double upper(long seen, long values, double missed) {
        return Proportion.interval(seen, values, 1 - 2 * missed, IntervalMethod.CLOPPER_PEARSON)
                .upper();
    }

    /**
     * The share that a kind of value may have in a clean table if it had {@code seen} of {@code values} here. Half of the chance
     * is for its true probability, which is at most Clopper and Pearson's upper end; the other half for what a binomial
     * distribution of that probability makes of it in the smallest table.
     */
    double share(long seen, long values) {
        double probability = upper(seen, values, chance / 2);
        long rows = Math.min(least, Math.max(1, values));
        long few = -1; // the last count that is likely enough
        long many = rows;
        while (many - few > 1) { // the count's lower end is below the probability as long as the count is likely
            long middle = (few + many) >>> 1;
            boolean likely = middle == 0
                    || Proportion.interval(middle, rows, 1 - chance, IntervalMethod.CLOPPER_PEARSON)
                                    .lower()
                            < probability;
            if (likely) {
                few = middle;
            } else {
                many = middle;
            }
        }
        return (double) Math.max(0, few) / rows;
    }

    /**
     * How far the shares of a category may lie apart in two samples of one distribution: Hoeffding's inequality (1963) for the
     * difference of two means, for each of the categories.
     */
    double infinityDistance(long values, int categories) {
        double apart = 1.0 / values + 1.0 / Math.min(least, values);
        return Math.sqrt(Math.log(2 * categories / chance) / 2 * apart);
    }

    /**
     * How far two samples of one distribution may lie apart in Jensen and Shannon's divergence to base 2 over some cells:
     * where it is small it is chi-square / (8 ln 2) times (1/n + 1/m), and chi-square is not beyond K + 2 sqrt(K x) + 2 x but
     * with a probability of exp(-x) (Laurent, Massart 2000).
     */
    double divergence(long values, int cells) {
        double apart = 1.0 / values + 1.0 / Math.min(least, values);
        double x = Math.log(1 / chance);
        double freedom = cells - 1;
        return apart * (freedom + 2 * Math.sqrt(freedom * x) + 2 * x) / (8 * Math.log(2));
    }

    /**
     * Whether a list of categories is complete: were their counts to go on falling by the factor of the last two, the next one
     * would have been seen but for a small chance.
     */
    boolean isComplete(long[] ascending) {
        if (ascending.length < 2) {
            return false;
        }
        double next = ascending[0] * ((double) ascending[0] / ascending[1]);
        return Math.exp(-next) < chance;
    }
}

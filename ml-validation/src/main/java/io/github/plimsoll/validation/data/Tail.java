package io.github.plimsoll.validation.data;

import java.util.Arrays;

/**
 * How far the upper end of a column's values reaches beyond the largest one that was seen.
 *
 * <p>The law: the excesses over a high threshold are close to a generalised Pareto distribution whatever the values are
 * distributed like (Pickands 1975; Balkema, de Haan 1974). Its shape is estimated from the largest values by probability-weighted
 * moments (Hosking, Wallis 1987), and the bound is the value that one of {@code rows} further values exceeds with
 * probability {@code chance}, if the shape is one standard error more than estimated. A negative shape, which means an end just
 * beyond the largest value, is believed only if it is negative by two standard errors, and else taken for 0.
 *
 * @param bound the bound, not less than the largest value seen
 * @param shape the estimated shape; above 0 the tail is heavier than an exponential one
 * @param weight how sure the bound is
 * @param size how many of the largest values it rests on
 */
record Tail(double bound, double shape, Weight weight, int size) {

    /** The fewest values from which an end is told. */
    static final int FEWEST = 100;

    /** The most values at an end that are looked at. */
    static final int MOST = 500;

    /** Above this shape a bound for one table in thousands lies many times as far out as all that was seen. */
    private static final double HEAVY = 0.2;

    /** The chance of a warning beyond the bound of a heavy tail. */
    private static final double WARNING = 0.01;

    /** What a margin beyond which rows are rejected is multiplied by: the law holds in the limit, not for every column. */
    private static final double CAUTION = 2;

    /** How sure a bound is. */
    enum Weight {
        /** All values looked at are the same: the values end there. */
        EDGE,
        /** The margin is doubled: rows beyond the bound may be rejected. */
        LIGHT,
        /** One value may be many times the next: a value beyond the bound is worth a look, no more. */
        HEAVY
    }

    /**
     * The upper end.
     *
     * @param largest the largest values in descending order, at least as many as {@link #sizeFor} says and one more
     * @param values how many there are in all, at least {@link #FEWEST}
     * @param rows how many further ones are to keep to the bound
     * @param chance how often they may fail to
     */
    static Tail upper(double[] largest, long values, long rows, double chance) {
        int size = sizeFor(values);
        double threshold = largest[size];
        double mean = 0;
        double weighted = 0;
        for (int i = 0; i < size; i++) {
            double excess = largest[i] - threshold;
            mean += excess / size;
            weighted += excess / size * ((i + 0.35) / size); // the share of values above: the i-th largest of size
        }
        if (!(mean > 0)) {
            return new Tail(largest[0], 0, Weight.EDGE, size);
        }
        double shape = mean > 2 * weighted ? 2 - mean / (mean - 2 * weighted) : 1;
        shape = Math.max(-0.5, Math.min(0.9, shape));
        double error = Math.sqrt(variance(shape) / size);
        double withError = shape + 2 * error < 0 ? shape + 2 * error : Math.max(0, shape + error);
        boolean heavy = withError > HEAVY;
        double scale = mean * (1 - Math.min(0.9, withError)); // so that the mean excess is as seen
        double rarer = size / (values * ((heavy ? WARNING : chance) / rows));
        double reach = withError == 0 ? Math.log(rarer) : Math.expm1(withError * Math.log(rarer)) / withError;
        double margin = Math.max(0, threshold + scale * reach - largest[0]);
        return heavy
                ? new Tail(largest[0] + margin, shape, Weight.HEAVY, size)
                : new Tail(largest[0] + CAUTION * margin, shape, Weight.LIGHT, size);
    }

    /** The asymptotic variance of the estimated shape, times the number of excesses: Hosking and Wallis, section 3. */
    private static double variance(double shape) {
        double xi = Math.min(shape, 0.4); // it is infinite from one half on
        return (1 - xi) * (2 - xi) * (2 - xi) * (1 - xi + 2 * xi * xi) / ((1 - 2 * xi) * (3 - 2 * xi));
    }

    /** The lower end, of the smallest values in ascending order. */
    static Tail lower(double[] smallest, long values, long rows, double chance) {
        Tail mirrored = upper(Arrays.stream(smallest).map(value -> -value).toArray(), values, rows, chance);
        return new Tail(-mirrored.bound, mirrored.shape, mirrored.weight, mirrored.size);
    }

    /**
     * How many of the largest values are looked at: n<sup>0.6</sup>, between too few to tell a shape and too many to be a
     * tail.
     */
    static int sizeFor(long values) {
        return (int) Math.min(MOST, Math.min(values / 10, Math.round(Math.pow((double) values, 0.6))));
    }
}

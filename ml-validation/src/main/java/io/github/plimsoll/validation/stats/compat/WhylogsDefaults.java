package io.github.plimsoll.validation.stats.compat;

import io.github.plimsoll.validation.stats.Bins;
import io.github.plimsoll.validation.stats.Divergence;
import io.github.plimsoll.validation.stats.KolmogorovSmirnov;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * Whylogs' drift scores of numbers and the categories it gives them, as of version 1.4, from values instead of from sketches: where its
 * sketches still hold all values the numbers are the same; beyond, its p-values are those of the sketches' errors as much as of the data.
 * Its chi-square score, which cuts expected counts to whole numbers, is left out.
 *
 * @since 0.1
 */
public final class WhylogsDefaults {

    private static final int MOST_CELLS = 30;
    private static final double VALUES_PER_CELL = 4;

    private WhylogsDefaults() {}

    /**
     * What a score is called.
     *
     * @since 0.1
     */
    public enum Category {
        /** A p-value of 0.15 or more, a distance below 0.15. */
        NO_DRIFT,
        /** A p-value from 0.05 on, a distance from 0.15 on. */
        POSSIBLE_DRIFT,
        /** A p-value below 0.05, a distance of 0.4 or more. */
        DRIFT
    }

    /**
     * The p-value that numbers get by default: of one sample's Kolmogorov-Smirnov statistic at the size that two samples together come
     * to, rounded. O(n log n).
     *
     * @param reference the reference
     * @param target what is compared with it
     * @return the p-value
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static double kolmogorovSmirnov(double[] reference, double[] target) {
        double statistic = KolmogorovSmirnov.twoSample(reference, target).statistic();
        double sizes = (double) reference.length * target.length / ((double) reference.length + target.length);
        return KolmogorovSmirnov.oneSampleSurvival(statistic, Math.max(1, (long) Math.rint(sizes)));
    }

    /**
     * The Hellinger distance over cells of equal width on the range of both samples: one for each 4 values, 2 at least and 30 at most.
     *
     * @param reference the reference, of finite numbers
     * @param target what is compared with it, of finite numbers
     * @return the distance, from 0 to 1
     * @throws IllegalArgumentException if a sample is empty or holds a number that is not finite
     */
    public static double hellinger(double[] reference, double[] target) {
        double lower = both(reference, target).min().orElse(0);
        double highest = both(reference, target).max().orElse(0);
        double upper = highest + (highest == 0 ? 1e-7 : Math.abs(highest) * 1e-7);
        double wanted = Math.ceil(((double) reference.length + target.length) / VALUES_PER_CELL);
        Bins bins = Bins.equalWidth(lower, upper, (int) Math.max(2, Math.min(MOST_CELLS, wanted)));
        return Divergence.between(bins.count(reference), bins.count(target)).hellinger();
    }

    private static DoubleStream both(double[] reference, double[] target) {
        return DoubleStream.concat(Arrays.stream(reference), Arrays.stream(target));
    }

    /**
     * The category of a p-value.
     *
     * @param pValue of {@link #kolmogorovSmirnov} or another test
     * @return the category
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public static Category ofPValue(double pValue) {
        check("p-value", pValue);
        return pValue < 0.05 ? Category.DRIFT : pValue < 0.15 ? Category.POSSIBLE_DRIFT : Category.NO_DRIFT;
    }

    /**
     * The category of a Hellinger distance.
     *
     * @param distance of {@link #hellinger}
     * @return the category
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public static Category ofDistance(double distance) {
        check("distance", distance);
        return distance < 0.15 ? Category.NO_DRIFT : distance < 0.4 ? Category.POSSIBLE_DRIFT : Category.DRIFT;
    }

    private static void check(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: from 0 to 1)");
        }
    }
}

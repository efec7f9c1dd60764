package io.github.plimsoll.validation.stats.compat;

import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.CramersV;
import java.util.Arrays;

/**
 * Deepchecks' drift score of categories, as of version 0.19: Cramer's V of two rows of counts, with Bergsma's correction and, of two
 * categories, Yates'. Both rows are brought to the size of the smaller first. A check fails from 0.2 on.
 *
 * @since 0.1
 */
public final class DeepchecksDefaults {

    private DeepchecksDefaults() {}

    /**
     * The score.
     *
     * @param reference how often each category is in the reference
     * @param current the same of what is compared with it, in the same order
     * @return V; {@code NaN} for a single category
     * @throws IllegalArgumentException if the rows differ in length, a count is negative, nothing was counted in a row, or nothing is left of
     *     a category
     */
    public static double cramersV(long[] reference, long[] current) {
        return corrected(new long[][] {
            rounded(smaller(reference, reference, current)), rounded(smaller(current, reference, current))
        });
    }

    /**
     * The score of classes that are far from balanced: as if the reference had as many of each category, and each had become more or less
     * frequent by the factor that it has, with one more of each. Rare categories count as much as frequent ones.
     *
     * @param reference how often each category is in the reference
     * @param current the same of what is compared with it, in the same order
     * @return V; {@code NaN} for a single category
     * @throws IllegalArgumentException if the rows differ in length, a count is negative, or nothing was counted in a row
     */
    public static double balancedCramersV(long[] reference, long[] current) {
        double[] before = smaller(reference, reference, current);
        double[] after = smaller(current, reference, current);
        int categories = before.length;
        double even = Math.floor(Arrays.stream(after).map(count -> count + 1).sum() / categories);
        double[] changed = new double[categories];
        for (int i = 0; i < categories; i++) {
            changed[i] = Math.rint(even * ((after[i] + 1) / (before[i] + 1)));
        }
        double scale = even * categories / Arrays.stream(changed).sum();
        double[] balanced = new double[categories];
        Arrays.fill(balanced, even);
        return corrected(new long[][] {
            rounded(balanced),
            rounded(Arrays.stream(changed).map(count -> count * scale).toArray())
        });
    }

    private static double corrected(long[][] table) {
        return CramersV.biasCorrected(table, Correction.CONTINUITY);
    }

    /** A row, brought to the smaller sum of the two. */
    private static double[] smaller(long[] row, long[] reference, long[] current) {
        if (reference.length != current.length) {
            throw new IllegalArgumentException("current has " + current.length + " categories (expected: "
                    + reference.length + ", as the reference)");
        }
        double scale = Math.min(sum("reference", reference), sum("current", current))
                / Arrays.stream(row).asDoubleStream().sum();
        return Arrays.stream(row).mapToDouble(count -> count * scale).toArray();
    }

    private static double sum(String name, long[] counts) {
        double sum = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] < 0) {
                throw new IllegalArgumentException(
                        name + "[" + i + "]: " + counts[i] + " (expected: a count, not negative)");
            }
            sum += counts[i];
        }
        if (sum == 0) {
            throw new IllegalArgumentException(name + " adds up to 0 (expected: something counted)");
        }
        return sum;
    }

    private static long[] rounded(double[] counts) {
        return Arrays.stream(counts).mapToLong(count -> (long) Math.rint(count)).toArray();
    }
}

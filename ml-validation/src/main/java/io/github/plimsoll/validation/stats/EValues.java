package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * Decisions by e-values: numbers of evidence whose mean is at most 1 if nothing changed, so that 20 is found with a probability
 * of at most 1 in 20, whenever one looks. They may depend on each other in any way.
 *
 * @see "Wang, R., Ramdas, A. (2022). False Discovery Rate Control with E-values"
 * @since 0.1
 */
public final class EValues {

    private EValues() {}

    /**
     * The e-Benjamini-Hochberg procedure: rejects the k largest, for the largest k at which all of them reach n / (k alpha). O(n
     * log n).
     *
     * @param eValues in any order, not negative; infinite is the most there is. Not changed
     * @param alpha the false discovery rate
     * @return for each, whether its hypothesis is rejected
     * @throws IllegalArgumentException if an e-value is negative or {@code NaN}, or the level is not between 0 and 1
     */
    public static boolean[] reject(double[] eValues, double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("alpha: " + alpha + " (expected: above 0, below 1)");
        }
        for (int i = 0; i < eValues.length; i++) {
            if (!(eValues[i] >= 0)) {
                throw new IllegalArgumentException("eValues[" + i + "]: " + eValues[i] + " (expected: not negative)");
            }
        }
        double[] sorted = eValues.clone();
        Arrays.sort(sorted);
        double n = sorted.length;
        double threshold = Double.NaN; // which nothing reaches
        for (int k = sorted.length; k >= 1; k--) {
            double least = n / (k * alpha);
            if (sorted[sorted.length - k] >= least) {
                threshold = least;
                break;
            }
        }
        boolean[] rejected = new boolean[eValues.length];
        for (int i = 0; i < rejected.length; i++) {
            rejected[i] = eValues[i] >= threshold;
        }
        return rejected;
    }
}

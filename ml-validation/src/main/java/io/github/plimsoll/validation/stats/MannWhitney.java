package io.github.plimsoll.validation.stats;

/**
 * The Mann-Whitney U test, also called Wilcoxon's rank-sum test: does one sample tend to larger values than the other?
 *
 * <p>The statistic U counts the pairs in which the value of {@code x} is the larger, ties for one half; U / (m n) is the area under
 * the ROC curve that separates the samples. Infinite values are ordinary. Equal to SciPy's {@code mannwhitneyu}.
 *
 * @since 0.1
 */
public final class MannWhitney {

    private static final int LARGEST_EXACT = 8;

    private MannWhitney() {}

    /**
     * Compares two samples in both directions: exactly if neither value occurs twice and one sample has at most 8, by the normal
     * limit with continuity correction otherwise. O(n log n).
     *
     * @param x the one sample
     * @param y the other sample
     * @return U of {@code x} and its p-value
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static TestResult twoSample(double[] x, double[] y) {
        return twoSample(x, y, Alternative.TWO_SIDED, PValueMethod.AUTO, Correction.CONTINUITY);
    }

    /**
     * Compares two samples.
     *
     * @param x the one sample
     * @param y the other sample
     * @param alternative whether {@code x} tends to less, greater or other values than {@code y}
     * @param method how the p-value is computed; exact costs O(min(m, n) m n) and takes no notice of ties
     * @param correction of the asymptotic p-value; without it the p-value of samples of one equal value is {@code NaN}
     * @return U of {@code x} and its p-value
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static TestResult twoSample(
            double[] x, double[] y, Alternative alternative, PValueMethod method, Correction correction) {
        int m = Samples.check("x", x).length;
        int n = Samples.check("y", y).length;
        Ranks ranks = Ranks.of(Samples.pool(x, y));
        double product = (double) m * n;
        double u = ranks.sum(0, m) - m * (m + 1.0) / 2;
        double extreme = switch (alternative) {
            case TWO_SIDED -> Math.max(u, product - u);
            case LESS -> product - u;
            case GREATER -> u;
        };
        boolean exact = method == PValueMethod.EXACT
                || (method == PValueMethod.AUTO && Math.min(m, n) <= LARGEST_EXACT && ranks.tieTerm() == 0);
        double tail;
        if (exact) {
            tail = exactSurvival((int) extreme, Math.min(m, n), Math.max(m, n));
        } else {
            double total = (double) m + n;
            double sd = Math.sqrt(product / 12 * (total + 1 - ranks.tieTerm() / (total * (total - 1))));
            double shift = correction == Correction.CONTINUITY ? 0.5 : 0;
            tail = Distributions.normalSurvival((extreme - product / 2 - shift) / sd);
        }
        return TestResult.of(u, Math.min(1, alternative == Alternative.TWO_SIDED ? 2 * tail : tail));
    }

    /** The share of arrangements whose U is at least {@code least}. */
    private static double exactSurvival(int least, int m, int n) {
        int largest = m * n;
        double[] shares = new double[largest + 1]; // of each U, for growing m; shares instead of counts stay in range
        shares[0] = 1;
        // The generating function of U is the product over i of (1 - q^(n + i)) / (1 - q^i).
        for (int i = 1; i <= m; i++) {
            for (int u = i; u <= largest; u++) {
                shares[u] += shares[u - i];
            }
            for (int u = largest; u >= n + i; u--) {
                shares[u] -= shares[u - n - i];
            }
            double scale = (double) i / (n + i);
            for (int u = 0; u <= largest; u++) {
                shares[u] *= scale;
            }
        }
        double tail = 0;
        for (int u = 0; u <= largest - least; u++) { // U is symmetric
            tail += shares[u];
        }
        return tail;
    }
}

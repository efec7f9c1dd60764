package io.github.plimsoll.validation.stats;

/**
 * The Kolmogorov-Smirnov test: do two samples of numbers come from one continuous distribution? Its statistic is the largest
 * difference between the two empirical distribution functions. It sees any difference, those in the middle best.
 *
 * <p>Infinite values are ordinary. With ties the p-values are conservative: they are those of untied data.
 *
 * <p>Equal to SciPy's {@code ks_2samp}. Its asymptotic two-sided p-value is that of one sample with the effective size m n / (m +
 * n), rounded; the plain Kolmogorov limit, which R prints, is {@link #limitSurvival}.
 *
 * @since 0.1
 */
public final class KolmogorovSmirnov {

    private static final int LARGEST_EXACT = 10_000;

    private KolmogorovSmirnov() {}

    /**
     * Compares two samples in both directions; exactly up to 10,000 values each, asymptotically beyond. O(n log n), and O(m n) for
     * an exact p-value.
     *
     * @param x the one sample
     * @param y the other sample
     * @return the statistic in [0, 1] and its p-value
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static TestResult twoSample(double[] x, double[] y) {
        return twoSample(x, y, Alternative.TWO_SIDED, PValueMethod.AUTO);
    }

    /**
     * Compares two samples. {@link Alternative#GREATER} looks for a distribution function of {@code x} above that of {@code y},
     * which means smaller values in {@code x}.
     *
     * @param x the one sample
     * @param y the other sample
     * @param alternative the direction
     * @param method how the p-value is computed; {@code NaN} from the asymptotic one if m n / (m + n) rounds to 0
     * @return the statistic in [0, 1] and its p-value
     * @throws IllegalArgumentException if a sample is empty or holds {@code NaN}
     */
    public static TestResult twoSample(double[] x, double[] y, Alternative alternative, PValueMethod method) {
        double[] sortedX = Samples.sorted("x", x);
        double[] sortedY = Samples.sorted("y", y);
        long m = x.length;
        long n = y.length;
        long above = 0; // of F_x over F_y, in units of 1 / (m n)
        long below = 0;
        int i = 0;
        int j = 0;
        while (i < m && j < n) {
            double at = Math.min(sortedX[i], sortedY[j]);
            while (i < m && sortedX[i] == at) {
                i++;
            }
            while (j < n && sortedY[j] == at) {
                j++;
            }
            long difference = i * n - j * m;
            above = Math.max(above, difference);
            below = Math.max(below, -difference);
        }
        long largest = switch (alternative) {
            case TWO_SIDED -> Math.max(above, below);
            case LESS -> below;
            case GREATER -> above;
        };
        double statistic = (double) largest / (m * n);
        boolean exact =
                method == PValueMethod.EXACT || (method == PValueMethod.AUTO && Math.max(m, n) <= LARGEST_EXACT);
        boolean twoSided = alternative == Alternative.TWO_SIDED;
        if (exact) {
            return TestResult.of(statistic, exactPValue(largest, (int) m, (int) n, twoSided));
        }
        double effective = (double) (m * n) / (m + n);
        return TestResult.of(
                statistic,
                twoSided
                        ? KolmogorovDistribution.survival(statistic, Math.rint(effective))
                        : oneSidedLimit(statistic, m, n));
    }

    /**
     * The statistic's bounds when only counts in common cells are known, such as those of two profiles. The cells must be in
     * ascending order and cut at the same edges for both; no other assumption is made.
     *
     * @param x counts of the one sample per cell
     * @param y counts of the other sample per cell
     * @return the smallest and the largest value that the two-sided statistic of the values can have
     * @throws IllegalArgumentException if the counts differ in length, are negative or all zero
     */
    public static Interval boundsFromCounts(long[] x, long[] y) {
        double[] p = Shares.of("x", x);
        double[] q = Shares.of("y", y, p.length);
        double lower = 0;
        double upper = 0;
        double before = 0; // F_x - F_y at the cell's lower edge
        for (int cell = 0; cell < p.length; cell++) {
            double after = before + p[cell] - q[cell];
            lower = Math.max(lower, Math.abs(after));
            // Inside a cell, either sample may come wholly before the other.
            upper = Math.max(
                    upper,
                    Math.max(Math.min(before + p[cell], after + q[cell]), Math.min(q[cell] - before, p[cell] - after)));
            before = after;
        }
        return new Interval(Math.min(1, lower), Math.min(1, Math.max(lower, upper)));
    }

    /**
     * The statistic that two samples of one distribution exceed with at most a probability, by a bound in closed form: sqrt(-ln(alpha
     * / 2) / 2) sqrt((m + n) / (m n)). Where ranks are approximate, as those of a sketch, add the rank error of each.
     *
     * @param m the size of the one sample
     * @param n the size of the other sample
     * @param alpha the probability
     * @return the critical value; may be above 1
     * @throws IllegalArgumentException if a size is not positive or {@code alpha} not between 0 and 1
     */
    public static double criticalValue(long m, long n, double alpha) {
        if (m < 1 || n < 1 || !(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("sizes " + m + " and " + n + ", alpha " + alpha
                    + " (expected: one value or more, and above 0, below 1)");
        }
        return Math.sqrt(-Math.log(alpha / 2) / 2) * Math.sqrt(1.0 / m + 1.0 / n);
    }

    /**
     * The probability that the two-sided statistic of one sample reaches a value, if the sample comes from the continuous
     * distribution it is compared with. Exact for up to 140 values, to seven digits or more beyond. O(n).
     *
     * @param statistic the statistic
     * @param n the size of the sample; {@code NaN} is returned below 1
     * @return the probability
     */
    public static double oneSampleSurvival(double statistic, long n) {
        return KolmogorovDistribution.survival(statistic, (double) n);
    }

    /**
     * The limit of the probability that sqrt(n) times the one-sample statistic reaches a value.
     *
     * @param x a value
     * @return the probability
     */
    public static double limitSurvival(double x) {
        return KolmogorovDistribution.limitSurvival(x);
    }

    /**
     * The inverse of {@link #limitSurvival}.
     *
     * @param p a probability in (0, 1]
     * @return the value that is reached with that probability
     * @throws IllegalArgumentException if {@code p} is not in (0, 1]
     */
    public static double limitUpperQuantile(double p) {
        if (!(p > 0 && p <= 1)) {
            throw new IllegalArgumentException("probability: " + p + " (expected: above 0, at most 1)");
        }
        return Distributions.falling(KolmogorovDistribution::limitSurvival, p, Double.MAX_VALUE);
    }

    /** Hodges' correction of the limit for two samples. */
    private static double oneSidedLimit(double statistic, long x, long y) {
        double m = Math.max(x, y);
        double n = Math.min(x, y);
        double z = Math.sqrt(m * n / (m + n)) * statistic;
        return Math.min(1, Math.exp(-2 * z * z - 2 * z * (m + 2 * n) / Math.sqrt(m * n * (m + n)) / 3));
    }

    /**
     * The share of the lattice paths from (0, 0) to (m, n) that reach the distance. A path to (i, j) came from the left with
     * probability i / (i + j): a recursion of positive terms only, so that small probabilities keep their digits.
     */
    private static double exactPValue(long distance, int m, int n, boolean twoSided) {
        if (distance == 0) {
            return 1;
        }
        double[] reached = new double[n + 1]; // along a row of fixed i
        for (int i = 0; i <= m; i++) {
            for (int j = 0; j <= n; j++) {
                long at = (long) i * n - (long) j * m;
                if (at >= distance || (twoSided && -at >= distance)) {
                    reached[j] = 1;
                } else if (j == 0) {
                    reached[j] = i == 0 ? 0 : reached[0];
                } else if (i == 0) {
                    reached[j] = reached[j - 1];
                } else {
                    reached[j] = (i * reached[j] + j * reached[j - 1]) / (i + j);
                }
            }
        }
        return Math.min(1, reached[n]);
    }
}

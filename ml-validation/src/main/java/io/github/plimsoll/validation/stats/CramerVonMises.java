package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * The two-sample Cramer-von Mises test: do two samples of numbers come from one continuous distribution? Its statistic adds up
 * the squared difference of the empirical distribution functions, so that small differences everywhere count, where
 * Kolmogorov-Smirnov sees only the largest.
 *
 * <p>Infinite values are ordinary; ties share their mean rank. Equal to SciPy's {@code cramervonmises_2samp}; its asymptotic
 * p-value loses digits below 1e-10, ours does not.
 *
 * @since 0.1
 */
public final class CramerVonMises {

    private static final int LARGEST_EXACT = 20;
    private static final int NODES = 64;

    private CramerVonMises() {}

    /**
     * Compares two samples; exactly up to 20 values each, asymptotically beyond. O(n log n).
     *
     * @param x the one sample, of two values or more
     * @param y the other sample, of two values or more
     * @return the statistic T and its p-value
     * @throws IllegalArgumentException if a sample has fewer than two values or holds {@code NaN}
     */
    public static TestResult twoSample(double[] x, double[] y) {
        return twoSample(x, y, PValueMethod.AUTO);
    }

    /**
     * Compares two samples.
     *
     * @param x the one sample, of two values or more
     * @param y the other sample, of two values or more
     * @param method how the p-value is computed; exact is meant for tens of values, its cost grows about as (m n)^2
     * @return the statistic T and its p-value
     * @throws IllegalArgumentException if a sample has fewer than two values or holds {@code NaN}
     */
    public static TestResult twoSample(double[] x, double[] y, PValueMethod method) {
        double[] sortedX = atLeastTwo("x", Samples.sorted("x", x));
        double[] sortedY = atLeastTwo("y", Samples.sorted("y", y));
        int m = x.length;
        int n = y.length;
        Ranks ranks = Ranks.of(Samples.pool(sortedX, sortedY));
        double u = m * squaredShift(ranks, 0, m) + n * squaredShift(ranks, m, n);
        double product = (double) m * n;
        double total = (double) m + n;
        double statistic = u / (product * total) - (4 * product - 1) / (6 * total);
        boolean exact =
                method == PValueMethod.EXACT || (method == PValueMethod.AUTO && Math.max(m, n) <= LARGEST_EXACT);
        return TestResult.of(statistic, exact ? exactPValue(u, m, n) : asymptoticPValue(statistic, m, n));
    }

    private static double[] atLeastTwo(String name, double[] values) {
        if (values.length < 2) {
            throw new IllegalArgumentException(name + " has one value (expected: two or more)");
        }
        return values;
    }

    private static double squaredShift(Ranks ranks, int from, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double shift = ranks.of()[from + i] - (i + 1);
            sum += shift * shift;
        }
        return sum;
    }

    /** The statistic, moved and scaled to the moments of its limit (Anderson 1962). */
    private static double asymptoticPValue(double statistic, double m, double n) {
        double k = m * n;
        double total = m + n;
        double mean = (1 + 1 / total) / 6;
        double variance = (total + 1) * (4 * k * total - 3 * (m * m + n * n) - 2 * k) / (45 * total * total * 4 * k);
        return limitSurvival(1.0 / 6 + (statistic - mean) / Math.sqrt(45 * variance));
    }

    /**
     * Smirnov's formula: an alternating sum of integrals over [(2j - 1) pi, 2 j pi]. Each integrand has inverse square roots at
     * its ends, which is the weight of Gauss-Chebyshev quadrature.
     */
    static double limitSurvival(double x) {
        if (x < 0.003) {
            return 1; // to the last bit
        }
        double sum = 0;
        for (int j = 1; ; j++) {
            double left = (2 * j - 1) * Math.PI;
            double right = 2 * j * Math.PI;
            double integral = 0;
            for (int node = 0; node < NODES; node++) {
                double cosine = Math.cos((2 * node + 1) * Math.PI / (2 * NODES));
                double u = left + Math.PI / 2 * (1 + cosine);
                // -sin(u) without the rounding of a large argument
                double sine = Math.sin(Math.PI / 2 * (1 + cosine));
                integral += Math.exp(-x * u * u / 2) * Math.sqrt((u - left) * (right - u) / (u * sine));
            }
            integral *= Math.PI / NODES;
            sum += j % 2 == 1 ? integral : -integral;
            if (integral <= 1e-17 * sum) { // both 0 if x is beyond all tails
                return Math.min(1, Math.max(0, 2 / Math.PI * sum));
            }
        }
    }

    /** Counts the arrangements by their value, cell by cell of the lattice (Xiao, Gordon and Yakovlev 2006). */
    private static double exactPValue(double u, int m, int n) {
        long common = (long) m * n / gcd(m, n);
        long stepX = common / m;
        long stepY = common / n;
        double product = (double) m * n;
        double zeta = Math.floor(
                (double) common * common * (m + n) * (6 * u - product * (4 * product - 1)) / (6 * product * product));
        Frequencies[] column = new Frequencies[m + 1];
        for (int j = 0; j <= n; j++) {
            for (int i = 0; i <= m; i++) {
                Frequencies fromLeft = i > 0 ? column[i - 1] : Frequencies.NONE;
                Frequencies fromBelow = j > 0 ? column[i] : Frequencies.NONE;
                long distance = stepX * i - stepY * j;
                column[i] =
                        i + j == 0 ? Frequencies.START : fromLeft.and(fromBelow).shifted(distance * distance);
            }
        }
        return column[m].shareFrom(zeta);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    /** How many paths have each value; the counts are relative to those of the starting point. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier inside this class, never compared
    private record Frequencies(long[] values, double[] counts) {

        static final Frequencies NONE = new Frequencies(new long[0], new double[0]);
        static final Frequencies START = new Frequencies(new long[] {0}, new double[] {1});

        Frequencies and(Frequencies other) {
            long[] merged = new long[values.length + other.values.length];
            double[] sums = new double[merged.length];
            int size = 0;
            int i = 0;
            int j = 0;
            while (i < values.length || j < other.values.length) {
                long value = j == other.values.length || (i < values.length && values[i] <= other.values[j])
                        ? values[i]
                        : other.values[j];
                double count = 0;
                if (i < values.length && values[i] == value) {
                    count += counts[i++];
                }
                if (j < other.values.length && other.values[j] == value) {
                    count += other.counts[j++];
                }
                merged[size] = value;
                sums[size++] = count;
            }
            return new Frequencies(Arrays.copyOf(merged, size), Arrays.copyOf(sums, size));
        }

        Frequencies shifted(long by) {
            for (int i = 0; i < values.length; i++) {
                values[i] += by;
            }
            return this;
        }

        double shareFrom(double least) {
            double all = 0;
            double above = 0;
            for (int i = 0; i < values.length; i++) {
                all += counts[i];
                if (values[i] >= least) {
                    above += counts[i];
                }
            }
            return above / all;
        }
    }
}

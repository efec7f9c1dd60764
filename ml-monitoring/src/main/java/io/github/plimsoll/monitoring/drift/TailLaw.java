package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * How far outside the range of the baseline a number may lie by chance: beyond the largest distances from the median, the
 * probability falls with a power that Hill's estimate gives, taken smaller by about as much as the estimate may be wrong.
 * Immutable.
 *
 * @see <a href="https://projecteuclid.org/euclid.aos/1176343247">Hill, Annals of Statistics 3 (1975)</a>
 */
final class TailLaw {

    static final int MOST = 10;

    private static final int MIN_VALUES = 50;
    private static final double SHARE = 0.02;
    private static final double MAX_POWER = 20;

    private final int values;
    private final double least;
    private final double greatest;
    final double median;
    private final double share;
    private final double from;
    private final double power;

    /** For finite values in ascending order. */
    TailLaw(double[] sorted) {
        this(
                sorted.length,
                sorted.length == 0 ? 0 : sorted[sorted.length / 2],
                Arrays.copyOf(sorted, Math.min(sorted.length, ends(sorted.length))),
                falling(sorted, Math.min(sorted.length, ends(sorted.length))));
    }

    /** For finite values by their number, their median, and as many of the least and of the greatest as {@link #ends} tells. */
    TailLaw(int values, double median, double[] rising, double[] falling) {
        this.values = values;
        if (values < MIN_VALUES) {
            least = Double.NEGATIVE_INFINITY;
            greatest = Double.POSITIVE_INFINITY;
            this.median = 0;
            share = 1;
            from = 1;
            power = 1;
            return;
        }
        least = rising[0];
        greatest = falling[0];
        this.median = median;
        int k = ends(values) - 1;
        share = (double) k / values;
        double[] distances = largestDistances(rising, falling);
        from = distances[0] > 0 ? distances[0] : Math.max(distances[k], Double.MIN_NORMAL);
        double sum = 0;
        for (int i = 1; i <= k; i++) {
            sum += StrictMath.log(Math.max(1, distances[i] / from));
        }
        power = Math.min(MAX_POWER, sum > 0 ? k / sum : MAX_POWER) / (1 + 3 / Math.sqrt(k));
    }

    /** How many of so many values are looked at, at most, at each of the two ends. */
    static int ends(int values) {
        return (int) Math.min(100, Math.max(10, Math.round(values * SHARE))) + 1;
    }

    private static double[] falling(double[] sorted, int count) {
        double[] falling = new double[count];
        for (int i = 0; i < count; i++) {
            falling[i] = sorted[sorted.length - 1 - i];
        }
        return falling;
    }

    /** The largest distances from the median, ascending: they lie at the two ends. */
    private double[] largestDistances(double[] rising, double[] falling) {
        double[] largest = new double[rising.length];
        int low = 0;
        int high = 0;
        for (int i = largest.length - 1; i >= 0; i--) {
            double below = distance(rising[low]);
            double above = distance(falling[high]);
            largest[i] = Math.max(below, above);
            if (below > above) {
                low++;
            } else {
                high++;
            }
        }
        return largest;
    }

    TailLaw(FormReader in) {
        values = in.whole(Integer.MAX_VALUE);
        least = in.number();
        greatest = in.number();
        median = in.number();
        share = in.number();
        from = in.number();
        power = in.number();
        if (!(least <= greatest) || !(share > 0) || !(from > 0) || !(power > 0)) {
            throw in.wrong("tail", share + ", " + from + ", " + power + " (expected: numbers above 0)");
        }
    }

    void write(FormWriter out) {
        out.whole(values)
                .number(least)
                .number(greatest)
                .number(median)
                .number(share)
                .number(from)
                .number(power);
    }

    boolean isOutside(double value) {
        return value < least || value > greatest;
    }

    double distance(double value) {
        return Math.abs(value - median);
    }

    /** The probability of a number as far from the median, at most that of one outside if it is outside; above 0. */
    double probability(double value) {
        if (values < MIN_VALUES) {
            return 1;
        }
        double beyond = distance(value) <= from ? 1 : share * StrictMath.pow(distance(value) / from, -power);
        return Math.max(Double.MIN_NORMAL, Math.min(beyond, isOutside(value) ? 1 / (values + 1.0) : 1));
    }

    /** The evidence that values outside, given by their distances in falling order, come from another law. */
    double evidence(double[] distances, int size, long rows) {
        double most = 0;
        for (int j = 1; j <= size; j++) {
            double p = share * StrictMath.pow(distances[j - 1] / from, -power);
            double s = Tails.binomial(j, rows, Math.min(0.5, Math.max(p, Double.MIN_NORMAL)));
            most = Math.max(most, s - StrictMath.log10(j * (j + 1.0))); // weights 1 / j(j + 1) sum up to 1
        }
        return most;
    }
}

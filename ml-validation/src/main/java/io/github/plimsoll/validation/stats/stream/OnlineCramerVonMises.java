package io.github.plimsoll.validation.stats.stream;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The Cramer-von Mises statistic of a window of the newest values against a reference sample, with limits that give a false change in so
 * many values on average. Finds changes of the mean, of the spread and of the form. The limits come from streams simulated from the
 * reference, one for each time of the second window and the last of them from then on; the same seed gives the same limits.
 *
 * <p>The average run is about right if the reference has hundreds of values: what it does not know of its law, it takes for no change.
 * Time of a value: O(window log reference); of making one: O(streams window<sup>2</sup> log reference). Memory: the reference.
 *
 * @see <a href="https://arxiv.org/abs/2108.00883">Cobb, Van Looveren, Klaise: Sequential multivariate change detection with calibrated and
 *     memoryless false detection rates (2021), for the limits</a>
 * @since 0.1
 */
public final class OnlineCramerVonMises extends ChangeDetector {

    private static final int STREAMS_PER_VALUE = 20;
    private static final int FEWEST_STREAMS = 1_000;

    private final Law reference;
    private final double[] window; // round
    private final double[] limits;
    private long values;

    /** What the reference says of a value. */
    private static final class Law {
        private final double[] sorted;

        private Law(double[] values) {
            sorted = values.clone();
            Arrays.sort(sorted);
        }

        /** The share of smaller values and half that of equal ones. */
        private double below(double value) {
            return twiceBelow(value) / (2.0 * sorted.length);
        }

        /** The same of what is left without some of the values. */
        private double belowWithout(Law some, double value) {
            return (twiceBelow(value) - some.twiceBelow(value)) / (2.0 * (sorted.length - some.sorted.length));
        }

        private int twiceBelow(double value) {
            return firstFrom(value) + firstFrom(Math.nextUp(value));
        }

        /** How many values are smaller. */
        private int firstFrom(double value) {
            int from = 0;
            int to = sorted.length;
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (sorted[middle] < value) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }

    /**
     * With limits from 20 simulated streams for each value of the average run, 1,000 at least.
     *
     * @param reference finite numbers, at least four times the window
     * @param window how many values are the newest, >= 2
     * @param averageRun in how many values there is a false change, on average, counted from the first full window, >= 2
     * @param seed of the simulation
     * @throws IllegalArgumentException if a parameter is out of its range, or a number is not finite
     */
    public OnlineCramerVonMises(double[] reference, int window, int averageRun, long seed) {
        if (window < 2 || averageRun < 2) {
            throw new IllegalArgumentException(
                    "window " + window + ", average run " + averageRun + " (expected: two or more)");
        }
        if (reference.length / 4 < window) {
            throw new IllegalArgumentException("reference: " + reference.length + " values (expected: >= " + 4L * window
                    + ", four times the window)");
        }
        for (int i = 0; i < reference.length; i++) {
            if (!Double.isFinite(reference[i])) {
                throw new IllegalArgumentException(
                        "reference[" + i + "]: " + reference[i] + " (expected: a finite number)");
            }
        }
        this.reference = new Law(reference);
        this.window = new double[window];
        int streams =
                (int) Math.max(FEWEST_STREAMS, Math.min(Integer.MAX_VALUE, (long) STREAMS_PER_VALUE * averageRun));
        this.limits = limits(window, averageRun, streams, new SplittableRandom(seed));
    }

    /** How far shares are from being drawn evenly from 0 to 1. */
    private static double statistic(double[] shares) {
        double[] ordered = shares.clone();
        Arrays.sort(ordered);
        double sum = 1 / (12.0 * ordered.length);
        for (int i = 0; i < ordered.length; i++) {
            double off = ordered[i] - (2 * i + 1) / (2.0 * ordered.length);
            sum += off * off;
        }
        return sum;
    }

    /** Of the streams that no earlier limit has ended, one in {@code averageRun} is above each. */
    private double[] limits(int window, int averageRun, int streams, SplittableRandom random) {
        double[] values = reference.sorted.clone();
        double[][] statistics = new double[streams][];
        for (int i = 0; i < streams; i++) {
            statistics[i] = simulate(values, window, random);
        }
        double[] limits = new double[window];
        int left = streams;
        for (int t = 0; t < window; t++) {
            double[] now = new double[left];
            for (int i = 0; i < left; i++) {
                now[i] = statistics[i][t];
            }
            Arrays.sort(now);
            limits[t] = now[Math.max(0, left - 1 - (int) Math.round((double) left / averageRun))];
            int kept = 0;
            for (int i = 0; i < left; i++) {
                if (statistics[i][t] <= limits[t]) {
                    statistics[kept++] = statistics[i];
                }
            }
            left = kept;
        }
        return limits;
    }

    /** The statistics of a stream of values drawn from the reference, against the rest of it, from the first full window on. Shuffles. */
    private double[] simulate(double[] values, int window, SplittableRandom random) {
        int length = 2 * window - 1;
        for (int i = 0; i < length; i++) {
            int other = i + random.nextInt(values.length - i);
            double kept = values[i];
            values[i] = values[other];
            values[other] = kept;
        }
        Law drawn = new Law(Arrays.copyOf(values, length));
        double[] shares = new double[length];
        for (int i = 0; i < length; i++) {
            shares[i] = reference.belowWithout(drawn, values[i]);
        }
        double[] statistics = new double[window];
        for (int t = 0; t < window; t++) {
            statistics[t] = statistic(Arrays.copyOfRange(shares, t, t + window));
        }
        return statistics;
    }

    @Override
    void reset() {
        values = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        window[(int) (values++ % window.length)] = reference.below(value);
        if (values < window.length) {
            return Signal.STABLE;
        }
        double limit = limits[(int) Math.min(values - window.length, window.length - 1L)];
        return statistic(window) > limit ? Signal.CHANGE : Signal.STABLE;
    }
}

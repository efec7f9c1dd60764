package io.github.plimsoll.validation.history;

/**
 * Exponential smoothing of a series: of its level alone, or, with a season, of level, trend and season by Holt's and Winters' additive
 * method. The weights are those with the least sum of squares of the errors one step ahead.
 */
final class Smoothing {

    // Level, trend and season start at the mean of the first season, the slope between the means of the first two, and
    // what the first
    // season's values differ from their mean. The errors of the first season are left out of the deviation: those
    // values made the
    // start. Weights are found by trying steps along each axis, halved when none helps: no gradient, and the same on
    // every machine.

    private static final double[] START = {0.3, 0.1, 0.1};
    private static final double FINEST = 1e-6;
    private static final int MOST_ROUNDS =
            100; // at one length of step: a narrow valley ends a search, not the host's patience

    private final double[] series;
    private final int period;
    private final double[] seasons;
    private double level;
    private double trend;
    private double squares;
    private int errors;

    private Smoothing(double[] series, int period, double[] weights) {
        this.series = series;
        this.period = period;
        this.seasons = new double[period];
        level = mean(0, period);
        if (period > 1) {
            trend = (mean(period, 2 * period) - level) / period;
            for (int i = 0; i < period; i++) {
                seasons[i] = series[i] - level;
            }
        }
        run(weights);
    }

    static Smoothing fitted(double[] series, int period) {
        double[] weights = period == 1 ? new double[] {START[0]} : START.clone();
        Smoothing best = new Smoothing(series, period, weights);
        for (double step = 0.25; step >= FINEST; step /= 2) {
            boolean better = true;
            for (int round = 0; better && round < MOST_ROUNDS; round++) {
                better = false;
                for (int i = 0; i < weights.length; i++) {
                    for (int sign = -1; sign <= 1; sign += 2) {
                        double[] moved = weights.clone();
                        moved[i] = Math.min(1, Math.max(0, weights[i] + sign * step));
                        Smoothing tried = new Smoothing(series, period, moved);
                        if (tried.squares < best.squares) {
                            best = tried;
                            weights = moved;
                            better = true;
                        }
                    }
                }
            }
        }
        return best;
    }

    private double mean(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += series[i];
        }
        return sum / (to - from);
    }

    private void run(double[] weights) {
        for (int t = 0; t < series.length; t++) {
            int season = t % period;
            double error = series[t] - (level + trend + seasons[season]);
            if (t >= period) {
                squares += error * error;
                errors++;
            }
            double before = level;
            double slope = trend;
            level = weights[0] * (series[t] - seasons[season]) + (1 - weights[0]) * (before + slope);
            if (period > 1) {
                trend = weights[1] * (level - before) + (1 - weights[1]) * slope;
                seasons[season] = weights[2] * (series[t] - before - slope) + (1 - weights[2]) * seasons[season];
            }
        }
    }

    /** What is expected some steps after the next point. */
    double forecast(int steps) {
        return level + (steps + 1) * trend + seasons[(series.length + steps) % period];
    }

    double deviation() {
        return Math.sqrt(squares / errors);
    }
}

package io.github.plimsoll.validation.stats.stream;

/**
 * The exponentially weighted moving average chart for errors (ECDD): a weighted mean of the newest errors is above the rate of all of
 * them by more than a limit that grants one false alarm in so many values, whatever the rate. Constant time and memory.
 *
 * <p>Fires where MOA's and Frouros's do.
 *
 * @see <a href="https://doi.org/10.1016/j.patrec.2011.08.019">Ross and others: Exponentially weighted moving average charts for
 *     detecting concept drift (2012)</a>
 * @since 0.1
 */
public final class EwmaChart extends BinaryDetector {

    private final int warmUp;
    private final int warnsFrom;
    private final double weight;
    private final double warning;
    private final double[] limit; // of p to the powers 0, 1, 3, 5 and 7
    private final RunningMean rate = new RunningMean();
    private double average;

    /** With 30 values before anything is told, a weight of 0.2, warnings at half the limit and one false alarm in 400 values. */
    public EwmaChart() {
        this(30, 0.2, 0.5, 400);
    }

    /**
     * With parameters.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param weight the weight of the newest value, in (0, 1)
     * @param warning at which share of the limit to warn, in (0, 1)
     * @param falseAlarmEvery in how many values there is one false alarm, on average: 100, 400 or 1000, for which the authors give limits
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public EwmaChart(int warmUp, double weight, double warning, int falseAlarmEvery) {
        this(warmUp, warmUp, weight, warning, falseAlarmEvery);
    }

    EwmaChart(int warnsFrom, int warmUp, double weight, double warning, int falseAlarmEvery) {
        this.warnsFrom = warnsFrom;
        this.warmUp = count("warm-up", warmUp);
        this.weight = share("weight", weight);
        this.warning = share("warning", warning);
        this.limit = switch (falseAlarmEvery) {
            case 100 -> new double[] {2.76, -6.23, 18.12, -312.45, 1002.18};
            case 400 -> new double[] {3.97, -6.56, 48.73, -330.13, 848.18};
            case 1000 -> new double[] {1.17, 7.56, -21.24, 112.12, -987.23};
            default ->
                throw new IllegalArgumentException(
                        "values to a false alarm: " + falseAlarmEvery + " (expected: 100, 400 or 1000)");
        };
    }

    @Override
    void reset() {
        rate.clear();
        average = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        rate.add(value);
        average = weight * value + (1 - weight) * average;
        double p = rate.mean();
        double variance = weight / (2 - weight) * (1 - Math.pow(1 - weight, 2.0 * rate.n())) * Math.max(0, p * (1 - p));
        double distance = limit(p) * Math.sqrt(variance);
        if (rate.n() >= warmUp && average > p + distance) {
            return Signal.CHANGE;
        }
        return rate.n() >= warnsFrom && average > p + warning * distance ? Signal.WARNING : Signal.STABLE;
    }

    private double limit(double p) {
        double square = p * p;
        return limit[0] + p * (limit[1] + square * (limit[2] + square * (limit[3] + square * limit[4])));
    }
}

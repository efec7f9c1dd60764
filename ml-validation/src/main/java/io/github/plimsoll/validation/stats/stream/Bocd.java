package io.github.plimsoll.validation.stats.stream;

import java.util.Arrays;

/**
 * Bayesian online change point detection for numbers whose spread is known and whose mean is not: the probability of each time that may
 * have passed since the last change, and a change as soon as another than all the time there was is the likeliest. Finds rises and falls
 * of the mean. Time of a value and memory: proportional to the values since the last change, at most 1,000; of more, the least likely
 * are given up, which tells no change by itself.
 *
 * <p>Fires where Frouros's BOCD does.
 *
 * @see <a href="https://arxiv.org/abs/0710.3742">Adams, MacKay: Bayesian online changepoint detection (2007)</a>
 * @since 0.1
 */
public final class Bocd extends ChangeDetector {

    private static final int MOST = 1_000;

    private final double priorMean;
    private final double priorPrecision;
    private final double variance;
    private final double logHazard;
    private final double logNoHazard;
    private final int warmUp;
    // Of each time that may have passed since the last change, the shortest first, the longest is all there was:
    private final double[] logs = new double[MOST + 1]; // log probability, the largest is 0
    private final double[] means = new double[MOST + 1];
    private final double[] precisions = new double[MOST + 1];
    private int times;
    private long values;

    /**
     * With one change in 100 values, told from the 30th on.
     *
     * @param priorMean where the mean is thought to be before a value was seen
     * @param priorVariance how far from it, as a variance, above 0
     * @param variance of a value about the mean, above 0
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Bocd(double priorMean, double priorVariance, double variance) {
        this(priorMean, priorVariance, variance, 0.01, 30);
    }

    /**
     * With parameters.
     *
     * @param priorMean where the mean is thought to be before a value was seen
     * @param priorVariance how far from it, as a variance, above 0
     * @param variance of a value about the mean, above 0
     * @param hazard the probability that a value is the first after a change, in (0, 1)
     * @param warmUp how many values to read before anything is told, >= 1
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Bocd(double priorMean, double priorVariance, double variance, double hazard, int warmUp) {
        if (!Double.isFinite(priorMean)) {
            throw new IllegalArgumentException("prior mean: " + priorMean + " (expected: a finite number)");
        }
        this.priorMean = priorMean;
        this.priorPrecision = 1 / positive("prior variance", priorVariance);
        this.variance = positive("variance", variance);
        this.logHazard = Math.log(share("hazard", hazard));
        this.logNoHazard = Math.log1p(-hazard);
        this.warmUp = count("warm-up", warmUp);
        reset();
    }

    @Override
    void reset() {
        values = 0;
        times = 1;
        logs[0] = 0;
        means[0] = priorMean;
        precisions[0] = priorPrecision;
    }

    @Override
    Signal next(double value, Signal before) {
        values++;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < times; i++) {
            logs[i] += logDensity(value, means[i], 1 / precisions[i] + variance);
            largest = Math.max(largest, logs[i]);
        }
        double sum = 0;
        for (int i = 0; i < times; i++) {
            sum += Math.exp(logs[i] - largest);
            logs[i] += logNoHazard - largest;
            means[i] = (means[i] * precisions[i] + value / variance) / (precisions[i] + 1 / variance);
            precisions[i] += 1 / variance;
        }
        makeRoom();
        logs[0] = Math.log(sum) + logHazard;
        means[0] = priorMean;
        precisions[0] = priorPrecision;
        int likeliest = 0;
        for (int i = 1; i < times; i++) {
            likeliest = logs[i] > logs[likeliest] ? i : likeliest;
        }
        return values >= warmUp && likeliest != times - 1 ? Signal.CHANGE : Signal.STABLE;
    }

    /** Moves all by one, for the time 0; of too many, over the least likely that is not the longest. */
    private void makeRoom() {
        int end = times;
        if (times > MOST) {
            end = 0;
            for (int i = 1; i < times - 1; i++) {
                end = logs[i] < logs[end] ? i : end;
            }
        } else {
            times++;
        }
        for (double[] each : Arrays.asList(logs, means, precisions)) {
            System.arraycopy(each, 0, each, 1, end);
        }
    }

    private static double logDensity(double value, double mean, double variance) {
        double distance = value - mean;
        return -0.5 * (Math.log(2 * Math.PI * variance) + distance * distance / variance);
    }
}

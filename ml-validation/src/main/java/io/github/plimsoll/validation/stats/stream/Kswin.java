package io.github.plimsoll.validation.stats.stream;

import io.github.plimsoll.validation.stats.KolmogorovSmirnov;
import io.github.plimsoll.validation.stats.TestResult;
import java.util.SplittableRandom;

/**
 * Kolmogorov-Smirnov windowing: the newest values of a window are of another distribution than as many drawn at random from the rest of
 * it. Reads any number, and finds changes of spread and form too. It tests at every value, so the false alarms add up: keep the
 * significance far below 0.01. The same seed draws the same values. Time of a value: O(part<sup>2</sup>), memory: the window.
 *
 * <p>Follows River's KSWIN but for the generator of the draws: rates agree, single firings need not.
 *
 * @see <a href="https://doi.org/10.1016/j.neucom.2019.11.111">Raab and others: Reactive soft prototype computing for concept drift streams
 *     (2020)</a>
 * @since 0.1
 */
public final class Kswin extends ChangeDetector {

    private static final double SMALLEST = 0.1; // distance that counts, whatever its p-value

    private final double significance;
    private final double[] window; // round
    private final int part;
    private final long seed;
    private final double[] drawn;
    private final double[] newest;
    private SplittableRandom random;
    private long values;

    /**
     * With a significance of 0.005, a window of 100 values, and the newest 30 of them.
     *
     * @param seed of the draws
     */
    public Kswin(long seed) {
        this(0.005, 100, 30, seed);
    }

    /**
     * With parameters.
     *
     * @param significance the p-value of a change, in (0, 1)
     * @param window how many values are kept, >= 2
     * @param part how many of them are the newest, and how many of the rest are drawn, >= 1, at most half the window
     * @param seed of the draws
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Kswin(double significance, int window, int part, long seed) {
        this.significance = share("significance", significance);
        this.window = new double[count("window", window)];
        this.part = count("part", part);
        if (part > window / 2) {
            throw new IllegalArgumentException("part: " + part + " (expected: <= half the window, " + window / 2 + ")");
        }
        this.seed = seed;
        drawn = new double[part];
        newest = new double[part];
        random = new SplittableRandom(seed);
    }

    @Override
    void reset() {
        values = 0;
        random = new SplittableRandom(seed);
    }

    @Override
    Signal next(double value, Signal before) {
        window[(int) (values++ % window.length)] = value;
        if (values < window.length) {
            return Signal.STABLE;
        }
        draw();
        for (int i = 0; i < part; i++) {
            newest[i] = at(window.length - part + i);
        }
        TestResult test = KolmogorovSmirnov.twoSample(drawn, newest);
        return test.pValue() <= significance && test.statistic() > SMALLEST ? Signal.CHANGE : Signal.STABLE;
    }

    /** One of the window, the oldest first. */
    private double at(int position) {
        return window[(int) ((values + position) % window.length)];
    }

    /** As many of the older values as the newest are, each at most once: of those left, each is needed with equal chance. */
    private void draw() {
        int needed = part;
        int older = window.length - part;
        for (int i = 0; i < older && needed > 0; i++) {
            if (random.nextInt(older - i) < needed) {
                drawn[part - needed--] = at(i);
            }
        }
    }
}

package io.github.plimsoll.validation.stats.stream;

/**
 * The fast drift detection method of Hoeffding's bound: the share of ones in the last values has fallen below the highest it has had
 * by more than the bound. It is made for right answers: read it 1 for a right answer, 0 for an error. Memory: the window.
 *
 * @see <a href="https://doi.org/10.1007/978-3-319-46227-1_7">Pesaranghader, Viktor: Fast Hoeffding drift detection method (2016)</a>
 * @since 0.1
 */
public final class Fhddm extends BinaryDetector {

    private final boolean[] window;
    private final double bound;
    private long values;
    private int ones;
    private int most;

    /** With a window of 100 values and a confidence of 10<sup>-6</sup>. */
    public Fhddm() {
        this(100, 1e-6);
    }

    /**
     * With parameters.
     *
     * @param window how many of the last values are compared, >= 1
     * @param confidence the probability of a false change of one window, in (0, 1)
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Fhddm(int window, double confidence) {
        this.window = new boolean[count("window", window)];
        bound = Math.sqrt(Math.log(1 / share("confidence", confidence)) / (2.0 * window));
    }

    @Override
    void reset() {
        values = 0;
        ones = 0;
        most = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        int slot = (int) (values % window.length);
        ones -= values >= window.length && window[slot] ? 1 : 0;
        window[slot] = value == 1;
        ones += window[slot] ? 1 : 0;
        values++;
        if (values < window.length) {
            return Signal.STABLE;
        }
        most = Math.max(most, ones);
        double size = window.length;
        return most / size - ones / size > bound ? Signal.CHANGE : Signal.STABLE;
    }
}

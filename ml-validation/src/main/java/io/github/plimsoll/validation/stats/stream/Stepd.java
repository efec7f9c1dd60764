package io.github.plimsoll.validation.stats.stream;

import org.apache.commons.numbers.gamma.Erfc;

/**
 * The statistical test of equal proportions: the rate of the newest errors differs from that of all before them. Finds rises and falls,
 * abrupt ones best. Constant time, memory: the window.
 *
 * <p>Fires where MOA's STEPD does; {@link FrourosDetectors} has that of Frouros.
 *
 * @see <a href="https://doi.org/10.1007/978-3-540-75488-6_27">Nishida, Yamauchi: Detecting concept drift using statistical testing (2007)</a>
 * @since 0.1
 */
public final class Stepd extends BinaryDetector {

    private final boolean[] newest; // round
    private final double change;
    private final double warning;
    private final boolean asFrouros;
    private long values;
    private long errors;
    private int newestErrors;

    /** With the newest 30 values, and p-values of 0.003 for a change and 0.05 for a warning. */
    public Stepd() {
        this(30, 0.003, 0.05);
    }

    /**
     * With parameters.
     *
     * @param window how many values are the newest, >= 1; nothing is told before as many others were read
     * @param change below which p-value, two-sided, a change is told, in (0, 1)
     * @param warning the same of a warning
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Stepd(int window, double change, double warning) {
        this(window, change, warning, false);
    }

    /** As Frouros does it: one tail, and a difference that is less than its correction counts as if it were more by as much. */
    Stepd(int window, double change, double warning, boolean asFrouros) {
        this.newest = new boolean[count("window", window)];
        this.change = share("change", change);
        this.warning = share("warning", warning);
        this.asFrouros = asFrouros;
    }

    @Override
    void reset() {
        values = 0;
        errors = 0;
        newestErrors = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        int slot = (int) (values % newest.length);
        newestErrors -= values >= newest.length && newest[slot] ? 1 : 0;
        newest[slot] = value == 1;
        newestErrors += newest[slot] ? 1 : 0;
        errors += newest[slot] ? 1 : 0;
        values++;
        if (values < 2L * newest.length) {
            return Signal.STABLE;
        }
        double p = pValue();
        if (p < change) {
            return Signal.CHANGE;
        }
        return p < warning ? Signal.WARNING : Signal.STABLE;
    }

    /** Of the difference of two proportions, with a correction for continuity; 1 if all values are alike. */
    private double pValue() {
        double older = (double) values - newest.length;
        double rate = (double) errors / values;
        double sizes = 1 / older + 1.0 / newest.length;
        double difference = Math.abs((errors - newestErrors) / older - (double) newestErrors / newest.length);
        if (asFrouros) {
            return Erfc.value(Math.abs(difference - sizes / 2) / Math.sqrt(2 * rate * (1 - rate) * sizes)) / 2;
        }
        double distance = Math.max(0, difference - sizes / 2);
        return distance == 0 ? 1 : Erfc.value(distance / Math.sqrt(2 * rate * (1 - rate) * sizes));
    }
}

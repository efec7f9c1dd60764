package io.github.plimsoll.validation.stats.stream;

import org.apache.commons.numbers.gamma.Erfc;

/**
 * The Wilcoxon rank sum test as a detector: the newest errors rank above or below those of a window before them. Forgets what is older,
 * unlike {@link Stepd}. Constant time, memory: the two windows.
 *
 * <p>Fires where River's WSTD does: the normal approximation without corrections for ties and continuity. Errors are nearly all ties, and
 * without the correction their variance is taken for larger than it is, so that p-values are too large and fewer changes are told.
 *
 * @see <a href="https://doi.org/10.1016/j.neucom.2017.10.051">Barros and others: Wilcoxon rank sum test drift detector (2018)</a>
 * @since 0.1
 */
public final class Wstd extends BinaryDetector {

    private final boolean[] values; // of both windows, round
    private final int newest;
    private final int fewest;
    private final double change;
    private final double warning;
    private long read;
    private int newestErrors;
    private int olderErrors;

    /** With the newest 30 of 150 values, from 60 values on, and p-values of 0.003 for a change and 0.05 for a warning. */
    public Wstd() {
        this(30, 120, 30, 0.003, 0.05);
    }

    /**
     * With parameters.
     *
     * @param newest how many values are the newest, >= 1
     * @param older with how many before them they are compared, >= 1
     * @param fewest with how many at least, >= 1, at most {@code older}
     * @param change below which p-value, two-sided, a change is told, in (0, 1)
     * @param warning the same of a warning
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Wstd(int newest, int older, int fewest, double change, double warning) {
        this.newest = count("newest", newest);
        this.fewest = count("fewest", fewest);
        if (fewest > older) {
            throw new IllegalArgumentException("fewest: " + fewest + " (expected: <= older, " + older + ")");
        }
        this.values = new boolean[Math.addExact(newest, older)];
        this.change = share("change", change);
        this.warning = share("warning", warning);
    }

    @Override
    void reset() {
        read = 0;
        newestErrors = 0;
        olderErrors = 0;
    }

    @Override
    Signal next(double value, Signal before) {
        if (read >= values.length) {
            olderErrors -= errorAt(read - values.length);
        }
        if (read >= newest) {
            int moved = errorAt(read - newest);
            olderErrors += moved;
            newestErrors -= moved;
        }
        values[(int) (read % values.length)] = value == 1;
        newestErrors += value == 1 ? 1 : 0;
        read++;
        double older = Math.min(read, values.length) - (double) newest;
        if (older < fewest) {
            return Signal.STABLE;
        }
        double p = pValue(older);
        if (p < change) {
            return Signal.CHANGE;
        }
        return p < warning ? Signal.WARNING : Signal.STABLE;
    }

    private int errorAt(long position) {
        return values[(int) (position % values.length)] ? 1 : 0;
    }

    private double pValue(double older) {
        double all = older + newest;
        double errors = newestErrors + olderErrors;
        double rights = all - errors;
        double rankSum = (newest - newestErrors) * (rights + 1) / 2 + newestErrors * (rights + (errors + 1) / 2);
        double distance = Math.abs(rankSum - newest * (all + 1) / 2);
        return Erfc.value(distance / Math.sqrt(newest * older * (all + 1) / 6));
    }
}

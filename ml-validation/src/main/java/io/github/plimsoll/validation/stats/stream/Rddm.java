package io.github.plimsoll.validation.stats.stream;

/**
 * The reactive drift detection method: {@link Ddm} that does not grow deaf with age. A concept that lasts long is forgotten but for its
 * newest values, a warning that lasts long becomes a change, and after a change the rate begins with the values read since the warning.
 * Constant time but for that, memory: {@code kept} bits.
 *
 * <p>Fires where MOA's RDDM does.
 *
 * @see <a href="https://doi.org/10.1016/j.eswa.2017.08.023">Barros and others: RDDM: Reactive drift detection method (2017)</a>
 * @since 0.1
 */
public final class Rddm extends BinaryDetector {

    private final int warmUp;
    private final double warning;
    private final double change;
    private final int most;
    private final int maxWarnings;
    private final boolean[] kept; // the newest values, round
    private final boolean forgetsAll;
    private final ErrorRate rate;
    private int keptFrom;
    private int keptCount;
    private int warnings;
    private boolean isLong;

    /** With the authors' values: 129 values before anything is told, 1.773 and 2.258 deviations, 40,000, 7,000 and 1,400 values. */
    public Rddm() {
        this(129, 1.773, 2.258, 40_000, 7_000, 1_400);
    }

    /**
     * With parameters.
     *
     * @param warmUp how many values to read before anything is told, >= 1
     * @param warning by how many standard deviations the rate rises for a warning, above 0
     * @param change by how many for a change, above 0
     * @param longest after how many values without a change a concept is shortened to its newest, >= 1
     * @param kept how many values are kept then, >= 1
     * @param maxWarnings how many warnings in a row are a change, >= 1
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public Rddm(int warmUp, double warning, double change, int longest, int kept, int maxWarnings) {
        this(warmUp, warning, change, longest, kept, maxWarnings, false);
    }

    /** As Frouros does it, if all is forgotten after a change. */
    Rddm(int warmUp, double warning, double change, int longest, int kept, int maxWarnings, boolean forgetsAll) {
        this.warmUp = count("warm-up", warmUp);
        this.warning = positive("warning", warning);
        this.change = positive("change", change);
        this.most = count("longest", longest);
        this.kept = new boolean[count("kept", kept)];
        this.maxWarnings = count("most warnings", maxWarnings);
        this.forgetsAll = forgetsAll;
        this.rate = new ErrorRate(warmUp);
    }

    /** Begins with the values kept, those since the warning if there was one. */
    @Override
    void reset() {
        rate.clear();
        for (int i = 0; i < keptCount; i++) {
            rate.add(kept[(keptFrom + i) % kept.length] ? 1 : 0);
        }
        warnings = 0;
        isLong = false;
    }

    @Override
    Signal next(double value, Signal before) {
        if (isLong) {
            reset();
        }
        keep(value == 1);
        rate.add(value);
        if (rate.n() < warmUp) {
            return Signal.STABLE;
        }
        boolean warns = rate.isAboveLowest(warning);
        boolean changes = rate.isAboveLowest(change);
        if (changes || (warns && warnings >= maxWarnings)) {
            if (forgetsAll) {
                keptCount = 0;
            } else if (!changes || warnings == 0) {
                keepOnlyLast();
            }
            return Signal.CHANGE;
        }
        if (warns) {
            if (warnings == 0) {
                keepOnlyLast();
            }
            warnings++;
            return Signal.WARNING;
        }
        warnings = 0;
        isLong = rate.n() >= most;
        return Signal.STABLE;
    }

    private void keep(boolean error) {
        if (keptCount < kept.length) {
            kept[(keptFrom + keptCount++) % kept.length] = error;
        } else {
            kept[keptFrom] = error;
            keptFrom = (keptFrom + 1) % kept.length;
        }
    }

    private void keepOnlyLast() {
        keptFrom = (keptFrom + keptCount - 1) % kept.length;
        keptCount = 1;
    }
}

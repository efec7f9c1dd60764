package io.github.plimsoll.validation.stats.stream;

/**
 * ADWIN as it was in River up to 0.19 and in its forerunner scikit-multiflow (0.5.3), for whoever compares with alarms of then. Of the
 * buckets of one size they overlooked the newest: cuts beside it were not looked at, and its values counted as newer than all smaller
 * buckets. {@link Adwin} is the corrected one; the other detectors of this package fire where River's do.
 *
 * @see <a href="https://github.com/online-ml/river/pull/1613">The correction</a>
 * @since 0.1
 */
public final class RiverDetectors {

    private RiverDetectors() {}

    /**
     * ADWIN as in River 0.19, with its other values: 5 buckets of each size, parts of 5 values at least, after 10 values.
     *
     * @param delta the probability of a false change of one look, in (0, 1); River has 0.002
     * @param clock every how many values all cuts are looked at, >= 1; River has 32
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static Adwin adwin(double delta, int clock) {
        return new Adwin(delta, clock, Adwin.Convention.RIVER_0_19);
    }

    /**
     * ADWIN as in scikit-multiflow 0.5.3: it also keeps what is left of its window after a change, and loses half the spread of two buckets
     * that become one, so that it fires more often.
     *
     * @param delta the probability of a false change of one look, in (0, 1); scikit-multiflow has 0.002
     * @return a new detector
     * @throws IllegalArgumentException if delta is out of its range
     */
    public static Adwin scikitMultiflowAdwin(double delta) {
        return new Adwin(delta, 32, Adwin.Convention.SCIKIT_MULTIFLOW);
    }
}

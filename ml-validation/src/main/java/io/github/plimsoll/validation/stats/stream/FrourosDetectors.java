package io.github.plimsoll.validation.stats.stream;

/**
 * Detectors that fire where those of Frouros (0.10) do, for whoever moves over or compares: reset after each change, as its users do by
 * hand, and with its default values where there is no parameter. Each differs from the class of its name in this package by what is said
 * here, not always for the better. {@link Cusum}, {@link GeometricMovingAverage}, {@link EwmaChart}, {@link Bocd} and
 * {@link PageHinkley#fromStart} need none: theirs and ours are one.
 *
 * @since 0.1
 */
public final class FrourosDetectors {

    private FrourosDetectors() {}

    /**
     * ADWIN that overlooks the newest bucket of each size as {@link RiverDetectors#adwin} does, compares parts of more than five values and
     * lets six of each count for nothing: slower, and rarely wrong.
     *
     * @param delta the probability of a false change of one look, in (0, 1); Frouros has 0.002
     * @return a new detector
     * @throws IllegalArgumentException if delta is out of its range
     */
    public static Adwin adwin(double delta) {
        return new Adwin(delta, 32, Adwin.Convention.FROUROS);
    }

    /**
     * DDM that looks from the 30th value on.
     *
     * @return a new detector
     */
    public static Ddm ddm() {
        return new Ddm(29, 2, 3);
    }

    /**
     * EDDM that takes the deviation of the distances with n instead of n - 1, looks from the 30th error on, and warns at single errors: a
     * right answer ends a warning.
     *
     * @return a new detector
     */
    public static Eddm eddm() {
        return new Eddm(30, 29, 0.95, 0.9, Eddm.Convention.FROUROS);
    }

    /**
     * HDDM-A for rises that grants the whole probability to one side, so that it fires sooner, and looks from the 30th value on.
     *
     * @param change the probability of a false change at one cut, in (0, 1); Frouros has 0.001
     * @param warning the same of a warning; Frouros has 0.005
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static HddmA hddmA(double change, double warning) {
        return new HddmA(change, warning, Sides.RISES, HddmA.Convention.FROUROS);
    }

    /**
     * HDDM-W for rises whose weighted means begin with 0, whose cut is bounded by the weight instead of the probability, and which looks from
     * the 30th value on.
     *
     * @param change the probability of a false change at one cut, in (0, 1); Frouros has 0.001
     * @param warning the same of a warning; Frouros has 0.005
     * @param weight the weight of the newest value, in (0, 1); Frouros has 0.05
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static HddmW hddmW(double change, double warning, double weight) {
        return new HddmW(change, warning, weight, Sides.RISES, HddmW.Convention.FROUROS);
    }

    /**
     * RDDM that begins with nothing after a change, not with the values read since the warning.
     *
     * @return a new detector
     */
    public static Rddm rddm() {
        return new Rddm(129, 1.773, 2.258, 40_000, 7_000, 1_400, true);
    }

    /**
     * STEPD with one tail, which halves the p-value, and with a defect: where the rates differ by less than the correction for continuity,
     * what is missing counts as a difference. Values that are all alike are a change, every 60 values.
     *
     * @return a new detector
     */
    public static Stepd stepd() {
        return new Stepd(30, 0.003, 0.05, true);
    }
}

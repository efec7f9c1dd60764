package io.github.plimsoll.validation.stats.stream;

/**
 * Detectors that fire where those of MOA (2024.07) do, and of libraries after its pattern, for whoever moves over or compares. Each
 * differs from the class of its name in this package by what is said here. {@link Cusum}, {@link GeometricMovingAverage}, {@link Rddm},
 * {@link SeqDrift1} and {@link Stepd} need none: theirs and ours are one.
 *
 * @since 0.1
 */
public final class MoaDetectors {

    private MoaDetectors() {}

    /**
     * ADWIN that tells rises of the mean only, although it forgets at falls too; keeps what is left of its window after a change; and
     * compares parts of more than six values.
     *
     * @param delta the probability of a false change of one look, in (0, 1); MOA has 0.002
     * @return a new detector
     * @throws IllegalArgumentException if delta is out of its range
     */
    public static Adwin adwin(double delta) {
        return new Adwin(delta, 32, Adwin.Convention.MOA);
    }

    /**
     * DDM that looks from the value before the {@code minimum}th on.
     *
     * @param minimum how many values are read first, >= 3; MOA has 30
     * @param warning by how many standard deviations the rate rises for a warning, above 0; MOA has 2
     * @param change by how many for a change, above 0; MOA has 3
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static Ddm ddm(int minimum, double warning, double change) {
        return new Ddm(ChangeDetector.count("minimum - 2", minimum - 2), warning, change);
    }

    /**
     * EDDM that takes the deviation of the distances with n instead of n - 1, and ends a warning with an error that decides nothing.
     *
     * @param values from which value on distances are compared, >= 1; MOA has 30, scikit-multiflow 29
     * @param errors after how many errors something is told, >= 1; both have 30
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static Eddm eddm(int values, int errors) {
        return new Eddm(ChangeDetector.count("values", values), errors, 0.95, 0.9, Eddm.Convention.MOA);
    }

    /**
     * HDDM-A that tells rises only, but begins anew, without a word, where the mean has fallen.
     *
     * @param change the probability of a false change at one cut, in (0, 1); MOA has 0.001
     * @param warning the same of a warning; MOA has 0.005
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static HddmA hddmA(double change, double warning) {
        return new HddmA(change, warning, Sides.RISES, HddmA.Convention.MOA);
    }

    /**
     * HDDM-W whose weighted means begin with the first value, not with the first error.
     *
     * @param change the probability of a false change at one cut, in (0, 1); MOA has 0.001
     * @param warning the same of a warning; MOA has 0.005
     * @param weight the weight of the newest value, in (0, 1); MOA has 0.05
     * @return a new detector
     * @throws IllegalArgumentException if a parameter is out of its range
     */
    public static HddmW hddmW(double change, double warning, double weight) {
        return new HddmW(change, warning, weight, Sides.RISES, HddmW.Convention.MOA);
    }

    /**
     * Page and Hinkley's test for rises by {@link PageHinkley#fromStart}, with 30 values, a tolerance of 0.005, a threshold of 50 and a
     * forgetting factor of 0.9999.
     *
     * @return a new detector
     */
    public static PageHinkley pageHinkley() {
        return PageHinkley.fromStart(30, 0.005, 50, 0.9999, Sides.RISES);
    }

    /**
     * The EWMA chart that warns one value earlier than it tells a change.
     *
     * @return a new detector
     */
    public static EwmaChart ewmaChart() {
        return new EwmaChart(29, 30, 0.2, 0.5, 400);
    }

    /**
     * SEED whose spread is that of the values from the mean of the window when they were read, a little shifted, instead of from that of
     * what is left: after a change it keeps a part of the change's own size, so that the next one is found later.
     *
     * @return a new detector
     */
    public static Seed seed() {
        return new Seed(0.05, 32, true);
    }
}

package io.github.plimsoll.validation.stats.stream;

/**
 * A change detector that reads errors: 1 for an error, 0 for none.
 *
 * @since 0.1
 */
public abstract sealed class BinaryDetector extends ChangeDetector
        permits Ddm, Eddm, EwmaChart, Fhddm, HddmA, HddmW, Rddm, SeqDrift1, Stepd, Wstd {

    BinaryDetector() {}

    @Override
    final void check(double value) {
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("value: " + value + " (expected: 0 or 1)");
        }
    }
}

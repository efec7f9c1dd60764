package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.Tensor;

/**
 * Boosted trees in an engine: one matrix in, one number or several out for each row. Thread-safe, but for close, which is called once,
 * when nothing runs.
 */
interface Booster {

    /** The rows of one run. Confined to one thread at a time. */
    interface Matrix {

        /** Where the rows go. */
        Tensor input();

        /** Computes all rows. What it throws fails the call. */
        Tensor predict();
    }

    Matrix matrix(int rows);

    void close();
}

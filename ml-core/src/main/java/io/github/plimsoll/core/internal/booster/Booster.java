package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.internal.Causes;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Boosted trees in an engine: one matrix in, one number or several out for each row. Thread-safe, but for close, which is called once,
 * when nothing runs.
 */
interface Booster {

    Facts facts();

    Matrix matrix(int rows);

    void close();

    /** An output of one number a row, or of several. */
    static TensorSpec output(String name, ElementType type, int columns) {
        return columns == 1 ? TensorSpec.of(name, type, -1) : TensorSpec.of(name, type, -1, columns);
    }

    /** Checks how many values were computed for rows. */
    static void requireValues(long computed, int rows, TensorSpec output) {
        if (computed != rows * output.elementsPerRow()) {
            throw new Failure(computed + (computed == 1 ? " value for " : " values for ") + rows
                    + (rows == 1 ? " row" : " rows") + " (expected: " + output.elementsPerRow() + " a row)");
        }
    }

    /**
     * What is known of a model.
     *
     * @param engineVersion the engine's
     * @param metadata what else the file says
     */
    record Facts(String engineVersion, TensorSpec input, TensorSpec output, Map<String, String> metadata) {}

    /**
     * The rows of one run. Confined to one thread at a time.
     *
     * @param input where the rows go
     * @param predict computes all rows; what it throws fails the call
     */
    record Matrix(Tensor input, Supplier<Tensor> predict) {}

    /** What an engine says went wrong. */
    final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }

        private Failure(Throwable cause) {
            super(Causes.words(cause), cause);
        }

        /** What a call by method handle threw: as a failure, or itself if it is an error. */
        static Failure of(Throwable thrown) {
            if (thrown instanceof Error error) {
                throw error;
            }
            return thrown instanceof Failure failure ? failure : new Failure(thrown);
        }
    }
}

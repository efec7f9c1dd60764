package io.github.plimsoll.core.internal;

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

    /** The engine's version. */
    String version();

    TensorSpec input();

    TensorSpec output();

    /** What else the file says of the model. */
    Map<String, String> metadata();

    Matrix matrix(int rows);

    void close();

    /** An output of one number a row, or of several. */
    static TensorSpec output(String name, ElementType type, int columns) {
        return columns == 1 ? TensorSpec.of(name, type, -1) : TensorSpec.of(name, type, -1, columns);
    }

    /** The shape of an output for rows for which so many values were computed. */
    static long[] shape(TensorSpec output, int rows, int values) {
        if (values != rows * output.elementsPerRow()) {
            throw new Failure(values + (values == 1 ? " value for " : " values for ") + rows
                    + (rows == 1 ? " row" : " rows") + " (expected: " + output.elementsPerRow() + " a row)");
        }
        return Shapes.withRows(output.shape(), rows);
    }

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

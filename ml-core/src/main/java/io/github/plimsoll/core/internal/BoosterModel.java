package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A model of boosted trees: one matrix in, one tensor out.
 *
 * <p>Close frees at once: wrap in a {@link LeasedModel}.
 */
final class BoosterModel implements Model {

    private static final int MAX_ROWS = 1024;
    private static final long BATCH_BYTES = 16 << 20;

    private final Booster booster;
    private final ModelDescription description;
    private final TensorSpec input;
    private final TensorSpec output;
    private final int maxRows;
    private final AtomicBoolean closed = new AtomicBoolean();

    BoosterModel(Booster booster, ModelDescription description) {
        this.booster = booster;
        this.description = description;
        input = description.signature().inputs().get(0);
        output = description.signature().outputs().get(0);
        long rowBytes = Double.BYTES * (input.elementsPerRow() + output.elementsPerRow());
        maxRows = (int) Math.max(1, Math.min(MAX_ROWS, BATCH_BYTES / rowBytes));
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public InferencePlan plan(List<String> outputs) {
        Outputs.named(outputs, description); // there is one: this checks that it is the one asked for
        return new Plan();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            booster.close();
        }
    }

    private final class Plan implements InferencePlan {

        @Override
        public Inference begin(int rows) {
            if (rows < 1 || rows > maxRows) {
                throw new IllegalArgumentException(
                        "rows: " + rows + " (expected: 1 to " + maxRows + " for model " + description.id() + ")");
            }
            return new Run(rows, booster.matrix(rows));
        }

        @Override
        public int maxRows() {
            return maxRows;
        }
    }

    private final class Run implements Inference {
        private final int rows;
        private final Booster.Matrix matrix;
        private @Nullable Tensor result;
        private boolean ran;

        private Run(int rows, Booster.Matrix matrix) {
            this.rows = rows;
            this.matrix = matrix;
        }

        @Override
        public Tensor input(int index) {
            if (index != 0) {
                throw new IndexOutOfBoundsException("input: " + index + " (expected: 0, the only one)");
            }
            return matrix.input();
        }

        @Override
        public Tensor input(int index, long... shape) {
            Tensor tensor = input(index);
            Shapes.check(input, shape, rows);
            return tensor;
        }

        @Override
        public void run() {
            if (ran) {
                throw new IllegalStateException("run: called before (expected: once for each inference)");
            }
            ran = true;
            Tensor computed;
            try {
                computed = matrix.predict();
            } catch (RuntimeException e) {
                throw new ModelExecutionException(
                        "model " + description.id() + " failed on " + rows + (rows == 1 ? " row: " : " rows: ")
                                + Causes.words(e),
                        e);
            }
            if (computed.length() != rows * output.elementsPerRow()) {
                throw new ModelOutputException(
                        "model " + description.id() + ": " + computed.length() + " values for " + rows
                                + (rows == 1 ? " row" : " rows") + " (expected: " + output.elementsPerRow() + " a row)",
                        null);
            }
            result = computed;
        }

        @Override
        public Tensor output(int index) {
            if (index != 0) {
                throw new IndexOutOfBoundsException("output: " + index + " (expected: 0, the only one)");
            }
            Tensor computed = result;
            if (computed == null) {
                throw new IllegalStateException(
                        ran
                                ? "output: run() failed (expected: outputs are read after a run that did not)"
                                : "output: nothing yet (expected: run() first)");
            }
            return computed;
        }

        @Override
        public void close() {
            result = null; // all of it is on the heap
        }
    }

    /** An output of one number a row, or of several. */
    static TensorSpec output(String name, ElementType type, int columns) {
        return columns == 1 ? TensorSpec.of(name, type, -1) : TensorSpec.of(name, type, -1, columns);
    }

    static long[] shape(int rows, int columns) {
        return columns == 1 ? new long[] {rows} : new long[] {rows, columns};
    }
}

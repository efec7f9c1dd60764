package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.internal.Causes;
import io.github.plimsoll.core.internal.LeasedModel;
import io.github.plimsoll.core.internal.Outputs;
import io.github.plimsoll.core.internal.RowLimit;
import io.github.plimsoll.core.internal.Shapes;
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

    private final Booster booster;
    private final ModelDescription description;
    private final TensorSpec input;
    private final RowLimit limit;
    private final AtomicBoolean closed = new AtomicBoolean();

    BoosterModel(Booster booster, ModelDescription description) {
        this.booster = booster;
        this.description = description;
        input = booster.facts().input();
        limit = RowLimit.of(List.of(input), List.of(booster.facts().output()));
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
            limit.check(rows, description.id());
            return new Run(rows, booster.matrix(rows));
        }

        @Override
        public int maxRows() {
            return limit.max();
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
            try {
                result = matrix.predict().get();
            } catch (RuntimeException e) {
                throw new ModelExecutionException(
                        "model " + description.id() + " failed on " + rows + (rows == 1 ? " row: " : " rows: ")
                                + Causes.words(e),
                        e);
            }
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
}

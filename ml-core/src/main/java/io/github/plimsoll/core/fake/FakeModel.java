package io.github.plimsoll.core.fake;

import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/**
 * A model written in Java, for tests of what stands around a model. It goes the same way as a real one: schema, guard,
 * batches, output.
 *
 * <pre>{@code
 * FakeModel model = FakeModel.ofRows("credit", 2, row -> row[1] > 0.5 ? 0.9 : 0.1);
 * var risk = Plimsoll.use(model).as(Applicant.class, Output.probability()).build();
 * }</pre>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class FakeModel implements Model {

    private static final int MAX_ROWS = 1024;

    private final ModelDescription description;
    private final BiConsumer<List<Tensor>, List<Tensor>> function;
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger openInferences = new AtomicInteger();
    private volatile boolean closed;

    private FakeModel(ModelDescription description, BiConsumer<List<Tensor>, List<Tensor>> function) {
        this.description = description;
        this.function = function;
    }

    /**
     * A model with one input {@code features: float64 [-1, columns]} and one output {@code prediction: float64 [-1, 1]}.
     *
     * @param name the model's name; its version is {@code 1}
     * @param columns the number of features
     * @param function the answer for one row, thread-safe; what it throws fails the run
     * @return the model
     */
    public static FakeModel ofRows(String name, int columns, ToDoubleFunction<double[]> function) {
        ModelSignature signature = new ModelSignature(
                List.of(TensorSpec.of("features", ElementType.FLOAT64, -1, columns)),
                List.of(TensorSpec.of("prediction", ElementType.FLOAT64, -1, 1)));
        return of(new ModelId(name, "1"), signature, (inputs, outputs) -> {
            Tensor features = inputs.get(0);
            double[] row = new double[columns];
            for (int r = 0; r < features.rows(); r++) {
                for (int c = 0; c < columns; c++) {
                    row[c] = features.number(r * columns + c);
                }
                outputs.get(0).number(r, function.applyAsDouble(row));
            }
        });
    }

    /**
     * A model of any form.
     *
     * @param id its name and version
     * @param signature its inputs and outputs; outputs have no unfixed size but the rows, and no labels
     * @param function reads all inputs and writes all outputs of one run, thread-safe; what it throws fails the run
     * @return the model
     * @throws IllegalArgumentException if an output has an unfixed size
     */
    public static FakeModel of(ModelId id, ModelSignature signature, BiConsumer<List<Tensor>, List<Tensor>> function) {
        for (TensorSpec output : signature.outputs()) {
            if (output.elementsPerRow() < 0) {
                throw new IllegalArgumentException("output " + output + " (expected: no unfixed size but the rows)");
            }
        }
        return new FakeModel(
                new ModelDescription(id, "Fake", "1", "in Java", signature, Map.of()),
                Objects.requireNonNull(function));
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public InferencePlan plan(List<String> outputs) {
        List<String> names =
                description.signature().outputs().stream().map(TensorSpec::name).toList();
        int[] indexes = outputs.stream().mapToInt(names::indexOf).toArray();
        for (int i = 0; i < indexes.length; i++) {
            if (indexes[i] < 0) {
                throw new IllegalArgumentException("output: '" + outputs.get(i) + "' (expected: one of " + names + ")");
            }
        }
        return new InferencePlan() {
            @Override
            public Inference begin(int rows) {
                if (rows < 1 || rows > MAX_ROWS) {
                    throw new IllegalArgumentException("rows: " + rows + " (expected: 1 to " + MAX_ROWS + ")");
                }
                if (closed) {
                    throw new ModelClosedException(description.id().toString());
                }
                return new FakeInference(rows, indexes);
            }

            @Override
            public int maxRows() {
                return MAX_ROWS;
            }
        };
    }

    /**
     * How often the model was run, which is less than the number of predictions where a cache answers or a batch forms.
     *
     * @return a number >= 0
     */
    public int runs() {
        return runs.get();
    }

    /**
     * How many inferences have begun and not been closed: 0 after all calls, unless something leaks.
     *
     * @return a number >= 0
     */
    public int openInferences() {
        return openInferences.get();
    }

    /**
     * Whether the model has been closed.
     *
     * @return true after {@link #close()}
     */
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }

    private static Tensor allocate(TensorSpec spec, long[] shape) {
        int elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, Math.toIntExact(size));
        }
        return switch (spec.type()) {
            case FLOAT32 -> Tensor.of(FloatBuffer.allocate(elements), shape);
            case FLOAT64 -> Tensor.of(DoubleBuffer.allocate(elements), shape);
            case INT64 -> Tensor.of(LongBuffer.allocate(elements), shape);
            case INT32 -> Tensor.of(IntBuffer.allocate(elements), shape);
            case INT16 -> Tensor.of(ShortBuffer.allocate(elements), shape);
            case INT8, UINT8, BOOL -> Tensor.of(spec.type(), ByteBuffer.allocate(elements), shape);
            case STRING -> Tensor.of(new String[elements], shape);
        };
    }

    private final class FakeInference implements Inference {

        private final Tensor[] inputs;
        private final Tensor[] outputs;
        private final int[] wanted;
        private boolean open = true;

        private FakeInference(int rows, int[] wanted) {
            this.wanted = wanted;
            inputs = allocateAll(description.signature().inputs(), rows);
            outputs = allocateAll(description.signature().outputs(), rows);
            openInferences.incrementAndGet();
        }

        private Tensor[] allocateAll(List<TensorSpec> specs, int rows) {
            Tensor[] tensors = new Tensor[specs.size()];
            for (int i = 0; i < tensors.length; i++) {
                long[] shape = specs.get(i).shape();
                for (int d = 0; d < shape.length; d++) {
                    shape[d] = d == 0 ? rows : Math.max(0, shape[d]); // unfixed: sized by input(index, shape)
                }
                tensors[i] = allocate(specs.get(i), shape);
            }
            return tensors;
        }

        @Override
        public Tensor input(int index) {
            return inputs[index];
        }

        @Override
        public Tensor input(int index, long... shape) {
            inputs[index] = allocate(description.signature().inputs().get(index), shape);
            return inputs[index];
        }

        @Override
        public void run() {
            runs.incrementAndGet();
            try {
                function.accept(List.of(inputs), List.of(outputs));
            } catch (RuntimeException failure) {
                throw new ModelExecutionException("model " + description.id() + " failed: " + failure, failure);
            }
        }

        @Override
        public Tensor output(int index) {
            return outputs[wanted[index]];
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                openInferences.decrementAndGet();
            }
        }
    }
}

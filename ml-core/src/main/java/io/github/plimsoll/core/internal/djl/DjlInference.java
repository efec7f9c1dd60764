package io.github.plimsoll.core.internal.djl;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslateException;
import ai.djl.util.Float16Utils;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.internal.Causes;
import io.github.plimsoll.core.internal.NativeBuffers;
import io.github.plimsoll.core.internal.Outputs;
import io.github.plimsoll.core.internal.Shapes;
import io.github.plimsoll.core.internal.Strings;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One run of a model through a DJL predictor. Inputs are filled on the heap; DJL copies them to native memory of a manager
 * that lives as long as the run, and the outputs are copied back before it goes.
 */
final class DjlInference implements Inference {

    private final DjlModel model;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final int rows;
    private final @Nullable Tensor[] inputViews;
    private final Object[] elements; // of each input: a ByteBuffer, or a String[]
    private final @Nullable Tensor[] outputViews;
    private final @Nullable PredictionException[] unreadable;
    private boolean ran;

    DjlInference(DjlModel model, List<TensorSpec> inputs, List<TensorSpec> outputs, int rows) {
        this.model = model;
        this.inputs = inputs;
        this.outputs = outputs;
        this.rows = rows;
        inputViews = new Tensor[inputs.size()];
        elements = new Object[inputs.size()];
        outputViews = new Tensor[outputs.size()];
        unreadable = new PredictionException[outputs.size()];
        for (int i = 0; i < inputViews.length; i++) {
            TensorSpec spec = inputs.get(i);
            if (spec.elementsPerRow() >= 0) {
                make(i, Shapes.withRows(spec.shape(), rows));
            }
        }
    }

    private Tensor make(int index, long[] shape) {
        ElementType type = inputs.get(index).type();
        int length = Math.toIntExact(Shapes.elements(shape));
        Tensor view;
        if (type == ElementType.STRING) {
            String[] texts = new String[length];
            elements[index] = texts;
            view = Tensor.of(texts, shape);
        } else {
            ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(length, NativeBuffers.bytes(type)))
                    .order(ByteOrder.nativeOrder());
            elements[index] = bytes;
            view = NativeBuffers.view(type, bytes, shape);
        }
        inputViews[index] = view;
        return view;
    }

    @Override
    public Tensor input(int index) {
        Tensor view = inputViews[index];
        if (view == null) {
            throw new IllegalStateException("input " + inputs.get(index)
                    + ": its size after the rows is not fixed (expected: input(" + index + ", shape) first)");
        }
        return view;
    }

    @Override
    public Tensor input(int index, long... shape) {
        Shapes.check(inputs.get(index), shape, rows);
        return make(index, shape);
    }

    @Override
    public void run() {
        if (ran) {
            throw new IllegalStateException("run: called before (expected: once for each inference)");
        }
        ran = true;
        for (int i = 0; i < inputViews.length; i++) {
            if (inputViews[i] == null) {
                throw new IllegalStateException(
                        "input " + inputs.get(i) + ": not set (expected: input(index, shape), then its elements)");
            }
            if (elements[i] instanceof String[] texts) {
                Strings.requireAllSet(inputs.get(i), texts, rows);
            }
        }
        Predictor<NDList, NDList> predictor = model.takePredictor();
        boolean done = false;
        try (NDManager manager = model.newManager()) {
            NDList arrays = new NDList(inputViews.length);
            for (int i = 0; i < inputViews.length; i++) {
                arrays.add(array(manager, i));
            }
            NDList results = predictor.predict(arrays);
            for (int i = 0; i < outputViews.length; i++) {
                read(i, model.output(results, outputs.get(i)));
            }
            done = true;
        } catch (TranslateException | RuntimeException e) {
            throw new ModelExecutionException(
                    "model " + id() + " failed on " + rows + (rows == 1 ? " row: " : " rows: ") + Causes.words(e), e);
        } finally {
            if (done) {
                model.givePredictor(predictor);
            } else {
                predictor.close();
            }
        }
    }

    private NDArray array(NDManager manager, int index) {
        TensorSpec spec = inputs.get(index);
        Shape shape = new Shape(input(index).shape());
        NDArray array;
        if (elements[index] instanceof String[] texts) {
            array = manager.create(texts, StandardCharsets.UTF_8, shape);
        } else {
            ByteBuffer bytes = (ByteBuffer) elements[index];
            if (model.isHalf(spec)) {
                float[] wide = new float[input(index).length()];
                bytes.asFloatBuffer().get(wide);
                array = manager.create(Float16Utils.toByteBuffer(manager, wide), shape, DataType.FLOAT16);
            } else {
                array = manager.create(bytes.duplicate().order(ByteOrder.nativeOrder()), shape, dataType(spec.type()));
            }
        }
        array.setName(spec.name());
        return array;
    }

    private static DataType dataType(ElementType type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT32;
            case FLOAT64 -> DataType.FLOAT64;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case INT32 -> DataType.INT32;
            case INT64 -> DataType.INT64;
            case BOOL -> DataType.BOOLEAN;
            case INT16, STRING ->
                throw new IllegalArgumentException("type: " + type + " (expected: a number that DJL knows)");
        };
    }

    private void read(int index, @Nullable NDArray array) {
        TensorSpec spec = outputs.get(index);
        try {
            if (array == null) {
                throw new ModelOutputException("model " + id() + ": output '" + spec.name() + "' is missing", null);
            }
            long[] shape = array.getShape().getShape();
            Outputs.checkRows(id(), spec, shape, rows);
            outputViews[index] = switch (spec.type()) {
                case FLOAT32 -> Tensor.of(FloatBuffer.wrap(array.toFloatArray()), shape);
                case FLOAT64 -> Tensor.of(DoubleBuffer.wrap(array.toDoubleArray()), shape);
                case INT64 -> Tensor.of(LongBuffer.wrap(array.toLongArray()), shape);
                case INT32 -> Tensor.of(IntBuffer.wrap(array.toIntArray()), shape);
                case INT8, UINT8, BOOL -> Tensor.of(spec.type(), array.toByteBuffer(true), shape);
                case STRING -> Tensor.of(array.toStringArray(StandardCharsets.UTF_8), shape);
                case INT16 -> throw new IllegalArgumentException("type: int16 (expected: a type that DJL knows)");
            };
        } catch (PredictionException e) {
            unreadable[index] = e; // the caller's, if it asks for this output; the others may be fine
        }
    }

    private ModelId id() {
        return model.description().id();
    }

    @Override
    public Tensor output(int index) {
        if (!ran) {
            throw new IllegalStateException("output: nothing yet (expected: run() first)");
        }
        PredictionException failure = unreadable[index];
        if (failure != null) {
            throw failure;
        }
        Tensor view = outputViews[index];
        if (view == null) {
            throw new IllegalStateException(
                    "output: run() failed (expected: outputs are read after a run that did not)");
        }
        return view;
    }

    @Override
    public void close() {
        // Everything borrowed was given back at the end of the run; what is left is on the heap.
        Arrays.fill(outputViews, null);
    }
}

package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.internal.NativeBuffers;
import io.github.plimsoll.core.internal.Shapes;
import io.github.plimsoll.core.internal.Strings;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one inference at a time, and that inference: a call to a numeric model allocates nothing here.
 *
 * <p>Native memory for {@link #capacity} rows is allocated once. The engine's tensors over it are made for a number of rows and
 * stay as long as the number does not change, so that a run of equal batches, single rows above all, only fills and runs.
 * Inputs go in without a copy; outputs whose shape is known ("pinned") come out without one.
 */
final class OnnxSlot implements Inference {

    private final OnnxPlan plan;
    private final int capacity;
    private final Input[] inputs;
    private final Output[] outputs;
    private final Map<String, OnnxTensorLike> feed =
            new LinkedHashMap<>(); // of the numeric inputs; strings come and go
    private final Map<String, OnnxValue> pinned = new LinkedHashMap<>();
    private final boolean hasStrings;
    private int rows;
    private boolean ran;
    private boolean worn;

    OnnxSlot(OnnxPlan plan, int capacity) {
        this.plan = plan;
        this.capacity = capacity;
        inputs = new Input[plan.inputs.size()];
        boolean strings = false;
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = new Input(plan.inputs.get(i), capacity);
            strings |= inputs[i].spec.type() == ElementType.STRING;
        }
        hasStrings = strings;
        outputs = new Output[plan.outputs.size()];
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = new Output(plan.outputs.get(i), plan.pinnable(i), capacity);
        }
    }

    int capacity() {
        return capacity;
    }

    /** Whether something failed in it, so that it is not worth keeping. */
    boolean isWorn() {
        return worn;
    }

    /** Memory that inputs of a size of their own hold beyond what the plan counts. */
    long extraBytes() {
        long bytes = 0;
        for (Input input : inputs) {
            bytes += input.extraBytes();
        }
        return bytes;
    }

    void begin(int count) {
        ran = false;
        try {
            for (Input input : inputs) {
                input.begin(count);
            }
            if (count != rows) {
                for (Output output : outputs) {
                    output.resize(count);
                }
                rows = count;
            }
        } catch (OrtException e) {
            worn = true;
            throw failed(e);
        }
    }

    @Override
    public Tensor input(int index) {
        Input input = inputs[index];
        Tensor view = input.view;
        if (view == null) {
            throw new IllegalStateException("input " + input.spec
                    + ": its size after the rows is not fixed (expected: input(" + index + ", shape) first)");
        }
        return view;
    }

    @Override
    public Tensor input(int index, long... shape) {
        Input input = inputs[index];
        Shapes.check(input.spec, shape, rows);
        try {
            return input.resize(shape);
        } catch (OrtException e) {
            worn = true;
            throw failed(e);
        }
    }

    @Override
    public void run() {
        if (ran) {
            throw new IllegalStateException("run: called before (expected: once for each inference)");
        }
        ran = true;
        for (Input input : inputs) {
            input.check();
        }
        boolean done = false;
        try {
            if (hasStrings) {
                for (Input input : inputs) {
                    input.makeStrings();
                }
            }
            if (plan.pinning) {
                runPinned();
            } else {
                runUnpinned();
            }
            done = true;
        } catch (OrtException e) {
            throw failed(e);
        } finally {
            worn |= !done;
            if (hasStrings) {
                for (Input input : inputs) {
                    input.dropStrings();
                }
            }
        }
    }

    private void runPinned() throws OrtException {
        try (OrtSession.Result result = plan.session.run(feed, plan.unpinnable, pinned)) {
            int next = pinned.size(); // the engine lists what is pinned first
            for (Output output : outputs) {
                if (output.pinned) {
                    output.present();
                } else {
                    output.read(result.get(next++));
                }
            }
        } catch (OrtException e) {
            // Some models do not keep to the shapes they declare. The engine does not write past our memory then, it
            // fails; and since it has no code of its own for that, whatever failed is tried once without our memory.
            if (pinned.isEmpty()) {
                throw e;
            }
            try {
                runUnpinned();
            } catch (OrtException again) {
                e.addSuppressed(again);
                throw e;
            }
            plan.pinning = false;
        }
    }

    private void runUnpinned() throws OrtException {
        try (OrtSession.Result result = plan.session.run(feed, plan.all)) {
            for (int i = 0; i < outputs.length; i++) {
                outputs[i].read(result.get(i));
            }
        }
    }

    @Override
    public Tensor output(int index) {
        Output output = outputs[index];
        if (!ran) {
            throw new IllegalStateException("output: nothing yet (expected: run() first)");
        }
        PredictionException unreadable = output.unreadable;
        if (unreadable != null) {
            throw unreadable;
        }
        Tensor view = output.view;
        if (view == null) {
            throw new IllegalStateException(
                    "output: run() failed (expected: outputs are read after a run that did not)");
        }
        return view;
    }

    /** Gives itself back: from here on it may serve another call. */
    @Override
    public void close() {
        for (Output output : outputs) {
            output.clear();
        }
        plan.giveBack(this);
    }

    /** Frees what the engine holds; the buffers follow when they are collected. */
    void free() {
        for (Input input : inputs) {
            input.free();
        }
        for (Output output : outputs) {
            output.free();
        }
    }

    private ModelExecutionException failed(OrtException e) {
        return new ModelExecutionException(
                "model " + plan.description.id() + " failed on " + rows + (rows == 1 ? " row: " : " rows: ")
                        + e.getMessage(),
                e);
    }

    private OnnxTensor tensor(ElementType type, ByteBuffer elements, long[] shape) throws OrtException {
        return OnnxTensor.createTensor(plan.environment, elements, shape, NativeBuffers.engineType(type));
    }

    private final class Input {
        private final TensorSpec spec;
        private final long[] declared;
        private final boolean text;
        private final boolean sized; // its size after the rows is fixed
        private @Nullable ByteBuffer memory;
        private long memoryBytes;
        private long[] shape = {};
        private String @Nullable [] strings;
        private @Nullable OnnxTensor tensor;
        private @Nullable Tensor view;

        private Input(TensorSpec spec, int capacity) {
            this.spec = spec;
            declared = spec.shape();
            text = spec.type() == ElementType.STRING;
            sized = spec.elementsPerRow() >= 0;
            if (sized && !text) {
                memory = NativeBuffers.allocate(spec.type(), elements(capacity));
            }
        }

        private long elements(int count) {
            return declared.length == 0 ? 1 : Math.multiplyExact(count, spec.elementsPerRow());
        }

        private long extraBytes() {
            return memoryBytes;
        }

        private void begin(int count) throws OrtException {
            if (!sized) {
                view = null; // the last call's size is nobody's default
            } else if (view == null || count != rows || !isDeclaredShape()) {
                resize(Shapes.withRows(declared, count));
            } else if (strings != null) {
                Arrays.fill(
                        strings, null); // so that a text that is not set is found, and the last call's can be collected
            }
        }

        private boolean isDeclaredShape() {
            return declared.length > 0 || shape.length == 0;
        }

        private Tensor resize(long[] wanted) throws OrtException {
            long elements = Shapes.elements(wanted);
            Tensor result = view;
            if (text) {
                String[] texts = strings;
                if (texts == null || texts.length != elements) {
                    texts = new String[Math.toIntExact(elements)];
                    strings = texts;
                } else {
                    Arrays.fill(texts, null);
                }
                result = Tensor.of(texts, wanted);
            } else if (result == null || tensor == null || !Arrays.equals(shape, wanted)) {
                ByteBuffer bytes = memory;
                if (bytes == null || bytes.capacity() < elements * NativeBuffers.bytes(spec.type())) {
                    bytes = NativeBuffers.allocate(spec.type(), elements);
                    memory = bytes;
                    memoryBytes = bytes.capacity();
                }
                ByteBuffer used = NativeBuffers.first(bytes, spec.type(), elements);
                OnnxTensor made = tensor(spec.type(), used, wanted);
                if (tensor != null) {
                    tensor.close();
                }
                tensor = made;
                feed.put(spec.name(), made);
                result = NativeBuffers.view(spec.type(), used, wanted);
            }
            shape = wanted.clone();
            view = result;
            return result;
        }

        private void check() {
            if (view == null) {
                throw new IllegalStateException(
                        "input " + spec + ": not set (expected: input(index, shape), then its elements)");
            }
            if (strings != null) {
                Strings.requireAllSet(spec, strings, rows);
            }
        }

        private void makeStrings() throws OrtException {
            if (strings != null) {
                OnnxTensor made = OnnxTensor.createTensor(plan.environment, strings, shape);
                tensor = made;
                feed.put(spec.name(), made);
            }
        }

        private void dropStrings() {
            if (text && tensor != null) {
                tensor.close();
                tensor = null;
            }
        }

        private void free() {
            if (tensor != null) {
                tensor.close();
                tensor = null;
            }
        }
    }

    private final class Output {
        private final TensorSpec spec;
        private final boolean pinned;
        private final @Nullable ByteBuffer memory;
        private @Nullable OnnxTensor tensor;
        private @Nullable Tensor pinnedView;
        private @Nullable Tensor view;
        private @Nullable PredictionException unreadable;

        private Output(TensorSpec spec, boolean pinned, int capacity) {
            this.spec = spec;
            this.pinned = pinned;
            memory = pinned
                    ? NativeBuffers.allocate(spec.type(), Math.multiplyExact(capacity, spec.elementsPerRow()))
                    : null;
        }

        private void resize(int count) throws OrtException {
            if (memory == null) {
                return;
            }
            long[] shape = Shapes.withRows(spec.shape(), count);
            ByteBuffer used = NativeBuffers.first(memory, spec.type(), count * spec.elementsPerRow());
            OnnxTensor made = tensor(spec.type(), used, shape);
            free();
            tensor = made;
            OnnxSlot.this.pinned.put(spec.name(), made);
            pinnedView = NativeBuffers.view(spec.type(), used, shape);
        }

        private void present() {
            view = pinnedView;
        }

        private void read(OnnxValue value) throws OrtException {
            try {
                view = OnnxValues.read(plan.description.id(), spec, value, rows);
            } catch (PredictionException e) {
                unreadable = e; // the caller's, if it asks for this output; the others may be fine
            }
        }

        private void clear() {
            view = null;
            unreadable = null;
        }

        private void free() {
            if (tensor != null) {
                tensor.close();
                tensor = null;
            }
        }
    }
}

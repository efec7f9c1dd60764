package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.github.plimsoll.core.internal.Pool;
import io.github.plimsoll.core.internal.RowLimit;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A choice of outputs of an ONNX model, with the buffers to compute them.
 *
 * <p>Buffers come in slots, one in use by one inference at a time, and are kept for the next. What is kept is bounded: with
 * {@code n} = 2 to 4 times the number of processors, at most {@code n} slots for one row and {@code n} slots for several rows, none
 * larger than {@value #SMALL_BYTES} bytes, and {@value #LARGE_SLOTS} larger ones, which hold
 * {@value RowLimit#BATCH_BYTES} bytes or one row.
 */
final class OnnxPlan implements InferencePlan {

    static final int SMALL_BYTES = 1 << 20;
    static final int LARGE_SLOTS = 2;

    final OrtEnvironment environment;
    final OrtSession session;
    final ModelDescription description;
    final List<TensorSpec> inputs;
    final List<TensorSpec> outputs;

    /** The outputs whose memory the engine cannot be given, in the order of {@link #outputs}. */
    final Set<String> unpinnable;

    final Set<String> all;

    /** Whether the engine writes into our memory. Once false, for a model whose outputs are not shaped as it declares. */
    volatile boolean pinning = true;

    private final boolean[] pinnable;
    private final RowLimit limit;
    private final Pool<OnnxSlot> single = new Pool<>(OnnxSlot::free);
    private final Pool<OnnxSlot> several = new Pool<>(OnnxSlot::free);
    private final Pool<OnnxSlot> large = new Pool<>(LARGE_SLOTS, OnnxSlot::free);

    OnnxPlan(OrtEnvironment environment, OrtSession session, ModelDescription description, List<TensorSpec> outputs) {
        this.environment = environment;
        this.session = session;
        this.description = description;
        this.outputs = outputs;
        inputs = description.signature().inputs();
        boolean oneRow = RowLimit.takesOneRow(inputs);
        pinnable = new boolean[outputs.size()];
        Set<String> rest = new LinkedHashSet<>();
        Set<String> names = new LinkedHashSet<>();
        for (int i = 0; i < pinnable.length; i++) {
            TensorSpec output = outputs.get(i);
            pinnable[i] = isPinnable(output, oneRow);
            names.add(output.name());
            if (!pinnable[i]) {
                rest.add(output.name());
            }
        }
        unpinnable = rest;
        all = names;
        limit = RowLimit.of(inputs, outputs);
    }

    private static boolean isPinnable(TensorSpec output, boolean oneRow) {
        // A tensor of no dimensions is a scalar, or one whose shape the model does not state.
        return !output.isLabelled()
                && output.type() != ElementType.STRING
                && output.shape().length > 0
                && (output.shape()[0] < 0 || (oneRow && output.shape()[0] == 1))
                && output.elementsPerRow() > 0
                && output.elementsPerRow() <= Integer.MAX_VALUE / RowLimit.MAX_ROWS / Long.BYTES;
    }

    boolean pinnable(int output) {
        return pinnable[output];
    }

    @Override
    public int maxRows() {
        return limit.max();
    }

    @Override
    public Inference begin(int rows) {
        limit.check(rows, description.id());
        int capacity = rows == 1 ? 1 : (int) Math.min(limit.max(), Integer.highestOneBit(rows - 1) * 2L);
        OnnxSlot slot = pool(capacity).take(candidate -> candidate.capacity() >= rows);
        if (slot == null) {
            slot = new OnnxSlot(this, capacity);
        }
        boolean begun = false;
        try {
            slot.begin(rows);
            begun = true;
            return slot;
        } finally {
            if (!begun) {
                slot.free();
            }
        }
    }

    void giveBack(OnnxSlot slot) {
        if (slot.isWorn() || slot.extraBytes() > SMALL_BYTES) {
            slot.free();
        } else {
            pool(slot.capacity()).give(slot);
        }
    }

    private Pool<OnnxSlot> pool(int capacity) {
        return capacity * limit.rowBytes() > SMALL_BYTES ? large : capacity == 1 ? single : several;
    }

    void close() {
        single.close();
        several.close();
        large.close();
    }
}

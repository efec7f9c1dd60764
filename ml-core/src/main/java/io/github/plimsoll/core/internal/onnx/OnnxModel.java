package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.plimsoll.core.internal.LeasedModel;
import io.github.plimsoll.core.internal.Outputs;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An ONNX model on the direct way: a session of our own, fed from reused native buffers.
 *
 * <p>Close frees at once: wrap in a {@link LeasedModel}.
 */
final class OnnxModel implements Model {

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final SessionOptions options;
    private final ModelDescription description;
    // One plan for each choice of outputs, however often it is asked for: so that its buffers are shared, and bounded.
    private final Map<List<String>, OnnxPlan> plans = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    OnnxModel(OrtEnvironment environment, OrtSession session, SessionOptions options, ModelDescription description) {
        this.environment = environment;
        this.session = session;
        this.options = options;
        this.description = description;
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public InferencePlan plan(List<String> outputs) {
        return plans.computeIfAbsent(
                List.copyOf(outputs),
                names -> new OnnxPlan(environment, session, description, Outputs.named(names, description)));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            plans.values().forEach(OnnxPlan::close);
            OnnxOpening.closeAll(session, options);
        }
    }
}

package io.github.plimsoll.core;

import io.github.plimsoll.core.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a predictor is made of. Not thread-safe. May build several predictors, each with a model of its own.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 * @see Plimsoll
 */
public final class PredictorBuilder<I, O> {

    private final Supplier<Terminal<I, O>> terminal;
    private @Nullable Schema<? super I> schema;
    private final List<Capability<I, O>> capabilities = new ArrayList<>();
    private TimeSource time = TimeSource.system();
    private @Nullable Executor executor;
    private @Nullable Supplier<CallOptions> ambient;

    PredictorBuilder(Supplier<Terminal<I, O>> terminal, @Nullable Schema<I> schema) {
        this.terminal = terminal;
        this.schema = schema;
    }

    /**
     * Adds a capability, an interceptor or a listener. The order of these calls does not matter, except between listeners
     * and between interceptors that name the same position.
     *
     * @param capability what to add
     * @return this builder
     */
    @SuppressWarnings("unchecked") // one for a supertype of O only passes on answers it was given: see Capability
    public PredictorBuilder<I, O> with(Capability<? super I, ? super O> capability) {
        capabilities.add((Capability<I, O>) Objects.requireNonNull(capability));
        return this;
    }

    /**
     * Says what guards, caches and monitors shall see of inputs that the model does not take as a row: the brightness of an
     * image, the length of a text.
     *
     * @param summary a schema that reads those features
     * @return this builder
     * @throws IllegalStateException if there is a schema already
     */
    public PredictorBuilder<I, O> features(Schema<? super I> summary) {
        if (schema != null) {
            throw new IllegalStateException("features: set twice (expected: one schema)");
        }
        schema = Objects.requireNonNull(summary);
        return this;
    }

    /**
     * Takes the time from a source of the host.
     *
     * @param source the time source
     * @return this builder
     */
    public PredictorBuilder<I, O> time(TimeSource source) {
        time = Objects.requireNonNull(source);
        return this;
    }

    /**
     * Answers {@link Predictor#predictAsync} on an executor of the host, which the predictor does not shut down.
     *
     * @param host the executor
     * @return this builder
     */
    public PredictorBuilder<I, O> executor(Executor host) {
        executor = Objects.requireNonNull(host);
        return this;
    }

    /**
     * Says where calls find the options that their thread already has, such as the deadline of the request that it serves.
     * Those given to {@link Predictor#with(CallOptions)} come on top.
     *
     * @param context asked on the calling thread before each call, quick, never null; what it throws, the call throws
     * @return this builder
     */
    public PredictorBuilder<I, O> options(Supplier<CallOptions> context) {
        ambient = Objects.requireNonNull(context);
        return this;
    }

    /**
     * Loads the model, checks it against the schema and the output, and puts everything together.
     *
     * @return the predictor, to be closed by the host
     * @throws ModelLoadException if the model cannot be loaded
     * @throws ModelMismatchException if the model is not what the schema and the output describe; it lists every difference
     * @throws EngineUnavailableException if the model's engine cannot be used in this process
     * @throws IllegalStateException if a capability lacks what it needs, or two are at the same stage
     */
    public Predictor<I, O> build() {
        Terminal<I, O> end = terminal.get();
        Pipeline.Parts<I, O> parts = new Pipeline.Parts<>(end, schema, time);
        try {
            for (Capability<I, O> capability : capabilities) {
                capability.attach(parts);
            }
            return Pipeline.open(parts, end, schema, time, executor, ambient);
        } catch (RuntimeException | Error failure) {
            end.close();
            parts.closeResources();
            throw failure;
        }
    }
}

package io.github.plimsoll.core;

import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The predictor that {@link PredictorBuilder} makes: reads the features, sends the calls through the interceptors to the
 * terminal, tells the listeners.
 */
final class Pipeline<I, O> implements Predictor<I, O> {

    private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);

    private final Terminal<I, O> terminal;
    private final @Nullable Schema<? super I> schema;
    private final TimeSource time;
    private final @Nullable Executor executor;
    private final List<Interceptor<I, O>> interceptors;
    private final Interceptor.Next<I, O> way;
    private final List<PredictionListener<I, O>> listeners;
    private final Parts<I, O> parts;
    private final CallOrigin origin;
    private final AtomicLong calls;
    private final LongAdder listenerFailures;
    private final AtomicBoolean warnedOfListener;
    private final AtomicBoolean closed;
    private final @Nullable Supplier<CallOptions> ambient;
    private final CallOptions options;

    private Pipeline(
            Parts<I, O> parts,
            Terminal<I, O> terminal,
            @Nullable Schema<? super I> schema,
            TimeSource time,
            @Nullable Executor executor,
            @Nullable Supplier<CallOptions> ambient,
            List<Interceptor<I, O>> interceptors,
            List<PredictionListener<I, O>> listeners) {
        this.parts = parts;
        this.terminal = terminal;
        this.schema = schema;
        this.time = time;
        this.executor = executor;
        this.ambient = ambient;
        this.interceptors = interceptors;
        this.listeners = listeners;
        options = CallOptions.DEFAULT;
        origin = new CallOrigin(
                Long.toHexString(new SecureRandom().nextLong()),
                terminal.description().id(),
                time);
        calls = new AtomicLong();
        listenerFailures = new LongAdder();
        warnedOfListener = new AtomicBoolean();
        closed = new AtomicBoolean();
        Interceptor.Next<I, O> next = batch -> {
            long now = time.nanoTime();
            for (int i = 0; i < batch.size(); i++) {
                Call<I, O> call = batch.get(i);
                if (call.isOpen()) {
                    call.failIfUseless(now);
                }
            }
            CallBatch<I, O> open = batch.open();
            if (open.size() > 0) {
                terminal.answer(open, now, time);
            }
        };
        for (int i = interceptors.size() - 1; i >= 0; i--) {
            next = new Step<>(interceptors.get(i), next);
        }
        way = next;
    }

    /** The same predictor, for calls with other options: all that changes is shared. */
    private Pipeline(Pipeline<I, O> original, CallOptions options) {
        parts = original.parts;
        terminal = original.terminal;
        schema = original.schema;
        time = original.time;
        executor = original.executor;
        ambient = original.ambient;
        interceptors = original.interceptors;
        listeners = original.listeners;
        origin = original.origin;
        calls = original.calls;
        listenerFailures = original.listenerFailures;
        warnedOfListener = original.warnedOfListener;
        closed = original.closed;
        way = original.way;
        this.options = options;
    }

    /** Puts the parts together, offers their measurements and does what is to be done before the first call. */
    static <I, O> Predictor<I, O> open(
            Parts<I, O> parts,
            Terminal<I, O> terminal,
            @Nullable Schema<? super I> schema,
            TimeSource time,
            @Nullable Executor executor,
            @Nullable Supplier<CallOptions> ambient) {
        Pipeline<I, O> predictor = new Pipeline<>(
                parts,
                terminal,
                schema,
                time,
                executor,
                ambient,
                parts.sortedInterceptors(),
                List.copyOf(parts.listeners));
        parts.measure(
                new Measurement(PredictionMeter.LISTENER_FAILURES, Map.of(), predictor.listenerFailures::doubleValue));
        parts.measurements.forEach(measurement -> parts.readers.forEach(reader -> reader.accept(measurement)));
        if (!parts.beforeFirstCall.isEmpty()) {
            Predictor<I, O> bare =
                    new Pipeline<>(parts, terminal, schema, time, null, null, parts.schemaCheck(), List.of());
            parts.beforeFirstCall.forEach(action -> action.accept(bare));
        }
        parts.whenOpen.forEach(Runnable::run);
        return predictor;
    }

    @Override
    public O predict(I input) {
        return run(input).valueOrThrow();
    }

    @Override
    public Prediction<O> prediction(I input) {
        return run(input).predictionOrThrow();
    }

    private Call<I, O> run(I input) {
        Objects.requireNonNull(input, "input");
        return run(input, options(), null);
    }

    private Call<I, O> run(I input, CallOptions options, @Nullable CompletableFuture<?> caller) {
        checkOpen();
        Call<I, O> call = begin(input, options, caller);
        way.proceed(CallBatch.of(call));
        end(call, time.nanoTime());
        return call;
    }

    private CallOptions options() {
        return ambient == null ? options : ambient.get().and(options);
    }

    @Override
    public Predictor<I, O> with(CallOptions more) {
        return new Pipeline<>(this, options.and(more));
    }

    @Override
    public List<O> predictAll(List<? extends I> inputs) {
        List<Call<I, O>> batch = runAll(inputs);
        List<O> values = new ArrayList<>(batch.size());
        for (Call<I, O> call : batch) {
            O value = call.value();
            if (value == null) {
                throw new PartialFailureException(outcomes(batch));
            }
            values.add(value);
        }
        return values;
    }

    @Override
    public List<Outcome<O>> predictEach(List<? extends I> inputs) {
        return outcomes(runAll(inputs));
    }

    private List<Outcome<O>> outcomes(List<Call<I, O>> batch) {
        List<Outcome<O>> outcomes = new ArrayList<>(batch.size());
        for (Call<I, O> call : batch) {
            outcomes.add(call.outcome());
        }
        return outcomes;
    }

    private List<Call<I, O>> runAll(List<? extends I> inputs) {
        checkOpen();
        CallOptions common = options();
        List<Call<I, O>> batch = new ArrayList<>(inputs.size());
        for (I input : inputs) {
            if (input == null) {
                throw new NullPointerException("inputs[" + batch.size() + "]"); // nothing has been asked yet
            }
            batch.add(begin(input, common, null));
        }
        way.proceed(CallBatch.of(batch));
        long now = time.nanoTime();
        for (Call<I, O> call : batch) {
            end(call, now);
        }
        return batch;
    }

    @Override
    public CompletableFuture<O> predictAsync(I input) {
        Objects.requireNonNull(input, "input");
        if (executor == null) {
            throw new IllegalStateException("executor: none (expected: one given to PredictorBuilder.executor)");
        }
        CompletableFuture<O> future = new CompletableFuture<>();
        CallOptions here = options(); // of the calling thread, not of the executor's
        try {
            executor.execute(() -> {
                if (future.isDone()) {
                    return; // cancelled before it began
                }
                try {
                    future.complete(run(input, here, future).valueOrThrow());
                } catch (Throwable failure) { // an error as well: whoever waits for the future must learn of it
                    future.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException refusal) {
            future.completeExceptionally(new PredictionException("the host's executor refused the call", refusal));
        }
        return future;
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new ModelClosedException(origin.model().toString());
        }
    }

    private Call<I, O> begin(I input, CallOptions options, @Nullable CompletableFuture<?> caller) {
        long startMillis = listeners.isEmpty() ? 0 : time.currentTimeMillis();
        long start = time.nanoTime();
        FeatureRow features = null;
        PredictionException unreadable = null;
        if (schema != null) {
            try {
                features = schema.read(input);
            } catch (
                    RuntimeException
                            failure) { // an accessor of the host's that throws must not take other inputs along
                unreadable = new PredictionException("the input could not be read: " + failure.getMessage(), failure);
            }
        }
        Call<I, O> call =
                new Call<>(origin, input, features, calls.getAndIncrement(), startMillis, start, options, caller);
        if (unreadable != null) {
            call.fail(unreadable);
        }
        return call;
    }

    private void end(Call<I, O> call, long now) {
        call.end(now);
        for (PredictionListener<I, O> listener : listeners) {
            try {
                listener.onPrediction(call);
            } catch (Exception | LinkageError failure) { // a listener that lacks a jar must not break answers either
                listenerFailures.increment();
                if (warnedOfListener.compareAndSet(false, true)) {
                    LOG.warn(
                            "{}: a listener failed; further failures are counted and logged at debug",
                            origin.model(),
                            failure);
                } else {
                    LOG.debug("{}: a listener failed", origin.model(), failure);
                }
            }
        }
    }

    @Override
    public String describe() {
        ModelDescription model = terminal.description();
        StringBuilder text = new StringBuilder("predictor ")
                .append(model.id())
                .append(" (")
                .append(model.engine())
                .append(' ')
                .append(model.engineVersion())
                .append(", ")
                .append(model.execution())
                .append(")\n");
        text.append(terminal.summary().indent(2)).append("  a call goes through\n");
        for (Interceptor<I, O> interceptor : interceptors) {
            text.append("    ")
                    .append(interceptor.position())
                    .append(": ")
                    .append(interceptor.summary())
                    .append('\n');
        }
        text.append("    model\n");
        for (PredictionListener<I, O> listener : listeners) {
            text.append("  is told to ")
                    .append(listener.getClass().getSimpleName())
                    .append('\n');
        }
        text.append("  and has counted\n");
        for (Measurement measurement : parts.measurements) {
            text.append("    ").append(measurement).append('\n');
        }
        return text.toString();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Runnable rest = () -> {
                terminal.close();
                parts.closeResources();
            };
            for (Consumer<Runnable> drain : parts.drains) {
                Runnable after = rest;
                rest = () -> drain.accept(after);
            }
            rest.run();
        }
    }

    @Override
    public String toString() {
        return "predictor " + origin.model();
    }

    /** One interceptor with the rest of the way behind it. */
    private record Step<I, O>(Interceptor<I, O> interceptor, Interceptor.Next<I, O> next)
            implements Interceptor.Next<I, O> {

        @Override
        public void proceed(CallBatch<I, O> calls) {
            CallBatch<I, O> open = calls.open();
            if (open.size() == 0) {
                return;
            }
            try {
                interceptor.intercept(open, next);
            } catch (PredictionException failure) {
                failAll(open, failure);
            } catch (RuntimeException failure) {
                failAll(
                        open,
                        new PredictionException(
                                "interceptor '" + interceptor.summary() + "' at " + interceptor.position() + " failed: "
                                        + failure,
                                failure));
            }
        }

        /** Answers that came through an interceptor that failed are not to be trusted. */
        private static <I, O> void failAll(CallBatch<I, O> calls, PredictionException failure) {
            for (Call<I, O> call : calls) {
                call.reopen();
                call.fail(failure);
            }
        }
    }

    /** Ends the validation: inputs that could not be read, and that no guard repaired or refused, fail. */
    private static final class SchemaCheck<I, O> implements Interceptor<I, O> {

        @Override
        public Stage.Position position() {
            return Stage.VALIDATE.after();
        }

        @Override
        public void intercept(CallBatch<I, O> calls, Next<I, O> next) {
            for (Call<I, O> call : calls) {
                FeatureRow features = Objects.requireNonNull(call.features());
                if (!features.violations().isEmpty()) {
                    call.fail(new InvalidInputException(features.violations()));
                }
            }
            next.proceed(calls);
        }

        @Override
        public String summary() {
            return "the schema: types, missing and surplus fields, nulls";
        }
    }

    /** What capabilities add while a predictor is being built. */
    static final class Parts<I, O> implements Assembly<I, O> {

        private final ModelDescription model;
        private final Optional<ModelPackage> modelPackage;
        private final Optional<Class<?>> answerType;
        private final @Nullable Schema<? super I> schema;
        private final TimeSource time;
        private final List<Interceptor<I, O>> interceptors = new ArrayList<>();
        private final List<PredictionListener<I, O>> listeners = new ArrayList<>();
        private final List<AutoCloseable> resources = new ArrayList<>();
        private final List<Measurement> measurements = new ArrayList<>();
        private final List<Consumer<? super Measurement>> readers = new ArrayList<>();
        private final List<Consumer<Predictor<I, O>>> beforeFirstCall = new ArrayList<>();
        private final List<Runnable> whenOpen = new ArrayList<>();
        private final List<Consumer<Runnable>> drains = new ArrayList<>();

        Parts(Terminal<I, O> end, @Nullable Schema<? super I> schema, TimeSource time) {
            this.model = end.description();
            this.modelPackage = end.modelPackage();
            this.answerType = end.answerType();
            this.schema = schema;
            this.time = time;
        }

        @Override
        public ModelDescription model() {
            return model;
        }

        @Override
        public Optional<ModelPackage> modelPackage() {
            return modelPackage;
        }

        @Override
        public Optional<Class<?>> answerType() {
            return answerType;
        }

        @Override
        public List<Feature> features() {
            return schema == null ? List.of() : schema.features();
        }

        @Override
        public TimeSource time() {
            return time;
        }

        @Override
        public void add(Interceptor<I, O> interceptor) {
            Stage.Position position = interceptor.position();
            for (Interceptor<I, O> other : interceptors) {
                if (position.isExclusive() && position.equals(other.position())) {
                    throw new IllegalStateException("stage " + position + ": '" + other.summary() + "' and '"
                            + interceptor.summary() + "' (expected: one)");
                }
            }
            interceptors.add(interceptor);
        }

        @Override
        public void add(PredictionListener<I, O> listener) {
            listeners.add(Objects.requireNonNull(listener));
        }

        @Override
        public void measure(Measurement measurement) {
            for (Measurement other : measurements) {
                if (other.meter() == measurement.meter() && other.tags().equals(measurement.tags())) {
                    throw new IllegalStateException("measurement " + measurement + ": offered twice (expected: once)");
                }
            }
            measurements.add(measurement);
        }

        @Override
        public void readMeasurements(Consumer<? super Measurement> reader) {
            readers.add(Objects.requireNonNull(reader));
        }

        @Override
        public void beforeFirstCall(Consumer<Predictor<I, O>> action) {
            beforeFirstCall.add(Objects.requireNonNull(action));
        }

        @Override
        public void whenOpen(Runnable action) {
            whenOpen.add(Objects.requireNonNull(action));
        }

        @Override
        public void beforeClose(Consumer<Runnable> drain) {
            drains.add(Objects.requireNonNull(drain));
        }

        @Override
        public void onClose(AutoCloseable resource) {
            resources.add(Objects.requireNonNull(resource));
        }

        List<Interceptor<I, O>> sortedInterceptors() {
            List<Interceptor<I, O>> sorted = new ArrayList<>(interceptors);
            sorted.addAll(schemaCheck());
            sorted.sort(
                    Comparator.comparing(Interceptor::position)); // stable: equal positions keep the order of adding
            return List.copyOf(sorted);
        }

        /** What no call goes without. */
        List<Interceptor<I, O>> schemaCheck() {
            return schema == null ? List.of() : List.of(new SchemaCheck<>());
        }

        void closeResources() {
            for (int i = resources.size() - 1; i >= 0; i--) {
                try {
                    resources.get(i).close();
                } catch (Exception failure) {
                    LOG.warn("{}: {} failed to close", model.id(), resources.get(i), failure);
                }
            }
        }
    }
}

package io.github.plimsoll.core.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How to load and run a model. Immutable; each method returns a changed copy.
 *
 * @since 0.1
 */
public final class LoadOptions {

    /** The way a call takes to the engine. */
    public enum Execution {
        /** The direct way where the model allows it, otherwise through DJL. */
        AUTOMATIC,
        /** Straight to ONNX Runtime with reused native buffers; a model that does not allow it fails to load. */
        DIRECT,
        /** Through a DJL predictor. */
        DJL
    }

    /** How much ONNX Runtime rewrites a model's graph when it is loaded. */
    public enum Optimization {
        /** Not at all: to compare answers, or for a model that was saved optimised. */
        NONE,
        /** What gives the same bits, such as leaving out what has no effect. */
        BASIC,
        /** Also nodes joined into one. */
        EXTENDED,
        /** Also how memory is laid out, for the processor at hand. */
        ALL
    }

    /** Whether ONNX Runtime keeps the memory of a call for the next. */
    public enum MemoryArena {
        /** It does: faster, and the process stays as large as its largest call made it. */
        ON,
        /** It does not. */
        OFF
    }

    /** What ONNX Runtime computes on. */
    public enum ExecutionProvider {
        /** The processor: always there. */
        CPU,
        /** An NVIDIA card, with {@code com.microsoft.onnxruntime:onnxruntime_gpu} in place of {@code onnxruntime}. */
        CUDA,
        /** An NVIDIA card through TensorRT, with the same jar. */
        TENSOR_RT,
        /** Apple's Core ML. */
        CORE_ML
    }

    /** The values. Not changed any more once options have them. */
    private static final class Values {
        private @Nullable ModelId id;
        private Execution execution = Execution.AUTOMATIC;
        private int intraOpThreads = 1;
        private int concurrentCalls;
        private Optimization optimization = Optimization.ALL;
        private MemoryArena arena = MemoryArena.ON;
        private List<ExecutionProvider> providers = List.of(ExecutionProvider.CPU);
        private @Nullable ModelSignature signature;

        private Values() {}

        private Values(Values original) {
            id = original.id;
            execution = original.execution;
            intraOpThreads = original.intraOpThreads;
            concurrentCalls = original.concurrentCalls;
            optimization = original.optimization;
            arena = original.arena;
            providers = original.providers;
            signature = original.signature;
        }
    }

    private static final LoadOptions DEFAULTS = new LoadOptions(new Values());

    private final Values is;

    private LoadOptions(Values values) {
        is = values;
    }

    private LoadOptions with(Consumer<Values> change) {
        Values changed = new Values(is);
        change.accept(changed);
        return new LoadOptions(changed);
    }

    /**
     * Name and version as the model states them, automatic execution, one thread per call.
     *
     * @return the defaults
     */
    public static LoadOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Options with a name and version for the model, instead of what the model states of itself.
     *
     * @param name the model's name
     * @param version the version's name
     * @return a changed copy
     * @throws IllegalArgumentException if one of them is blank
     */
    public LoadOptions named(String name, String version) {
        ModelId id = new ModelId(name, version);
        return with(changed -> changed.id = id);
    }

    /**
     * Options with a way to the engine.
     *
     * @param way the way wanted
     * @return a changed copy
     */
    public LoadOptions execution(Execution way) {
        return with(changed -> changed.execution = Objects.requireNonNull(way));
    }

    /**
     * Options with a number of threads that the engine may use for one call. More than one shortens a call of a large
     * model on an idle machine; it lowers the throughput of concurrent calls. No more are used than there are processors.
     *
     * @param threads a number >= 1; 1 keeps the work on the calling thread
     * @return a changed copy
     * @throws IllegalArgumentException if the number is less than 1
     */
    public LoadOptions intraOpThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("intraOpThreads: " + threads + " (expected: >= 1)");
        }
        return with(changed -> changed.intraOpThreads = threads);
    }

    /**
     * Options with a number of calls that the engine computes at once; others wait for their turn on their own threads. Without
     * it, a call that uses several threads is one of as many as the processors suffice for, and calls that stay on their own threads
     * have no limit: the host has given each of them a thread already.
     *
     * @param calls a number >= 1
     * @return a changed copy
     * @throws IllegalArgumentException if the number is less than 1
     */
    public LoadOptions concurrentCalls(int calls) {
        if (calls < 1) {
            throw new IllegalArgumentException("concurrentCalls: " + calls + " (expected: >= 1)");
        }
        return with(changed -> changed.concurrentCalls = calls);
    }

    /**
     * Options with a level of optimisation, for ONNX models.
     *
     * @param level how much of the graph is rewritten; {@link Optimization#ALL} unless said
     * @return a changed copy
     */
    public LoadOptions optimization(Optimization level) {
        return with(changed -> changed.optimization = Objects.requireNonNull(level));
    }

    /**
     * Options with or without an arena, for ONNX models.
     *
     * @param use whether memory is kept between calls; {@link MemoryArena#ON} unless said
     * @return a changed copy
     */
    public LoadOptions arena(MemoryArena use) {
        return with(changed -> changed.arena = Objects.requireNonNull(use));
    }

    /**
     * Options with what to compute on, for ONNX models: the first that can compute a node does. The processor is always there as the
     * last. Only that one is part of our own tests.
     *
     * @param first the first choice
     * @param others the next choices
     * @return a changed copy
     * @throws IllegalArgumentException if one is there twice
     */
    public LoadOptions providers(ExecutionProvider first, ExecutionProvider... others) {
        List<ExecutionProvider> all = new ArrayList<>();
        all.add(Objects.requireNonNull(first));
        all.addAll(List.of(others));
        if (new HashSet<>(all).size() < all.size()) {
            throw new IllegalArgumentException("providers: " + all + " (expected: each once)");
        }
        return with(changed -> changed.providers = List.copyOf(all));
    }

    /**
     * Options with inputs and outputs, for a model whose file does not state them: TorchScript. Formats that do state them ignore this.
     *
     * @param declared the inputs in the order of the model's parameters, and the outputs in the order of what it returns
     * @return a changed copy
     */
    public LoadOptions signature(ModelSignature declared) {
        return with(changed -> changed.signature = Objects.requireNonNull(declared));
    }

    /**
     * The name and version that the host gave the model.
     *
     * @return the name and version, or null to take what the model states of itself
     */
    public @Nullable ModelId id() {
        return is.id;
    }

    /**
     * The way a call takes to the engine.
     *
     * @return the way
     */
    public Execution execution() {
        return is.execution;
    }

    /**
     * The number of threads that the engine may use for one call.
     *
     * @return a number >= 1
     */
    public int intraOpThreads() {
        return is.intraOpThreads;
    }

    /**
     * The number of calls that the engine computes at once.
     *
     * @return a number >= 1, or 0 for as many as the processors suffice for
     */
    public int concurrentCalls() {
        return is.concurrentCalls;
    }

    /**
     * How much of an ONNX model's graph is rewritten.
     *
     * @return the level
     */
    public Optimization optimization() {
        return is.optimization;
    }

    /**
     * Whether ONNX Runtime keeps memory between calls.
     *
     * @return on or off
     */
    public MemoryArena arena() {
        return is.arena;
    }

    /**
     * What ONNX Runtime computes on.
     *
     * @return the choices, the first first
     */
    public List<ExecutionProvider> providers() {
        return is.providers;
    }

    /**
     * The inputs and outputs that the host declares.
     *
     * @return the signature, or null to take what the model states
     */
    public @Nullable ModelSignature signature() {
        return is.signature;
    }
}

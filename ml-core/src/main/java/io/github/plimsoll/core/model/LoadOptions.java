package io.github.plimsoll.core.model;

import java.util.Objects;
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

    private static final LoadOptions DEFAULTS = new LoadOptions(null, Execution.AUTOMATIC, 1);

    private final @Nullable ModelId id;
    private final Execution execution;
    private final int intraOpThreads;

    private LoadOptions(@Nullable ModelId id, Execution execution, int intraOpThreads) {
        this.id = id;
        this.execution = execution;
        this.intraOpThreads = intraOpThreads;
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
        return new LoadOptions(new ModelId(name, version), execution, intraOpThreads);
    }

    /**
     * Options with a way to the engine.
     *
     * @param way the way wanted
     * @return a changed copy
     */
    public LoadOptions execution(Execution way) {
        return new LoadOptions(id, Objects.requireNonNull(way), intraOpThreads);
    }

    /**
     * Options with a number of threads that the engine may use for one call. More than one shortens a call of a large
     * model on an idle machine; it lowers the throughput of concurrent calls.
     *
     * @param threads a number >= 1; 1 keeps the work on the calling thread
     * @return a changed copy
     * @throws IllegalArgumentException if the number is less than 1
     */
    public LoadOptions intraOpThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("intraOpThreads: " + threads + " (expected: >= 1)");
        }
        return new LoadOptions(id, execution, threads);
    }

    /**
     * The name and version that the host gave the model.
     *
     * @return the name and version, or null to take what the model states of itself
     */
    public @Nullable ModelId id() {
        return id;
    }

    /**
     * The way a call takes to the engine.
     *
     * @return the way
     */
    public Execution execution() {
        return execution;
    }

    /**
     * The number of threads that the engine may use for one call.
     *
     * @return a number >= 1
     */
    public int intraOpThreads() {
        return intraOpThreads;
    }
}

package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Violation;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * An answer and how it came about. Immutable and thread-safe, as far as the value is.
 *
 * @param <O> the type of the value
 * @since 0.1
 */
public final class Prediction<O> {

    private static final ModelId FUNCTION = new ModelId("function", ModelId.UNVERSIONED);

    /** Where an answer came from. */
    public enum Source {
        /** The model computed it for this call. */
        MODEL,
        /** It was computed before for an equal input. */
        CACHE,
        /** The model computed it for an equal input that was under way at the same time. */
        COALESCED,
        /** A second predictor gave it before the model did. */
        HEDGE,
        /** The model gave none; it is what the host said to answer then. */
        FALLBACK
    }

    /**
     * Where the time of a call went.
     *
     * @param total from the call to its answer
     * @param queue waiting for other calls or for a free place
     * @param prepare turning rows into the model's inputs and its outputs into values
     * @param inference in the engine; for inputs that were answered together, the whole of their common run
     */
    public record Timings(Duration total, Duration queue, Duration prepare, Duration inference) {}

    /** Timings as they are measured; durations are made only for who asks. */
    record Nanos(long total, long queue, long prepare, long inference) {

        static final Nanos NONE = new Nanos(0, 0, 0, 0);

        Timings toTimings() {
            return new Timings(
                    Duration.ofNanos(total),
                    Duration.ofNanos(queue),
                    Duration.ofNanos(prepare),
                    Duration.ofNanos(inference));
        }
    }

    private final O value;
    private final String idPrefix;
    private final long idNumber;
    private final ModelId model;
    private final Source source;
    private final Nanos nanos;
    private final List<Violation> warnings;

    Prediction(
            O value,
            String idPrefix,
            long idNumber,
            ModelId model,
            Source source,
            Nanos nanos,
            List<Violation> warnings) {
        this.value = value;
        this.idPrefix = idPrefix;
        this.idNumber = idNumber;
        this.model = model;
        this.source = source;
        this.nanos = nanos;
        this.warnings = warnings;
    }

    /**
     * The answer of something that is no loaded model: a rule, a stand-in.
     *
     * @param value the answer's value
     * @param <O> the type of the value
     * @return a prediction of the model {@code function}, with a random id and no timings
     */
    public static <O> Prediction<O> of(O value) {
        return of(value, FUNCTION);
    }

    /**
     * The answer of a model that is not loaded here.
     *
     * @param value the answer's value
     * @param model the model's name and version
     * @param <O> the type of the value
     * @return a prediction with a random id and no timings
     */
    public static <O> Prediction<O> of(O value, ModelId model) {
        UUID random = UUID.randomUUID();
        return new Prediction<>(
                value,
                Long.toHexString(random.getMostSignificantBits()),
                random.getLeastSignificantBits(),
                model,
                Source.MODEL,
                Nanos.NONE,
                List.of());
    }

    /**
     * The answer's value.
     *
     * @return the value
     */
    public O value() {
        return value;
    }

    /**
     * A name for this answer, to join it with what is learned later, such as the true outcome. Unique: a predictor draws 64
     * random bits when it is built and counts its calls.
     *
     * @return letters, digits and a hyphen
     */
    public String id() {
        return idPrefix + '-' + Long.toHexString(idNumber);
    }

    /**
     * The model that gave the answer, or stands behind the cache or fallback that did.
     *
     * @return its name and version
     */
    public ModelId model() {
        return model;
    }

    /**
     * Where the answer came from.
     *
     * @return the source
     */
    public Source source() {
        return source;
    }

    /**
     * Where the time went.
     *
     * @return the timings
     */
    public Timings timings() {
        return nanos.toTimings();
    }

    /**
     * What was wrong with the input without keeping it from being answered.
     *
     * @return an immutable list, mostly empty
     */
    public List<Violation> warnings() {
        return warnings;
    }

    /** The prediction as one line, such as {@code 0.93 (credit:2, CACHE, 9f3a-1c)}. */
    @Override
    public String toString() {
        return value + " (" + model + ", " + source + ", " + id() + ")";
    }
}

package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.model.ModelDescription;
import java.util.Objects;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs equal inputs that are under way at the same time once: the first is given to the model, and the others wait for its
 * answer. When a much wanted answer is not in the cache, the model is asked once and not by every caller.
 *
 * <pre>{@code
 * var risk = Plimsoll.load(Path.of("models/credit-risk"))
 *         .as(Applicant.class, Output.probabilityOf("default"))
 *         .with(Caching.entries(100_000))
 *         .with(Coalescing.ofEqualInputs())
 *         .build();
 * }</pre>
 *
 * <p>Inputs are equal as they are for {@link Caching}: bit by bit in all features. So are equal inputs of one batch. What
 * callers can count on:
 *
 * <ul>
 *   <li>Nobody waits beyond the own deadline, or after the own call was cancelled or the own thread interrupted. Whoever
 *       leaves does not hurt the others.
 *   <li>If the first call ends because of its own deadline, cancellation or {@linkplain io.github.plimsoll.core.Priority
 *       priority}, one of those that wait takes its place. If the model fails, each of them fails with that failure, which is
 *       not remembered: the next call asks again.
 *   <li>An answer that was waited for has the source {@link io.github.plimsoll.core.Prediction.Source#COALESCED}, or
 *       {@link io.github.plimsoll.core.Prediction.Source#FALLBACK} if it is one, an id of its own, and reaches the listeners.
 *       The wait counts as time in a queue. A {@code double[]} is copied; any other value is shared.
 * </ul>
 *
 * <p>Does nothing for models that are {@linkplain Caching#DETERMINISTIC said} not to give equal answers to equal inputs, and
 * for those that {@link #unless} names. Remembers the inputs that are under way in a table of fixed size, at most 16,384;
 * one that finds no room runs by itself. An input that is equal to no other costs no lock, no wait and, but for rare
 * collisions, no allocation. Needs a schema. Stands at {@link Stage#COALESCE}. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Coalescing implements Capability<Object, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(Coalescing.class);

    private final Predicate<? super ModelDescription> except;

    private Coalescing(Predicate<? super ModelDescription> except) {
        this.except = except;
    }

    /**
     * Joins inputs with equal features.
     *
     * @return the capability
     */
    public static Coalescing ofEqualInputs() {
        return new Coalescing(model -> false);
    }

    /**
     * Does nothing for some models, such as those that do not give equal answers to equal inputs, for a host that builds all
     * its predictors alike.
     *
     * @param models whether inputs of a model are not to be joined; in addition to those said before
     * @return a changed copy
     */
    public Coalescing unless(Predicate<? super ModelDescription> models) {
        Objects.requireNonNull(models);
        return new Coalescing(model -> except.test(model) || models.test(model));
    }

    /**
     * Adds a table of the inputs that are under way.
     *
     * @throws IllegalStateException if the predictor has no schema
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (assembly.features().isEmpty()) {
            throw new IllegalStateException(
                    "Coalescing: the predictor reads no features to tell inputs apart (expected: a schema, given to as or features)");
        }
        if (!Answers.mayRepeat(assembly.model(), except)) {
            LOG.info(
                    "{}: equal inputs are not joined, since the model may not repeat answers",
                    assembly.model().id());
            return;
        }
        CoalesceInterceptor table = new CoalesceInterceptor(assembly.time());
        assembly.measure(table.measurement());
        assembly.add(table);
    }

    /** The capability in words. */
    @Override
    public String toString() {
        return "coalescing: " + CoalesceInterceptor.SUMMARY;
    }
}

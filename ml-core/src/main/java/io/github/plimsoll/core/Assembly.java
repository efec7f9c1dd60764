package io.github.plimsoll.core;

import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.schema.Feature;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A predictor that is being built, as a {@link Capability} sees it. Valid only while the capability is being attached; not
 * thread-safe.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public interface Assembly<I, O> {

    /**
     * The model that will answer.
     *
     * @return its description
     */
    ModelDescription model();

    /**
     * The package that the model was loaded from, whose parts a capability may read.
     *
     * @return the package, or empty if the model came from a bare file or was never on disk
     */
    Optional<ModelPackage> modelPackage();

    /**
     * The features that will be read from each input.
     *
     * @return an immutable list, empty if the predictor has no schema
     */
    List<Feature> features();

    /**
     * The class that all answers are of.
     *
     * @return the class, or empty if it is not known before the first answer, as for functions, translations and outputs that
     *     the host maps
     */
    Optional<Class<?>> answerType();

    /**
     * Where the predictor takes its time from.
     *
     * @return the host's time source
     */
    TimeSource time();

    /**
     * Adds an interceptor at its own position.
     *
     * @param interceptor the interceptor
     * @throws IllegalStateException if there is another one {@linkplain Stage#at() at} the same stage
     */
    void add(Interceptor<I, O> interceptor);

    /**
     * Adds a listener; listeners are told in the order in which they were added.
     *
     * @param listener the listener
     */
    void add(PredictionListener<I, O> listener);

    /**
     * Offers a number that the capability keeps, to metrics and to {@link Predictor#describe()}.
     *
     * @param measurement the number; one of each meter and tags
     */
    void measure(Measurement measurement);

    /**
     * Asks for the numbers that all capabilities keep, also those that are attached later.
     *
     * @param reader is given each of them when the predictor is complete, on the building thread
     */
    void readMeasurements(Consumer<? super Measurement> reader);

    /**
     * Has something done when the predictor is complete and before anybody can call it, such as a warm-up. If it throws,
     * the predictor is not built.
     *
     * @param action is given the bare model: a predictor that goes through no interceptor and tells no listener, to be used
     *     on the building thread and not to be kept
     */
    void beforeFirstCall(Consumer<Predictor<I, O>> action);

    /**
     * Has something done when the predictor may be called: after everything that is to be done before the first call, of all
     * capabilities. If it throws, the predictor is not built.
     *
     * @param action what to do on the building thread
     */
    void whenOpen(Runnable action);

    /**
     * Has something finished before the model is closed, such as calls that wait in a queue. Later calls of the predictor
     * fail already.
     *
     * @param drain is given the rest of closing when the predictor is closed, to be run once on any thread: at once if there
     *     is nothing to finish, otherwise when there is nothing left. It does not wait and does not throw
     */
    void beforeClose(Consumer<Runnable> drain);

    /**
     * Has something closed with the predictor, after the model, in the opposite order of these calls. What it throws is
     * logged.
     *
     * @param resource what to close
     */
    void onClose(AutoCloseable resource);
}

package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import java.util.Optional;

/** The end of the way: answers every call it is given, or fails it. Thread-safe. */
interface Terminal<I, O> {

    ModelDescription description();

    /** The package that the model was loaded from, if it was. */
    default Optional<ModelPackage> modelPackage() {
        return Optional.empty();
    }

    /** The class of all answers, if it is known. */
    default Optional<Class<?>> answerType() {
        return Optional.empty();
    }

    /** Answers or fails each of the calls, all of them open; throws nothing but errors. {@code now} was just read from the ticker. */
    void answer(CallBatch<I, O> calls, long now, TimeSource time);

    /** What goes in and what comes out, for {@link Predictor#describe()}: lines without a last break. */
    String summary();

    /** Lets go of the model; idempotent, does not wait. */
    void close();
}

package io.github.plimsoll.core;

import io.github.plimsoll.core.internal.OfflineByDefault;
import io.github.plimsoll.core.internal.doctor.Doctor;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelId;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;

/**
 * Where to start: from a model to a {@link PredictorBuilder}.
 *
 * <pre>{@code
 * var demand = Plimsoll.load(Path.of("models/bike")).as(Ride.class, Output.number()).build();
 * var rule = Plimsoll.function(new ModelId("night-rule", "1"), (Ride ride) -> ride.hour() < 5 ? 0.0 : 20.0).build();
 * }</pre>
 *
 * @since 0.1
 */
public final class Plimsoll {

    private Plimsoll() {}

    /**
     * A model on disk. Nothing is read before {@link PredictorBuilder#build()} or {@link ModelSource#open()}.
     *
     * <p>Loading goes to the network for nothing. Where DJL is used, it is told so: the system properties
     * {@code ai.djl.offline} and {@code OPT_OUT_TRACKING} are set to true before its first class is touched, unless the host
     * has set them, or the environment variables {@code DJL_OFFLINE} and {@code OPT_OUT_TRACKING}, itself.
     *
     * @param location a model file, or a folder with one
     * @return the source
     */
    public static ModelSource load(Path location) {
        OfflineByDefault
                .apply(); // now: what a translation is made with, such as a tokenizer, may call home when it is made
        return ModelSource.of(location);
    }

    /**
     * A model that the host has opened and will close, to be shared by several predictors.
     *
     * @param model the model
     * @return the source
     */
    public static ModelSource use(Model model) {
        return ModelSource.of(model);
    }

    /**
     * A function in place of a model: rules, a model of another library, or a remote one.
     *
     * @param id the name and version that its predictions carry
     * @param function called once for each input on the predicting thread, thread-safe; never returns null. What it throws
     *     fails the input with a {@link ModelExecutionException}, or with itself if it is a {@link PredictionException}
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return a builder
     */
    public static <I, O> PredictorBuilder<I, O> function(ModelId id, Function<? super I, ? extends O> function) {
        Objects.requireNonNull(id);
        Objects.requireNonNull(function);
        return new PredictorBuilder<>(() -> new TranslationTerminal<I, O>(FunctionModel.of(id, function)), null);
    }

    /**
     * Looks whether models can be loaded in this process: engines and their native libraries, native access, offline mode,
     * folders, and whether another library stands in the way. Loads no engine, opens no connection and changes nothing but a
     * small file in the temp folder, which it deletes.
     *
     * <pre>{@code
     * Diagnosis diagnosis = Plimsoll.doctor();
     * log.info("{}", diagnosis);
     * }</pre>
     *
     * @return what was found
     */
    public static Diagnosis doctor() {
        return Doctor.examine(null);
    }

    /**
     * As {@link #doctor()}, and loads a model, which starts its engine, and closes it again. A package is verified and asked its
     * golden samples, as at any load.
     *
     * @param model a package, a model file, or a folder with one
     * @return what was found; that the model does not load is a finding, not an exception
     */
    public static Diagnosis doctor(Path model) {
        return Doctor.examine(Objects.requireNonNull(model));
    }
}

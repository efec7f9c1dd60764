package io.github.plimsoll.core.model;

import ai.djl.translate.Translator;
import io.github.plimsoll.core.internal.translation.DjlTranslated;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A translation by a DJL translator, for any engine that DJL finds on the class path. Immutable.
 *
 * <p>Calls run on the calling thread, each with a DJL predictor of its own from a pool, so the translator must be
 * thread-safe: best it has no state.
 *
 * <p>A translator that is {@link AutoCloseable}, since it holds a tokenizer for instance, is closed with the model, when the last call
 * has ended; it is then of no use for another model. Make it after {@link io.github.plimsoll.core.Plimsoll#load}, which keeps DJL
 * offline: a tokenizer of DJL calls home when it is made.
 *
 * <p>With ONNX Runtime as the only engine, arrays can be made and read but not computed with: the translator must extend
 * {@link ai.djl.translate.NoBatchifyTranslator} and do its arithmetic on Java arrays. One that would stack its inputs fails to
 * load. A batch that is passed as one input, if the translator takes such, is the translator's to build.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public final class DjlTranslation<I, O> implements Translation<I, O> {

    private static final String DEFAULT_ENGINE = "OnnxRuntime";

    private final Translator<I, O> translator;
    private final String engine;

    private DjlTranslation(Translator<I, O> translator, String engine) {
        this.translator = translator;
        this.engine = engine;
    }

    /**
     * A translation for DJL's engine {@code OnnxRuntime}.
     *
     * @param translator how inputs become arrays and arrays answers; thread-safe
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the translation
     */
    @SuppressWarnings("exports") // DJL is optional: a host that calls this has it, others never load this class
    public static <I, O> DjlTranslation<I, O> of(Translator<I, O> translator) {
        return new DjlTranslation<>(Objects.requireNonNull(translator, "translator"), DEFAULT_ENGINE);
    }

    /**
     * This translation for another engine.
     *
     * @param name the engine's name as DJL has it, such as {@code PyTorch} or {@code XGBoost}
     * @return a changed copy
     * @throws IllegalArgumentException if the name is blank
     */
    public DjlTranslation<I, O> engine(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("engine: blank (expected: a name such as OnnxRuntime or PyTorch)");
        }
        return new DjlTranslation<>(translator, name);
    }

    /**
     * {@inheritDoc}
     *
     * @throws io.github.plimsoll.core.EngineUnavailableException if DJL has no such engine or cannot start it
     */
    @Override
    public TranslatedModel<I, O> open(Path location, LoadOptions options) {
        return DjlTranslated.open(translator, engine, location, options);
    }
}

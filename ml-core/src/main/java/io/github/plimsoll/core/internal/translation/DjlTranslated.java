package io.github.plimsoll.core.internal.translation;

import ai.djl.MalformedModelException;
import ai.djl.inference.Predictor;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ModelNotFoundException;
import ai.djl.translate.Batchifier;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.internal.Causes;
import io.github.plimsoll.core.internal.CpuBudget;
import io.github.plimsoll.core.internal.Lease;
import io.github.plimsoll.core.internal.OfflineByDefault;
import io.github.plimsoll.core.internal.Pool;
import io.github.plimsoll.core.internal.djl.DjlEngines;
import io.github.plimsoll.core.internal.onnx.DjlOnnxModel;
import io.github.plimsoll.core.internal.onnx.OnnxFiles;
import io.github.plimsoll.core.internal.onnx.OnnxOpening;
import io.github.plimsoll.core.internal.onnx.OrtRuntime;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Translation.TranslatedModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model under a DJL translator: predictors in a pool, one for each call at a time, and a lease that keeps the model until the
 * last call ends. Thread-safe.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 */
public final class DjlTranslated<I, O> implements TranslatedModel<I, O> {

    private static final Logger LOG = LoggerFactory.getLogger(DjlTranslated.class);
    private static final String NO_BATCHIFIER =
            "ONNX Runtime alone cannot stack or compute with arrays (expected: a translator that extends"
                    + " ai.djl.translate.NoBatchifyTranslator and computes on Java arrays, or PyTorch's engine beside it)";

    private final ai.djl.Model model;
    private final Translator<I, O> translator;
    private final @Nullable AutoCloseable session;
    private final @Nullable Semaphore turns;
    private final ModelDescription description;
    private final Pool<Predictor<I, O>> predictors = new Pool<>(Predictor::close);
    private final Lease lease = new Lease(this::free);

    private DjlTranslated(
            ai.djl.Model model,
            Translator<I, O> translator,
            ModelDescription description,
            @Nullable AutoCloseable session,
            LoadOptions options) {
        this.model = model;
        this.translator = translator;
        this.description = description;
        this.session = session;
        int calls = CpuBudget.of(options).concurrentCalls();
        turns = calls == 0 ? null : new Semaphore(calls);
    }

    /**
     * Loads a model.
     *
     * @param translator how inputs become arrays and arrays answers
     * @param engine the engine's name as DJL has it
     * @param location a file or folder that exists
     * @param options how to load and run it
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the model, to be closed by the caller
     * @throws ModelLoadException if it cannot be loaded
     */
    public static <I, O> TranslatedModel<I, O> open(
            Translator<I, O> translator, String engine, Path location, LoadOptions options) {
        Path path = location.toAbsolutePath();
        if (options.execution() == Execution.DIRECT) {
            throw new ModelLoadException(
                    "model " + path
                            + ": a DJL translator cannot take the direct way (expected: LoadOptions.Execution.AUTOMATIC or DJL)");
        }
        boolean onnx = engine.equals(DjlEngines.ONNX_RUNTIME);
        Path file = onnx ? OnnxFiles.resolve(path) : path;
        start(engine, onnx, path);
        Batchifier batchifier = translator.getBatchifier();
        if (batchifier != null && !DjlEngines.canCompute(engine)) {
            throw new ModelLoadException("model " + path + ": the translator "
                    + translator.getClass().getName() + " has the batchifier "
                    + batchifier.getClass().getSimpleName() + ": " + NO_BATCHIFIER);
        }
        ModelDescription description =
                onnx ? OnnxOpening.describe(file, "through DJL", options) : describe(engine, path, options);
        if (onnx) {
            // Options are typed for ONNX Runtime, and few of them have a name that DJL knows.
            DjlOnnxModel opened = DjlOnnxModel.open(file, description, options);
            return new DjlTranslated<>(opened.model(), translator, description, opened, options);
        }
        // The types are not checked: a translator does not know its own at run time, and the caller gave them at
        // compile time.
        @SuppressWarnings("unchecked")
        Criteria.Builder<I, O> criteria = (Criteria.Builder<I, O>) (Object) Criteria.builder()
                .setTypes(Object.class, Object.class)
                .optEngine(engine)
                .optModelPath(file);
        criteria.optTranslator(translator);
        try {
            return new DjlTranslated<>(criteria.build().loadModel(), translator, description, null, options);
        } catch (IOException | ModelNotFoundException | MalformedModelException | RuntimeException e) {
            throw new ModelLoadException(
                    "model " + path + ": DJL's engine " + engine + " cannot load it: " + Causes.words(e)
                            + " (expected: a whole model in this engine's format)",
                    e);
        }
    }

    private static void start(String engine, boolean onnx, Path path) {
        OfflineByDefault.apply();
        if (onnx) {
            OrtRuntime.start().requireDjl("model " + path);
            return;
        }
        boolean present;
        try {
            present = DjlEngines.start(engine);
        } catch (RuntimeException e) {
            throw new EngineUnavailableException(
                    "model " + path + ": DJL's engine " + engine + " could not be started: " + Causes.words(e)
                            + " (expected: its native library on the class path; nothing is downloaded while ai.djl.offline is true)",
                    e);
        }
        if (!present) {
            throw new EngineUnavailableException(
                    "model " + path + ": DJL has no engine " + engine + " on the class path (expected: its jar, such as"
                            + " ai.djl.pytorch:pytorch-engine or ai.djl.ml.xgboost:xgboost)",
                    null);
        }
    }

    private static ModelDescription describe(String engine, Path path, LoadOptions options) {
        ModelId id = options.id();
        return new ModelDescription(
                id != null ? id : new ModelId(stem(path), ModelId.UNVERSIONED),
                engine,
                DjlEngines.version(engine),
                "through DJL",
                new ModelSignature(List.of(), List.of()),
                Map.of());
    }

    private static String stem(Path path) {
        String name = String.valueOf(path.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public O answer(I input) {
        Objects.requireNonNull(input, "input");
        if (!lease.acquire()) {
            throw new ModelClosedException(description.id().toString());
        }
        try {
            if (turns == null) {
                return leased(input);
            }
            turns.acquireUninterruptibly();
            try {
                return leased(input);
            } finally {
                turns.release();
            }
        } finally {
            lease.release();
        }
    }

    private O leased(I input) {
        Predictor<I, O> predictor = predictors.take();
        if (predictor == null) {
            predictor = model.newPredictor(translator);
        }
        boolean done = false;
        try {
            O answer = predictor.predict(input);
            done = true;
            if (answer == null) {
                throw new ModelOutputException(
                        "model " + description.id() + ": the translator returned null (expected: a value)", null);
            }
            return answer;
        } catch (TranslateException | IllegalStateException e) {
            throw new ModelExecutionException("model " + description.id() + " failed: " + words(e), e);
        } catch (StackOverflowError e) {
            // Not a broken JVM: DJL's ONNX arrays call themselves for want of an engine that can compute.
            throw new ModelExecutionException("model " + description.id() + " failed: " + NO_BATCHIFIER, e);
        } finally {
            if (done) {
                predictors.give(predictor);
            } else {
                predictor.close();
            }
        }
    }

    private String words(Exception e) {
        boolean wants = Causes.has(e, UnsupportedOperationException.class) || Causes.has(e, StackOverflowError.class);
        return wants && description.engine().equals(DjlEngines.ONNX_RUNTIME)
                ? NO_BATCHIFIER + "; " + Causes.words(e)
                : Causes.words(e);
    }

    private void free() {
        try {
            predictors.close();
            if (session != null) {
                session.close(); // and the model with it
            } else {
                model.close();
            }
            if (translator instanceof AutoCloseable resources) {
                resources.close(); // now that no call is left which might be in the midst of them
            }
        } catch (Exception e) {
            LOG.warn("model {} could not be closed", description.id(), e);
        }
    }

    @Override
    public void close() {
        lease.retire();
    }
}

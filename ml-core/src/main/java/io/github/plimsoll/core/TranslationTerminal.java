package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.Translation.TranslatedModel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model or function that takes inputs as they are, one at a time. */
final class TranslationTerminal<I, O> implements Terminal<I, O> {

    private final TranslatedModel<I, O> model;
    private final @Nullable ModelPackage origin;

    TranslationTerminal(TranslatedModel<I, O> model) {
        this(model, null);
    }

    TranslationTerminal(TranslatedModel<I, O> model, @Nullable ModelPackage origin) {
        this.model = model;
        this.origin = origin;
    }

    @Override
    public Optional<ModelPackage> modelPackage() {
        return Optional.ofNullable(origin);
    }

    @Override
    public ModelDescription description() {
        return model.description();
    }

    @Override
    public void answer(CallBatch<I, O> calls, long now, TimeSource time) {
        long start = now;
        for (Call<I, O> call : calls) {
            try {
                O value = model.answer(call.input());
                if (value == null) {
                    call.fail(new ModelOutputException(
                            "model " + description().id() + ": null (expected: a value)", null));
                } else {
                    call.answer(value, Prediction.Source.MODEL);
                }
            } catch (PredictionException failure) {
                call.fail(failure);
            } catch (RuntimeException failure) {
                call.fail(new ModelExecutionException("model " + description().id() + " failed: " + failure, failure));
            }
            long end = time.nanoTime();
            call.measured(0, end - start, end);
            start = end;
        }
    }

    @Override
    public String summary() {
        return "inputs as they are, one at a time";
    }

    @Override
    public void close() {
        model.close();
    }
}

package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Translation.TranslatedModel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A Java function in place of a model. */
record FunctionModel<I, O>(ModelDescription description, Function<? super I, ? extends O> function)
        implements TranslatedModel<I, O> {

    static <I, O> FunctionModel<I, O> of(ModelId id, Function<? super I, ? extends O> function) {
        return new FunctionModel<>(
                new ModelDescription(
                        id,
                        "Java",
                        Runtime.version().toString(),
                        "function",
                        new ModelSignature(List.of(), List.of()),
                        Map.of()),
                function);
    }

    @Override
    public O answer(I input) {
        return function.apply(input);
    }

    @Override
    public void close() {}
}

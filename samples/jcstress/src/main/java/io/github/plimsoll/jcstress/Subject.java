package io.github.plimsoll.jcstress;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.PlimsollException;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Schema;
import java.util.function.Consumer;

/** Makes predictors for a race: their model answers any number of rows, each with its own number. */
final class Subject {

    /** In place of an answer: the call was refused or failed. */
    static final int FAILED = -1;

    private static final Schema<Integer> SCHEMA =
            Schema.builder(Integer.class).number("input", Integer::doubleValue).build();

    private Subject() {}

    static Predictor<Integer, Integer> of(
            Consumer<CallBatch<Integer, Integer>> beforeAnswer, Capability<Object, Object> capability) {
        Interceptor<Integer, Integer> model = new Interceptor<>() {
            @Override
            public Stage.Position position() {
                return Stage.BATCH.after();
            }

            @Override
            public void intercept(CallBatch<Integer, Integer> calls, Next<Integer, Integer> next) {
                beforeAnswer.accept(calls);
                calls.forEach(call -> call.answer(call.input(), Prediction.Source.MODEL));
            }
        };
        PredictorBuilder<Integer, Integer> builder =
                Plimsoll.<Integer, Integer>function(new ModelId("race", "1"), input -> input);
        return builder.features(SCHEMA)
                .with(capability)
                .with(assembly -> assembly.add(model))
                .build();
    }

    /** The answer, or {@link #FAILED}. */
    static int ask(Predictor<Integer, Integer> predictor, int input) {
        try {
            return predictor.predict(input);
        } catch (PlimsollException failure) {
            return FAILED;
        }
    }
}

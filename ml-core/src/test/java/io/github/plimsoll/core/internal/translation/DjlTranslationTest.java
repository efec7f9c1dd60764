package io.github.plimsoll.core.internal.translation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.DjlTranslation;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.Translation.TranslatedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DjlTranslationTest {

    private static final LoadOptions DEFAULTS = LoadOptions.defaults();

    /** Square roots, as text in and text out. */
    private static final class Roots implements NoBatchifyTranslator<String, String> {
        @Override
        public NDList processInput(TranslatorContext context, String input) {
            return new NDList(context.getNDManager().create(new float[] {Float.parseFloat(input)}, new Shape(1, 1)));
        }

        @Override
        public String processOutput(TranslatorContext context, NDList list) {
            float root = list.singletonOrThrow().toFloatArray()[0];
            return Float.isNaN(root) ? null : Float.toString(root);
        }
    }

    private static final Path MODEL = TestModels.small("square-root");

    private static TranslatedModel<String, String> open() {
        return ModelLoading.open(DjlTranslation.of(new Roots()), MODEL, DEFAULTS);
    }

    @Test
    void anInputBecomesAnAnswer() {
        try (TranslatedModel<String, String> model = open()) {
            assertThat(model.description().id()).isEqualTo(new ModelId("square-root", ModelId.UNVERSIONED));
            assertThat(model.description().signature().inputs()).hasSize(1);
            assertThat(model.description().execution()).isEqualTo("through DJL, intra-op threads 1");
            assertThat(model.answer("9")).isEqualTo("3.0");
            assertThat(model.answer("16")).isEqualTo("4.0");
        }
    }

    @Test
    void anImageIsClassified() {
        var json = TestModels.expected("digits-cnn");
        var pixels = TestModels.leaves(json.get("input").get("image").get(0));
        var expected =
                TestModels.leaves(json.get("expected").get("probabilities").get(0));
        DjlTranslation<float[], float[]> translation = DjlTranslation.of(new NoBatchifyTranslator<float[], float[]>() {
            @Override
            public NDList processInput(TranslatorContext context, float[] image) {
                return new NDList(context.getNDManager().create(image, new Shape(1, 1, 8, 8)));
            }

            @Override
            public float[] processOutput(TranslatorContext context, NDList list) {
                return list.get("probabilities").toFloatArray();
            }
        });
        float[] image = new float[pixels.size()];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) pixels.get(i).asDouble();
        }

        try (TranslatedModel<float[], float[]> model =
                ModelLoading.open(translation, TestModels.path("digits-cnn"), DEFAULTS)) {
            float[] answer = model.answer(image);
            for (int i = 0; i < answer.length; i++) {
                assertThat(answer[i]).isCloseTo((float) expected.get(i).asDouble(), within(1e-5f));
            }
        }
    }

    @Test
    void manyThreadsGetTheirOwnAnswers() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (TranslatedModel<String, String> model = open()) {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < 8; t++) {
                int mine = t;
                results.add(pool.submit(() -> {
                    start.await();
                    int wrong = 0;
                    for (int i = 0; i < 300; i++) {
                        float root = mine * 300 + i;
                        wrong += model.answer(Float.toString(root * root)).equals(Float.toString(root)) ? 0 : 1;
                    }
                    return wrong;
                }));
            }
            start.countDown();
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void whatATranslatorHoldsIsClosedOnceAndOnlyWhenNoCallIsLeft() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        AtomicInteger closes = new AtomicInteger();
        class Holding implements NoBatchifyTranslator<String, String>, AutoCloseable {
            @Override
            public NDList processInput(TranslatorContext context, String input) throws Exception {
                reading.countDown();
                mayGoOn.await();
                return new Roots().processInput(context, input + closes.get());
            }

            @Override
            public String processOutput(TranslatorContext context, NDList list) {
                return new Roots().processOutput(context, list);
            }

            @Override
            public void close() {
                closes.incrementAndGet();
            }
        }
        ExecutorService caller = Executors.newSingleThreadExecutor();
        try {
            TranslatedModel<String, String> model =
                    ModelLoading.open(DjlTranslation.of(new Holding()), MODEL, DEFAULTS);
            Future<String> answer = caller.submit(() -> model.answer("9."));
            reading.await();

            model.close();
            model.close();

            assertThat(closes).hasValue(0);
            mayGoOn.countDown();
            assertThat(answer.get()).isEqualTo("3.0");
            caller.submit(() -> {}).get(); // after the call has given its model back
            assertThat(closes).hasValue(1);
        } finally {
            caller.shutdownNow();
        }
    }

    @Test
    void aTranslatorThatFailsIsTheCauseAndTheNextCallWorks() {
        try (TranslatedModel<String, String> model = open()) {
            assertThatThrownBy(() -> model.answer("nine"))
                    .isInstanceOf(ModelExecutionException.class)
                    .hasMessageContaining("square-root:unversioned failed: For input string: \"nine\"")
                    .hasRootCauseInstanceOf(NumberFormatException.class);
            assertThat(model.answer("9")).isEqualTo("3.0");
        }
    }

    @Test
    void aTranslatorThatGivesNullGivesNoAnswer() {
        try (TranslatedModel<String, String> model = open()) {
            assertThatThrownBy(() -> model.answer("-1")).isInstanceOf(ModelOutputException.class);
        }
    }

    @Test
    void answersEndWithClose() {
        TranslatedModel<String, String> model = open();
        model.close();
        model.close();
        assertThatThrownBy(() -> model.answer("9")).isInstanceOf(ModelClosedException.class);
    }

    @Test
    void aTranslatorThatStacksIsRefusedAtLoadWithTheRemedy() {
        Translator<String, String> stacking = new Translator<>() {
            @Override
            public NDList processInput(TranslatorContext context, String input) {
                return new NDList(context.getNDManager().create(new float[] {Float.parseFloat(input)}));
            }

            @Override
            public String processOutput(TranslatorContext context, NDList list) {
                return Float.toString(list.singletonOrThrow().toFloatArray()[0]);
            }
        };
        assertThatThrownBy(() -> ModelLoading.open(DjlTranslation.of(stacking), MODEL, DEFAULTS))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("StackBatchifier")
                .hasMessageContaining("ai.djl.translate.NoBatchifyTranslator");
    }

    @Test
    void aTranslatorThatComputesWithArraysIsToldTheRemedy() {
        DjlTranslation<String, Long> computing = DjlTranslation.of(new NoBatchifyTranslator<String, Long>() {
            @Override
            public NDList processInput(TranslatorContext context, String input) {
                return new NDList(
                        context.getNDManager().create(new float[] {Float.parseFloat(input)}, new Shape(1, 1)));
            }

            @Override
            public Long processOutput(TranslatorContext context, NDList list) {
                return list.singletonOrThrow().argMax().getLong();
            }
        });
        try (TranslatedModel<String, Long> model = ModelLoading.open(computing, MODEL, DEFAULTS)) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> model.answer("9"))
                        .isInstanceOf(ModelExecutionException.class)
                        .hasMessageContaining("ai.djl.translate.NoBatchifyTranslator");
            }
        }
    }

    @Test
    void theDirectWayIsNotForTranslations() {
        assertThatThrownBy(() ->
                        ModelLoading.open(DjlTranslation.of(new Roots()), MODEL, DEFAULTS.execution(Execution.DIRECT)))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("cannot take the direct way");
    }

    @Test
    void anEngineThatIsNotThereIsNamed() {
        assertThatThrownBy(
                        () -> ModelLoading.open(DjlTranslation.of(new Roots()).engine("PyTorch"), MODEL, DEFAULTS))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("DJL has no engine PyTorch");
        assertThatThrownBy(() -> DjlTranslation.of(new Roots()).engine(" "))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDamagedOrMissingFileIsNamed() {
        for (String name : List.of("truncated", "garbage", "empty")) {
            Path path = TestModels.path("bad/" + name + ".onnx");
            assertThatThrownBy(() -> ModelLoading.open(DjlTranslation.of(new Roots()), path, DEFAULTS))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(path.toString());
        }
        assertThatThrownBy(
                        () -> ModelLoading.open(DjlTranslation.of(new Roots()), Path.of("no-such-file.onnx"), DEFAULTS))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("no such file or folder");
    }
}

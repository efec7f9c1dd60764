package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.model.DjlTranslation;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.MemoryArena;
import io.github.plimsoll.core.model.LoadOptions.Optimization;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/engines.md. */
class EnginesGuideTest {

    private static final Path MODELS = Path.of("src/test/resources/models");

    @Test
    void asksXgboost() {
        try (var tumour = Plimsoll.load(MODELS.resolve("breastcancer-xgb"))
                .as(Schema.ofDoubles(30), Output.probability())
                .build()) {
            assertThat(tumour.predict(new double[30])).isBetween(0.0, 1.0);
        }
    }

    @Test
    void asksLightgbm() {
        try (var credit = Plimsoll.load(MODELS.resolve("credit20-lgbm"))
                .as(Schema.ofDoubles(20), Output.probability())
                .build()) {
            assertThat(credit.predict(new double[20])).isBetween(0.0, 1.0);
        }
    }

    @Test
    @Tag("engines")
    void asksTorchScript() {
        var signature = new ModelSignature(
                List.of(TensorSpec.of("features", ElementType.FLOAT32, -1, 20)),
                List.of(TensorSpec.of("probabilities", ElementType.FLOAT32, -1, 2)));
        try (var credit = Plimsoll.load(MODELS.resolve("credit20-mlp-torch"))
                .with(LoadOptions.defaults().signature(signature))
                .as(Schema.ofDoubles(20), Output.probabilityOf("bad").labelled("good", "bad"))
                .build()) {
            assertThat(credit.predict(new double[20])).isBetween(0.0, 1.0);
        }
    }

    @Test
    void choosesHowASessionRuns() {
        LoadOptions options = LoadOptions.defaults()
                .intraOpThreads(2)
                .concurrentCalls(2)
                .optimization(Optimization.EXTENDED)
                .arena(MemoryArena.OFF);

        try (var model =
                Plimsoll.load(MODELS.resolve("credit20-mlp")).with(options).open()) {
            assertThat(model.description().execution())
                    .endsWith("at most 2 calls at once, optimisation EXTENDED, no arena");
        }
    }

    /** A digit's image to its probabilities. No state, so that calls may share it. */
    static final class DigitTranslator implements NoBatchifyTranslator<BufferedImage, ClassProbabilities> {

        private static final List<String> DIGITS =
                IntStream.range(0, 10).mapToObj(Integer::toString).toList();

        @Override
        public NDList processInput(TranslatorContext context, BufferedImage image) {
            float[] pixels = new float[8 * 8];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = image.getRaster().getSample(i % 8, i / 8, 0) / 255f;
            }
            return new NDList(context.getNDManager().create(pixels, new Shape(1, 1, 8, 8)));
        }

        @Override
        public ClassProbabilities processOutput(TranslatorContext context, NDList outputs) {
            float[] answer = outputs.get("probabilities").toFloatArray();
            return ClassProbabilities.of(
                    DIGITS, IntStream.range(0, 10).mapToDouble(i -> answer[i]).toArray());
        }
    }

    @Test
    void asksWithAnImage() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(MODELS.resolve("digits-cnn/expected.json").toFile());
        try (var digits = Plimsoll.load(MODELS.resolve("digits-cnn"))
                .as(DjlTranslation.of(new DigitTranslator()))
                .build()) {
            for (int n = 0; n < 8; n++) {
                BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
                for (int i = 0; i < 64; i++) {
                    double pixel = json.at("/input/image/" + n + "/0/" + i / 8 + "/" + i % 8)
                            .asDouble();
                    image.getRaster().setSample(i % 8, i / 8, 0, (int) Math.round(pixel * 255));
                }
                ClassProbabilities answer = digits.predict(image);

                int best = 0;
                for (int c = 1; c < 10; c++) {
                    JsonNode expected = json.at("/expected/probabilities/" + n);
                    best = expected.get(c).asDouble() > expected.get(best).asDouble() ? c : best;
                }
                assertThat(answer.top()).isEqualTo(Integer.toString(best));
            }
        }
    }
}

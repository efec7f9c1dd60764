package io.github.plimsoll.core.internal.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.internal.ForkedJvm;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.ProcessTest;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TorchScript, on the real PyTorch: {@code mvn verify -Pengines}. */
@Tag("engines")
class TorchModelTest {

    static LoadOptions options(String name, int... rest) {
        long[] shape = new long[rest.length];
        java.util.Arrays.setAll(shape, i -> rest[i]);
        return LoadOptions.defaults()
                .signature(new ModelSignature(
                        List.of(TensorSpec.of(name, ElementType.FLOAT32, shape)),
                        List.of(TensorSpec.of(
                                "probabilities", ElementType.FLOAT32, -1, name.equals("image") ? 10 : 2))));
    }

    private static LoadOptions optionsFor(String name) {
        return name.startsWith("digits") ? options("image", -1, 1, 8, 8) : options("features", -1, 20);
    }

    @ParameterizedTest
    @CsvSource({
        "credit20-mlp-torch/credit20-mlp-torch.pt, 1",
        "credit20-mlp-torch/credit20-mlp-torch.pt, 16",
        "digits-cnn/digits-cnn.pt, 1",
        "digits-cnn/digits-cnn.pt, 16",
    })
    void answersAreThoseOfTheTrainer(String name, int rows) {
        JsonNode json = TestModels.expected(name.substring(0, name.indexOf('/')));
        try (Model model = ModelLoading.load(TestModels.path(name), optionsFor(name))) {
            List<JsonNode> inputs =
                    TestModels.leaves(json.get("input").elements().next());
            List<JsonNode> expected = TestModels.leaves(json.get("expected").get("probabilities"));
            int all = json.get("input").elements().next().size();
            var plan = model.plan(List.of("probabilities"));
            for (int row = 0; row + rows <= all; row += rows) {
                try (Inference inference = plan.begin(rows)) {
                    int width = inputs.size() / all;
                    TestModels.fill(inference.input(0), inputs.subList(row * width, (row + rows) * width));
                    inference.run();
                    int classes = expected.size() / all;
                    for (int i = 0; i < rows * classes; i++) {
                        assertThat(inference.output(0).number(i))
                                .isCloseTo(expected.get(row * classes + i).asDouble(), within(1e-5));
                    }
                }
            }
            assertThat(model.description().execution()).isEqualTo("through DJL, intra-op threads 1");
        }
    }

    @Test
    void aPredictorIsBuiltOnTheDeclaredSignature() {
        try (var risk = Plimsoll.load(TestModels.path("credit20-mlp-torch"))
                .with(optionsFor("credit20"))
                .as(Schema.ofDoubles(20), Output.probabilityOf("bad").labelled("good", "bad"))
                .build()) {
            assertThat(risk.predict(new double[20])).isBetween(0.0, 1.0);
        }
    }

    @Test
    void aDeclarationThatDoesNotFitFailsWhenItIsLoaded() {
        for (LoadOptions wrong : List.of(options("features", -1, 19), options("image", -1, 20))) {
            assertThatThrownBy(() -> ModelLoading.load(TestModels.path("credit20-mlp-torch"), wrong))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("declared");
        }
    }

    @ParameterizedTest
    @CsvSource({"CLOSE, 100", "GROW, 100"})
    void closingIsSafeAndLevelsOff(String what, String count) throws Exception {
        String path = TestModels.path("credit20-mlp-torch").toString();
        ForkedJvm.Result result = ForkedJvm.of(Often.class).run(path, what, count);

        assertThat(result.exit()).as(result.output()).isZero();
        System.getLogger("memory").log(System.Logger.Level.INFO, what + ": " + result.output());
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(named = "plimsoll.tests.long", matches = "true")
    @CsvSource({"CLOSE, 500", "GROW, 500", "GROW, 3000"})
    void manyLoadsAndClosesLevelOff(String what, String count) throws Exception {
        closingIsSafeAndLevelsOff(what, count);
    }

    /** Arguments: model, what, rounds. */
    static final class Often {
        public static void main(String[] args) throws Exception {
            java.nio.file.Path path = java.nio.file.Path.of(args[0]);
            int rounds = Integer.parseInt(args[2]);
            long before = 0;
            for (int round = 0; round < rounds + 50; round++) {
                if (round == 50) {
                    before = ProcessTest.residentMegabytes();
                }
                Model model = ModelLoading.load(path, optionsFor("credit20"));
                var plan = model.plan(List.of("probabilities"));
                Thread thread = new Thread(() -> {
                    try {
                        for (int i = 0; i < 1_000_000; i++) {
                            ProcessTest.runOnce(plan, 4);
                        }
                    } catch (io.github.plimsoll.core.ModelClosedException e) {
                        // as it should be
                    }
                });
                if (args[1].equals("CLOSE")) {
                    thread.start();
                    ProcessTest.runOnce(plan, 1);
                }
                model.close();
                if (args[1].equals("CLOSE")) {
                    thread.join();
                }
            }
            ProcessTest.judge(before, 100);
        }
    }
}

package io.github.plimsoll.core.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelLoadingTest {

    @TempDir
    Path folder;

    private static Model load(Path path) {
        return ModelLoading.load(path, LoadOptions.defaults());
    }

    private void copy(String name) throws IOException {
        Files.copy(TestModels.small("numbered"), folder.resolve(name));
    }

    private void assertRefused(Path path, String... words) {
        assertThatThrownBy(() -> load(path))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContainingAll(words)
                .hasMessageContaining("expected:");
    }

    @Test
    void aPathThatDoesNotExistIsNamedInFull() {
        assertThatThrownBy(() -> load(Path.of("no", "such", "model.onnx")))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(
                        Path.of("no", "such", "model.onnx").toAbsolutePath().toString())
                .hasMessageContaining("no such file or folder")
                .hasMessageContaining("exists up to");
    }

    @ParameterizedTest
    @ValueSource(strings = {"truncated", "garbage", "empty"})
    void aDamagedFileIsNamedWithItsSizeAndTheEnginesWords(String name) throws IOException {
        Path path = TestModels.path("bad/" + name + ".onnx");
        for (Execution way : Execution.values()) {
            assertThatThrownBy(
                            () -> ModelLoading.load(path, LoadOptions.defaults().execution(way)))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining(Files.size(path) + " bytes")
                    .hasMessageContaining("ORT_");
        }
    }

    @Test
    void aFlippedBitIsRefusedOrLoadsButNeverCrashes() {
        try (Model model = load(TestModels.path("bad/bitflip.onnx"));
                Inference inference = model.plan(List.of("probabilities")).begin(1)) {
            TestModels.fill(inference, 0, new double[20]);
            inference.run();
        } catch (ModelLoadException e) {
            assertThat(e).hasMessageContaining("bitflip.onnx");
        }
    }

    @Test
    void ofAFolderModelOnnxComesFirstThenTheFoldersNameThenTheOnlyOne() throws IOException {
        copy("b.onnx");
        try (Model model = load(folder)) {
            assertThat(model.description().id().name()).isEqualTo("b");
        }
        copy("a.onnx");
        assertRefused(folder, "several *.onnx files", "a.onnx, b.onnx", "or a single *.onnx file");
        copy(folder.getFileName() + ".onnx");
        try (Model model = load(folder)) {
            assertThat(model.description().id().name())
                    .isEqualTo(folder.getFileName().toString());
        }
        copy("model.onnx");
        try (Model model = load(folder)) {
            assertThat(model.description().id())
                    .isEqualTo(new ModelId(folder.getFileName().toString(), "7"));
        }
        try (Model model = load(folder.resolve("a.onnx"))) {
            assertThat(model.description().id()).isEqualTo(new ModelId("a", "7"));
        }
    }

    @Test
    void aFolderWithoutAModelListsWhatItHolds() throws IOException {
        assertRefused(folder, "the folder is empty", "ONNX (*.onnx");
        Files.writeString(folder.resolve("notes.md"), "hello");
        assertRefused(folder, "no model in the folder, which holds notes.md");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m.pt | x | PyTorch | torch.onnx.export",
                "m.pkl | x | pickle | never unpickled",
                "m.joblib | x | pickle | skl2onnx",
                "saved_model.pb | x | TensorFlow | tf2onnx",
                "m.keras | x | Keras | tf2onnx",
                "m.ubj | x | XGBoost | save_model",
                "m.model | binf | XGBoost | save_model",
                "m.safetensors | x | safetensors | optimum",
                "m.gguf | x | llama.cpp | ONNX",
                "m.json | {} | not a known model format | ONNX",
            })
    void aModelOfAnotherFormatIsRecognised(String name, String content, String what, String remedy) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);

        assertRefused(file, file.toString(), what, remedy);
        if (!what.startsWith("not")) {
            assertRefused(folder, "holds " + name, what);
        }
    }

    @Test
    void nameAndVersionAreTheHostsOrElseTheModels() {
        assertThat(id("versioned", LoadOptions.defaults())).isEqualTo(new ModelId("versioned", "2024-05"));
        assertThat(id("numbered", LoadOptions.defaults())).isEqualTo(new ModelId("numbered", "7"));
        assertThat(id("one-row", LoadOptions.defaults())).isEqualTo(new ModelId("one-row", ModelId.UNVERSIONED));
        assertThat(id("versioned", LoadOptions.defaults().named("risk", "9"))).isEqualTo(new ModelId("risk", "9"));
    }

    private static ModelId id(String name, LoadOptions options) {
        try (Model model = ModelLoading.load(TestModels.small(name), options)) {
            return model.description().id();
        }
    }

    @Test
    void theDescriptionSaysWhatRunsAndHow() {
        try (Model model = ModelLoading.load(
                TestModels.small("versioned"), LoadOptions.defaults().intraOpThreads(2))) {
            assertThat(model.description().engine()).isEqualTo("OnnxRuntime");
            assertThat(model.description().engineVersion()).matches("1\\.\\d+\\.\\d+");
            assertThat(model.description().execution())
                    .isEqualTo("direct, " + CpuBudget.of(LoadOptions.defaults().intraOpThreads(2)));
            assertThat(model.description().metadata())
                    .containsEntry("owner", "tests")
                    .containsEntry("producer", "plimsoll-tests");
        }
        try (Model model = ModelLoading.load(
                TestModels.small("versioned"), LoadOptions.defaults().execution(Execution.DJL))) {
            assertThat(model.description().execution()).isEqualTo("through DJL, intra-op threads 1");
        }
    }

    @ParameterizedTest
    @EnumSource(Execution.class)
    void weightsBesideTheModelAreFound(Execution way) {
        try (Model model = ModelLoading.load(
                        TestModels.path("small/outside-weights"),
                        LoadOptions.defaults().execution(way));
                Inference inference = model.plan(List.of("y")).begin(1)) {
            assertThat(model.description().id().name()).isEqualTo("outside-weights");
            TestModels.fill(inference, 0, 1, 2, 3);
            inference.run();
            assertThat(TestModels.numbers(inference.output(0))).containsExactly(2, 4, 6);
        }
    }

    @Test
    void linksAreFollowed() throws IOException {
        Path file = Files.createSymbolicLink(folder.resolve("current.onnx"), TestModels.small("numbered"));
        Path links = Files.createSymbolicLink(folder.resolve("latest"), TestModels.path("small/outside-weights"));
        try (Model first = load(file);
                Model second = load(links)) {
            assertThat(first.description().id().name()).isEqualTo("current");
            assertThat(second.description().id().name()).isEqualTo("latest");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTOMATIC")
    void twoVersionsLiveSideBySideAndTheSameFileTwice(Execution way) {
        LoadOptions options = LoadOptions.defaults().execution(way);
        try (Model v1 = ModelLoading.load(TestModels.path("credit20-gbt-v1"), options);
                Model v2 = ModelLoading.load(TestModels.path("credit20-gbt-v2"), options);
                Model again = ModelLoading.load(TestModels.path("credit20-gbt-v2"), options)) {
            assertThat(v1.description().id().version()).isEqualTo("v1");
            assertThat(v2.description().id().version()).isEqualTo("v2");
            double first = firstProbability(v1);
            double second = firstProbability(v2);
            assertThat(first).isNotEqualTo(second);
            v2.close();
            v2.close();
            assertThat(firstProbability(again)).isEqualTo(second);
            assertThat(firstProbability(v1)).isEqualTo(first);
        }
    }

    private static double firstProbability(Model model) {
        try (Inference inference = model.plan(List.of("probabilities")).begin(1)) {
            TestModels.fill(inference, 0, new double[20]);
            inference.run();
            return inference.output(0).number(0);
        }
    }
}

package io.github.plimsoll.core.internal.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.ModelLoading;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.LoadOptions;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of TorchScript and TensorFlow where their engines are not there. */
class TorchLoaderTest {

    private static final Path MODEL = TestModels.path("credit20-mlp-torch/credit20-mlp-torch.pt");

    @TempDir
    Path folder;

    @Test
    void withoutADeclarationTheErrorShowsHowToMakeOne() {
        assertThatThrownBy(() -> ModelLoading.load(MODEL, LoadOptions.defaults()))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("does not state its inputs and outputs")
                .hasMessageContaining("LoadOptions.defaults().signature(new ModelSignature(");
    }

    @Test
    void withoutPytorchItsJarsAreNamed() {
        assertThatThrownBy(() -> ModelLoading.load(MODEL, TorchModelTest.options("features", -1, 20)))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("ai.djl.pytorch:pytorch-engine:0.35.1")
                .hasMessageContaining("pytorch-jni:2.7.1-0.35.1")
                .hasMessageContaining("pytorch-native-cpu:2.7.1");
    }

    @Test
    void weightsAndPickledObjectsAreRefused() throws Exception {
        Path weights = folder.resolve("weights.pt");
        try (OutputStream out = Files.newOutputStream(weights);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(1);
        }
        Path old = Files.write(folder.resolve("old.pt"), new byte[] {(byte) 0x80, 2});
        for (Path file : new Path[] {weights, old, TestModels.path("bad/pt/trunc.pt")}) {
            assertThatThrownBy(() -> ModelLoading.load(file, LoadOptions.defaults()))
                    .isInstanceOf(ModelLoadException.class)
                    .hasMessageContaining("never unpickled")
                    .hasMessageContaining("torch.jit.save");
        }
    }

    @Test
    void aSavedModelIsRecognisedAndItsConversionShown() throws Exception {
        Path model = Files.createDirectory(folder.resolve("churn"));
        Files.write(model.resolve("saved_model.pb"), new byte[] {8, 1});

        assertThatThrownBy(() -> ModelLoading.load(model, LoadOptions.defaults()))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("a TensorFlow SavedModel")
                .hasMessageContaining("python -m tf2onnx.convert --saved-model churn --output churn.onnx")
                .hasMessageContaining("tensorflow-engine:0.36.0");
        assertThat(SavedModelLoader.refusal(model, true))
                .hasMessageContaining(".engine(\"TensorFlow\")")
                .hasMessageContaining("tf2onnx");
    }
}

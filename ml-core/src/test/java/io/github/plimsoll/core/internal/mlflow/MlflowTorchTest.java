package io.github.plimsoll.core.internal.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.internal.TestModels;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TorchScript in a folder as MLflow's pytorch flavor lays it out: the signature says what TorchScript does not. */
class MlflowTorchTest {

    private static final String OUTPUTS =
            "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float32\", \"shape\": [-1, 2]}}]";
    private static final String TENSOR =
            "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"float32\", \"shape\": [-1, 20]}}]";

    @TempDir
    Path temp;

    private Path folder(String inputs, String params) throws IOException {
        Path folder = Files.createDirectories(temp.resolve("torch/data")).getParent();
        Files.writeString(
                folder.resolve("MLmodel"),
                "flavors:\n  pytorch: {model_data: data, pytorch_version: 2.7.1, code: null}\n"
                        + "signature:\n  inputs: '" + inputs + "'\n  outputs: '" + OUTPUTS + "'\n  params: " + params
                        + "\n");
        Files.copy(
                TestModels.path("credit20-mlp-torch").resolve("credit20-mlp-torch.pt"),
                folder.resolve("data/model.pth"));
        return folder;
    }

    @Tag("engines")
    @ParameterizedTest
    @ValueSource(strings = {"tensor", "columns"})
    void answersAsTheTrainer(String form) throws IOException {
        String columns = IntStream.range(0, 20)
                .mapToObj(i -> "{\"type\": \"float\", \"name\": \"f" + i + "\", \"required\": true}")
                .collect(Collectors.joining(", ", "[", "]"));
        boolean tensor = form.equals("tensor");
        Path folder = folder(tensor ? TENSOR : columns, "null");
        JsonNode expected = TestModels.expected("credit20-mlp-torch");
        Schema<double[]> schema = tensor
                ? Schema.ofDoubles(20)
                : Schema.ofDoubles(MlflowSignature.read(folder).orElseThrow().features());

        try (Predictor<double[], double[]> predictor =
                Plimsoll.load(folder).as(schema, Output.vector()).build()) {
            for (int row = 0; row < 16; row++) {
                double[] input = new ObjectMapper().convertValue(expected.at("/input/features/" + row), double[].class);
                double[] wanted =
                        new ObjectMapper().convertValue(expected.at("/expected/probabilities/" + row), double[].class);
                assertThat(predictor.predict(input)).containsExactly(wanted, within(1e-5));
            }
        }
    }

    @Test
    void argumentsBesideTheInputAreRefused() throws IOException {
        Path folder = folder(TENSOR, "'[{\"name\": \"temperature\", \"type\": \"double\", \"default\": 1.0}]'");

        assertThatThrownBy(() -> Plimsoll.load(folder).open())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("param 'temperature', by default 1.0: MLflow would hand it to the pytorch model");
    }
}

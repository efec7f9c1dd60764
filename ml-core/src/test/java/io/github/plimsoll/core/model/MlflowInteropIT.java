package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a real MLflow server, which {@code src/test/interop/run.sh} starts and fills: it says what Python answered, and this
 * asks the same of each model by its alias, its version, its run and its id.
 */
@EnabledIfSystemProperty(named = "plimsoll.mlflow", matches = "http.*")
class MlflowInteropIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    @Test
    void answersAsPythonDoes() throws Exception {
        MlflowRegistry registry = MlflowRegistry.at(URI.create(System.getProperty("plimsoll.mlflow")));
        JsonNode models = JSON.readTree(
                Path.of(System.getProperty("plimsoll.mlflow.expected")).toFile());
        Set<String> engines = new TreeSet<>();
        int downloads = 0;
        for (JsonNode model : models) {
            for (JsonNode uri : model.get("uris")) {
                Path folder = registry.download(uri.asText(), temp.resolve(String.valueOf(downloads++)));
                if (!model.get("loadable").asBoolean()) {
                    assertThatThrownBy(() -> Plimsoll.load(folder).open().close())
                            .isInstanceOf(ModelLoadException.class)
                            .hasMessageContaining("import mlflow");
                    log(uri, "refused with the line that helps");
                    continue;
                }
                log(uri, model.get("engine").asText() + ", largest difference to Python " + compare(folder, model));
                engines.add(model.get("engine").asText());
            }
        }
        assertThat(engines).containsExactly("lightgbm", "onnx", "xgboost");
        assertThatThrownBy(() -> registry.download("models:/nobody/1", temp.resolve("nobody")))
                .hasMessageContaining("not found");
        assertThatThrownBy(() -> registry.download("models:/credit-onnx@nobody", temp.resolve("nobody")))
                .hasMessageContaining("nobody");
    }

    private static double compare(Path folder, JsonNode model) {
        Output<Double> output = model.get("engine").asText().equals("onnx")
                ? Output.probabilityOf("1").from("probabilities").labelled("0", "1")
                : Output.number();
        Schema<double[]> schema =
                Schema.ofDoubles(MlflowSignature.read(folder).orElseThrow().features());
        double worst = 0;
        try (Predictor<double[], Double> predictor =
                Plimsoll.load(folder).as(schema, output).build()) {
            for (int row = 0; row < model.get("rows").size(); row++) {
                double expected = model.get("answers").get(row).asDouble();
                double answer =
                        predictor.predict(JSON.convertValue(model.get("rows").get(row), double[].class));
                assertThat(answer).isCloseTo(expected, within(1e-5));
                worst = Math.max(worst, Math.abs(answer - expected));
            }
        }
        return worst;
    }

    private static void log(JsonNode uri, String words) {
        System.out.println("interop: " + uri.asText() + ": " + words);
    }
}

package io.github.plimsoll.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.model.MlflowRegistry;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.ParamValues;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide pages on MLflow and on models that do not load, compiled and run. */
class MlflowGuideTest {

    private static final Path MODELS = Path.of("src/test/resources/mlflow");

    @TempDir
    Path models;

    record Applicant(float income, float age, float debt_ratio, float tenure) {}

    @Test
    void loadsAFolder() {
        Path folder = MODELS.resolve("onnx-columns");

        try (var risk = Plimsoll.load(folder)
                .as(
                        Applicant.class,
                        Output.probabilityOf("1").from("probabilities").labelled("0", "1"))
                .build()) {
            double p = risk.predict(new Applicant(-1.76f, 0.14f, 0.94f, -0.18f));

            assertThat(p).isBetween(0.0, 1.0);
        }
    }

    @Test
    void takesTheSchemaFromTheSignature() throws Exception {
        Path folder = MODELS.resolve("onnx-columns");
        JsonNode request =
                new ObjectMapper().readTree("{\"income\": -1, \"age\": 0.14, \"debt_ratio\": 0.94, \"tenure\": -0.18}");
        List<JsonNode> rows = new ArrayList<>(List.of(request));

        MlflowSignature signature = MlflowSignature.read(folder).orElseThrow();
        Schema<JsonNode> schema = Schema.ofJson(signature.features());
        List<Violation> violations = signature.check(rows, Enforcement.EXACT);

        assertThat(schema.size()).isEqualTo(4);
        assertThat(violations).isEmpty();
        assertThat(signature.check(rows, Enforcement.MLFLOW)).hasSize(1);
    }

    @Test
    void resolvesParams() throws Exception {
        MlflowSignature signature = MlflowSignature.parse(
                "{\"params\": [{\"name\": \"threshold\", \"type\": \"double\", \"default\": 0.5}]}");
        JsonNode request = new ObjectMapper().readTree("{\"params\": {\"threshold\": 0.7}}");

        ParamValues params = signature.resolveParams(request.path("params"));
        double threshold = params.values().get("threshold").doubleValue();

        assertThat(threshold).isEqualTo(0.7);
    }

    record Counted(int income, double age, double debt_ratio, double tenure) {}

    @Test
    void takesExactValues() {
        Path folder = MODELS.resolve("onnx-columns");
        Output<Double> output = Output.probabilityOf("1").from("probabilities").labelled("0", "1");

        try (var risk = Plimsoll.load(folder)
                .enforcing(Enforcement.EXACT)
                .as(Counted.class, output)
                .build()) {
            assertThat(risk.predict(new Counted(3, 0.14, 0.94, -0.18))).isBetween(0.0, 1.0);
        }
        assertThatThrownBy(() -> Plimsoll.load(folder).as(Counted.class, output).build())
                .isInstanceOf(ModelMismatchException.class);
    }

    @Test
    void fetchesFromARegistry() {
        URI server = URI.create("http://127.0.0.1:1"); // nobody is there
        String token = "secret";
        assertThatThrownBy(() -> {
                    MlflowRegistry registry = MlflowRegistry.at(server).bearerToken(token);
                    Path folder = registry.download("models:/credit-risk@champion", models.resolve("credit-risk"));
                    assertThat(folder).exists();
                })
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("cannot be reached")
                .hasMessageNotContaining(token);
    }

    @Test
    void pinsWhatItFetches() {
        MlflowRegistry registry = MlflowRegistry.at(URI.create("http://127.0.0.1:1"));
        String sha256 = "0".repeat(64);

        MlflowRegistry pinned =
                registry.retries(5, Duration.ofSeconds(2)).maxBytes(200L << 20).expecting(sha256);

        assertThat(pinned).hasToString("MLflow at http://127.0.0.1:1");
    }

    @Test
    void asksTheDoctor() {
        Path folder = MODELS.resolve("onnx-columns");

        Diagnosis diagnosis = Plimsoll.doctor(folder);
        if (diagnosis.status() == Diagnosis.Status.FAIL) {
            throw new IllegalStateException(diagnosis.toString());
        }

        assertThat(diagnosis.toJson()).contains("\"area\":\"model\"");
    }
}

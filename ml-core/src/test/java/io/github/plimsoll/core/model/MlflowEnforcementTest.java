package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.ParamValues;
import io.github.plimsoll.core.schema.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What real MLflow takes, as {@code src/test/interop/make_enforcement.py} has recorded it, is taken; the rest is refused. */
class MlflowEnforcementTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode recorded(String kind) throws IOException {
        return JSON.readTree(
                        Path.of("src/test/resources/mlflow/enforcement.json").toFile())
                .get(kind);
    }

    private static MlflowSignature signature(String kind, JsonNode entry) {
        return MlflowSignature.parse(
                JSON.createObjectNode().set(kind, JSON.createArrayNode().add(entry)));
    }

    @TestFactory
    Stream<DynamicTest> nestedColumns() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode one : recorded("columns")) {
            ObjectNode column = one.get("type").deepCopy();
            column.put("name", "c").set("required", one.get("required"));
            JsonNode row = JSON.createObjectNode().set("c", one.get("value"));
            tests.add(dynamicTest(column + " " + one.get("value"), () -> {
                List<Violation> violations = signature("inputs", column).check(List.of(row), Enforcement.MLFLOW);
                assertThat(violations.isEmpty())
                        .as(violations.toString())
                        .isEqualTo(one.get("accepted").asBoolean());
                if (violations.isEmpty()) {
                    assertThat(signature("inputs", column).check(List.of(row), Enforcement.EXACT))
                            .isEmpty();
                }
            }));
        }
        return tests.stream();
    }

    @TestFactory
    Stream<DynamicTest> params() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode one : recorded("params")) {
            tests.add(dynamicTest(one.get("spec") + " " + one.get("given"), () -> {
                if (one.get("accepted").asBoolean()) {
                    ParamValues values = signature("params", one.get("spec")).resolveParams(one.get("given"));
                    assertThat(JSON.<JsonNode>valueToTree(values.values())).isEqualTo(one.get("values"));
                } else if (one.get("given").isEmpty()) {
                    assertThatThrownBy(() -> signature("params", one.get("spec")))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageStartingWith("params");
                } else {
                    MlflowSignature signature = signature("params", one.get("spec"));
                    assertThatThrownBy(() -> signature.resolveParams(one.get("given")))
                            .isInstanceOf(InvalidInputException.class)
                            .hasMessageContaining("params.p");
                }
            }));
        }
        return tests.stream();
    }

    @Test
    void allParamsThatDoNotFitAreListedAndUnknownOnesAreNamed() throws IOException {
        MlflowSignature signature =
                MlflowSignature.parse("{\"params\": [{\"name\": \"a\", \"type\": \"long\", \"default\": 1},"
                        + " {\"name\": \"b\", \"type\": \"double\", \"default\": 2.5}]}");

        assertThatThrownBy(() -> signature.resolveParams(JSON.readTree("{\"a\": \"x\", \"b\": {}, \"z\": 1}")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("invalid input: params.a: x (expected: long); params.b: an object (expected: double)");
        assertThatThrownBy(() -> signature.resolveParams(JSON.readTree("[1]")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("params: an array (expected: an object");

        ParamValues values = signature.resolveParams(JSON.readTree("{\"z\": 1, \"b\": 7, \"y\\n\": 1}"));

        assertThat(values.values().toString()).isEqualTo("{a=1, b=7.0}");
        assertThat(values.ignored()).containsExactly("y\n", "z");
    }
}

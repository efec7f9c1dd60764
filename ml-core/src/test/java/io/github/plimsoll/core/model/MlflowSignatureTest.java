package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.Field;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowSignatureTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static MlflowSignature inputs(String json) {
        return MlflowSignature.parse("{\"inputs\": " + json + "}");
    }

    private static List<JsonNode> rows(String... json) {
        List<JsonNode> rows = new ArrayList<>();
        for (String row : json) {
            try {
                rows.add(JSON.readTree(row));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }
        return rows;
    }

    private static List<String> check(MlflowSignature signature, Enforcement enforcement, String... rows) {
        return signature.check(rows(rows), enforcement).stream()
                .map(violation -> violation.code() + " " + violation.path())
                .toList();
    }

    @Test
    void readsEveryKindOfColumn() {
        String json = "[{\"name\":\"a\",\"type\":\"boolean\",\"required\":true},{\"name\":\"b\",\"type\":\"array\","
                + "\"items\":{\"type\":\"map\",\"values\":{\"type\":\"float\"}},\"required\":false},{\"name\":\"c\",\"type\":\"object\","
                + "\"properties\":{\"x\":{\"type\":\"datetime\",\"required\":true}},\"required\":true},"
                + "{\"name\":\"d\",\"type\":\"sparkml_vector\",\"required\":true}]";
        MlflowSignature signature = inputs(json);

        assertThat(signature.inputs().toString())
                .isEqualTo(
                        "[a: boolean, b: array of map of float, optional, c: object [x: datetime], d: sparkml_vector]");
        assertThat(signature.toJson()).isEqualTo("{\"inputs\":" + json + ",\"outputs\":[],\"params\":[]}");
        assertThat(MlflowSignature.parse(signature.toJson())).isEqualTo(signature);
    }

    @Test
    void readsWhatIsWrittenAsText() {
        MlflowSignature signature = MlflowSignature.parse(
                "{\"inputs\": \"[{\\\"type\\\": \\\"tensor\\\", \\\"tensor-spec\\\":"
                        + " {\\\"dtype\\\": \\\"float32\\\", \\\"shape\\\": [-1, 4]}}]\", \"outputs\": null,"
                        + " \"params\": \"[{\\\"name\\\": \\\"t\\\", \\\"dtype\\\": \\\"double\\\", \\\"default\\\": 0.5, \\\"shape\\\": null}]\"}");

        assertThat(signature.inputs()).hasToString("[tensor float32 [-1, 4]]");
        assertThat(signature.outputs()).isEmpty();
        assertThat(signature.params().get(0).type()).isEqualTo(Scalar.DOUBLE);
        assertThat(signature.params().get(0).defaultValue().doubleValue()).isEqualTo(0.5);
    }

    @Test
    void oldSignaturesRequireEveryColumn() {
        assertThat(inputs("[{\"name\": \"a\", \"type\": \"integer\"}]").inputs())
                .containsExactly(new Field("a", Scalar.INTEGER, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "5",
                "[{\"name\": \"a\"}]",
                "[{\"type\": \"long\", \"name\": \"a\"}, {\"type\": \"long\"}]",
                "[{\"type\": \"long\", \"name\": \"a\"}, {\"type\": \"long\", \"name\": \"a\"}]",
                "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"int8\", \"shape\": [1]}}, {\"type\": \"long\"}]",
                "[{\"type\": \"tensor\"}]",
                "[{\"type\": \"tensor\", \"tensor-spec\": {\"dtype\": \"int8\", \"shape\": [1.5]}}]",
                "[{\"type\": \"array\"}]",
                "[[]]"
            })
    void whatIsNoSignatureIsRefused(String json) {
        assertThatThrownBy(() -> inputs(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("inputs");
    }

    @Test
    void depthIsLimited() {
        assertThatThrownBy(() ->
                        inputs("[" + "{\"type\":\"array\",\"items\":".repeat(40) + "\"long\"" + "}".repeat(40) + "]"))
                .hasMessageContaining("nested too deeply");
    }

    @ParameterizedTest
    @CsvSource({
        // column, value, MLflow's table, exact values
        "boolean, true, true, true",
        "boolean, 1, false, false",
        "integer, 2147483647, true, true",
        "integer, 2147483648, false, false",
        "integer, 3.0, false, true",
        "integer, 3.5, false, false",
        "long, 9223372036854775807, true, true",
        "long, 9223372036854775808, false, false",
        "long, 1e18, false, true",
        "long, 1e19, false, false",
        "float, 0.1, true, true",
        "float, 1e39, false, false",
        "float, 3, false, true",
        "float, 16777217, false, false",
        "double, 0.1, true, true",
        "double, 2147483647, true, true",
        "double, 2147483648, false, true",
        "double, 9007199254740992, false, true",
        "double, 9007199254740993, false, false",
        "double, 9223372036854775807, false, false",
        "string, '\"x\"', true, true",
        "string, 1, false, false",
        "string, null, true, true",
        "double, null, true, true",
        "long, null, false, false",
        "datetime, '\"2026-01-01T00:00:00Z\"', true, true",
        "datetime, '\"yesterday\"', false, false",
        "any, '{\"a\": []}', true, true",
    })
    void holdsEachValueToItsColumn(String type, String value, boolean mlflow, boolean exact) {
        MlflowSignature signature = inputs("[{\"name\": \"c\", \"type\": \"" + type + "\"}]");
        String row = "{\"c\": " + value + ", \"surplus\": 1}";

        assertThat(check(signature, Enforcement.MLFLOW, row).isEmpty()).isEqualTo(mlflow);
        assertThat(check(signature, Enforcement.EXACT, row).isEmpty()).isEqualTo(exact);
    }

    @Test
    void saysWhichRowHasNoInteger() {
        MlflowSignature signature = inputs("[{\"name\": \"n\", \"type\": \"long\"}]");

        assertThat(signature
                        .check(rows("{\"n\": 1}", "{\"n\": 2}", "{\"n\": null}"), Enforcement.EXACT)
                        .toString())
                .contains("[2].n: null (expected: long; an integer column cannot have missing values");
    }

    @Test
    void looksIntoArraysMapsAndObjects() {
        MlflowSignature signature =
                inputs("[{\"name\":\"a\",\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":"
                        + "{\"m\":{\"type\":\"map\",\"values\":{\"type\":\"double\"},\"required\":false}}}}]");

        assertThat(check(
                        signature,
                        Enforcement.MLFLOW,
                        "{\"a\": [{\"m\": {\"k\": 1.5}}, {}, {\"m\": null}]}",
                        "{\"a\": [{\"m\": {\"k\": \"x\"}}, {\"z\": 1}, null, 5, {\"m\": {\"k\": null}}]}",
                        "{\"a\": {}}",
                        "{}",
                        "[]"))
                .containsExactly(
                        "type [1].a[0].m.k",
                        "unexpected [1].a[1].z",
                        "null [1].a[2]",
                        "type [1].a[3]",
                        "type [2].a",
                        "missing [3].a",
                        "type [4]");
    }

    @Test
    void holdsTensorsToTypeAndShape() {
        MlflowSignature one =
                inputs("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float32\",\"shape\":[-1,2,-1]}}]");
        assertThat(check(one, Enforcement.MLFLOW, "[[1, 2.5, 3], [4]]", "[[1]]", "[[1], [\"x\"]]", "5"))
                .containsExactly("length [1]", "type [2][1][0]", "length [3]");

        MlflowSignature named =
                inputs("[{\"name\":\"x\",\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"int64\",\"shape\":[-1]}}]");
        assertThat(check(named, Enforcement.MLFLOW, "{\"x\": 1}", "{\"x\": 1.5}", "{}", "1"))
                .containsExactly("type [1].x", "missing [2].x");
    }

    @Test
    void columnsWithoutNamesAreCounted() {
        MlflowSignature signature = inputs("[{\"type\":\"double\"},{\"type\":\"string\"}]");

        assertThat(check(signature, Enforcement.MLFLOW, "[1, \"a\", 3]", "[1]", "{\"a\": 1}"))
                .containsExactly("type [2]", "missing [1][1]");
        assertThatThrownBy(() -> signature.select(List.of("a"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void listsABoundedNumberOfViolations() {
        MlflowSignature signature = inputs("[{\"type\":\"array\",\"items\":{\"type\":\"long\"}}]");
        String row = "[[" + "\"x\",".repeat(5_000) + "1]]";

        assertThat(signature.check(rows(row), Enforcement.EXACT)).hasSize(MlflowSignature.MAX_VIOLATIONS);
    }

    @Test
    void becomesFeatures() {
        MlflowSignature signature = inputs(
                "[{\"name\":\"a\",\"type\":\"integer\"},{\"name\":\"b\",\"type\":\"float\","
                        + "\"required\":false},{\"name\":\"c\",\"type\":\"string\"},{\"name\":\"d\",\"type\":\"datetime\"},"
                        + "{\"name\":\"e\",\"type\":\"boolean\"},{\"name\":\"f\",\"type\":\"array\",\"items\":{\"type\":\"double\"}}]");

        assertThat(signature.features())
                .extracting(Feature::type)
                .containsExactly(
                        FeatureType.INTEGER,
                        FeatureType.NUMBER,
                        FeatureType.TEXT,
                        FeatureType.TIMESTAMP,
                        FeatureType.BOOLEAN,
                        FeatureType.TENSOR);
        assertThat(signature.features().get(1).isNullable()).isTrue();
        assertThatThrownBy(() -> inputs("[{\"name\":\"a\",\"type\":\"map\",\"values\":{\"type\":\"long\"}}]")
                        .features())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("column a: map of long");
    }
}

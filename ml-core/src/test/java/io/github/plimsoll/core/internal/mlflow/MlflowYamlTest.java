package io.github.plimsoll.core.internal.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Bounded;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowYamlTest {

    private static JsonNode read(String text) {
        return MlflowYaml.read("test", text.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(String text, String words) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(words);
    }

    @Test
    void readsWhatMlflowWrites() {
        JsonNode file = read(
                "a: {b: null, c: ~, d: , e: 'null', f: 1.5}\ng: '[{\"type\":\n    \"double\"}]'\nh:\n- x\n- \"\\xe9\"\n");

        assertThat(file.toString())
                .isEqualTo("{\"a\":{\"b\":null,\"c\":null,\"d\":null,\"e\":\"null\",\"f\":\"1.5\"},"
                        + "\"g\":\"[{\\\"type\\\": \\\"double\\\"}]\",\"h\":[\"x\",\"é\"]}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: !!python/object/apply:os.system ['id']",
                "a: !!javax.script.ScriptEngineManager [1]",
                "!custom {a: 1}",
                "a: !!binary aGk="
            })
    void noTagMakesAnObject(String text) {
        assertRefused(text, "no object of a class named in a file is ever made");
    }

    @Test
    void plainTagsAreHarmless() {
        assertThat(read("a: !!str 1\nb: !!map {c: !!seq []}").get("a").asText()).isEqualTo("1");
    }

    @Test
    void anAliasIsTheNodeItStandsFor() {
        assertThat(read("a: &x {b: 1}\nc: *x").at("/c/b").asText()).isEqualTo("1");
    }

    @Test
    void aBillionLaughsStaySmall() {
        StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i <= 30; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]%n".formatted(i, i, i - 1, i - 1));
        }

        assertThat(read(text.toString()).size()).isEqualTo(31); // written out it would be 2^31 texts
        assertRefused("a: &a 1\nb: [" + "*a, ".repeat(MlflowYaml.MAX_ALIASES) + "*a]", "alias");
    }

    @Test
    void nothingContainsItself() {
        assertRefused("a: &a [*a]", "alias *a");
        assertRefused("a: *nobody", "alias *nobody");
    }

    @Test
    void limitsHold() {
        int depth = MlflowYaml.MAX_DEPTH;
        assertThat(read("a: " + "[".repeat(depth - 2) + "1" + "]".repeat(depth - 2)))
                .isNotNull();
        assertRefused("a: " + "[".repeat(depth) + "]".repeat(depth), "nested too deeply");
        assertRefused("a: " + "[".repeat(100_000), "nested too deeply");
        assertRefused("a:\n" + "- 1\n".repeat(MlflowYaml.MAX_NODES), "too many nodes");
        assertRefused("a: " + "x".repeat(MlflowYaml.MAX_BYTES), "too large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: 1\na: 2",
                "a: 1\n---\nb: 2",
                "? [a]\n: 1",
                "a: [",
                "\t",
                "a: 'x",
                "\u0000",
                "- a",
                "%YAML 9.9\n---\na: 1"
            })
    void whatIsNoSuchFileIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ModelLoadException.class);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> parts = Arbitraries.of(
                "a", ":", " ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "'", "\"", "&x ", "*x", "!!str ", "!t ",
                "|\n", ">\n", "#", "flavors", "onnx", "data: ", "null", "---\n", "...\n", "? ", "%", "\\", "\t",
                "\u2028", "é", "<<: ", "\u0000");
        return parts.list().ofMaxSize(40).map(list -> String.join("", list));
    }

    @Property(tries = 3_000)
    void anyTextIsReadOrRefusedByOurException(@ForAll("texts") String text) {
        Bounded.run(text.length(), () -> {
            try {
                read(text);
            } catch (ModelLoadException refusal) {
                assertThat(refusal).hasMessageStartingWith("test: ");
            }
        });
    }

    @Property(tries = 1_000)
    void anyBytesAreReadOrRefusedByOurException(@ForAll byte[] bytes) {
        Bounded.run(bytes.length, () -> {
            try {
                MlflowYaml.read("test", bytes);
            } catch (ModelLoadException refusal) {
                assertThat(refusal).hasMessageStartingWith("test: ");
            }
        });
    }

    @Provide
    Arbitrary<String> damagedFiles() throws IOException {
        String file = Files.readString(Path.of("src/test/resources/mlflow/onnx-columns/MLmodel"));
        return Arbitraries.integers()
                .between(0, file.length() - 1)
                .flatMap(at -> Arbitraries.of(
                                "", "[", "{", "}", "'", "\"", ":", "\n", "&a ", "*a ", "!x ", "null", "-1", "\\")
                        .map(patch -> file.substring(0, at) + patch + file.substring(Math.min(file.length(), at + 1))));
    }

    @Property(tries = 1_000)
    void aDamagedFileIsReadOrRefusedByOurException(@ForAll("damagedFiles") String text) throws IOException {
        Path folder = Files.createTempDirectory("mlflow");
        Path file = folder.resolve("MLmodel");
        try {
            Files.writeString(file, text);
            MlflowSignature.read(folder).ifPresent(signature -> {
                assertThat(MlflowSignature.parse(signature.toJson())).isEqualTo(signature);
                signature.check(List.of(), Enforcement.MLFLOW);
            });
            MlflowFolder.read(folder);
        } catch (ModelLoadException refusal) {
            assertThat(refusal).hasMessageStartingWith("model " + folder);
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }
}

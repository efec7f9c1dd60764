package io.github.plimsoll.samples.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The frame itself: a wrong answer fails, a missing one is told apart, and numbers are read as the files write them. */
class FrameTest {

    private static final Subject SUMS = () -> Map.of(
            "sum", given -> Arrays.stream(given.numbers("x")).sum(),
            "mean_and_sd", given -> Map.of("mean", 2.0, "sd", Double.NaN),
            "refuses",
                    given -> {
                        throw new IllegalArgumentException("no");
                    });

    @TempDir
    Path folder;

    @Test
    void countsWhatPassedFailedAndIsUnsupported() throws Exception {
        var tally = new Tally("cases");
        var checks = checks("""
                [{"name": "right", "method": "sum", "inputs": {"x": [1, 2]}, "expected": {"value": 3}, "tolerance": 0},
                 {"name": "wrong", "method": "sum", "inputs": {"x": [1, 2]}, "expected": {"value": 3.1}, "tolerance": 0.05},
                 {"name": "near", "method": "sum", "inputs": {"x": [1, 2]}, "expected": {"value": 3.1}, "tolerance": 0.2},
                 {"name": "unknown", "method": "product", "inputs": {"x": [1]}, "expected": {"value": 1}}]
                """);

        for (var check : checks) {
            try {
                tally.run("file", check);
            } catch (AssertionError counted) {
                assertThat(counted).hasMessageStartingWith("file: " + check.name());
            }
        }

        assertThat(tally).hasToString("cases: 2 passed, 1 failed, 1 unsupported");
        assertThat(tally.troubles())
                .containsExactly("file: wrong: value: expected 3.1, got 3.0", "file: unknown: unsupported: 'product'");
    }

    @Test
    void readsCasesOfAnArea() throws Exception {
        var checks = checks(
                "{\"cases\": [{\"name\": \"a\", \"area\": \"sum\", \"inputs\": {\"x\": \"1..4\"}, \"expected\": 10}]}");

        assertThatCode(() -> checks.get(0).run()).doesNotThrowAnyException();
    }

    @Test
    void findsNamedStreams() throws Exception {
        Files.writeString(folder.resolve("streams.json"), "{\"streams\": {\"bits\": \"0110\"}}");
        var checks = checks(
                "[{\"name\": \"a\", \"method\": \"sum\", \"inputs\": {\"x\": {\"stream\": \"bits\"}}, \"expected\": {\"value\": 2}}]");

        assertThatCode(() -> checks.get(0).run()).doesNotThrowAnyException();
    }

    @Test
    void comparesNaNTheQuantitiesGivenTwiceAndNothingUnanswered() throws Exception {
        var checks = checks("""
                [{"name": "all", "method": "mean_and_sd", "expected": {"mean": 2, "mean_full": 2.0, "mean_rounded_1": 2.0, "sd": "NaN"}},
                 {"name": "other full", "method": "mean_and_sd", "expected": {"mean_full": 2.1}},
                 {"name": "more", "method": "mean_and_sd", "expected": {"mean": 2, "median": 2}}]
                """);

        assertThatCode(() -> checks.get(0).run()).doesNotThrowAnyException();
        assertThatThrownBy(() -> checks.get(1).run()).hasMessageContaining("mean_full: expected 2.1, got 2.0");
        assertThatThrownBy(() -> checks.get(2).run()).hasMessageContaining("median: expected 2, got no answer");
    }

    @Test
    void takesARefusalWhereOneIsExpectedAndNowhereElse() throws Exception {
        var checks = checks("""
                [{"name": "refused", "method": "refuses", "expected": {"error": "ValueError"}},
                 {"name": "not refused", "method": "sum", "inputs": {"x": [1]}, "expected": {"error": "ValueError"}},
                 {"name": "wanted", "method": "refuses", "expected": {"value": 1}}]
                """);

        assertThatCode(() -> checks.get(0).run()).doesNotThrowAnyException();
        assertThatThrownBy(() -> checks.get(1).run()).hasMessageContaining("expected a refusal, got 1.0");
        assertThatThrownBy(() -> checks.get(2).run()).hasMessageContaining("refused: no");
    }

    @Test
    void expandsTheShortForms() {
        assertThat(Numbers.expand("2..4")).containsExactly(2, 3, 4);
        assertThat(Numbers.expand("linspace(1,100,100)+2.5"))
                .hasSize(100)
                .startsWith(3.5)
                .endsWith(102.5);
        assertThat(Numbers.expand("3 copies of 0.25-1e-5"))
                .containsExactly(new double[] {0.24999, 0.24999, 0.24999}, within(1e-15));
        assertThat(Numbers.expand("2x10 + 1x-1")).containsExactly(10, 10, -1);
        assertThat(Numbers.expand("1x0,2x1")).containsExactly(0, 1, 1);
        assertThatThrownBy(() -> Numbers.expand("N(0,1)")).isInstanceOf(Unsupported.class);
    }

    private List<Check> checks(String json) throws Exception {
        Files.writeString(folder.resolve("cases.json"), json);
        return CaseFiles.in(folder, List.of(SUMS)).get("cases.json");
    }
}

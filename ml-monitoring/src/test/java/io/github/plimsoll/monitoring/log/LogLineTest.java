package io.github.plimsoll.monitoring.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Ranking;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLineTest {

    private static final ModelId MODEL = new ModelId("bike", "7");
    private static final long TIME = Instant.parse("2026-03-01T12:00:00.250Z").toEpochMilli();

    /** How the golden file was made: each kind of value, source, failure and feature. */
    private static String golden() throws IOException {
        var out = new ByteArrayOutputStream();
        List<Object> values = List.of(
                0.93,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                -0.0f,
                0.1f,
                42,
                Long.MAX_VALUE,
                new BigDecimal("1.50"),
                BigInteger.TEN.pow(20),
                new AtomicInteger(3),
                true,
                "SUMMER\n\"ü\"",
                new double[] {1.5, Double.NEGATIVE_INFINITY},
                new float[] {0.1f},
                ClassProbabilities.of(List.of("default", "repaid"), 0.25, 0.75),
                Ranking.of(List.of("a", "b"), 0.5, 2),
                Instant.ofEpochMilli(TIME),
                List.of("any", 1));
        for (Object value : values) {
            new LogLine().entry(answered(Prediction.Source.MODEL, value, null), out);
        }
        var warning = new Violation("range", "temperature", "99.0", "<= 50", Violation.Severity.WARNING);
        new LogLine()
                .entry(
                        new LogEntry(
                                TIME,
                                "9f-2",
                                MODEL,
                                null,
                                Prediction.Source.CACHE,
                                1.0,
                                999,
                                List.of(),
                                List.of(warning),
                                null),
                        out);
        var error = new Violation("type", "temperature", "secret", "a number", Violation.Severity.ERROR);
        new LogLine()
                .entry(
                        new LogEntry(TIME, "9f-3", MODEL, "invalid", null, null, 0, List.of(error), List.of(), null),
                        out);
        new LogLine(0, 1, 2, 3, 4, 5).entry(answered(Prediction.Source.FALLBACK, 0.5, row()), out);
        new LogLine().dropped(TIME, 17, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static LogEntry answered(Prediction.Source source, Object value, @Nullable FeatureRow features) {
        return new LogEntry(TIME, "9f-1", MODEL, null, source, value, 412_035, List.of(), List.of(), features);
    }

    private static FeatureRow row() {
        Map<String, Object> input = new HashMap<>();
        input.put("temperature", 21.5);
        input.put("wind", "fast");
        input.put("iban", "DE02 1203");
        input.put("nothing", null);
        input.put("at", "2026-03-01T12:00:00Z");
        input.put("embedding", List.of(1, 2.5));
        return Schema.ofMap(
                        Feature.number("temperature"),
                        Feature.number("wind"),
                        Feature.text("iban").sensitive(),
                        Feature.text("nothing").sensitive().nullable(),
                        Feature.timestamp("at"),
                        Feature.tensor("embedding", 2))
                .read(input);
    }

    @Test
    void linesAreWrittenAsTheyAlwaysWere() throws IOException {
        assertThat(golden()).isEqualTo(Files.readString(Path.of("src/test/resources/golden/prediction-log-v1.jsonl")));
    }

    @Test
    void neitherSensitiveNorUnreadableNorObservedValuesAreWritten() throws IOException {
        assertThat(golden()).contains("\"iban\":\"***\"", "\"nothing\":null", "\"invalid\":[\"wind\"]");
        assertThat(golden()).doesNotContain("DE02", "fast", "secret", "99.0");
    }

    @Property
    void everyLineIsOneLineOfJsonThatGivesBackTheText(@ForAll String text, @ForAll double number) throws IOException {
        var out = new ByteArrayOutputStream();
        new LogLine().entry(answered(Prediction.Source.MODEL, text, null), out);
        new LogLine().entry(answered(Prediction.Source.MODEL, number, null), out);

        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);

        assertThat(lines).hasSize(3);
        assertThat(lines[2]).isEmpty();
        assertThat(json(lines[1]).path("value").asDouble()).isEqualTo(number);
        if (isWellFormed(text)) {
            assertThat(json(lines[0]).path("value").asText()).isEqualTo(text);
        }
    }

    private static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    @Test
    void longTextsAreCut() throws IOException {
        var out = new ByteArrayOutputStream();
        new LogLine().entry(answered(Prediction.Source.MODEL, "x".repeat(1_000_000), null), out);

        assertThat(json(out.toString(StandardCharsets.UTF_8)).path("value").asText())
                .hasSize(LogLine.TEXT_LIMIT);
    }

    @Test
    void everyLineHasTheSameFirstFields() throws IOException {
        for (String line : golden().lines().toList()) {
            List<String> names = new ArrayList<>();
            json(line).fieldNames().forEachRemaining(names::add);
            assertThat(names).startsWith("v", "time");
            assertThat(json(line).path("v").asInt()).isEqualTo(1);
        }
    }

    private static JsonNode json(String line) throws IOException {
        return new ObjectMapper().readTree(line);
    }
}

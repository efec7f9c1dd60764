package io.github.plimsoll.monitoring.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(240)
class PredictionLogTest {

    record Ride(
            double temperature,
            @FeatureSpec(sensitive = true) double weight) {}

    /** For a machine that is so busy that a thread stands still for seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    @TempDir
    Path folder;

    private static PredictionLog jsonLines(Path folder) {
        return PredictionLog.jsonLines(folder).closingTime(PATIENCE);
    }

    @Test
    void aLineForEachPredictionWithoutInputs() throws IOException {
        var log = jsonLines(folder);
        String id;
        try (var predictor = predictor(log)) {
            id = predictor.prediction(new Ride(21.5, 77.125)).id();
            assertThatThrownBy(() -> predictor.predict(new Ride(-300.5, 77.125)))
                    .isInstanceOf(ModelExecutionException.class);
        }

        List<JsonNode> lines = lines();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0).path("id").asText()).isEqualTo(id);
        assertThat(lines.get(0).path("value").asDouble()).isEqualTo(43);
        assertThat(lines.get(0).path("outcome").asText()).isEqualTo("success");
        assertThat(lines.get(1).path("outcome").asText()).isEqualTo("error");
        assertThat(lines.toString()).doesNotContain("21.5", "300.5", "77.125", "features");
        assertThat(log.written()).isEqualTo(2);
        assertThat(log.dropped() + log.failed()).isZero();
    }

    @Test
    void featuresOnlyWhereAskedAndSensitiveOnesMasked() throws IOException {
        try (var predictor = predictor(jsonLines(folder).allFeatures())) {
            predictor.predict(new Ride(21.5, 77.125));
        }
        assertThat(lines().get(0).path("features")).hasToString("{\"temperature\":21.5,\"weight\":\"***\"}");

        Path other = folder.resolve("other");
        try (var predictor = predictor(jsonLines(other).features("temperature"))) {
            predictor.predict(new Ride(22.5, 80));
        }
        assertThat(lines(other).get(0).path("features")).hasToString("{\"temperature\":22.5}");
    }

    @Test
    void featuresThatThePredictorLacksAreRefusedWhenItIsBuilt() {
        assertThatIllegalStateException()
                .isThrownBy(() -> predictor(jsonLines(folder).features("temperature", "wind")))
                .withMessage("prediction log: no features [wind] (expected: of [temperature, weight])");
        assertThatIllegalStateException()
                .isThrownBy(() -> function(jsonLines(folder).allFeatures(), (String s) -> s))
                .withMessageContaining("no schema");
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("plimsoll-prediction-log-none"));
    }

    @Test
    void whatFailedAnInputIsNamedWithoutItsValue() throws IOException {
        var json = Schema.ofMap(Feature.number("x"));
        try (var predictor = Plimsoll.use(FakeModel.ofRows("m", 1, row -> 0))
                .as(json, Output.number())
                .with(jsonLines(folder))
                .build()) {
            assertThatThrownBy(() -> predictor.predict(Map.of("x", "secret", "surplus", 1)))
                    .isInstanceOf(InvalidInputException.class);
        }

        assertThat(lines().get(0).path("violations"))
                .hasToString("[{\"code\":\"type\",\"path\":\"x\"},{\"code\":\"unexpected\",\"path\":\"surplus\"}]");
        assertThat(lines().get(0).has("value")).isFalse();
    }

    @Test
    void anArrayIsLoggedAsItWasAnsweredWhateverTheCallerDoesWithIt() throws IOException {
        double[] answer = {1, 2};
        try (var predictor = function(jsonLines(folder), (String input) -> answer)) {
            predictor.predict("x")[0] = 99;
        }

        assertThat(lines().get(0).path("value")).hasToString("[1.0,2.0]");
    }

    @Test
    void filesAreBoundedInSizeAndNumber() throws IOException {
        var log = jsonLines(folder).fileSize(1_024).keepFiles(3);
        try (var predictor = function(log, (Integer input) -> input)) {
            for (int i = 0; i < 100; i++) {
                predictor.predict(i);
            }
        }

        List<Path> files = files(folder);
        assertThat(files).hasSize(3);
        for (Path file : files) {
            assertThat(Files.size(file)).isLessThanOrEqualTo(1_024);
            assertThat(file.getFileName().toString()).matches("predictions-a_b-20260301T120000000Z-\\d{4}\\.jsonl");
        }
        List<JsonNode> lines = lines();
        assertThat(lines.get(lines.size() - 1).path("value").asInt()).isEqualTo(99);
        assertThat(log.written()).isEqualTo(100);
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        Path other = Files.createFile(folder.resolve("predictions-a_b-c-20250301T120000000Z-0001.jsonl"));
        Path foreign = Files.createFile(folder.resolve("predictions-a_b-notes.jsonl"));
        Path old = Files.createFile(folder.resolve("predictions-a_b-20250301T120000000Z-0001.jsonl"));
        Path same = Files.writeString(folder.resolve("predictions-a_b-20260301T120000000Z-0001.jsonl"), "{}\n");
        try (var predictor = function(jsonLines(folder).keepFiles(2), (Integer input) -> input)) {
            predictor.predict(1);
        }

        assertThat(files(folder))
                .contains(other, foreign, same, folder.resolve("predictions-a_b-20260301T120000000Z-0002.jsonl"))
                .doesNotContain(old);
        assertThat(same).hasContent("{}");
    }

    @Test
    void afterAFolderIsDeletedAndMadeAgainTheLogGoesOn() throws IOException {
        var files = new RollingFiles(folder.resolve("log"), "m", 1_024, 16, ManualClock.at(Instant.EPOCH));
        files.open();
        byte[] line = "{}\n".getBytes(StandardCharsets.UTF_8);
        files.write(line, line.length);
        assertThat(files.isOpen()).isTrue();

        Path file = files(folder.resolve("log")).get(0);
        Files.delete(file);
        Files.delete(folder.resolve("log"));

        assertThat(files.isOpen()).isFalse();
        assertThatThrownBy(files::open).isInstanceOf(NoSuchFileException.class);
        Files.createDirectory(folder.resolve("log"));
        files.open();
        files.write(line, line.length);
        files.close();
        assertThat(files(folder.resolve("log")))
                .singleElement()
                .satisfies(made -> assertThat(made).hasContent("{}"));
    }

    @Test
    void predictionsWaitWhileTheFolderIsGone() throws IOException {
        var clock = ManualClock.at(Instant.EPOCH);
        var counters = new LogCounters();
        Path log = folder.resolve("log");
        var files = new RollingFiles(log, "m", 1_024, 16, clock);
        var writer = new LogWriter(new EntryRing(4), new LogLine(), files, counters, clock, "m");
        writer.offer(EntryRingTest.entry("a"));
        writer.drain();
        Files.delete(files(log).get(0));
        Files.delete(log);

        writer.offer(EntryRingTest.entry("b"));
        writer.drain();
        assertThat(counters.written.sum()).isEqualTo(1);

        Files.createDirectory(log);
        clock.advance(LogWriter.RETRY);
        writer.drain();
        assertThat(lines(log))
                .singleElement()
                .satisfies(line -> assertThat(line.path("id").asText()).isEqualTo("b"));
        assertThat(counters.written.sum()).isEqualTo(2);
        assertThat(counters.failed.sum()).isZero();
    }

    @Test
    void aFolderThatCannotBeMadeIsToldWhenThePredictorIsBuilt() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> predictor(jsonLines(file.resolve("log"))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot make the folder " + file.resolve("log"));
    }

    @Test
    void aModelsNameCannotLeaveTheFolder() throws IOException {
        try (var predictor = Plimsoll.function(new ModelId("../../evil", "1"), (Integer i) -> i)
                .with(jsonLines(folder.resolve("log")))
                .build()) {
            predictor.predict(1);
        }

        assertThat(files(folder.resolve("log")).get(0).getFileName().toString()).startsWith("predictions-.._.._evil-");
    }

    @Test
    void linesGoToALoggerOfTheHost() throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger("host.predictions");
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        var appender = new ListAppender<ILoggingEvent>();
        appender.start();
        logger.addAppender(appender);
        var log = PredictionLog.to(logger).closingTime(PATIENCE);
        try (var predictor = function(log, (String input) -> input)) {
            predictor.predict("{} first\nsecond");
            predictor.predict("other");
        }

        assertThat(appender.list).hasSize(2).allMatch(event -> event.getLevel() == Level.INFO);
        JsonNode line = new ObjectMapper().readTree(appender.list.get(0).getFormattedMessage());
        assertThat(line.path("value").asText()).isEqualTo("{} first\nsecond");
        assertThat(appender.list.get(0).getFormattedMessage()).doesNotContain("\n");
        assertThat(log.written()).isEqualTo(2);
    }

    @Test
    void aChangedCopyCountsForItself() {
        var log = jsonLines(folder);
        var copy = log.queueCapacity(16);
        try (var predictor = predictor(copy)) {
            predictor.predict(new Ride(1, 1));
        }

        assertThat(copy.written()).isEqualTo(1);
        assertThat(log.written()).isZero();
    }

    @Test
    void aCallThatComesWhileThePredictorIsClosedIsDroppedAndCounted() {
        var log = jsonLines(folder);
        var closing = new Object() {
            Predictor<Integer, Integer> predictor;
        };
        closing.predictor = function(log, (Integer input) -> {
            closing.predictor.close();
            return input;
        });

        assertThat(closing.predictor.predict(1)).isEqualTo(1);

        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void argumentsThatMakeNoSenseAreRefused() {
        var log = jsonLines(folder);
        assertThatIllegalArgumentException().isThrownBy(() -> log.queueCapacity(3));
        assertThatIllegalArgumentException().isThrownBy(() -> log.fileSize(1_023));
        assertThatIllegalArgumentException().isThrownBy(() -> log.keepFiles(0));
        var toLogger = PredictionLog.to(LoggerFactory.getLogger("x"));
        assertThatIllegalStateException().isThrownBy(() -> toLogger.fileSize(10_000));
        assertThatIllegalStateException().isThrownBy(() -> toLogger.keepFiles(10));
    }

    private static Predictor<Ride, Double> predictor(PredictionLog log) {
        FakeModel model = FakeModel.ofRows("bike", 2, row -> {
            if (row[0] < -273) {
                throw new IllegalArgumentException("too cold: " + row[0]);
            }
            return 2 * row[0];
        });
        return Plimsoll.use(model).as(Ride.class, Output.number()).with(log).build();
    }

    private static <I, O> Predictor<I, O> function(PredictionLog log, Function<I, O> function) {
        return Plimsoll.<I, O>function(new ModelId("a/b", "1"), function)
                .with(log)
                .time(ManualClock.at(Instant.parse("2026-03-01T12:00:00Z")))
                .build();
    }

    private List<JsonNode> lines() throws IOException {
        return lines(folder);
    }

    private static List<JsonNode> lines(Path folder) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> lines = new ArrayList<>();
        for (Path file : files(folder)) {
            for (String line : Files.readAllLines(file)) {
                lines.add(json.readTree(line));
            }
        }
        return lines;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}

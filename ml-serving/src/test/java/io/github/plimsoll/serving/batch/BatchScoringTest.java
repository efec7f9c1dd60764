package io.github.plimsoll.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.serving.batch.BatchException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchScoringTest {

    private static final Schema<TableRow> SCHEMA = Schema.ofTable(Feature.number("x"));

    @TempDir
    Path folder;

    private Path input;
    private Path output;

    @BeforeEach
    void names() {
        input = folder.resolve("in.csv");
        output = folder.resolve("out.csv");
    }

    private static <O> Predictor<TableRow, O> predictor(String version, Function<TableRow, O> function) {
        return Plimsoll.function(new ModelId("rule", version), function)
                .features(SCHEMA)
                .build();
    }

    private static Predictor<TableRow, Double> doubling() {
        return predictor("1", row -> 2 * row.number("x"));
    }

    private BatchScoring<TableRow, Double> scoring(Predictor<TableRow, Double> predictor) {
        return BatchScoring.of(predictor, Table.csv(input)).carrying("id").checkpointEvery(Duration.ZERO);
    }

    /** Rows 0 to n - 1; every 7th number is none, and every 50th record lacks a cell. */
    private void writeRows(int n) throws IOException {
        StringBuilder text = new StringBuilder("id,x\n");
        for (int i = 0; i < n; i++) {
            text.append("r")
                    .append(i)
                    .append(i % 50 == 49 ? "" : "," + (i % 7 == 6 ? "?" : i / 4.0))
                    .append('\n');
        }
        Files.writeString(input, text);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private Path rejects() {
        return folder.resolve("out.csv.rejects.jsonl");
    }

    // ---- what comes out -----------------------------------------------------------------------------------------

    @Test
    void everyRowIsAnsweredInOrder() throws IOException {
        Files.writeString(input, "id,x\na,1\n\"b,c\",2.5\n,3\n");

        BatchSummary summary = scoring(doubling()).toCsv(output);

        assertThat(output).hasContent("id,prediction\na,2.0\n\"b,c\",5.0\n,6.0\n");
        assertThat(summary.rows()).isEqualTo(3);
        assertThat(summary.answered()).isEqualTo(3);
        assertThat(summary.rejected()).isZero();
        assertThat(summary.rejects()).isEmpty();
        assertThat(summary.models()).containsExactly(new ModelId("rule", "1"));
        assertThat(summary.output()).isEqualTo(output);
        assertThat(files()).containsExactly("in.csv", "out.csv");
    }

    @Test
    void jsonLinesComeOutOfAnyTable() throws IOException {
        Files.writeString(input, "{\"id\":7,\"tags\":[1,\"a\"],\"x\":1}\n{\"id\":null,\"x\":2}\n");

        BatchScoring.of(doubling(), Table.jsonLines(input))
                .carrying("id", "tags")
                .column("twice", Prediction::value)
                .column("source", Prediction::source)
                .column("model", Prediction::model)
                .toJsonLines(output);

        assertThat(output).hasContent("""
                        {"id":7,"tags":[1,"a"],"twice":2.0,"source":"MODEL","model":"rule:1"}
                        {"id":null,"tags":null,"twice":4.0,"source":"MODEL","model":"rule:1"}
                        """);
    }

    @Test
    void answersOfAnyTypeHaveAForm() throws IOException {
        Files.writeString(input, "id,x\na,1\n");
        Predictor<TableRow, ClassProbabilities> classes =
                predictor("1", row -> ClassProbabilities.of(List.of("no", "yes"), 0.25, 0.75));

        BatchScoring<TableRow, ClassProbabilities> scoring = BatchScoring.of(classes, Table.csv(input))
                .column("label", p -> p.value().top())
                .column("yes", p -> p.value().of("yes"))
                .column("all", Prediction::value)
                .column("vector", p -> p.value().toArray())
                .column("nothing", p -> null)
                .column("empty", p -> "");

        scoring.toCsv(output);
        scoring.toJsonLines(folder.resolve("out.jsonl"));

        assertThat(output).hasContent("""
                        label,yes,all,vector,nothing,empty
                        yes,0.75,"{""no"":0.25,""yes"":0.75}","[0.25,0.75]",,""
                        """);
        assertThat(folder.resolve("out.jsonl")).hasContent("""
                        {"label":"yes","yes":0.75,"all":{"no":0.25,"yes":0.75},"vector":[0.25,0.75],"nothing":null,"empty":""}
                        """);
    }

    @Test
    void anInputOfAnotherTypeIsMadeOfTheRow() throws IOException {
        Files.writeString(input, "id,x\na,1\nb,?\n");
        Predictor<Double, Double> negating =
                Plimsoll.function(new ModelId("rule", "1"), (Double x) -> -x).build();

        BatchScoring.of(negating, Table.csv(input), row -> row.number("x"))
                .carrying("id")
                .toCsv(output);

        assertThat(output).hasContent("id,prediction\na,-1.0\n");
        assertThat(rejects()).content().contains("\"code\":\"type\",\"features\":[\"x\"]");
    }

    @Test
    void aTableWithoutRowsHasAnOutputWithoutRows() throws IOException {
        Files.writeString(input, "id,x\n");

        assertThat(scoring(doubling()).toCsv(output).rows()).isZero();

        assertThat(output).hasContent("id,prediction\n");
    }

    // ---- rejects ------------------------------------------------------------------------------------------------

    @Test
    void whatCannotBeAnsweredIsRejectedAloneAndInOrder() throws IOException {
        Files.writeString(input, "id,x\na,1\nb,?\nc\nd,-1\ne,5\n");
        Predictor<TableRow, Double> roots = predictor("1", row -> {
            if (row.number("x") < 0) {
                throw new IllegalArgumentException("negative");
            }
            return Math.sqrt(row.number("x"));
        });

        BatchSummary summary = scoring(roots).rejecting(9).errorColumn("error").toCsv(output);

        assertThat(output).hasContent("id,prediction,error\na,1.0,\nb,,type\nd,,error\ne,2.23606797749979,\n");
        assertThat(Files.readAllLines(rejects()))
                .containsExactly(
                        "{\"line\":3,\"offset\":9,\"reasons\":[{\"code\":\"type\",\"features\":[\"x\"]}],"
                                + "\"message\":\"invalid input: x: '?' (expected: a number)\",\"record\":\"b,?\"}",
                        "{\"line\":4,\"offset\":13,\"reasons\":[{\"code\":\"ragged\"}],"
                                + "\"message\":\"'x': 1 cells (expected: 2, as there are columns)\",\"record\":\"c\"}",
                        "{\"line\":5,\"offset\":15,\"reasons\":[{\"code\":\"error\"}],"
                                + "\"message\":\"model rule:1 failed: java.lang.IllegalArgumentException: negative\","
                                + "\"record\":\"d,-1\"}");
        assertThat(summary.rows()).isEqualTo(5);
        assertThat(summary.answered()).isEqualTo(2);
        assertThat(summary.rejected()).isEqualTo(3);
        assertThat(summary.reasons()).isEqualTo(Map.of("type", 1L, "ragged", 1L, "error", 1L));
        assertThat(summary.rejects()).contains(rejects());
    }

    @Test
    void recordsAreLeftOutOfTheRejectsIfTheHostSaysSo() throws IOException {
        Files.writeString(input, "id,x\nsecret,?\nb,1\n");

        scoring(doubling()).withoutRecords().toCsv(output);

        assertThat(rejects()).content().contains("\"line\":2").doesNotContain("secret");
    }

    @Test
    void tooManyRejectsStopTheRunAndALargerLimitGoesOn() throws IOException {
        writeRows(3000);

        BatchException stop = catchThrowableOfType(
                BatchException.class,
                () -> scoring(doubling()).batches(100).rejecting(20).toCsv(output));

        assertThat(stop.reason()).isEqualTo(Reason.TOO_MANY_REJECTS);
        assertThat(stop)
                .hasMessageContaining("33 of 204 records rejected {ragged=4, type=29}")
                .hasMessageContaining("at most 20");
        BatchSummary summary =
                scoring(doubling()).batches(100).rejectingShare(0.2).toCsv(output);
        assertThat(summary.resumedRows()).isEqualTo(204);
        assertSameAsInOneGo(summary);
    }

    @Test
    void aTableOfWhichMoreThanHalfIsRejectedStops() throws IOException {
        Files.writeString(input, "id,y\n" + "a,1\n".repeat(5000));

        assertThatThrownBy(() -> scoring(doubling()).toCsv(output))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("1024 of 1024 records rejected {missing=1024} (expected: at most 50.0 %)");
    }

    private void assertSameAsInOneGo(BatchSummary resumed) throws IOException {
        Path whole = folder.resolve("whole.csv");
        BatchSummary summary = scoring(doubling()).batches(100).startingOver().toCsv(whole);
        assertThat(resumed.output()).hasSameBinaryContentAs(whole);
        assertThat(resumed.rejects().orElseThrow())
                .hasSameBinaryContentAs(summary.rejects().orElseThrow());
        assertThat(resumed.rows()).isEqualTo(summary.rows());
        assertThat(resumed.answered()).isEqualTo(summary.answered());
        assertThat(resumed.reasons()).isEqualTo(summary.reasons());
    }

    // ---- stopping and going on ----------------------------------------------------------------------------------

    @Test
    void anInterruptStopsAtACheckpointAndTheNextRunGoesOn() throws IOException {
        writeRows(3000);
        Consumer<BatchProgress> interrupting = progress -> {
            if (progress.rows() > 1000) {
                Thread.currentThread().interrupt();
            }
        };

        BatchException stop = catchThrowableOfType(
                BatchException.class,
                () -> scoring(doubling())
                        .batches(100)
                        .progress(Duration.ZERO, interrupting)
                        .toCsv(output));

        assertThat(Thread.interrupted()).as("the flag is set again").isTrue();
        assertThat(stop.reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(files())
                .containsExactly("in.csv", "out.csv.checkpoint", "out.csv.part", "out.csv.rejects.jsonl.part");
        BatchSummary summary = scoring(doubling()).batches(100).toCsv(output);
        assertThat(summary.resumedRows()).isGreaterThan(1000).isLessThan(1200);
        assertSameAsInOneGo(summary);
        assertThat(files()).doesNotContain("out.csv.checkpoint", "out.csv.part", "out.csv.rejects.jsonl.part");
    }

    @Test
    void anInterruptWhileTheModelWorksMakesNoRowFail() throws IOException {
        writeRows(500);
        AtomicInteger calls = new AtomicInteger();
        Predictor<TableRow, Double> waiting = predictor("1", row -> {
            if (calls.incrementAndGet() == 250) {
                Thread.currentThread().interrupt();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while waiting");
            }
            return 2 * row.number("x");
        });

        assertThatThrownBy(() -> scoring(waiting).batches(100).toCsv(output)).isInstanceOf(BatchException.class);
        assertThat(Thread.interrupted()).isTrue();

        assertSameAsInOneGo(scoring(doubling()).batches(100).toCsv(output));
    }

    @Test
    void aProgressListenerThatThrowsStopsAtACheckpoint() throws IOException {
        writeRows(500);

        assertThatThrownBy(() -> scoring(doubling())
                        .batches(100)
                        .progress(Duration.ZERO, p -> {
                            throw new IllegalStateException("enough");
                        })
                        .toCsv(output))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("enough");

        assertSameAsInOneGo(scoring(doubling()).batches(100).toCsv(output));
    }

    @Test
    void rowsWrittenAfterTheLastCheckpointAreWrittenAgainOnlyOnce() throws IOException {
        writeRows(1000);
        stopAfter(400);
        Files.writeString(folder.resolve("out.csv.part"), "r9,half a ro", java.nio.file.StandardOpenOption.APPEND);
        Files.writeString(
                folder.resolve("out.csv.rejects.jsonl.part"), "{\"li", java.nio.file.StandardOpenOption.APPEND);

        assertSameAsInOneGo(scoring(doubling()).batches(100).toCsv(output));
    }

    private void stopAfter(int rows) {
        assertThatThrownBy(() -> scoring(doubling())
                        .batches(100)
                        .progress(Duration.ZERO, p -> {
                            if (p.rows() >= rows) {
                                throw new IllegalStateException("enough");
                            }
                        })
                        .toCsv(output))
                .hasMessage("enough");
    }

    @Test
    void aRunThatDiedBetweenTheLastCheckpointAndTheNamesIsFinished() throws IOException {
        writeRows(500);
        scoring(doubling()).batches(100).progress(Duration.ZERO, p -> {}).toCsv(output);
        byte[] whole = Files.readAllBytes(output);
        // The state that a kill between the two leaves behind, made by stopping in the last telling of progress.
        Files.delete(output);
        Files.delete(rejects());
        assertThatThrownBy(() -> scoring(doubling())
                        .batches(100)
                        .progress(Duration.ZERO, p -> {
                            if (p.isLast()) {
                                throw new IllegalStateException("dead");
                            }
                        })
                        .toCsv(output))
                .hasMessage("dead");
        assertThat(folder.resolve("out.csv.checkpoint")).content().contains("\"complete\" : true");
        Predictor<TableRow, Double> unasked = predictor("1", row -> {
            throw new AssertionError("asked again");
        });

        BatchSummary summary = scoring(unasked).batches(100).toCsv(output);

        assertThat(output).hasBinaryContent(whole);
        assertThat(summary.rows()).isEqualTo(500);
        assertThat(files()).containsExactly("in.csv", "out.csv", "out.csv.rejects.jsonl");
    }

    @Test
    void rowsOfTheHostAreResumedByTheirNumber() throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            rows.add(Map.of("id", i, "x", i));
        }
        BatchScoring<TableRow, Double> scoring = BatchScoring.of(doubling(), Table.rows(rows))
                .carrying("id")
                .batches(100)
                .checkpointEvery(Duration.ZERO);
        assertThatThrownBy(() -> scoring.progress(Duration.ZERO, p -> {
                            throw new IllegalStateException("enough");
                        })
                        .toCsv(output))
                .hasMessage("enough");

        assertThat(scoring.toCsv(output).resumedRows()).isEqualTo(100);

        assertThat(Files.readAllLines(output)).hasSize(501).endsWith("499,998.0");
    }

    // ---- what does not fit together -----------------------------------------------------------------------------

    @Test
    void aFinishedOutputIsNotTouchedUnlessTheHostStartsOver() throws IOException {
        writeRows(100);
        Files.writeString(output, "precious");

        BatchException refused = catchThrowableOfType(
                BatchException.class, () -> scoring(doubling()).toCsv(output));

        assertThat(refused.reason()).isEqualTo(Reason.OUTPUT_EXISTS);
        assertThat(output).hasContent("precious");
        assertThat(files()).containsExactly("in.csv", "out.csv");
        scoring(doubling()).startingOver().toCsv(output);
        assertThat(Files.readAllLines(output)).hasSizeGreaterThan(50);
    }

    @Test
    void anotherInputIsNoticed() throws IOException {
        writeRows(1000);
        stopAfter(400);
        String before = Files.readString(input);
        Files.writeString(input, before.replace("r999", "r998"));

        BatchException refused = catchThrowableOfType(
                BatchException.class, () -> scoring(doubling()).batches(100).toCsv(output));

        assertThat(refused.reason()).isEqualTo(Reason.INPUT_CHANGED);
        Files.writeString(input, before);
        assertSameAsInOneGo(scoring(doubling()).batches(100).toCsv(output));
    }

    @Test
    void anInputThatGrowsWhileItIsReadIsNoticed() throws IOException {
        writeRows(500);

        BatchException refused = catchThrowableOfType(
                BatchException.class,
                () -> scoring(doubling())
                        .batches(100)
                        .progress(Duration.ZERO, p -> append(input, "more,1\n"))
                        .toCsv(output));

        assertThat(refused.reason()).isEqualTo(Reason.INPUT_CHANGED);
        assertThat(output).doesNotExist();
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, java.nio.file.StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void otherSettingsAreNoticed() throws IOException {
        writeRows(1000);
        stopAfter(400);

        BatchException refused = catchThrowableOfType(
                BatchException.class, () -> scoring(doubling()).batches(99).toCsv(output));

        assertThat(refused.reason()).isEqualTo(Reason.SETTINGS_CHANGED);
        assertThat(refused).hasMessageContaining("batches of 100").hasMessageContaining("batches of 99");
    }

    @Test
    void anotherModelIsNoticed() throws IOException {
        writeRows(1000);
        stopAfter(400);
        Predictor<TableRow, Double> other = predictor("2", row -> 3 * row.number("x"));

        BatchException refused = catchThrowableOfType(
                BatchException.class, () -> scoring(other).batches(100).toCsv(output));

        assertThat(refused.reason()).isEqualTo(Reason.MODEL_CHANGED);
        assertThat(refused).hasMessageContaining("rule:2").hasMessageContaining("rule:1");
        assertSameAsInOneGo(scoring(doubling()).batches(100).toCsv(output));
    }

    @Test
    void anOutputThatLostBytesAndABrokenCheckpointAreNoticed() throws IOException {
        writeRows(1000);
        stopAfter(400);
        Files.writeString(folder.resolve("out.csv.part"), "id");

        assertThat(catchThrowableOfType(
                                BatchException.class,
                                () -> scoring(doubling()).batches(100).toCsv(output))
                        .reason())
                .isEqualTo(Reason.OUTPUT_CHANGED);
        Files.writeString(folder.resolve("out.csv.checkpoint"), "{\"form\":2}");
        assertThat(catchThrowableOfType(
                                BatchException.class,
                                () -> scoring(doubling()).batches(100).toCsv(output))
                        .reason())
                .isEqualTo(Reason.CHECKPOINT_UNREADABLE);
        assertSameAsInOneGo(scoring(doubling()).batches(100).startingOver().toCsv(output));
    }

    @Test
    void twoRunsDoNotWriteOneOutput() throws IOException {
        writeRows(300);
        List<Reason> second = new ArrayList<>();

        scoring(doubling())
                .batches(100)
                .progress(Duration.ZERO, p -> {
                    if (!p.isLast()) {
                        second.add(catchThrowableOfType(
                                        BatchException.class,
                                        () -> scoring(doubling()).batches(100).toCsv(output))
                                .reason());
                    }
                })
                .toCsv(output);

        assertThat(second).isNotEmpty().containsOnly(Reason.OUTPUT_IN_USE);
        assertSameAsInOneGo(scoring(doubling()).batches(100).startingOver().toCsv(output));
    }

    @Test
    void aRunThatCannotBeginLeavesNothingBehind() throws IOException {
        assertThatThrownBy(() -> scoring(doubling()).toCsv(output))
                .isInstanceOf(TableException.class)
                .hasMessageContaining("in.csv");
        writeRows(3);
        assertThatThrownBy(() -> scoring(doubling()).carrying("name").toCsv(output))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("carried column: 'name' (expected: one of [id, x])");
        assertThat(files()).containsExactly("in.csv");
        assertThat(catchThrowableOfType(
                                BatchException.class,
                                () -> scoring(doubling()).toCsv(folder.resolve("no/such/folder.csv")))
                        .reason())
                .isEqualTo(Reason.WRITE_FAILED);
        assertThatThrownBy(() -> scoring(doubling()).column("id", Prediction::id))
                .isInstanceOf(IllegalArgumentException.class);
    }

    // ---- failures -----------------------------------------------------------------------------------------------

    @Test
    void aFullDiskStopsTheRunAndSpaceLetsItGoOn() throws IOException {
        writeRows(1000);
        BatchScoring<TableRow, Double> scoring = scoring(doubling()).batches(100);
        int[] room = {12_000};
        BatchRun.Opener small = path -> new OutputFile(path) {
            @Override
            void write(byte[] bytes) throws IOException {
                room[0] -= bytes.length;
                if (room[0] < 0) {
                    super.write(java.util.Arrays.copyOf(bytes, bytes.length / 2)); // as a disk does that fills up
                    throw new IOException("No space left on device");
                }
                super.write(bytes);
            }
        };

        BatchException stop = catchThrowableOfType(
                BatchException.class, () -> new BatchRun<>(scoring, OutputForm.CSV, output, small).run());

        assertThat(stop.reason()).isEqualTo(Reason.WRITE_FAILED);
        assertThat(stop).hasMessageContaining("No space left on device");
        BatchSummary summary = scoring.toCsv(output);
        assertThat(summary.resumedRows()).isPositive();
        assertSameAsInOneGo(summary);
    }

    @Test
    void aPredictorThatIsClosedStopsTheRunInsteadOfRejectingEverything() throws IOException {
        writeRows(1000);
        Predictor<TableRow, Double> predictor = doubling();

        BatchException stop = catchThrowableOfType(
                BatchException.class,
                () -> scoring(predictor)
                        .batches(100)
                        .progress(Duration.ZERO, p -> predictor.close())
                        .toCsv(output));

        assertThat(stop.reason()).isEqualTo(Reason.PREDICTOR_FAILED);
        assertSameAsInOneGo(scoring(doubling()).batches(100).toCsv(output));
    }

    @Test
    void anErrorPassesThroughAndTheNextRunGoesOn() throws IOException {
        writeRows(1000);
        AtomicInteger calls = new AtomicInteger();
        Predictor<TableRow, Double> dying = predictor("1", row -> {
            if (calls.incrementAndGet() > 300) {
                throw new OutOfMemoryError("no more");
            }
            return 2 * row.number("x");
        });

        assertThatThrownBy(() -> scoring(dying).batches(100).toCsv(output)).isInstanceOf(OutOfMemoryError.class);

        assertSameAsInOneGo(scoring(doubling()).batches(100).toCsv(output));
    }

    // ---- threads ------------------------------------------------------------------------------------------------

    @Test
    void threadsOfTheHostChangeNothingInTheOutput() throws IOException {
        writeRows(6_000);
        ExecutorService pool = Executors.newFixedThreadPool(3);
        try {
            assertSameAsInOneGo(
                    scoring(doubling()).batches(100).executor(pool, 4).toCsv(output));
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void anExecutorThatRefusesOrForgetsMakesARunSlowNotWrong() throws IOException {
        writeRows(1000);
        assertSameAsInOneGo(scoring(doubling())
                .batches(100)
                .executor(
                        task -> {
                            throw new RejectedExecutionException("full");
                        },
                        4)
                .toCsv(output));
        assertSameAsInOneGo(scoring(doubling())
                .batches(100)
                .executor(task -> {}, 4)
                .startingOver()
                .toCsv(output));
    }

    @Test
    void noBatchIsBeingScoredWhenARunHasReturned() throws IOException {
        writeRows(5000);
        AtomicInteger running = new AtomicInteger();
        Predictor<TableRow, Double> counting = predictor("1", row -> {
            running.incrementAndGet();
            try {
                return 2 * row.number("x");
            } finally {
                running.decrementAndGet();
            }
        });
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            assertThatThrownBy(() -> scoring(counting)
                            .batches(50)
                            .executor(pool, 5)
                            .progress(Duration.ZERO, p -> Thread.currentThread().interrupt())
                            .toCsv(output))
                    .isInstanceOf(BatchException.class);

            assertThat(running).hasValue(0);
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            pool.shutdownNow();
        }
    }

    // ---- progress -----------------------------------------------------------------------------------------------

    @Test
    void progressIsToldByTheClockOfTheHost() throws IOException {
        writeRows(1000);
        ManualClock clock = ManualClock.at(Instant.EPOCH);
        Predictor<TableRow, Double> slow = predictor("1", row -> {
            clock.advance(Duration.ofMillis(1));
            return row.number("x");
        });
        List<BatchProgress> told = new ArrayList<>();

        scoring(slow)
                .batches(100)
                .time(clock)
                .progress(Duration.ofMillis(200), told::add)
                .toCsv(output);

        assertThat(told).hasSizeBetween(4, 6);
        BatchProgress last = told.get(told.size() - 1);
        assertThat(last.isLast()).isTrue();
        assertThat(last.rows()).isEqualTo(1000);
        assertThat(last.share()).hasValue(1);
        assertThat(last.bytes()).isEqualTo(Files.size(input)).isEqualTo(last.totalBytes());
        assertThat(told).extracting(BatchProgress::rows).isSorted();
    }
}

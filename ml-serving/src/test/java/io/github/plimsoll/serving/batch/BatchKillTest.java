package io.github.plimsoll.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of a run, again and again, loses and repeats nothing. */
@Timeout(300)
class BatchKillTest {

    private static final int ROWS = 60_000;
    private static final int KILLS = 5;
    private static final int AHEAD = 10; // batches that a run may be ahead of what was heard of it

    @TempDir
    Path folder;

    /**
     * The run, in a process of its own: scores the first argument into the second and says after each batch how far it is. It goes
     * on only as it is answered, a byte for a batch, so that it cannot come to its end before a test that is slow to kill it.
     */
    static final class Run {

        private Run() {}

        public static void main(String[] args) throws IOException {
            ExecutorService pool = Executors.newSingleThreadExecutor(task -> {
                Thread thread = new Thread(task);
                thread.setDaemon(true);
                return thread;
            });
            int[] said = {0};
            score(Path.of(args[0]), Path.of(args[1]), pool, progress -> {
                System.out.println(progress.rows());
                if (++said[0] > AHEAD) {
                    awaitAnswer();
                }
            });
            System.out.close();
            System.in.transferTo(OutputStream.nullOutputStream()); // nobody writes to a process that has gone
        }

        private static void awaitAnswer() {
            try {
                assertThat(System.in.read()).isNotNegative();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static BatchSummary score(Path input, Path output, ExecutorService pool, Consumer<BatchProgress> progress) {
        Schema<TableRow> schema = Schema.ofTable(Feature.number("x"));
        var rule = Plimsoll.function(new ModelId("rule", "1"), (TableRow row) -> Math.exp(row.number("x")))
                .features(schema)
                .build();
        return BatchScoring.of(rule, Table.csv(input))
                .carrying("id", "note")
                .batches(200)
                .executor(pool, 2)
                .checkpointEvery(Duration.ofMillis(3))
                .progress(Duration.ZERO, progress)
                .toCsv(output);
    }

    @Test
    void theOutputIsThatOfARunThatWasNeverKilled() throws Exception {
        Path input = folder.resolve("in.csv");
        StringBuilder text = new StringBuilder("id,note,x\n");
        for (int i = 0; i < ROWS; i++) {
            text.append(i).append(i % 5 == 0 ? ",\"two\nlines\"," : ",,");
            text.append(i % 11 == 10 ? "none" : i / 7.0 % 1).append(i % 501 == 500 ? ",surplus\n" : "\n");
        }
        Files.writeString(input, text);
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            score(input, folder.resolve("whole.csv"), pool, progress -> {});
        } finally {
            pool.shutdownNow();
        }
        Path output = folder.resolve("out.csv");
        SplittableRandom random = new SplittableRandom(20261121);

        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            killed += killAfter(random.nextInt(1, 60), input, output) ? 1 : 0;
            assertThat(output).doesNotExist();
        }
        boolean finished = !killAfter(Integer.MAX_VALUE, input, output);

        assertThat(killed).isEqualTo(KILLS);
        assertThat(finished).isTrue();
        assertThat(output).hasSameBinaryContentAs(folder.resolve("whole.csv"));
        assertThat(folder.resolve("out.csv.rejects.jsonl"))
                .hasSameBinaryContentAs(folder.resolve("whole.csv.rejects.jsonl"));
    }

    /** Runs a process and kills it when it has said so many batches; false if it ended before. */
    private static boolean killAfter(int batches, Path input, Path output) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-XX:+UseSerialGC",
                        Run.class.getName(),
                        input.toString(),
                        output.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader said =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                OutputStream answers = process.getOutputStream()) {
            for (int i = 0; i < batches; i++) {
                if (said.readLine() == null) {
                    answers.close();
                    assertThat(process.waitFor()).isZero();
                    return false;
                }
                answers.write(1);
                answers.flush();
            }
            process.destroyForcibly().waitFor(); // before the streams are closed, which it could see
            return true;
        } finally {
            process.destroyForcibly();
        }
    }
}

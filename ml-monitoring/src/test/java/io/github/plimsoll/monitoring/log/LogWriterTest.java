package io.github.plimsoll.monitoring.log;

import static io.github.plimsoll.monitoring.log.EntryRingTest.entry;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer without its thread, so that each step is a step of the test; with it only where the thread is the point. */
@Timeout(240)
class LogWriterTest {

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final LogCounters counters = new LogCounters();
    private final ScriptedSink sink = new ScriptedSink();

    /** A disk that does as it is told. */
    private static final class ScriptedSink implements LineSink {
        final List<String> lines = new ArrayList<>();
        boolean canOpen = true;
        boolean canWrite = true;
        boolean broken;
        boolean open;
        int opened;
        int closed;
        int writes;
        int batchSize = 1 << 16;

        @Nullable
        CountDownLatch writing;

        @Nullable
        CountDownLatch mayWrite;

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void open() throws IOException {
            opened++;
            if (!canOpen) {
                throw new IOException("folder gone");
            }
            open = true;
        }

        @Override
        public int batchSize() {
            return batchSize;
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            writes++;
            if (writing != null) {
                writing.countDown();
                awaitUninterruptibly(mayWrite);
            }
            if (broken) {
                throw new InternalError("a bug of the JVM");
            }
            if (!canWrite) {
                throw new IOException("disk full");
            }
            lines.addAll(
                    new String(bytes, 0, length, StandardCharsets.UTF_8).lines().toList());
        }

        private static void awaitUninterruptibly(CountDownLatch latch) {
            boolean done = false;
            while (!done) {
                try {
                    latch.await();
                    done = true;
                } catch (InterruptedException ignored) {
                    // a disk that hangs cannot be interrupted either
                }
            }
        }

        @Override
        public void close() {
            closed++;
            open = false;
        }

        List<String> ids() {
            return lines.stream()
                    .map(line -> line.contains("\"dropped\"")
                            ? line.replaceAll(".*(\"dropped\":\\d+).*", "$1")
                            : line.replaceAll(".*\"id\":\"(\\w+)\".*", "$1"))
                    .toList();
        }
    }

    private LogWriter writer(int capacity) {
        return writer(capacity, "m");
    }

    private LogWriter writer(int capacity, String name) {
        return new LogWriter(new EntryRing(capacity), new LogLine(), sink, counters, clock, name);
    }

    private void assertCounted(long written, long dropped, long failed) {
        assertThat(new long[] {counters.written.sum(), counters.dropped.sum(), counters.failed.sum()})
                .as("written, dropped, failed")
                .containsExactly(written, dropped, failed);
    }

    @Test
    void opensWhenThereIsSomethingAndWritesOneBatch() {
        LogWriter writer = writer(8);
        writer.drain();
        assertThat(sink.opened).isZero();

        writer.offer(entry("a"));
        writer.offer(entry("b"));
        writer.drain();

        assertThat(sink.ids()).containsExactly("a", "b");
        assertThat(sink.writes).isEqualTo(1);
        assertCounted(2, 0, 0);
    }

    @Test
    void aFullQueueDropsTheNewestAndTheLogSaysHowMany() {
        LogWriter writer = writer(4);
        for (String id : List.of("a", "b", "c", "d", "e", "f")) {
            writer.offer(entry(id));
        }
        assertCounted(0, 2, 0);

        writer.drain();
        writer.offer(entry("g"));
        writer.drain();

        assertThat(sink.ids()).containsExactly("\"dropped\":2", "a", "b", "c", "d", "g");
        assertThat(sink.lines.get(0)).isEqualTo("{\"v\":1,\"time\":\"2026-03-01T12:00:00.000Z\",\"dropped\":2}");
        assertCounted(5, 2, 0);
    }

    @Test
    void whileTheFolderIsGonePredictionsWaitAndItIsTriedAgainEachSecond() {
        sink.canOpen = false;
        LogWriter writer = writer(4);
        writer.offer(entry("a"));
        for (int i = 0; i < 10; i++) {
            writer.drain();
        }
        assertThat(sink.opened).isEqualTo(1);
        clock.advance(Duration.ofMillis(999));
        writer.drain();
        assertThat(sink.opened).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));
        writer.drain();
        assertThat(sink.opened).isEqualTo(2);

        sink.canOpen = true;
        clock.advance(LogWriter.RETRY);
        writer.drain();
        assertThat(sink.ids()).containsExactly("a");
        assertCounted(1, 0, 0);
    }

    @Test
    void aFullDiskFailsWhatWasBeingWrittenAndNothingElse() {
        LogWriter writer = writer(8);
        sink.canWrite = false;
        writer.offer(entry("a"));
        writer.offer(entry("b"));
        writer.drain();
        assertCounted(0, 0, 2);
        assertThat(sink.closed).isEqualTo(1);

        sink.canWrite = true;
        writer.offer(entry("c"));
        writer.drain();
        assertCounted(0, 0, 2);

        clock.advance(LogWriter.RETRY);
        writer.drain();
        assertThat(sink.ids()).containsExactly("c");
        assertCounted(1, 0, 2);
    }

    @Test
    void dropsThatCouldNotBeReportedAreReportedLater() {
        LogWriter writer = writer(4);
        sink.canWrite = false;
        for (int i = 0; i < 7; i++) {
            writer.offer(entry("a"));
        }
        writer.drain();
        sink.canWrite = true;
        clock.advance(LogWriter.RETRY);
        writer.offer(entry("b"));
        writer.drain();

        assertThat(sink.ids()).containsExactly("\"dropped\":3", "b");
        assertCounted(1, 3, 4);
    }

    @Test
    void aValueThatCannotBeRenderedFailsAlone() {
        LogWriter writer = writer(8);
        Object bad = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no text");
            }
        };
        writer.offer(entry("a"));
        writer.offer(new LogEntry(
                0, "bad", new ModelId("m", "1"), null, Prediction.Source.MODEL, bad, 0, List.of(), List.of(), null));
        writer.offer(entry("b"));
        writer.drain();

        assertThat(sink.ids()).containsExactly("a", "b");
        assertCounted(2, 0, 1);
    }

    @Test
    void batchesKeepToTheSizeAndNoLineIsSplitOrLost() {
        sink.batchSize = 300;
        LogWriter writer = writer(64);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add("e" + i);
            writer.offer(entry("e" + i));
        }
        writer.drain();

        assertThat(sink.ids()).isEqualTo(ids);
        assertThat(sink.writes).isEqualTo(10);
        assertCounted(20, 0, 0);
    }

    @Test
    void theEndWritesWhatIsLeftEvenBeforeTheNextAttemptIsDue() {
        LogWriter writer = writer(8);
        sink.canOpen = false;
        writer.offer(entry("a"));
        writer.drain();
        sink.canOpen = true;

        writer.close();
        writer.finish();

        assertThat(sink.ids()).containsExactly("a");
        writer.offer(entry("late"));
        assertCounted(1, 1, 0);
    }

    @Test
    void whatCannotBeWrittenAtTheEndHasFailed() {
        LogWriter writer = writer(8);
        sink.canOpen = false;
        writer.offer(entry("a"));
        writer.offer(entry("b"));

        writer.close();
        writer.finish();

        assertCounted(0, 0, 2);
    }

    @Test
    void theEndOfALogWhoseWritesFailAndWhichIsFullComesToAnEnd() {
        LogWriter writer = writer(4);
        sink.canWrite = false;
        sink.batchSize = 1;
        for (int i = 0; i < 6; i++) {
            writer.offer(entry("a"));
        }

        writer.close();
        writer.finish();

        assertCounted(0, 2, 4);
    }

    // ---- with the thread ------------------------------------------------------------------------------------------

    @Test
    void closingWritesEverythingOutAlsoWhenTheClosingThreadIsInterrupted() {
        LogWriter writer = writer(1_024);
        writer.start(Duration.ofSeconds(50));
        for (int i = 0; i < 1_000; i++) {
            writer.offer(entry("a"));
        }

        Thread.currentThread().interrupt();
        writer.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(sink.lines).hasSize(1_000);
        assertThat(sink.open).isFalse();
        assertCounted(1_000, 0, 0);
        writer.close();
    }

    @Test
    void aDiskThatHangsHoldsNobodyUpAndEverythingIsCountedInTheEnd() throws InterruptedException {
        sink.writing = new CountDownLatch(1);
        sink.mayWrite = new CountDownLatch(1);
        LogWriter writer = writer(4, "hangs");
        writer.start(Duration.ofMillis(1));
        writer.offer(entry("a"));
        sink.writing.await();
        for (int i = 0; i < 10; i++) {
            writer.offer(entry("b"));
        }
        assertThat(counters.dropped.sum()).isEqualTo(6);

        Thread writing = threadCalled("plimsoll-prediction-log-hangs");
        writer.close();
        assertThat(writing.isAlive()).isTrue();
        assertThat(writing.isDaemon()).isTrue();

        sink.mayWrite.countDown();
        writing.join();
        assertCounted(1, 6, 4);
    }

    @Test
    void whenAnErrorEndsTheThreadWhatComesAfterIsCountedAsDropped() throws InterruptedException {
        sink.broken = true;
        var ended = new CountDownLatch(1);
        LogWriter writer = writer(4);
        Thread thread = new Thread(writer);
        thread.setUncaughtExceptionHandler((t, error) -> ended.countDown());
        for (int i = 0; i < 4; i++) {
            writer.offer(entry("a"));
        }

        thread.start();
        ended.await();
        writer.offer(entry("b"));

        assertThat(counters.dropped.sum()).isEqualTo(1);
    }

    @Test
    void eightThreadsAndAWriterCountEveryPredictionOnce() throws InterruptedException {
        LogWriter writer = writer(64);
        writer.start(Duration.ofSeconds(50));
        List<Thread> threads = new ArrayList<>();
        var start = new CountDownLatch(1);
        for (int t = 0; t < 8; t++) {
            Thread thread = new Thread(() -> {
                ScriptedSink.awaitUninterruptibly(start);
                for (int i = 0; i < 5_000; i++) {
                    writer.offer(entry("a"));
                }
            });
            thread.start();
            threads.add(thread);
        }
        start.countDown();
        writer.close(); // in the middle of it
        for (Thread thread : threads) {
            thread.join();
        }

        long written = counters.written.sum();
        assertThat(sink.ids().stream().filter("a"::equals).count()).isEqualTo(written);
        assertCounted(written, 40_000 - written, 0);
    }

    private static Thread threadCalled(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name) && thread.isAlive())
                .findFirst()
                .orElseThrow();
    }
}

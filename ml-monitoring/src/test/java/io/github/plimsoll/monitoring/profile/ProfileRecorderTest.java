package io.github.plimsoll.monitoring.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileRecorderTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("x"), Feature.category("c", "A", "B"), Feature.category("open"), Feature.bool("b"));
    private static final List<FeatureRow> ROWS = IntStream.range(0, 200)
            .mapToObj(i -> SCHEMA.read(
                    Map.of("x", i / 2.0, "c", i % 3 == 0 ? "A" : "B", "open", "o" + i % 7, "b", i % 2 == 0)))
            .toList();
    private static final Baseline BASELINE = Baseline.of(SCHEMA.features(), ROWS);

    /** With the overflow only, one stripe (all others overflow), few and the usual number of stripes. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8})
    void eightThreadsLoseNoCountWhileWindowsAreSwapped(int stripes) throws Exception {
        ProfileRecorder recorder = new ProfileRecorder(BASELINE, stripes);
        int threads = 8;
        int rounds = 100;
        var start = new CountDownLatch(1);
        var running = new AtomicInteger(threads);
        var pool = Executors.newFixedThreadPool(threads);
        List<Future<?>> writers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            writers.add(pool.submit(() -> {
                start.await();
                for (int round = 0; round < rounds; round++) {
                    ROWS.forEach(recorder::record);
                }
                return running.decrementAndGet();
            }));
        }
        start.countDown();
        Profile sum = recorder.reset();
        while (running.get() > 0) {
            sum = sum.merge(recorder.reset());
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        pool.shutdown();
        sum = sum.merge(recorder.reset());

        ProfileRecorder alone = BASELINE.recorder();
        ROWS.forEach(alone::record);
        Profile once = alone.snapshot();
        for (int f = 0; f < once.features().size(); f++) {
            for (int cell = 0; cell < BASELINE.features().get(f).cells().size(); cell++) {
                assertThat(sum.features().get(f).count(cell))
                        .isEqualTo(once.features().get(f).count(cell) * threads * rounds);
            }
        }
        assertThat(recorder.snapshot().rows()).isZero();
    }

    @Test
    void aSnapshotDoesNotMove() {
        ProfileRecorder recorder = BASELINE.recorder();
        recorder.record(ROWS.get(0));
        Profile snapshot = recorder.snapshot();

        recorder.record(ROWS.get(1));

        assertThat(snapshot.rows()).isEqualTo(1);
        assertThat(recorder.snapshot().rows()).isEqualTo(2);
        assertThat(snapshot).hasToString("profile of 1 rows, 4 features");
    }

    @Test
    void recordingAllocatesNothing() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        ProfileRecorder recorder = BASELINE.recorder();
        for (int warmUp = 0; warmUp < 200; warmUp++) {
            ROWS.forEach(recorder::record);
        }

        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        for (int i = 0; i < 100_000; i++) {
            recorder.record(ROWS.get(i % 200));
        }
        long allocated = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;

        assertThat(allocated).isLessThan(100_000); // less than a byte a row: the measuring itself takes some
    }

    @Test
    void rowsOfManySchemasAreCounted() {
        ProfileRecorder recorder = BASELINE.recorder();
        for (int i = 0; i < 20; i++) {
            Schema<Map<String, ?>> turned = Schema.ofMap(
                    Feature.bool("b"),
                    Feature.category("open"),
                    Feature.category("c", "B", "A", "C"),
                    Feature.number("x"));
            recorder.record(turned.read(Map.of("x", 1.0, "c", i % 2 == 0 ? "C" : "A", "open", "o1", "b", true)));
        }

        assertThat(recorder.layouts()).isEqualTo(ProfileRecorder.MAX_LAYOUTS);
        assertThat(recorder.snapshot().feature("c")).hasToString("c: 10 = A, 10 is a new name");
        assertThat(recorder.snapshot().feature("b")).hasToString("b: 20 = true");
        assertThat(recorder.snapshot().feature("open")).hasToString("open: 20 = o1");
    }

    @Test
    void aRowThatDoesNotFitIsRefused() {
        FeatureRow row = Schema.ofMap(
                        Feature.number("x"),
                        Feature.text("c"),
                        Feature.category("open").sensitive())
                .read(Map.of("x", 1.0, "c", "A", "open", "o1"));

        assertThatIllegalStateException()
                .isThrownBy(() -> BASELINE.recorder().record(row))
                .withMessage(
                        "the baseline does not fit: 'c' is TEXT (expected: CATEGORY); 'open' is sensitive (expected: as in"
                                + " the baseline); no feature 'b'");
    }

    @Test
    void profilesAgainstDifferentBaselinesDoNotMerge() {
        Baseline other = Baseline.of(SCHEMA.features(), ROWS.subList(0, 150));

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        BASELINE.recorder().snapshot().merge(other.recorder().snapshot()))
                .withMessage(
                        "merge: baseline of 150 rows, 4 features (expected: one equal to baseline of 200 rows, 4 features)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BASELINE.recorder().snapshot().feature("y"));
    }
}

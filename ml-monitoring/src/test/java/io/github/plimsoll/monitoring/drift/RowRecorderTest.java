package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RowRecorderTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("number").nullable(), Feature.category("name"), Feature.bool("flag"), Feature.text("text"));
    private static final RowEncoder ENCODER = RowEncoder.of(SCHEMA.features());
    private static final RowReader READER = ENCODER.reader(SCHEMA.features());

    private static FeatureRow row(int number) {
        Map<String, Object> row = new HashMap<>();
        row.put("number", number % 5 == 0 ? null : number);
        row.put("name", "name " + number % 3);
        row.put("flag", number % 2 == 0);
        row.put("text", "some");
        return SCHEMA.read(row);
    }

    /** The times of the rows in all blocks that wait; each row's number is its time. */
    private static List<Long> drain(RowRecorder recorder) {
        List<Long> times = new ArrayList<>();
        for (int index = recorder.take(); index >= 0; index = recorder.take()) {
            RowBlock block = recorder.block(index);
            for (int i = 0; i < block.size; i++) {
                times.add(block.time(i));
            }
            recorder.free(index);
        }
        return times;
    }

    @Test
    void rowsComeOutAsTheyWentIn() {
        var recorder = new RowRecorder(ENCODER, 4, 2);
        List<Boolean> full = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            full.add(recorder.record(READER, row(i), i / 10.0, null, 0, i));
        }

        assertThat(full).containsExactly(false, false, false, true, false, false);
        assertThat(drain(recorder)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(drain(recorder)).isEmpty();
        recorder.seal();
        assertThat(drain(recorder)).containsExactly(4L, 5L);
        recorder.seal();
        assertThat(drain(recorder)).isEmpty();
    }

    @Test
    void whatIsCopiedIsWhatAWindowCountsItself() {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(50);
        for (int i = 0; i < 200; i++) {
            builder.add(row(i), i % 7, Double.NaN);
        }
        Baseline baseline = builder.build();
        Window direct = baseline.window();
        Window copied = baseline.window();
        var recorder = new RowRecorder(baseline.layout.encoder, 10, 1);
        RowReader reader = baseline.layout.encoder.reader(SCHEMA.features());
        for (int i = 0; i < 60; i++) {
            FeatureRow row =
                    i == 7 ? SCHEMA.read(Map.of("number", "x", "name", "new", "flag", true, "other", 1)) : row(i);
            direct.add(row, i, java.time.Instant.ofEpochMilli(i));
            recorder.record(reader, row, i, null, Double.NaN, i);
        }
        recorder.seal();
        for (int index = recorder.take(); index >= 0; index = recorder.take()) {
            RowBlock block = recorder.block(index);
            for (int i = 0; i < block.size; i++) {
                block.count(i, copied);
            }
            recorder.free(index);
        }

        assertThat(copied.counts()).isDeepEqualTo(direct.counts());
        assertThat(copied.unexpected()).isEqualTo(direct.unexpected()).containsOnlyKeys("other");
        assertThat(copied.absent()).isEqualTo(direct.absent()).containsOnlyKeys("text");
        assertThat(WindowMonitor.against(baseline).close(copied))
                .isEqualTo(WindowMonitor.against(baseline).close(direct));
    }

    @Test
    void whatFindsNoPlaceIsDroppedAndCounted() {
        var recorder = new RowRecorder(ENCODER, 2, 1);
        int places = 65 * 2;
        for (int i = 0; i < places + 3; i++) {
            recorder.record(READER, row(i), 0, null, 0, i);
        }

        assertThat(recorder.dropped()).isEqualTo(3);
        assertThat(drain(recorder)).hasSize(places);
        recorder.record(READER, row(1), 0, null, 0, 99);
        recorder.seal();
        assertThat(drain(recorder)).containsExactly(99L);
        assertThat(recorder.dropped()).isEqualTo(3);
    }

    /** Whatever the threads do, each row comes out once or is counted as dropped. */
    @Test
    void noRowIsLostOrDoubledByManyThreads() throws Exception {
        int threads = 4;
        int rows = 20_000;
        var recorder = new RowRecorder(ENCODER, 16, 2);
        var start = new CountDownLatch(1);
        var running = new AtomicBoolean(true);
        ExecutorService executor = Executors.newFixedThreadPool(threads + 1);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = t * rows;
                writers.add(executor.submit(() -> {
                    start.await();
                    for (int i = 0; i < rows; i++) {
                        recorder.record(READER, row(i), i, null, 0, first + i);
                    }
                    return null;
                }));
            }
            Future<List<Long>> reader = executor.submit(() -> {
                start.await();
                List<Long> all = new ArrayList<>();
                while (running.get()) {
                    recorder.seal();
                    all.addAll(drain(recorder));
                }
                recorder.seal();
                all.addAll(drain(recorder));
                return all;
            });
            start.countDown();
            for (Future<?> writer : writers) {
                writer.get();
            }
            running.set(false);

            List<Long> counted = reader.get();
            assertThat(counted).doesNotHaveDuplicates();
            assertThat(counted.size() + recorder.dropped()).isEqualTo((long) threads * rows);
        } finally {
            executor.shutdownNow();
        }
    }
}

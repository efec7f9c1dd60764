package io.github.plimsoll.monitoring.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.model.ModelId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryRingTest {

    private static final ModelId MODEL = new ModelId("m", "1");

    static LogEntry entry(String id) {
        return new LogEntry(0, id, MODEL, "error", null, null, 0, List.of(), List.of(), null);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 4", "4, 4", "5, 8", "8192, 8192", "8193, 16384", "16777216, 16777216"})
    void theCapacityIsRoundedUpToAPowerOfTwo(int atLeast, int capacity) {
        assertThat(new EntryRing(atLeast).capacity()).isEqualTo(capacity);
    }

    /** Against a queue that is obviously right; true offers, false polls. */
    @Property
    void behavesAsABoundedQueue(@ForAll @IntRange(min = 1, max = 9) int capacity, @ForAll List<Boolean> steps) {
        var ring = new EntryRing(capacity);
        Deque<LogEntry> model = new ArrayDeque<>();
        for (boolean offer : steps) {
            if (offer) {
                LogEntry entry = entry("e");
                boolean fits = model.size() < ring.capacity() && model.add(entry);
                assertThat(ring.offer(entry) >= 0).isEqualTo(fits);
            } else {
                assertThat(ring.poll()).isSameAs(model.poll());
            }
            assertThat(ring.size()).isEqualTo(model.size());
        }
    }

    @Test
    void asealedRingTakesNothingMoreAndGivesWhatItHas() {
        var ring = new EntryRing(4);
        ring.offer(entry("a"));

        ring.seal();
        ring.seal();

        assertThat(ring.offer(entry("b"))).isEqualTo(-1);
        assertThat(ring.size()).isEqualTo(1);
        assertThat(ring.poll()).isNotNull();
        assertThat(ring.poll()).isNull();
        assertThat(ring.offer(entry("c"))).isEqualTo(-1);
        assertThat(ring.size()).isZero();
    }

    @Test
    void eightThreadsLoseNothingThatWasTakenAndKeepTheirOrder() throws Exception {
        int threads = 8;
        int each = 100_000;
        var ring = new EntryRing(1 << 14); // rarely full: threads that all succeed meet most often
        var start = new CountDownLatch(1);
        var pool = Executors.newFixedThreadPool(threads);
        List<Future<Integer>> accepted = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            String thread = String.valueOf(t);
            accepted.add(pool.submit(() -> {
                start.await();
                int taken = 0;
                for (int i = 0; i < each; i++) {
                    if (ring.offer(new LogEntry(i, thread, MODEL, "error", null, null, 0, List.of(), List.of(), null))
                            >= 0) {
                        taken++;
                    }
                }
                return taken;
            }));
        }
        pool.shutdown();

        start.countDown();
        Map<String, Long> last = new HashMap<>();
        int read = 0;
        boolean inOrder = true;
        boolean done = false;
        while (!done || ring.size() > 0) {
            done = pool.isTerminated();
            for (LogEntry entry = ring.poll(); entry != null; entry = ring.poll()) {
                Long before = last.put(entry.id(), entry.time());
                inOrder &= before == null || before < entry.time();
                read++;
            }
        }

        int taken = 0;
        for (Future<Integer> future : accepted) {
            taken += future.get();
        }
        assertThat(read).isEqualTo(taken).isPositive();
        assertThat(inOrder).isTrue();
    }
}

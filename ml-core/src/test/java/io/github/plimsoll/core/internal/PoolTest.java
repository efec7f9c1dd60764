package io.github.plimsoll.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolTest {

    @Test
    void givesBackWhatItWasGiven() {
        Pool<String> pool = new Pool<>(2, thing -> {});
        assertThat(pool.take()).isNull();
        pool.give("a");
        assertThat(pool.take(thing -> thing.equals("b"))).isNull();
        assertThat(pool.take(thing -> thing.equals("a"))).isEqualTo("a");
        assertThat(pool.take()).isNull();
    }

    @Test
    void holdsNoMoreThanItsSizeAndFreesTheRest() {
        List<Integer> freed = new ArrayList<>();
        Pool<Integer> pool = new Pool<>(4, freed::add);
        for (int i = 0; i < 10; i++) {
            pool.give(i);
        }

        assertThat(freed).hasSize(6).doesNotContain(9); // the latest stays
        pool.close();
        assertThat(freed).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void freesWhatIsGivenAfterClose() {
        List<String> freed = new ArrayList<>();
        Pool<String> pool = new Pool<>(2, freed::add);
        pool.close();
        pool.give("late");

        assertThat(freed).containsExactly("late");
        assertThat(pool.take()).isNull();
    }

    @Test
    void noThingIsInTwoHandsAndNoneIsLost() throws Exception {
        int threads = 8;
        AtomicInteger made = new AtomicInteger();
        Set<Thing> freed = ConcurrentHashMap.newKeySet();
        Pool<Thing> pool = new Pool<>(4, freed::add);
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                results.add(executor.submit(() -> {
                    start.await();
                    int shared = 0;
                    for (int i = 0; i < 50_000; i++) {
                        Thing thing = pool.take();
                        if (thing == null) {
                            thing = new Thing(new AtomicBoolean());
                            made.incrementAndGet();
                        }
                        shared += thing.inUse.compareAndSet(false, true) ? 0 : 1;
                        thing.inUse.set(false);
                        pool.give(thing);
                    }
                    return shared;
                }));
            }
            start.countDown();
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
        } finally {
            executor.shutdownNow();
        }
        pool.close();

        assertThat(freed).hasSize(made.get());
    }

    private static final class Thing {
        private final AtomicBoolean inUse;

        private Thing(AtomicBoolean inUse) {
            this.inUse = inUse;
        }
    }
}

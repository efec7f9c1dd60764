package io.github.plimsoll.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private final AtomicInteger freed = new AtomicInteger();
    private final Lease lease = new Lease(freed::incrementAndGet);

    @Test
    void anUnusedLeaseIsFreedWhenRetiredAndOnlyOnce() {
        lease.retire();
        lease.retire();

        assertThat(freed).hasValue(1);
        assertThat(lease.acquire()).isFalse();
    }

    @Test
    void aUsedLeaseIsFreedByTheLastUser() {
        assertThat(lease.acquire()).isTrue();
        assertThat(lease.acquire()).isTrue();
        lease.retire();
        assertThat(lease.acquire()).isFalse();
        lease.release();
        assertThat(freed).hasValue(0);
        lease.release();

        assertThat(freed).hasValue(1);
        lease.retire();
        assertThat(freed).hasValue(1);
    }

    @Test
    void releasesBeforeRetirementFreeNothing() {
        for (int i = 0; i < 3; i++) {
            assertThat(lease.acquire()).isTrue();
            lease.release();
        }

        assertThat(freed).hasValue(0);
    }

    @Test
    void whateverTheRaceNobodyUsesWhatIsFreedAndItIsFreedOnce() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 2_000; round++) {
                AtomicInteger frees = new AtomicInteger();
                Lease raced = new Lease(frees::incrementAndGet);
                CountDownLatch start = new CountDownLatch(1);
                List<Future<Integer>> results = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    boolean retires = t == 0;
                    results.add(pool.submit(() -> {
                        start.await();
                        int usedAfterFree = 0;
                        if (retires) {
                            raced.retire();
                        }
                        while (raced.acquire()) {
                            usedAfterFree += frees.get();
                            raced.release();
                        }
                        return usedAfterFree;
                    }));
                }
                start.countDown();
                for (Future<Integer> result : results) {
                    assertThat(result.get()).isZero();
                }
                assertThat(frees).hasValue(1);
            }
        } finally {
            pool.shutdownNow();
        }
    }
}

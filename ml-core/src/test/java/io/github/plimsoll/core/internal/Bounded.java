package io.github.plimsoll.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.plimsoll.core.ModelLoadException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/**
 * Runs a reader on bytes that nobody vouches for: it ends soon, with nothing but our exception, of a readable length, and having
 * allocated no more than {@value #BASE} bytes and {@value #PER_BYTE} for each byte that it is given.
 */
public final class Bounded {

    /** What a reader may allocate whatever it is given, with the classes that it loads first and that coverage is measured of. */
    public static final long BASE = 256L << 20;

    /** What a reader may allocate for a byte: the smallest node of a tree, and the list it grows into. */
    public static final long PER_BYTE = 100;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Bounded() {}

    public static void run(long bytes, Executable body) {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            try {
                body.execute();
            } catch (ModelLoadException refusal) {
                assertThat(refusal.getMessage().length()).isLessThan(20_000);
            }
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("bytes allocated for %s", bytes)
                    .isLessThan(BASE + PER_BYTE * bytes);
        });
    }
}

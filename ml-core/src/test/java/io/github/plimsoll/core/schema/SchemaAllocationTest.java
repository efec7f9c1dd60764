package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Bytes, not time: they are the same on a busy machine. */
class SchemaAllocationTest {

    // The row's slots: 16 bytes of header and 8 a feature. The row itself and the writer that fills it: 40 and 48
    // bytes with compressed references, which a machine with much memory has not.
    private static final long SLOTS = 16 + 20 * 8;
    private static final long AROUND = 2 * (40 + 48);

    private static final int READS = 20_000;

    private record Twenty(
            double a,
            double b,
            double c,
            double d,
            double e,
            double f,
            double g,
            double h,
            double i,
            double j,
            double k,
            double l,
            double m,
            double n,
            double o,
            double p,
            double q,
            double r,
            double s,
            double t) {}

    private enum Colour {
        RED,
        BLUE
    }

    private record Mixed(
            double a,
            float b,
            int c,
            long d,
            boolean e,
            Colour f,
            Double g,
            Integer h,
            double i,
            double j,
            double k,
            double l,
            double m,
            double n,
            double o,
            double p,
            double q,
            double r,
            double s,
            double t) {}

    private static <I> long bytesPerRead(Schema<I> schema, I input) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < READS; i++) { // compiles, and so settles what is allocated
            assertThat(schema.read(input)).isNotNull();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < READS; i++) {
                schema.read(input);
            }
            least = Math.min(least, (threads.getCurrentThreadAllocatedBytes() - before) / READS);
        }
        return least;
    }

    @Test
    void recordOfTwentyNumbersAllocatesItsRowOnly() {
        Twenty input = new Twenty(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);

        assertThat(bytesPerRead(Schema.of(Twenty.class), input)).isLessThanOrEqualTo(SLOTS + AROUND);
    }

    @Test
    void otherTypesWithoutTextAddNothing() {
        Mixed input =
                new Mixed(1, 2, 300, 4000, true, Colour.BLUE, 7.0, 800, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);

        assertThat(bytesPerRead(Schema.of(Mixed.class), input)).isLessThanOrEqualTo(SLOTS + AROUND);
    }

    @Test
    void arrayOfTwentyNumbersAllocatesItsRowOnly() {
        assertThat(bytesPerRead(Schema.ofDoubles(20), new double[20])).isLessThanOrEqualTo(SLOTS + AROUND);
    }
}

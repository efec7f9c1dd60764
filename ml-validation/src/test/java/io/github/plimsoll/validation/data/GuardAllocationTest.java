package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Bytes, not time: they are the same on a busy machine. */
class GuardAllocationTest {

    private static final int CHECKS = 20_000;

    private static final List<Feature> FEATURES = List.of(
            Feature.number("number").range(0, 1).nullable(),
            Feature.integer("integer").range(0, 1).nullable(),
            Feature.bool("bool").nullable(),
            Feature.category("category", "a", "b").nullable(),
            Feature.text("text").nullable(),
            Feature.timestamp("timestamp").nullable(),
            Feature.tensor("tensor", 4).nullable());

    @Test
    void checkingARowThatIsWellAllocatesNothing() {
        Map<String, Object> values = new HashMap<>(Map.of(
                "number", 0.5, "integer", 1, "bool", true, "category", "b", "text", "t", "tensor", new float[4]));
        Schema<Map<String, ?>> schema = Schema.ofMap(FEATURES);

        assertThat(bytesPerCheck(schema.read(values))).isZero();
        assertThat(bytesPerCheck(schema.read(Map.of()))).as("all null").isZero();
    }

    @Test
    void aRowThatIsNotWellIsSeenToAllocate() {
        assertThat(bytesPerCheck(Schema.ofMap(FEATURES).read(Map.of("number", 2))))
                .isPositive();
    }

    private static long bytesPerCheck(FeatureRow row) {
        Guard guard = Guard.rejecting();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int found = 0;
        for (int i = 0; i < CHECKS; i++) {
            found += guard.check(row).size();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CHECKS; i++) {
            found += guard.check(row).size();
        }
        long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(found).isNotNegative();
        return (after - before) / CHECKS;
    }
}

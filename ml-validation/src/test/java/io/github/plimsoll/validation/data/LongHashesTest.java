package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LongHashesTest {

    @Property(tries = 100)
    void knowsWhatItHasSeen(@ForAll long seed) {
        Random random = new Random(seed);
        LongHashes hashes = new LongHashes();
        Set<Long> expected = new HashSet<>();
        for (int i = 0; i < 3_000; i++) {
            long hash = random.nextInt(2_000) * 0x1_0000_0001L;
            assertThat(hashes.add(hash)).isEqualTo(expected.add(hash));
        }
        assertThat(hashes.size()).isEqualTo(expected.size());
        assertThat(hashes.isFull()).isFalse();
    }

    @Test
    void saysWhenItIsFullInsteadOfCallingEverythingARepeat() {
        LongHashes hashes = new LongHashes();
        for (long i = 0; i < LongHashes.MOST; i++) {
            hashes.add(i);
        }
        assertThat(hashes.isFull()).isFalse();
        assertThat(hashes.add(5)).isFalse();
        assertThat(hashes.add(LongHashes.MOST + 1L)).isTrue();
        assertThat(hashes.isFull()).isTrue();
        assertThat(hashes.size()).isEqualTo(LongHashes.MOST);
    }

    @Test
    void givesValuesThatDifferOtherHashes() {
        Schema<Map<String, ?>> schema = Schema.ofMap(
                Feature.number("n").nullable(),
                Feature.integer("i").nullable(),
                Feature.text("t").nullable(),
                Feature.tensor("v", 2).nullable());
        Set<Long> seen = new HashSet<>();
        for (Object n : new Object[] {0.0, -0.0, 1.0, Double.NaN, Double.MIN_VALUE}) {
            assertThat(seen.add(LongHashes.of(row(schema, "n", n), 0))).isTrue();
        }
        for (String text : new String[] {"", "a", "b", "ab", "ba", "aa"}) {
            assertThat(seen.add(LongHashes.of(row(schema, "t", text), 2))).isTrue();
        }
        for (float[] vector : new float[][] {{0, 1}, {1, 0}}) {
            assertThat(seen.add(LongHashes.of(row(schema, "v", vector), 3))).isTrue();
        }
        assertThat(LongHashes.of(row(schema, "n", null), 0)).isEqualTo(LongHashes.of(row(schema, "t", null), 2));
    }

    private static FeatureRow row(Schema<Map<String, ?>> schema, String name, @Nullable Object value) {
        Map<String, Object> values = new HashMap<>();
        values.put(name, value);
        return schema.read(values);
    }
}

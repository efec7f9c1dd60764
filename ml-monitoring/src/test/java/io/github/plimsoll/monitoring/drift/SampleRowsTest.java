package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SampleRowsTest {

    /** Whatever the rows are split into and in which order they come, those with the smallest keys are kept, in their order. */
    @Property(tries = 60)
    void theRowsWithTheSmallestKeysAreKept(
            @ForAll long seed, @ForAll @IntRange(max = 3_000) int size, @ForAll @IntRange(max = 3_000) int cut) {
        var random = new SplittableRandom(seed);
        long[] keys = IntStream.range(0, size)
                .mapToLong(i -> random.nextInt(5) == 0 ? random.nextLong(-9, 9) : random.nextLong())
                .toArray();
        var first = new SampleRows();
        var second = new SampleRows();
        for (int i = 0; i < size; i++) {
            SampleRows into = i < cut ? first : second;
            if (into.takes(keys[i])) {
                into.add(keys[i], new double[] {keys[i]});
            }
        }

        first.addAll(second);

        List<Double> expected = IntStream.range(0, size)
                .mapToObj(i -> keys[i])
                .sorted()
                .limit(SampleRows.MOST)
                .map(key -> (double) key)
                .toList();
        assertThat(first.inOrder()).extracting(row -> row[0]).isEqualTo(expected);
        assertThat(first.size()).isEqualTo(expected.size());
    }
}

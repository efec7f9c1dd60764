package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ValueCountsTest {

    @Property(tries = 300)
    void countsAreThoseOfAMapHoweverTheValuesAreSplit(
            @ForAll @Size(max = 300) List<@IntRange(min = -50, max = 50) Integer> values,
            @ForAll @IntRange(max = 300) int cut) {
        var first = new ValueCounts(1_000);
        var second = new ValueCounts(1_000);
        Map<Integer, Integer> expected = new HashMap<>();
        for (int i = 0; i < values.size(); i++) {
            (i < cut ? first : second).add(values.get(i) / 4.0);
            expected.merge(values.get(i), 1, Integer::sum);
        }

        first.addAll(second);

        expected.forEach((value, count) -> assertThat(first.count(value / 4.0)).isEqualTo(count));
        assertThat(first.distinct()).isEqualTo(expected.size());
        assertThat(first.total()).isEqualTo(values.size());
        assertThat(first.repeated()).isEqualTo(values.size() - expected.size());
        assertThat(first.singles()).isEqualTo((int)
                expected.values().stream().filter(count -> count == 1).count());
    }

    @Test
    void theMostFrequentComeFirstAndTiesInOrderOfTheValue() {
        var counts = new ValueCounts(10);
        for (double value : new double[] {3, 1, 2, 2, 1, 5, 5, 5, -0.0, 0.0}) {
            counts.add(value);
        }

        assertThat(counts.mostFrequent(4)).containsExactly(5, 0, 1, 2);
        assertThat(counts.mostFrequent(100)).containsExactly(5, 0, 1, 2, 3);
    }

    @Test
    void beyondTheBoundOccurrencesAreCountedTogether() {
        var counts = new ValueCounts(2);
        for (double value : new double[] {1, 2, 3, 4, 1}) {
            counts.add(value);
        }

        assertThat(counts.distinct()).isEqualTo(2);
        assertThat(counts.count(1)).isEqualTo(2);
        assertThat(counts.count(3)).isZero();
        assertThat(counts.total()).isEqualTo(5);
        assertThat(counts.isFull()).isTrue();
    }
}

package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    @Property(tries = 100)
    void manyValuesAreFoundAsOneByOne(
            @ForAll @Size(max = 500) List<@IntRange(min = -300, max = 300) Integer> values, @ForAll boolean whole) {
        var counts = new ValueCounts(100);
        double scale = whole ? 1 : 7.3;
        int[] placeOf = new int[601];
        values.forEach(value -> placeOf[300 + value] = 1 + counts.addOne(value * scale));
        double[] wanted = IntStream.rangeClosed(-300, 302)
                .mapToDouble(value -> value == 301 ? Double.NaN : value == 302 ? -0.0 : value * scale)
                .toArray();
        int[] places = new int[wanted.length];

        counts.find(wanted, wanted.length, places);

        for (int i = 0; i < placeOf.length; i++) {
            assertThat(places[i]).as("%s", wanted[i]).isEqualTo(placeOf[i] - 1);
        }
        assertThat(places[601]).isNegative();
        assertThat(places[602]).isEqualTo(places[300]);
    }

    @Test
    void theMeanIsTheSameInWhateverOrderTheValuesCame() {
        var rising = new ValueCounts(1_000);
        var falling = new ValueCounts(1_000);
        for (int i = 0; i < 500; i++) {
            rising.add(i / 3.0 - 70, 1 + i % 3);
            falling.add((499 - i) / 3.0 - 70, 1 + (499 - i) % 3);
        }

        assertThat(rising.mean()).isEqualTo(falling.mean()).isCloseTo(13.3, within(1.0));
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

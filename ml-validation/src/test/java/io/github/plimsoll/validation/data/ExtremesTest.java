package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class ExtremesTest {

    @Property(tries = 50)
    void bothEndsAreThoseOfTheSortedValues(
            @ForAll @Size(min = 1, max = 3_000) List<@IntRange(min = -40, max = 4_000) Integer> values) {
        Extremes extremes = new Extremes();
        values.forEach(extremes::add);

        double[] sorted =
                values.stream().mapToDouble(Integer::doubleValue).sorted().toArray();
        int kept = Math.min(sorted.length, Tail.MOST + 1);
        double[] descending = new double[kept];
        Arrays.setAll(descending, i -> sorted[sorted.length - 1 - i]);
        assertThat(extremes.smallest()).isEqualTo(Arrays.copyOf(sorted, kept));
        assertThat(extremes.largest()).isEqualTo(descending);
    }
}

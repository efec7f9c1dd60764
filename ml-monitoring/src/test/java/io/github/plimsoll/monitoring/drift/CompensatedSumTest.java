package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class CompensatedSumTest {

    @Property(tries = 500)
    void aSumHasTheBitsOfThatOfAStream(@ForAll List<@DoubleRange(min = -1e15, max = 1e15) Double> terms) {
        double[] some = terms.stream().mapToDouble(term -> term).toArray();

        assertThat(CompensatedSum.of(some)).isEqualTo(Arrays.stream(some).sum());
    }

    @Test
    void whatRoundingTakesIsGivenBack() {
        double[] terms = new double[1_001];
        Arrays.fill(terms, 0x1p-53);
        terms[0] = 1;

        assertThat(CompensatedSum.of(terms)).isEqualTo(1 + 1_000 * 0x1p-53);
    }
}

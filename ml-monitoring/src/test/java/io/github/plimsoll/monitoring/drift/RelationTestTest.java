package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RelationTestTest {

    /** What is computed for one comparison only is what is computed for many, bit by bit. */
    @Property(tries = 100)
    void oneComparisonGivesTheSameAsOneOfMany(
            @ForAll long seed, @ForAll boolean transposed, @ForAll @IntRange(max = 64) int cells) {
        var random = new SplittableRandom(seed);
        long[] baseline = new long[RelationTest.BINS * RelationTest.BINS];
        long[] live = new long[baseline.length];
        for (int i = 0; i < cells; i++) {
            baseline[random.nextInt(baseline.length)] += random.nextInt(1, 2_000);
            live[random.nextInt(live.length)] += random.nextInt(1, 50);
        }
        var test = new RelationTest(transposed);

        assertThat(test.evidence(baseline, live))
                .isEqualTo(test.against(baseline).evidence(live));
    }
}

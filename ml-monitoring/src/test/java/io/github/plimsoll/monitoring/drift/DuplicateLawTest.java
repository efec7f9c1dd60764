package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DuplicateLawTest {

    private static final int KINDS = 3_000;

    /** Of rows of which there are so many kinds, all equally frequent. */
    private static DuplicateLaw law() {
        var random = new SplittableRandom(1);
        long[] hashes = random.ints(4_000, 0, KINDS).asLongStream().toArray();
        return new DuplicateLaw(new DuplicateLaw.Repeats(hashes), 0, hashes.length, false);
    }

    private static long duplicates(SplittableRandom random, int rows, int kinds) {
        Set<Integer> seen = new HashSet<>();
        return random.ints(rows, 0, kinds).filter(kind -> !seen.add(kind)).count();
    }

    /** Sizes that are none of the law's own, from just above one to just below the next. */
    @ParameterizedTest
    @ValueSource(ints = {40, 130, 190, 260, 500, 750, 1_000, 1_400, 1_900})
    void whateverTheSizeAWindowOfTheSameLawIsNoEvidenceAndOneOfFewerKindsIs(int rows) {
        DuplicateLaw law = law();
        var random = new SplittableRandom(rows);

        for (int i = 0; i < 200; i++) {
            assertThat(law.evidence(duplicates(random, rows, KINDS), rows)).isLessThan(4);
        }
        assertThat(law.evidence(rows, rows)).isGreaterThan(4);
        if (rows >= 190) {
            assertThat(law.evidence(duplicates(random, rows, KINDS / 8), rows)).isGreaterThan(4);
        }
    }

    @Test
    void rowsThatAllDifferHaveALawToo() {
        long[] hashes = new SplittableRandom(2).longs(2_000).toArray();
        var law = new DuplicateLaw(new DuplicateLaw.Repeats(hashes), 0, hashes.length, false);

        assertThat(law.evidence(0, 500)).isLessThan(1);
        assertThat(law.evidence(100, 500)).isGreaterThan(4);
        assertThat(law.evidence(100, 1)).isZero();
    }
}

package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each test in two worlds. Nothing changed: with baseline and live rows of one law, an evidence of x must not be met more often
 * than in 1 of 10^x draws (Markov's inequality). Something changed: it must be seen. Seeds are fixed.
 */
class CountTestTest {

    private static final int DRAWS = 2_000;

    enum Kind {
        RATE(random -> CountTest.rate(), (random, rows) -> pair(random, rows, 0.03)),
        CELLS(random -> CountTest.cells(new int[] {0, 1, 2, 3, 4, 5, 6, 7}), (random, rows) -> ranks(random, rows, 8)),
        RELATION(random -> new RelationTest(false), (random, rows) -> table(random, rows, 2)),
        TRANSPOSED(random -> new RelationTest(true), (random, rows) -> table(random, rows, 2)),
        OUTCOME(random -> new OutcomeTest(), (random, rows) -> outcomes(random, rows, 0));

        private final Function<SplittableRandom, CountTest> test;
        private final Draw draw;

        Kind(Function<SplittableRandom, CountTest> test, Draw draw) {
            this.test = test;
            this.draw = draw;
        }
    }

    private interface Draw {
        long[] of(SplittableRandom random, int rows);
    }

    private static long[] pair(SplittableRandom random, int rows, double p) {
        long[] counts = new long[2];
        for (int i = 0; i < rows; i++) {
            counts[random.nextDouble() < p ? 0 : 1]++;
        }
        return counts;
    }

    private static long[] ranks(SplittableRandom random, int rows, int cells) {
        long[] counts = new long[cells];
        for (int i = 0; i < rows; i++) {
            counts[random.nextInt(cells)]++;
        }
        return counts;
    }

    /** Two columns whose bins differ by less than a given number of steps. */
    private static long[] table(SplittableRandom random, int rows, int steps) {
        long[] counts = new long[64];
        for (int i = 0; i < rows; i++) {
            int first = random.nextInt(8);
            int second = Math.floorMod(first + random.nextInt(2 * steps - 1) - steps + 1, 8);
            counts[first * 8 + second]++;
        }
        return counts;
    }

    private static long[] outcomes(SplittableRandom random, int rows, double flips) {
        long[] counts = new long[20];
        for (int i = 0; i < rows; i++) {
            int tenth = random.nextInt(10);
            boolean outcome = random.nextDouble() * 10 < tenth + 0.5;
            boolean flipped = random.nextDouble() < flips;
            counts[2 * tenth + (outcome == flipped ? 0 : 1)]++;
        }
        return counts;
    }

    @ParameterizedTest
    @EnumSource
    void anEvidenceIsMetNoMoreOftenThanItSays(Kind kind) {
        var random = new SplittableRandom(kind.ordinal());
        int aboveOne = 0;
        int aboveTwo = 0;

        for (int i = 0; i < DRAWS; i++) {
            double evidence =
                    kind.test.apply(random).against(kind.draw.of(random, 500)).evidence(kind.draw.of(random, 200));
            aboveOne += evidence >= 1 ? 1 : 0;
            aboveTwo += evidence >= 2 ? 1 : 0;
        }

        // Three standard errors of the counts that are just allowed; rates are a tail probability, and nearly reach it.
        assertThat(aboveOne).isLessThan((int) (DRAWS * 0.1 + 3 * Math.sqrt(DRAWS * 0.09)));
        assertThat(aboveTwo).isLessThan((int) (DRAWS * 0.01 + 3 * Math.sqrt(DRAWS * 0.0099)));
    }

    @Test
    void aRelationThatIsBrokenWithBothMarginsKeptIsSeen() {
        var random = new SplittableRandom(1);
        var test = new RelationTest(false).against(table(random, 2_000, 2));

        assertThat(test.evidence(table(random, 200, 2))).isLessThan(1);
        assertThat(test.evidence(table(random, 200, 4))).isGreaterThan(20);
    }

    @Test
    void aRelationIsNotBrokenByAnotherShareOfThePredictor() {
        var random = new SplittableRandom(2);
        long[] live = table(random, 400, 2);
        for (int i = 0; i < 32; i++) {
            live[i] = 0; // only the upper half of the predictor's bins is left
        }

        assertThat(new RelationTest(false).against(table(random, 2_000, 2)).evidence(live))
                .isLessThan(1);
    }

    @Test
    void theTransposedTableGivesTheSameEvidence() {
        var random = new SplittableRandom(3);
        long[] baseline = table(random, 500, 2);
        long[] live = table(random, 100, 4);

        assertThat(new RelationTest(true).against(transposed(baseline)).evidence(transposed(live)))
                .isEqualTo(new RelationTest(false).against(baseline).evidence(live));
    }

    private static long[] transposed(long[] table) {
        long[] transposed = new long[64];
        for (int i = 0; i < 64; i++) {
            transposed[i % 8 * 8 + i / 8] = table[i];
        }
        return transposed;
    }

    @Test
    void outcomesThatTurnOverAreSeen() {
        var random = new SplittableRandom(4);
        var test = new OutcomeTest().against(outcomes(random, 5_000, 0));

        assertThat(test.evidence(outcomes(random, 500, 0))).isLessThan(1);
        assertThat(test.evidence(outcomes(random, 500, 0.25))).isGreaterThan(5);
    }
}

package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {

    private static final long MILLI = 1_000_000;

    record Sample(long nanos, int inFlight, boolean dropped) {}

    @Provide
    Arbitrary<List<Sample>> samples() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 10_000_000_000L),
                        Arbitraries.integers().between(0, 1500),
                        Arbitraries.of(false, false, false, true))
                .as(Sample::new)
                .list()
                .ofMaxSize(300);
    }

    @Provide
    Arbitrary<AdaptiveLimit> limits() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 50),
                        Arbitraries.integers().between(0, 100),
                        Arbitraries.integers().between(0, 2))
                .as((min, span, which) -> switch (which) {
                    case 0 -> AimdLimit.startingAt(min + span / 2).between(min, min + span);
                    case 1 -> VegasLimit.startingAt(min + span / 2).between(min, min + span);
                    default -> Gradient2Limit.startingAt(min + span / 2).between(min, min + span);
                });
    }

    private static AdaptiveLimit after(AdaptiveLimit limit, Sample sample) {
        return limit.after(sample.nanos, sample.inFlight, sample.dropped);
    }

    @Property(tries = 200)
    void staysWithinItsBoundsWhateverComes(
            @ForAll @IntRange(min = 1, max = 50) int min,
            @ForAll @IntRange(max = 100) int span,
            @ForAll("samples") List<Sample> samples) {
        for (AdaptiveLimit start : List.of(
                AimdLimit.startingAt(min).between(min, min + span),
                VegasLimit.startingAt(min).between(min, min + span),
                Gradient2Limit.startingAt(min).between(min, min + span))) {
            AdaptiveLimit limit = start;
            for (Sample sample : samples) {
                limit = after(limit, sample);
                assertThat(limit.limit()).isBetween(min, min + span);
            }
        }
    }

    @Property(tries = 200)
    void neverGrowsWhileLessThanHalfOfItIsInUse(
            @ForAll("limits") AdaptiveLimit start, @ForAll("samples") List<Sample> samples) {
        AdaptiveLimit limit = start;
        for (Sample sample : samples) {
            int before = limit.limit();
            limit = limit.after(sample.nanos, (before - 1) / 2, sample.dropped);
            assertThat(limit.limit()).isLessThanOrEqualTo(before);
        }
    }

    @Property(tries = 100)
    void isAValueSoThatAPathCanBeTakenAgain(
            @ForAll("limits") AdaptiveLimit start, @ForAll("samples") List<Sample> samples) {
        AdaptiveLimit once = start;
        AdaptiveLimit again = start;
        for (Sample sample : samples) {
            once = after(once, sample);
        }
        for (Sample sample : samples) {
            again = after(again, sample);
        }
        assertThat(again.limit()).isEqualTo(once.limit());
        assertThat(again).hasToString(once.toString());
    }

    @Test
    void aimdTakesASlowCallForADrop() {
        AimdLimit limit =
                AimdLimit.startingAt(20).timeout(Duration.ofMillis(50)).backoff(0.5);

        assertThat(limit.after(50 * MILLI, 20, false).limit()).isEqualTo(21);
        assertThat(limit.after(50 * MILLI + 1, 20, false).limit()).isEqualTo(10);
    }

    @Test
    void aMinimumOfOneIsKeptThroughAnyNumberOfDrops() {
        AdaptiveLimit aimd = AimdLimit.startingAt(3);
        AdaptiveLimit vegas = VegasLimit.startingAt(3);
        for (int i = 0; i < 10; i++) {
            aimd = aimd.after(MILLI, 3, true);
            vegas = vegas.after(MILLI, 3, true);
        }

        assertThat(aimd.limit()).isEqualTo(1);
        assertThat(vegas.limit()).isEqualTo(1);
    }

    @Test
    void gradient2ComesDownUnderLoadAndBackAfterIt() {
        AdaptiveLimit limit = Gradient2Limit.startingAt(20).between(1, 40);
        for (int i = 0; i < 50; i++) {
            limit = limit.after(10 * MILLI, limit.limit(), false);
        }
        int quiet = limit.limit();
        for (int i = 0; i < 20; i++) {
            limit = limit.after(100 * MILLI, limit.limit(), false);
        }
        int loaded = limit.limit();
        for (int i = 0; i < 100; i++) {
            limit = limit.after(10 * MILLI, limit.limit(), false);
        }

        assertThat(quiet).isEqualTo(40);
        assertThat(loaded).isLessThan(15);
        assertThat(limit.limit()).isEqualTo(40);
    }

    @Test
    void vegasTakesTheShortestTimeAnewSoThatASlowerModelIsNotThrottledForGood() {
        AdaptiveLimit limit = VegasLimit.startingAt(10).between(1, 20).after(MILLI, 10, false);
        int lowest = 10;
        for (int i = 0; i < 2_000; i++) {
            limit = limit.after(10 * MILLI, limit.limit(), false);
            lowest = Math.min(lowest, limit.limit());
        }

        assertThat(lowest)
                .as("six wait of six: neither more than beta nor less than alpha")
                .isEqualTo(6);
        assertThat(limit.limit()).isEqualTo(20);
    }

    @Test
    void vegasDrawsTheMomentOfTheNewShortestTimeFromTheSeed() {
        assertThat(samplesToRecovery(1)).isEqualTo(samplesToRecovery(1)).isNotEqualTo(samplesToRecovery(2));
    }

    /** With decrease and increase switched off, only a new shortest time lets the limit move, by beta. */
    private static int samplesToRecovery(long seed) {
        AdaptiveLimit limit =
                VegasLimit.startingAt(20).seed(seed).decrease(x -> x).after(MILLI, 20, false);
        int samples = 0;
        while (limit.limit() == 20) {
            limit = limit.after(10 * MILLI, 20, false);
            samples++;
        }
        return samples;
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AimdLimit.startingAt(0))
                .withMessage("startingAt: 0 (expected: >= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gradient2Limit.startingAt(5).between(0, 5))
                .withMessage("between: 0 and 5 (expected: 1 <= min <= max)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VegasLimit.startingAt(5).between(6, 5))
                .withMessage("between: 6 and 5 (expected: 1 <= min <= max)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VegasLimit.startingAt(5).smoothing(Double.NaN))
                .withMessage("smoothing: NaN (expected: > 0 and <= 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AimdLimit.startingAt(5).backoff(1))
                .withMessage("backoff: 1.0 (expected: >= 0.5 and < 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Gradient2Limit.startingAt(5).tolerance(0.9))
                .withMessage("tolerance: 0.9 (expected: >= 1)");
        for (AdaptiveLimit limit :
                List.of(AimdLimit.startingAt(5), VegasLimit.startingAt(5), Gradient2Limit.startingAt(5))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> limit.after(0, 1, false))
                    .withMessage("nanos: 0 (expected: >= 1)");
        }
    }
}

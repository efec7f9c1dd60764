package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.FeatureType;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BucketsTest {

    @Test
    void theLevelDependsOnWhatWasCountedAndNotOnTheParts() {
        long[] values = new Random(1).longs(40_000).map(bits -> bits >> 8).toArray();
        Buckets whole = new Buckets(0);
        Buckets sum = new Buckets(0);
        for (int part = 0; part < 20; part++) {
            Buckets some = new Buckets(0);
            for (int i = part; i < values.length; i += 20) {
                some.add(values[i]);
                whole.add(values[i]);
            }
            sum.add(some.sorted());
        }

        Buckets.Sorted parts = sum.sorted();
        Buckets.Sorted all = whole.sorted();

        assertThat(parts.level).isEqualTo(all.level).isGreaterThan(40);
        assertThat(parts.keys).isEqualTo(all.keys).hasSizeBetween(Buckets.MOST / 2 - 1, Buckets.MOST);
        assertThat(parts.counts).isEqualTo(all.counts);
        assertThat(Arrays.stream(all.counts).sum()).isEqualTo(values.length);
    }

    @Test
    void twoFullOnesMayHaveToRiseByMoreThanOneLevel() {
        Buckets low = new Buckets(0);
        Buckets high = new Buckets(0);
        Buckets whole = new Buckets(0);
        for (long i = 0; i < Buckets.MOST; i++) {
            low.add(3 * i); // apart by more than one level can join
            high.add(1_000_000 + 3 * i);
            whole.add(3 * i);
            whole.add(1_000_000 + 3 * i);
        }

        low.add(high.sorted());

        assertThat(low.sorted().level).isEqualTo(3);
        assertThat(low.sorted().keys).isEqualTo(whole.sorted().keys).hasSizeLessThanOrEqualTo(Buckets.MOST * 2);
        assertThat(low.sorted().counts).isEqualTo(whole.sorted().counts);
    }

    @Test
    void quantilesOfNumbersOverHundredsOfOctavesKeepTheErrorThatTheyState() {
        Random random = new Random(2);
        double[] values = random.doubles(30_000, -1, 1)
                .map(u -> Math.copySign(Math.pow(2, 900 * u), random.nextDouble() - 0.5))
                .toArray();
        NumberTally tally = new NumberTally(FeatureType.NUMBER, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        for (double value : values) {
            tally.add(value);
        }
        NumberFacts facts = tally.facts();
        Arrays.sort(values);

        assertThat(facts.buckets.keys).hasSizeLessThanOrEqualTo(Buckets.MOST);
        assertThat(facts.quantileError()).isGreaterThan(0.1).isLessThan(0.6);
        for (int rank = 1; rank <= values.length; rank += 97) {
            double exact = values[rank - 1];
            assertThat(facts.valueOfRank(rank)).isEqualTo(exact, within(facts.quantileError() * Math.abs(exact)));
        }
    }
}

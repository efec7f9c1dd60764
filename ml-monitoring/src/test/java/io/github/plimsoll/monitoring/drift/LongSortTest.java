package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LongSortTest {

    @Property(tries = 200)
    void numbersOfAnyKindAreInTheOrderOfArraysSortAndKeepWhatGoesWithThem(
            @ForAll long seed, @ForAll @IntRange(max = 3_000) int size, @ForAll @IntRange(max = 4) int kind) {
        var random = new Random(seed);
        var numbers = new double[size];
        Arrays.setAll(numbers, i -> number(random, kind));

        assertSorted(numbers);
    }

    /** The 33 highest bits in which these differ say nothing of their order: all have to be looked at. */
    @Example
    void numbersThatDifferInTheirLastBitsAreSortedAsWell() {
        var numbers = new double[5_000];
        Arrays.setAll(numbers, i -> i == 0 ? -1 : 1 + Math.floorMod(i * 7919L, 5_003) * 0x1p-52);

        assertSorted(numbers);
    }

    private static double number(Random random, int kind) {
        return switch (kind) {
            case 0 -> random.nextGaussian();
            case 1 -> random.nextInt(20) - 10;
            case 2 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62)); // of any size but the largest
            case 3 -> 1e15 + random.nextInt(1_000) / 8.0;
            default -> random.nextBoolean() ? 0.0 : -0.0;
        };
    }

    private static void assertSorted(double[] numbers) {
        var keys = Arrays.stream(numbers).mapToLong(LongSort::key).toArray();
        var places = new int[numbers.length];
        Arrays.setAll(places, i -> i);
        var expected = numbers.clone();
        Arrays.sort(expected);

        LongSort.sort(keys, places, keys.length);

        assertThat(Arrays.stream(keys).mapToDouble(LongSort::value).toArray()).isEqualTo(expected);
        assertThat(Arrays.stream(places).mapToDouble(place -> numbers[place]).toArray())
                .isEqualTo(expected);
        assertThat(Arrays.stream(places).distinct().count()).isEqualTo(numbers.length);
    }
}

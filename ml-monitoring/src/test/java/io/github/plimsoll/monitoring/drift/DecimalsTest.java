package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecimalsTest {

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "-3,0",
        "1e300,0",
        "0.5,1",
        "-12.25,2",
        "1e-3,3",
        "19.99,2",
        "0.000001,6",
        "1e-7,7",
        "1e-300,7",
        "0.1234567890123,7"
    })
    void decimalsAreThoseThatAreWritten(double value, int decimals) {
        assertThat(Decimals.of(value)).isEqualTo(decimals);
    }

    @Property(tries = 1_000)
    void theFirstLookAtTheLastDecimalChangesNothing(
            @ForAll long seed, @ForAll @IntRange(max = 12) int digits, @ForAll @IntRange(min = -9, max = 12) int size) {
        var random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            double rounded = Math.rint(random.nextGaussian() * Math.pow(10, digits)) / Math.pow(10, digits);
            double value = rounded * Math.pow(10, size);
            double nearly = Math.nextUp(Math.nextUp(value));

            assertThat(Decimals.of(value)).as("%s", value).isEqualTo(oneByOne(value));
            assertThat(Decimals.of(nearly)).as("%s", nearly).isEqualTo(oneByOne(nearly));
        }
    }

    /** Shifts the point until nothing is left behind it. */
    private static int oneByOne(double value) {
        double size = Math.abs(value);
        int decimals = 0;
        while (decimals < Layout.FORMATS - 1 && Math.abs(size - Math.rint(size)) > 1e-14 * size) {
            size *= 10;
            decimals++;
        }
        return decimals;
    }
}

package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether rows depend on those before them. */
class RehearsalTest {

    private static final int WINDOW = 20;
    private static final Schema<double[]> SCHEMA =
            Schema.ofDoubles(Feature.number("a"), Feature.number("b"), Feature.number("c"));

    /** Of rows whose three normal columns have a mean that depends on their number. */
    private static Baseline baseline(int rows, long seed, IntToDoubleFunction mean) {
        var random = new SplittableRandom(seed);
        var builder = Baseline.builder(SCHEMA.features()).windowRows(WINDOW);
        for (int row = 0; row < rows; row++) {
            double[] values = new double[3];
            for (int i = 0; i < values.length; i++) {
                values[i] = mean.applyAsDouble(row) + NormalScores.of(random.nextDouble(1e-9, 1));
            }
            builder.add(SCHEMA.read(values), Double.NaN, Double.NaN);
        }
        return builder.build();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void independentRowsAreNotTimeOrdered(long seed) {
        assertThat(baseline(4_000, seed, row -> 0).isTimeOrdered()).isFalse();
        assertThat(baseline(600, seed, row -> 0).isTimeOrdered()).isFalse();
    }

    /** By day and by night, 160 rows each, means differ by so little that a window of 20 rows hardly shows it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatOnlyWindowsInARowShowIsSeen(long seed) {
        assertThat(baseline(8_000, seed, row -> row / 160 % 2 == 0 ? 0.35 : -0.35)
                        .isTimeOrdered())
                .isTrue();
    }

    /** One night of all is quite another: no independent rows have that. */
    @Test
    void oneStretchThatChanceDoesNotMakeIsSeen() {
        assertThat(baseline(8_000, 1, row -> row / WINDOW == 150 ? 2 : 0).isTimeOrdered())
                .isTrue();
    }
}

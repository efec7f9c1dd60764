package io.github.plimsoll.validation.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailTest {

    private static final int ROWS = 2_000;

    @ParameterizedTest
    @CsvSource({"uniform", "normal", "exponential", "lognormal", "pareto"})
    void aFurtherTableOfTheSameLawSeldomGoesBeyondTheBound(String law) {
        ToDoubleFunction<Random> draw = law(law);
        int beyond = 0;
        int warned = 0;
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            Tail tail = Tail.upper(largest(draw, random), ROWS, ROWS, 0.001);
            boolean over = false;
            for (int i = 0; i < ROWS; i++) {
                over |= draw.applyAsDouble(random) > tail.bound();
            }
            beyond += over && tail.weight() != Tail.Weight.HEAVY ? 1 : 0;
            warned += over && tail.weight() == Tail.Weight.HEAVY ? 1 : 0;
        }

        assertThat(beyond).isLessThanOrEqualTo(1); // promised: 0.3 of 300
        assertThat(warned).isLessThanOrEqualTo(15); // promised: 3 of 300; the estimate of a heavy tail is rough
    }

    @Test
    void aHeavierTailGetsMoreRoom() {
        Tail normal = Tail.upper(largest(law("normal"), new Random(1)), ROWS, ROWS, 0.001);
        Tail pareto = Tail.upper(largest(law("pareto"), new Random(1)), ROWS, ROWS, 0.001);

        assertThat(normal.weight()).isEqualTo(Tail.Weight.LIGHT);
        assertThat(pareto.weight()).isEqualTo(Tail.Weight.HEAVY);
        assertThat(normal.bound()).isBetween(4.9, 20.0);
        assertThat(pareto.bound()).isGreaterThan(100);
    }

    @Test
    void valuesThatShareTheirEndNeedNoRoom() {
        double[] capped = largest(random -> Math.min(1, random.nextGaussian()), new Random(1));

        Tail tail = Tail.upper(capped, ROWS, ROWS, 0.001);

        assertThat(tail).isEqualTo(new Tail(1, 0, Tail.Weight.EDGE, Tail.sizeFor(ROWS)));
    }

    @Test
    void theLowerEndIsTheUpperOneMirrored() {
        double[] largest = largest(law("exponential"), new Random(1));
        double[] smallest = Arrays.stream(largest).map(value -> -value).toArray();

        assertThat(Tail.lower(smallest, ROWS, ROWS, 0.001).bound())
                .isEqualTo(-Tail.upper(largest, ROWS, ROWS, 0.001).bound());
    }

    private static double[] largest(ToDoubleFunction<Random> draw, Random random) {
        Extremes extremes = new Extremes();
        for (int i = 0; i < ROWS; i++) {
            extremes.add(draw.applyAsDouble(random));
        }
        return extremes.largest();
    }

    private static ToDoubleFunction<Random> law(String name) {
        return switch (name) {
            case "uniform" -> Random::nextDouble;
            case "normal" -> Random::nextGaussian;
            case "exponential" -> random -> -Math.log(1 - random.nextDouble());
            case "lognormal" -> random -> Math.exp(random.nextGaussian());
            default -> random -> Math.pow(1 - random.nextDouble(), -0.5);
        };
    }
}

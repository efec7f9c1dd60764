package io.github.plimsoll.validation.stats.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangeDetectorTest {

    enum Kind {
        ADWIN(Adwin::new, 400),
        DDM(Ddm::new, 400),
        EDDM(Eddm::new, 400),
        HDDM_A(HddmA::new, 200),
        HDDM_W(HddmW::new, 200),
        CUSUM(() -> new Cusum(30, 0.005, 20), 200),
        GEOMETRIC(() -> new GeometricMovingAverage(30, 0.99, 0.3), 200),
        PAGE_HINKLEY(() -> new PageHinkley(30, 0.005, 20, 0.9999, Sides.BOTH), 200);

        private final Supplier<ChangeDetector> made;
        private final int delay;

        Kind(Supplier<ChangeDetector> made, int delay) {
            this.made = made;
            this.delay = delay;
        }
    }

    /** Errors at one rate, then at another. */
    private static double[] errors(long seed, int stable, double before, int changed, double after) {
        var random = new SplittableRandom(seed);
        return IntStream.range(0, stable + changed)
                .mapToDouble(i -> random.nextDouble() < (i < stable ? before : after) ? 1 : 0)
                .toArray();
    }

    private static List<Integer> changes(ChangeDetector detector, double[] values) {
        List<Integer> changes = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            if (detector.add(values[i]) == Signal.CHANGE) {
                changes.add(i);
            }
        }
        return changes;
    }

    @ParameterizedTest
    @EnumSource
    void aRiseOfTheErrorsIsToldSoon(Kind kind) {
        double[] errors = errors(1, 1_000, 0.1, 600, 0.7);

        assertThat(changes(kind.made.get(), errors))
                .anySatisfy(change -> assertThat(change).isBetween(1_000, 1_000 + kind.delay));
    }

    @ParameterizedTest
    @EnumSource
    void afterAChangeItIsLikeANewOne(Kind kind) {
        double[] errors = errors(2, 800, 0.1, 3_000, 0.7);
        int first = changes(kind.made.get(), errors).get(0);
        double[] rest = java.util.Arrays.copyOfRange(errors, first + 1, errors.length);

        List<Integer> again =
                changes(kind.made.get(), rest).stream().map(i -> i + first + 1).toList();

        List<Integer> all = changes(kind.made.get(), errors);
        assertThat(all.subList(1, all.size())).isEqualTo(again);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoValueIsRefusedAndChangesNothing(Kind kind) {
        double[] errors = errors(3, 1_000, 0.1, 600, 0.7);
        ChangeDetector detector = kind.made.get();
        List<Integer> changes = new ArrayList<>();

        for (int i = 0; i < errors.length; i++) {
            assertThatThrownBy(() -> detector.add(Double.NaN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("value: NaN (expected: ");
            if (detector.add(errors[i]) == Signal.CHANGE) {
                changes.add(i);
            }
        }

        assertThat(changes).isEqualTo(changes(kind.made.get(), errors));
    }

    @Test
    void aFallIsToldWhereBothSidesAreAsked() {
        double[] errors = errors(4, 1_000, 0.7, 1_000, 0.1);

        assertThat(changes(new HddmA(0.001, 0.005, Sides.BOTH), errors)).anyMatch(i -> i >= 1_000);
        assertThat(changes(new HddmW(0.001, 0.005, 0.05, Sides.BOTH), errors)).anyMatch(i -> i >= 1_000);
        assertThat(changes(new HddmA(), errors)).isEmpty();
        assertThat(changes(new HddmA(0.001, 0.005, Sides.FALLS), errors)).anyMatch(i -> i >= 1_000);
        assertThat(changes(new HddmW(0.001, 0.005, 0.05, Sides.FALLS), errors)).anyMatch(i -> i >= 1_000);
        assertThat(changes(new HddmW(0.001, 0.005, 0.05, Sides.FALLS), errors(4, 1_000, 0.1, 1_000, 0.7)))
                .noneMatch(i -> i >= 1_000 && i < 1_100);
        assertThat(changes(new PageHinkley(30, 0.005, 20, 1, Sides.FALLS), errors))
                .anyMatch(i -> i >= 1_000);
        assertThat(changes(new PageHinkley(30, 0.005, 20, 1, Sides.RISES), errors))
                .isEmpty();
        assertThat(changes(new Adwin(), errors)).anyMatch(i -> i >= 1_000);
        assertThat(changes(new Fhddm(), errors))
                .singleElement()
                .satisfies(i -> assertThat(i).isBetween(1_000, 1_100));
    }

    @Test
    void theWindowGrowsWithWhatStaysAndShrinksWithAChange() {
        Adwin adwin = new Adwin();
        for (int i = 1; i <= 5; i++) {
            adwin.add(i);
        }
        assertThat(adwin.width()).isEqualTo(5);
        assertThat(adwin.mean()).isEqualTo(3);

        Adwin grown = new Adwin();
        for (double error : errors(5, 10_000, 0.3, 0, 0)) {
            grown.add(error);
        }
        assertThat(grown.width()).isEqualTo(10_000);
        assertThat(grown.mean()).isCloseTo(0.3, within(0.02));
        assertThat(grown.toString()).startsWith("window of 10000 values, buckets [");
        int last = 0;
        while (grown.add(1) != Signal.CHANGE) {
            last++;
        }
        assertThat(last).isLessThan(100);
        assertThat(grown.width()).isLessThan(10_000);
    }

    @Test
    void errorsWithoutEndAreNoChange() {
        double[] errors = errors(6, 1_000, 1, 0, 0);

        assertThat(changes(new Ddm(), errors)).isEmpty();
        assertThat(changes(new Adwin(), errors)).isEmpty();
        assertThat(changes(new Fhddm(), errors)).isEmpty();
    }

    @Test
    void aWarningComesBeforeTheChange() {
        Ddm ddm = new Ddm();
        List<Signal> signals = new ArrayList<>();
        for (double error : errors(7, 2_000, 0.1, 600, 0.4)) {
            signals.add(ddm.add(error));
        }

        assertThat(signals.indexOf(Signal.WARNING)).isPositive().isLessThan(signals.indexOf(Signal.CHANGE));
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new Adwin(1, 32, 5, 5, 10)).hasMessage("delta: 1.0 (expected: above 0, below 1)");
        assertThatThrownBy(() -> new Adwin(0.1, 0, 5, 5, 10)).hasMessage("clock: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new Ddm(30, 0, 3)).hasMessage("warning: 0.0 (expected: above 0)");
        assertThatThrownBy(() -> new Eddm(30, 0.8, 0.9)).hasMessage("change: 0.9 (expected: <= warning, 0.8)");
        assertThatThrownBy(() -> new PageHinkley(30, -1, 50, 1, Sides.BOTH))
                .hasMessage("tolerance: -1.0 (expected: >= 0)");
        assertThatThrownBy(() -> new PageHinkley(30, 0, 50, 2, Sides.BOTH))
                .hasMessage("forgetting: 2.0 (expected: above 0, at most 1)");
        assertThatThrownBy(() -> new Ddm().add(0.5)).hasMessage("value: 0.5 (expected: 0 or 1)");
    }
}

package io.github.plimsoll.validation.stats.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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
        PAGE_HINKLEY(() -> new PageHinkley(30, 0.005, 20, 0.9999, Sides.BOTH), 200),
        PAGE_HINKLEY_FROM_START(() -> PageHinkley.fromStart(30, 0.005, 20, 0.9999, Sides.RISES), 200),
        FORGETTING_CUSUM(() -> new Cusum(30, 0.005, 20, 0.9999), 200),
        RDDM(Rddm::new, 400),
        EWMA(EwmaChart::new, 100),
        STEPD(Stepd::new, 100),
        WSTD(Wstd::new, 100),
        KSWIN(() -> new Kswin(0.0001, 100, 30, 1), 100),
        BOCD(() -> new Bocd(0.1, 1, 0.2), 100),
        MOA_ADWIN(() -> MoaDetectors.adwin(0.002), 400),
        MOA_DDM(() -> MoaDetectors.ddm(30, 2, 3), 400),
        MOA_EDDM(() -> MoaDetectors.eddm(30, 30), 400),
        MOA_HDDM_A(() -> MoaDetectors.hddmA(0.001, 0.005), 200),
        MOA_HDDM_W(() -> MoaDetectors.hddmW(0.001, 0.005, 0.05), 200),
        MOA_EWMA(MoaDetectors::ewmaChart, 100),
        SEED(Seed::new, 100),
        MOA_SEED(MoaDetectors::seed, 100),
        SEQ_DRIFT_1(() -> new SeqDrift1(1), 400),
        RIVER_ADWIN(() -> RiverDetectors.adwin(0.002, 32), 400),
        SCIKIT_MULTIFLOW_ADWIN(() -> RiverDetectors.scikitMultiflowAdwin(0.002), 400),
        FROUROS_ADWIN(() -> FrourosDetectors.adwin(0.002), 400),
        FROUROS_DDM(FrourosDetectors::ddm, 400),
        FROUROS_EDDM(FrourosDetectors::eddm, 400),
        FROUROS_HDDM_A(() -> FrourosDetectors.hddmA(0.001, 0.005), 200),
        FROUROS_HDDM_W(() -> FrourosDetectors.hddmW(0.001, 0.005, 0.05), 200),
        FROUROS_RDDM(FrourosDetectors::rddm, 400),
        FROUROS_STEPD(FrourosDetectors::stepd, 100);

        private final Supplier<ChangeDetector> made;
        private final int delay;

        Kind(Supplier<ChangeDetector> made, int delay) {
            this.made = made;
            this.delay = delay;
        }
    }

    /** Errors at one rate, then at another. */
    static double[] errors(long seed, int stable, double before, int changed, double after) {
        var random = new SplittableRandom(seed);
        return IntStream.range(0, stable + changed)
                .mapToDouble(i -> random.nextDouble() < (i < stable ? before : after) ? 1 : 0)
                .toArray();
    }

    static List<Integer> changes(ChangeDetector detector, double[] values) {
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
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RDDM", "MOA_ADWIN", "SCIKIT_MULTIFLOW_ADWIN", "SEED", "MOA_SEED", "SEQ_DRIFT_1"
            }) // these keep values
    void afterAChangeItIsLikeANewOne(Kind kind) {
        double[] errors = errors(2, 800, 0.1, 3_000, 0.7);
        int first = changes(kind.made.get(), errors).get(0);
        double[] rest = Arrays.copyOfRange(errors, first + 1, errors.length);

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
    void nothingIsToldBeforeAsManyValuesAsWereAskedFor() {
        double[] jump = {0, 0, 0, 0, 0, 100, 100, 100, 100, 100};

        assertThat(changes(new Adwin(0.5, 10, 10, 1, 9), jump)).containsExactly(9);
        assertThat(changes(new Adwin(0.5, 10, 10, 1, 10), jump)).isEmpty();
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

    @Test
    void ranksOfErrorsChangeWhereRiverTellsIt() {
        double[] errors = new double[460];
        Arrays.fill(errors, 200, 260, 1);

        assertThat(changes(new Wstd(), errors)).containsExactly(210, 273);
    }

    /** The statistic of Nishida and Yamauchi's equation 1, computed afresh from all values at every step. */
    @Property(tries = 50)
    void proportionsAreComparedAsTheirAuthorsSay(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int window) {
        double[] errors = errors(seed, 200, 0.2, 100, 0.5);
        Stepd stepd = new Stepd(window, 0.003, 0.05);
        int from = 0;

        for (int i = 0; i < errors.length; i++) {
            Signal signal = stepd.add(errors[i]);

            double n = window;
            double o = i + 1.0 - from - n;
            double r =
                    Arrays.stream(errors, Math.max(from, i + 1 - window), i + 1).sum();
            double all = Arrays.stream(errors, from, i + 1).sum();
            double p = all / (o + n);
            double t = (Math.abs((all - r) / o - r / n) - 0.5 * (1 / o + 1 / n))
                    / Math.sqrt(p * (1 - p) * (1 / o + 1 / n));
            Signal expected = o < n || !(t > 1.959963984540054)
                    ? Signal.STABLE
                    : t > 2.967737925341796
                            ? Signal.CHANGE
                            : Signal.WARNING; // normal quantiles of 0.05 and 0.003, two-sided
            assertThat(signal).isEqualTo(expected);
            from = signal == Signal.CHANGE ? i + 1 : from;
        }
    }

    /** A window over all of the two samples, ranked by hand. */
    @Property(tries = 50)
    void ranksAreThoseOfTheTwoWindows(@ForAll long seed) {
        double[] errors = errors(seed, 120, 0.2, 60, 0.9);
        Wstd wstd = new Wstd(20, 40, 10, 0.003, 0.05);
        int from = 0;

        for (int i = 0; i < errors.length; i++) {
            Signal signal = wstd.add(errors[i]);

            int read = i + 1 - from;
            Signal expected = Signal.STABLE;
            if (read >= 30) {
                double[] newest = Arrays.copyOfRange(errors, i + 1 - 20, i + 1);
                double[] older = Arrays.copyOfRange(errors, Math.max(from, i + 1 - 60), i + 1 - 20);
                double sum = 0;
                for (double value : newest) {
                    for (double[] part : List.of(newest, older)) {
                        for (double other : part) {
                            sum += other < value ? 1 : other == value ? 0.5 : 0;
                        }
                    }
                    sum += 0.5;
                }
                double all = 20.0 + older.length;
                double z = Math.abs(sum - 10 * (all + 1)) / Math.sqrt(20 * older.length * (all + 1) / 12);
                expected =
                        z > 2.967737925341796 ? Signal.CHANGE : z > 1.959963984540054 ? Signal.WARNING : Signal.STABLE;
            }
            assertThat(signal).isEqualTo(expected);
            from = signal == Signal.CHANGE ? i + 1 : from;
        }
    }

    @Test
    void anOldConceptIsForgottenSoThatARiseIsToldSooner() {
        double[] errors = errors(8, 60_000, 0.2, 4_000, 0.3);

        int plain = firstFrom(60_000, changes(new Ddm(30, 1.773, 2.258), errors));
        int reactive = firstFrom(60_000, changes(new Rddm(), errors));

        assertThat(reactive).isLessThan(plain);
    }

    @Test
    void aLongWarningIsAChangeAndTheRateBeginsWithIt() {
        double[] errors = errors(9, 2_000, 0.2, 3_000, 0.26);

        assertThat(changes(new Rddm(129, 1.5, 100, 40_000, 7_000, 50), errors)).isNotEmpty();
        assertThat(changes(new Rddm(129, 1.5, 100, 40_000, 7_000, 10_000), errors))
                .isEmpty();
        // Of the warning's values all are errors: the rate is 1 from the first value on, and nothing is above it.
        Rddm rddm = new Rddm(30, 1, 2, 40_000, 7_000, 1_400);
        double[] abrupt = errors(10, 300, 0.05, 1_000, 1);
        assertThat(changes(rddm, abrupt)).filteredOn(i -> i >= 300).hasSize(1);
    }

    static int firstFrom(int start, List<Integer> changes) {
        return changes.stream().filter(i -> i >= start).findFirst().orElse(Integer.MAX_VALUE);
    }

    @Test
    void theChartGrantsAboutOneFalseAlarmInSoManyValues() {
        double[] errors = errors(11, 200_000, 0.1, 0, 0);

        assertThat(changes(new EwmaChart(30, 0.2, 0.5, 100), errors)).hasSizeBetween(1_000, 3_000);
        assertThat(changes(new EwmaChart(), errors)).hasSizeBetween(300, 800);
        assertThat(changes(new EwmaChart(30, 0.2, 0.5, 1_000), errors)).hasSizeBetween(50, 5_000);
    }

    @Test
    void aSpreadThatGrowsIsSeenAndTheSameSeedSeesTheSame() {
        var random = new SplittableRandom(12);
        double[] values = IntStream.range(0, 1_000)
                .mapToDouble(i -> (random.nextDouble() - 0.5) * (i < 500 ? 1 : 10))
                .toArray();

        assertThat(changes(new Kswin(0.0001, 200, 100, 3), values)).anyMatch(i -> i >= 500 && i < 600);
        assertThat(changes(new Kswin(0.0001, 200, 100, 3), values))
                .isEqualTo(changes(new Kswin(0.0001, 200, 100, 3), values));
        double[] far = Arrays.stream(values, 0, 500).map(value -> value + 7).toArray();
        assertThat(changes(new Kswin(0.00001, 200, 100, 3), far)).isEmpty();
    }

    /** The recursion of Adams and MacKay's algorithm 1 over all run lengths, with plain probabilities. */
    @Property(tries = 30)
    void runLengthsAreThoseOfTheRecursion(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        Bocd bocd = new Bocd(0.5, 2, 0.3, 0.02, 1);
        List<double[]> runs = new ArrayList<>(List.of(new double[] {1, 0.5, 2})); // probability, mean, variance
        double largest = 0;

        for (int i = 0; i < 150; i++) {
            double value = random.nextDouble(-1, 1) + (i / 60) * 2;
            Signal signal = bocd.add(value);

            double total = 0;
            List<double[]> next = new ArrayList<>();
            for (double[] run : runs) {
                double spread = run[2] + 0.3;
                double joint =
                        run[0] * Math.exp(-(value - run[1]) * (value - run[1]) / (2 * spread)) / Math.sqrt(spread);
                double gain = run[2] / spread;
                next.add(new double[] {joint * 0.98, run[1] + gain * (value - run[1]), run[2] * (1 - gain)});
                total += joint;
            }
            next.add(0, new double[] {total * 0.02, 0.5, 2});
            double sum = total;
            next.forEach(run -> run[0] /= sum);
            int likeliest = 0;
            for (int k = 1; k < next.size(); k++) {
                likeliest = next.get(k)[0] > next.get(likeliest)[0] ? k : likeliest;
            }
            largest = Math.max(largest, likeliest);
            boolean changed = likeliest != next.size() - 1;
            assertThat(signal).isEqualTo(changed ? Signal.CHANGE : Signal.STABLE);
            runs = changed ? new ArrayList<>(List.of(new double[] {1, 0.5, 2})) : next;
        }
        assertThat(largest).isPositive();
    }

    @Test
    void runLengthsBeyondTheBoundAreNoChangeAndHideNone() {
        var random = new SplittableRandom(13);
        double[] values = IntStream.range(0, 5_100)
                .mapToDouble(i -> random.nextDouble(-1, 1) + (i < 5_000 ? 0 : 2))
                .toArray();

        assertThat(changes(new Bocd(0, 1, 0.34, 0.001, 30), values))
                .isNotEmpty()
                .allMatch(i -> i >= 5_000 && i < 5_010);
    }

    @Test
    void detectorsAsInMoaDifferAsTheySay() {
        double[] falls = errors(14, 1_000, 0.7, 1_000, 0.1);
        Adwin adwin = MoaDetectors.adwin(0.002);
        assertThat(changes(adwin, falls)).isEmpty();
        assertThat(adwin.width()).isLessThan(1_100);
        assertThat(adwin.mean()).isCloseTo(0.1, within(0.05));
        Adwin rises = MoaDetectors.adwin(0.002);
        assertThat(changes(rises, errors(14, 1_000, 0.1, 500, 0.7))).isNotEmpty();
        assertThat(rises.width()).isBetween(400L, 600L);

        double[] thereAndBack = DoubleStream.concat(Arrays.stream(falls), Arrays.stream(errors(15, 0, 0, 500, 0.7)))
                .toArray();
        assertThat(firstFrom(2_000, changes(MoaDetectors.hddmA(0.001, 0.005), thereAndBack)))
                .isLessThan(firstFrom(2_000, changes(new HddmA(), thereAndBack)));

        double[] rare = errors(16, 2_000, 0.05, 500, 0.3);
        HddmW asRiver = new HddmW();
        HddmW asMoa = MoaDetectors.hddmW(0.001, 0.005, 0.05);
        assertThat(Arrays.stream(rare).mapToObj(asMoa::add).toList())
                .isNotEqualTo(Arrays.stream(rare).mapToObj(asRiver::add).toList());
        assertThat(changes(MoaDetectors.pageHinkley(), thereAndBack)).isEmpty();
        assertThat(firstFrom(2_000, changes(new PageHinkley(), thereAndBack))).isLessThan(2_500);
        assertThat(changes(MoaDetectors.ddm(30, 2, 3), errors(17, 30, 0.1, 600, 0.6)))
                .isEqualTo(changes(new Ddm(28, 2, 3), errors(17, 30, 0.1, 600, 0.6)));
    }

    @Test
    void parametersOfTheNewerOnesAreNamedToo() {
        assertThatThrownBy(() -> new Kswin(0.005, 50, 30, 1)).hasMessage("part: 30 (expected: <= half the window, 25)");
        assertThatThrownBy(() -> new EwmaChart(30, 0.2, 0.5, 500))
                .hasMessage("values to a false alarm: 500 (expected: 100, 400 or 1000)");
        assertThatThrownBy(() -> new Wstd(30, 20, 30, 0.003, 0.05)).hasMessage("fewest: 30 (expected: <= older, 20)");
        assertThatThrownBy(() -> new Bocd(Double.NaN, 1, 1)).hasMessage("prior mean: NaN (expected: a finite number)");
        assertThatThrownBy(() -> new Bocd(0, 1, 0)).hasMessage("variance: 0.0 (expected: above 0)");
        assertThatThrownBy(() -> new Rddm(129, 1, 2, 0, 1, 1)).hasMessage("longest: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new Stepd(0, 0.1, 0.1)).hasMessage("window: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new Cusum(1, 0, 1, 0)).hasMessage("forgetting: 0.0 (expected: above 0, at most 1)");
        assertThatThrownBy(() -> MoaDetectors.ddm(2, 2, 3)).hasMessage("minimum - 2: 0 (expected: >= 1)");
    }
}

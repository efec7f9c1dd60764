package io.github.plimsoll.validation.stats.stream;

import static io.github.plimsoll.validation.stats.stream.ChangeDetectorTest.changes;
import static io.github.plimsoll.validation.stats.stream.ChangeDetectorTest.errors;
import static io.github.plimsoll.validation.stats.stream.ChangeDetectorTest.firstFrom;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.validation.stats.stream.ChangeDetector.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** SEED, SeqDrift1, and what libraries do otherwise, against their definitions computed afresh from the values. */
class LibraryDetectorsTest {

    /** Numbers whose mean, and late their spread, changes several times. */
    private static double[] restless(long seed, int size) {
        var random = new SplittableRandom(seed);
        double[] values = new double[size];
        double mean = 0.5;
        for (int i = 0; i < size; i++) {
            if (random.nextInt(400) == 0) {
                mean = random.nextDouble();
            }
            values[i] = mean + (random.nextDouble() - 0.5) * (i < size / 2 ? 0.4 : 0.8);
        }
        return values;
    }

    private static double squares(List<Double> values) {
        double mean = values.stream().mapToDouble(v -> v).average().orElse(0);
        return values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(v -> v).sum();
    }

    @Property(tries = 8)
    void anAdwinIsWhatItsDefinitionSays(@ForAll long seed) {
        assertIsAdwin(() -> new Adwin(0.01, 8, 3, 5, 10), restless(seed, 800), 8, 3, 0.01, true, 5, 4);
        assertIsAdwin(() -> RiverDetectors.adwin(0.01, 8), restless(seed, 800), 8, 5, 0.01, false, 5, 4);
        assertIsAdwin(() -> FrourosDetectors.adwin(0.01), restless(seed, 1_500), 32, 5, 0.01, false, 6, 6);
    }

    private static void assertIsAdwin(
            Supplier<Adwin> made,
            double[] values,
            int clock,
            int most,
            double delta,
            boolean countsNewest,
            int shortest,
            int ignored) {
        Adwin adwin = made.get();
        List<List<Double>> buckets = new ArrayList<>(); // the oldest first
        int read = 0;
        for (double value : values) {
            buckets.add(new ArrayList<>(List.of(value)));
            for (int size = 1; ; size *= 2) { // of too many of one size the two oldest are joined
                int of = size;
                List<List<Double>> alike =
                        buckets.stream().filter(b -> b.size() == of).toList();
                if (alike.size() <= most) {
                    break;
                }
                alike.get(0).addAll(alike.get(1));
                int second = IntStream.range(0, buckets.size())
                        .filter(i -> buckets.get(i) == alike.get(1))
                        .findFirst()
                        .orElseThrow();
                buckets.remove(second);
            }
            read++;
            boolean changed = false;
            while (read % clock == 0
                    && buckets.stream().mapToInt(List::size).sum() > 10
                    && isCut(buckets, delta, countsNewest, shortest, ignored)) {
                buckets.remove(0);
                changed = true;
            }

            assertThat(adwin.add(value)).isEqualTo(changed ? Signal.CHANGE : Signal.STABLE);
            List<Double> window = buckets.stream().flatMap(List::stream).toList();
            assertThat(adwin.width()).isEqualTo(window.size());
            assertThat(adwin.mean()).isCloseTo(sum(window) / window.size(), within(1e-9));
            if (changed) {
                buckets.clear();
                read = 0;
            }
        }
    }

    private static boolean isCut(
            List<List<Double>> buckets, double delta, boolean countsNewest, int shortest, int ignored) {
        List<Double> window = buckets.stream().flatMap(List::stream).toList();
        double n = window.size();
        double logs = Math.log(2 * Math.log(n) / delta);
        List<Double> older = new ArrayList<>();
        for (int i = 0; i < buckets.size(); i++) {
            boolean newestOfItsSize = i + 1 == buckets.size()
                    || buckets.get(i + 1).size() != buckets.get(i).size();
            if (!countsNewest && newestOfItsSize) {
                continue;
            }
            older.addAll(buckets.get(i));
            double newer = n - older.size();
            if (older.size() >= shortest && newer >= shortest) {
                double parts = 1 / (older.size() - (double) ignored) + 1 / (newer - ignored);
                double bound = Math.sqrt(2 * parts * squares(window) / n * logs) + 2 * logs * parts / 3;
                if (Math.abs(sum(older) / older.size() - (sum(window) - sum(older)) / newer) > bound) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void scikitMultiflowsAdwinKeepsItsWindowAndFiresMoreOften() {
        double[] values = restless(3, 20_000);
        Adwin adwin = RiverDetectors.scikitMultiflowAdwin(0.002);
        int first = changes(RiverDetectors.adwin(0.002, 32), values).get(0);

        for (int i = 0; i <= first; i++) {
            adwin.add(values[i]);
        }
        long kept = adwin.width();
        adwin.add(values[first + 1]);

        assertThat(kept).isPositive();
        assertThat(adwin.width()).isEqualTo(kept + 1);
        assertThat(changes(RiverDetectors.scikitMultiflowAdwin(0.002), values))
                .hasSizeGreaterThan(
                        changes(RiverDetectors.adwin(0.002, 32), values).size());
    }

    /** Of values instead of sums; the squares of MOA's come from the mean of the window with the newest value over one value less. */
    @Property(tries = 8)
    void seedIsWhatItsDefinitionSays(@ForAll long seed, @ForAll boolean asMoa) {
        int size = 8;
        Seed detector = new Seed(0.05, size, asMoa);
        List<List<Double>> blocks = new ArrayList<>(List.of(new ArrayList<>()));
        List<Double> moaSquares = new ArrayList<>(); // as many as the window has values
        int begun = 0;

        for (double value : restless(seed, 2_000)) {
            List<Double> newest = blocks.get(blocks.size() - 1);
            if (newest.size() >= size) {
                if (begun == 76) {
                    double alike = 0;
                    for (int i = blocks.size() - 1; i > 0; i--) {
                        alike += 0.008;
                        List<Double> one = blocks.get(i);
                        List<Double> before = blocks.get(i - 1);
                        if (Math.abs(sum(one) / one.size() - sum(before) / before.size()) < alike) {
                            before.addAll(one);
                            blocks.remove(i);
                        }
                    }
                    begun = 0;
                }
                newest = new ArrayList<>();
                blocks.add(newest);
                begun++;
            }
            newest.add(value);
            List<Double> window = blocks.stream().flatMap(List::stream).toList();
            double n = window.size();
            double shifted = n == 1 ? 0 : value - sum(window) / (n - 1);
            moaSquares.add(n == 1 ? 0 : shifted * shifted * (n - 1) / n);
            Signal expected = Signal.STABLE;
            if (newest.size() % size == 0) {
                double variance = (asMoa ? sum(moaSquares) : squares(window)) / n;
                double logs = Math.log(2 * Math.log(n) / 0.05);
                for (int i = blocks.size() - 1; i > 0 && expected == Signal.STABLE; i--) {
                    List<Double> newer = blocks.subList(i, blocks.size()).stream()
                            .flatMap(List::stream)
                            .toList();
                    double older = n - newer.size();
                    double parts = 1 / older + 1.0 / newer.size();
                    double distance = Math.abs(sum(newer) / newer.size() - (sum(window) - sum(newer)) / older);
                    if (distance > Math.sqrt(2 * parts * variance * logs) + 2 * logs * parts / 3) {
                        blocks.subList(0, i).clear();
                        moaSquares.subList(0, (int) older).clear();
                        expected = Signal.CHANGE;
                    }
                }
            }

            assertThat(detector.add(value)).isEqualTo(expected);
            List<Double> left = blocks.stream().flatMap(List::stream).toList();
            assertThat(detector.width()).isEqualTo(left.size());
            assertThat(detector.mean()).isCloseTo(sum(left) / left.size(), within(1e-9));
            assertThat(detector).hasToString("window of " + left.size() + " values in " + blocks.size() + " blocks");
        }
    }

    @Test
    void seedKeepsABoundedNumberOfBlocksWhateverTheValues() {
        Seed wide = new Seed(1e-12, 1);
        Seed usual = new Seed();
        var random = new SplittableRandom(4);
        for (int i = 0; i < 20_000; i++) {
            wide.add(random.nextInt(2) * 1_000_000.0);
            usual.add(random.nextInt(2));
        }

        assertThat(wide.width()).isGreaterThan(10_000);
        assertThat(blocks(wide)).isBetween(900, 1_024);
        assertThat(usual.width()).isEqualTo(20_000);
        assertThat(blocks(usual)).isLessThan(200);
    }

    private static int blocks(Seed detector) {
        return Integer.parseInt(detector.toString().split(" ")[5]);
    }

    @Test
    void aBlockIsComparedWithTheOneBeforeIt() {
        // Two blocks of 200; the bound for a change, by hand: ln(4 / (0.01 / 1.5)) = 6.397, mean 0.25, variance
        // 0.18797,
        // 2 / 600 (6.397 + sqrt(6.397^2 + 18 x 0.18797 x 200 x 6.397)) = 0.2430, and for a larger sample 4.094: 0.1923
        assertThat(signals(blocks(75, 26))).containsExactly(400); // 0.245 apart: a change
        assertThat(signals(blocks(74, 26))).isEmpty(); // 0.24
        assertThat(signals(blocks(26, 75))).containsExactly(400); // falls too
        // 0.24 apart is a larger sample: no third look at 600, but at 800, of 400 values against the earlier 200: by as
        // many, 200.
        assertThat(signals(blocks(26, 74, 150, 150))).containsExactly(800);
        assertThat(signals(blocks(26, 62, 150, 150))).containsExactly(600);
    }

    /** So many errors in each block of 200 values, at its beginning. */
    private static double[] blocks(int... errors) {
        double[] values = new double[200 * errors.length];
        for (int i = 0; i < errors.length; i++) {
            Arrays.fill(values, 200 * i, 200 * i + errors[i], 1);
        }
        return values;
    }

    private static List<Integer> signals(double[] values) {
        return changes(new SeqDrift1(1), values).stream().map(i -> i + 1).toList();
    }

    @Test
    void seqDriftFindsWhatIsThereAndAlmostNothingElse() {
        assertThat(changes(new SeqDrift1(2), errors(20, 500_000, 0.1, 0, 0))).hasSizeLessThan(3);
        double[] change = errors(21, 100_000, 0.1, 2_000, 0.25);
        assertThat(firstFrom(100_000, changes(new SeqDrift1(3), change))).isBetween(100_199, 100_999);
        assertThat(changes(new SeqDrift1(3), change)).isEqualTo(changes(new SeqDrift1(3), change));
    }

    @Test
    void seqDriftForgetsWhatIsOlderThanItsWindow() {
        // Ten blocks are kept: a rate that grows slowly enough is never far from that of the ten before it.
        SeqDrift1 forgetful = new SeqDrift1(200, 0.1, 0.2, 1);
        SeqDrift1 mindful = new SeqDrift1(200, 0.001, 0.002, 1);
        List<Integer> ofForgetful = new ArrayList<>();
        List<Integer> ofMindful = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            double[] block = blocks(20 + i / 4);
            ofForgetful.addAll(changes(forgetful, block));
            ofMindful.addAll(changes(mindful, block));
        }

        assertThat(ofForgetful).isEmpty();
        assertThat(ofMindful).isNotEmpty();
    }

    @Test
    void frourosWarnsAtSingleErrors() {
        double[] errors = errors(22, 3_000, 0.1, 0, 0);
        Eddm eddm = FrourosDetectors.eddm();

        for (double error : errors) {
            Signal signal = eddm.add(error);
            if (error == 0) {
                assertThat(signal).isEqualTo(Signal.STABLE);
            }
        }
    }

    @Test
    void frourosTellsNothingOfTheFirstValues() {
        double[] errors = new double[60];
        Arrays.fill(errors, 10, 60, 1);

        List<ChangeDetector> ours = List.of(new HddmA(), new HddmW(0.3, 0.4, 0.05, Sides.RISES));
        List<ChangeDetector> theirs =
                List.of(FrourosDetectors.hddmA(0.001, 0.005), FrourosDetectors.hddmW(0.3, 0.4, 0.05));

        assertThat(ours)
                .allSatisfy(
                        detector -> assertThat(changes(detector, errors).get(0)).isLessThan(28));
        assertThat(theirs).allSatisfy(detector -> {
            List<Signal> signals = Arrays.stream(errors).mapToObj(detector::add).toList();
            assertThat(signals.subList(0, 29)).containsOnly(Signal.STABLE);
            assertThat(signals.get(29)).isNotEqualTo(Signal.STABLE);
        });
    }

    /** The definition of the one-sided test, from all values at every step. */
    @Property(tries = 30)
    void frourosHddmAGrantsTheProbabilityToOneSide(@ForAll long seed) {
        double[] errors = errors(seed, 300, 0.2, 200, 0.5);
        HddmA detector = FrourosDetectors.hddmA(0.001, 0.005);
        int from = 0;

        for (int i = 0; i < errors.length; i++) {
            int n = i + 1 - from;
            double mean = Arrays.stream(errors, from, i + 1).average().orElseThrow();
            int cut = 0;
            double meanOfCut = 0;
            double lowest = Double.POSITIVE_INFINITY;
            for (int k = 1; k <= n; k++) {
                double meanOfK = Arrays.stream(errors, from, from + k).average().orElseThrow();
                double upper = meanOfK + Math.sqrt(Math.log(1 / 0.001) / (2 * k));
                if (upper <= lowest) {
                    lowest = upper;
                    cut = k;
                    meanOfCut = meanOfK;
                }
            }
            double spread = (double) (n - cut) / (2.0 * cut * n);
            Signal expected = n < 30 || cut == n
                    ? Signal.STABLE
                    : mean - meanOfCut >= Math.sqrt(spread * Math.log(1 / 0.001))
                            ? Signal.CHANGE
                            : mean - meanOfCut >= Math.sqrt(spread * Math.log(1 / 0.005))
                                    ? Signal.WARNING
                                    : Signal.STABLE;
            assertThat(detector.add(errors[i])).isEqualTo(expected);
            from = expected == Signal.CHANGE ? i + 1 : from;
        }
    }

    /** The limits of Ross and others, table 1 of 2012, at rates from low to high. */
    @Property(tries = 30)
    void theChartsLimitsAreThoseOfItsAuthors(
            @ForAll long seed, @ForAll @DoubleRange(min = 0.05, max = 0.9) double rate) {
        double[] errors = errors(seed, 300, rate, 100, Math.min(1, rate + 0.2));
        for (int every : new int[] {100, 400, 1_000}) {
            EwmaChart chart = new EwmaChart(30, 0.2, 0.5, every);
            double average = 0;
            int from = 0;
            for (int i = 0; i < errors.length; i++) {
                int n = i + 1 - from;
                double p = Arrays.stream(errors, from, i + 1).average().orElseThrow();
                average = 0.2 * errors[i] + 0.8 * average;
                double limit = switch (every) {
                    case 100 ->
                        2.76 - 6.23 * p + 18.12 * Math.pow(p, 3) - 312.45 * Math.pow(p, 5) + 1002.18 * Math.pow(p, 7);
                    case 400 ->
                        3.97 - 6.56 * p + 48.73 * Math.pow(p, 3) - 330.13 * Math.pow(p, 5) + 848.18 * Math.pow(p, 7);
                    default ->
                        1.17 + 7.56 * p - 21.24 * Math.pow(p, 3) + 112.12 * Math.pow(p, 5) - 987.23 * Math.pow(p, 7);
                };
                double half = limit * Math.sqrt(p * (1 - p) / 9 * (1 - Math.pow(0.8, 2 * n)));
                Signal expected = n < 30
                        ? Signal.STABLE
                        : average > p + half ? Signal.CHANGE : average > p + half / 2 ? Signal.WARNING : Signal.STABLE;

                assertThat(chart.add(errors[i])).isEqualTo(expected);
                if (expected == Signal.CHANGE) {
                    from = i + 1;
                    average = 0;
                }
            }
        }
    }

    @Test
    void frourosTakesValuesThatAreAllAlikeForAChange() {
        assertThat(changes(FrourosDetectors.stepd(), new double[200])).containsExactly(59, 119, 179);
        assertThat(changes(new Stepd(), new double[200])).isEmpty();
    }

    @Test
    void frourosRddmBeginsWithNothingAfterAChange() {
        double[] errors = errors(23, 600, 0.1, 3_000, 0.5);
        Rddm rddm = FrourosDetectors.rddm();
        int first = changes(FrourosDetectors.rddm(), errors).get(0);

        List<Signal> signals = Arrays.stream(errors).mapToObj(rddm::add).toList();

        assertThat(signals.subList(first + 1, first + 129)).containsOnly(Signal.STABLE);
    }

    @Test
    void parametersOutOfRangeAreNamed() {
        assertThatThrownBy(() -> new Seed(0, 32)).hasMessage("delta: 0.0 (expected: above 0, below 1)");
        assertThatThrownBy(() -> new Seed(0.05, 0)).hasMessage("block: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new SeqDrift1(0, 0.01, 0.1, 1)).hasMessage("block: 0 (expected: >= 1)");
        assertThatThrownBy(() -> new SeqDrift1(200, 1, 0.1, 1)).hasMessage("change: 1.0 (expected: above 0, below 1)");
        assertThatThrownBy(() -> new SeqDrift1(200, 0.01, 0, 1))
                .hasMessage("warning: 0.0 (expected: above 0, below 1)");
        assertThatThrownBy(() -> RiverDetectors.adwin(0.002, 0)).hasMessage("clock: 0 (expected: >= 1)");
    }
}

package io.github.plimsoll.validation.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.validation.stats.compat.ColumnDrift;
import io.github.plimsoll.validation.stats.compat.EvidentlyDefaults;
import io.github.plimsoll.validation.stats.stream.Adwin;
import io.github.plimsoll.validation.stats.stream.ChangeDetector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The snippets of docs/guide/statistics.md. */
class StatisticsGuideTest {

    private final double[] reference = normal(new Random(1), 2000, 0);
    private final double[] current = normal(new Random(2), 500, 0.5);

    @Test
    void asksForChanceAndSize() {
        TestResult test = KolmogorovSmirnov.twoSample(reference, current);
        double shift = Wasserstein.overReferenceDeviation(reference, current);
        boolean matters = test.rejectedAt(0.01) && shift > 0.1;

        assertThat(matters).isTrue();
    }

    @Test
    void tellsTheIndexFromChance() {
        Bins bins = Bins.quantiles(reference, 10);
        PopulationStability psi =
                PopulationStability.of(bins.count(reference), bins.count(current), EmptyCells.adding(0.5));
        double excess = psi.corrected();
        boolean surprising = psi.index() > psi.criticalValue(0.05);

        assertThat(excess).isPositive();
        assertThat(surprising).isTrue();
        assertThat(chance(5_000, 100)).isCloseTo(0.173, within(5e-4));
        assertThat(chance(50_000, 500)).isCloseTo(0.034, within(5e-4));
        assertThat(chance(10_000, 10_000)).isCloseTo(0.0034, within(5e-5));
    }

    private static double chance(long referenceSize, long currentSize) {
        return new PopulationStability(0, 10, referenceSize, currentSize).criticalValue(0.05);
    }

    @Test
    void comparesCounts() {
        long[] referenceCounts = {60, 30, 10};
        long[] currentCounts = {50, 30, 20};

        Divergence divergence = Divergence.between(referenceCounts, currentCounts);
        double inNats = divergence.jensenShannonDistance();
        double inBits = divergence.jensenShannonDistanceBase2();

        assertThat(inBits).isCloseTo(inNats / Math.sqrt(Math.log(2)), within(1e-15));
    }

    @Test
    void boundsWhatCountsCanSay() {
        Bins bins = Bins.quantiles(reference, 10);
        Bins cells = Bins.equalWidth(-6, 6, 60);

        Interval statistic = KolmogorovSmirnov.boundsFromCounts(bins.count(reference), bins.count(current));
        Estimate distance = Wasserstein.fromCounts(cells, cells.count(reference), cells.count(current));

        assertThat(statistic.contains(
                        KolmogorovSmirnov.twoSample(reference, current).statistic()))
                .isTrue();
        assertThat(Wasserstein.distance(reference, current)).isCloseTo(distance.value(), within(distance.error()));
    }

    @Test
    void testsManyColumns() {
        double[] pValues = {0.001, 0.02, 0.2, 0.5};

        boolean[] drifted = PValueAdjustment.BENJAMINI_HOCHBERG.reject(pValues, 0.05);

        assertThat(drifted).containsExactly(true, true, false, false);
    }

    @Test
    void looksAgainAndAgain() {
        long errors = 12;
        long requests = 1_000;

        Interval errorRate = ConfidenceSequence.bernoulli(errors, requests, 0.05, 1_000);

        assertThat(errorRate.contains(0.012)).isTrue();
        assertThat(errorRate.contains(0.05)).isFalse();
    }

    @Test
    void readsAStreamOfErrors() {
        boolean[] wrong = new boolean[2_000];
        Arrays.fill(wrong, 1_000, 2_000, true);
        List<Integer> changes = new ArrayList<>();

        ChangeDetector detector = new Adwin();
        for (int i = 0; i < wrong.length; i++) {
            if (detector.add(wrong[i] ? 1 : 0) == ChangeDetector.Signal.CHANGE) {
                changes.add(i);
            }
        }

        assertThat(changes).containsExactly(1_023);
    }

    @Test
    void repeatsAnOldDecision() {
        ColumnDrift old = EvidentlyDefaults.numbers(reference, current);

        assertThat(old.drifted()).isTrue();
    }

    private static double[] normal(Random random, int n, double mean) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = mean + random.nextGaussian();
        }
        return values;
    }
}

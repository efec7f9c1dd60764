package io.github.plimsoll.validation.stats.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.CramersV;
import io.github.plimsoll.validation.stats.compat.ColumnDrift.Test;
import io.github.plimsoll.validation.stats.compat.WhylogsDefaults.Category;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;

class CompatTest {

    @org.junit.jupiter.api.Test
    void theTestFollowsTheSizeAndTheNumberOfValues() {
        assertThat(EvidentlyDefaults.numbers(cycle(1000, 100), cycle(50, 100)).test())
                .isEqualTo(Test.KOLMOGOROV_SMIRNOV);
        assertThat(EvidentlyDefaults.numbers(cycle(1001, 100), cycle(50, 100)).test())
                .isEqualTo(Test.WASSERSTEIN);
        assertThat(EvidentlyDefaults.numbers(cycle(1000, 5), cycle(50, 5)).test())
                .isEqualTo(Test.CHI_SQUARE);
        assertThat(EvidentlyDefaults.numbers(cycle(1000, 2), cycle(50, 2)).test())
                .isEqualTo(Test.PROPORTION_Z);
        assertThat(EvidentlyDefaults.numbers(cycle(1001, 5), cycle(50, 5)).test())
                .isEqualTo(Test.JENSEN_SHANNON);
        assertThat(EvidentlyDefaults.categories(List.of("a", "b", "c"), List.of("a"))
                        .test())
                .isEqualTo(Test.CHI_SQUARE);
    }

    @org.junit.jupiter.api.Test
    void missingValuesAreNotSeen() {
        double[] halfEmpty = cycle(100, 10);
        Arrays.fill(halfEmpty, 0, 50, Double.NaN);

        assertThat(EvidentlyDefaults.numbers(cycle(100, 10), halfEmpty).drifted())
                .isFalse();
        assertThatThrownBy(() -> EvidentlyDefaults.categories(List.of("a"), Collections.singletonList(null)))
                .hasMessage("current is empty (expected: at least one value that is not missing)");
    }

    @org.junit.jupiter.api.Test
    void oneCategoryInBothIsNoDrift() {
        assertThat(EvidentlyDefaults.categories(List.of("a", "a"), List.of("a")).value())
                .isEqualTo(1);
        assertThat(EvidentlyDefaults.categories(Collections.nCopies(60, "a"), Collections.nCopies(60, "b"))
                        .drifted())
                .isTrue();
    }

    @org.junit.jupiter.api.Test
    void halfOfTheColumnsMakeADataSetDrift() {
        ColumnDrift still = new ColumnDrift(Test.WASSERSTEIN, 0.05, 0.1, false);
        ColumnDrift moved = new ColumnDrift(Test.WASSERSTEIN, 0.1, 0.1, true);

        assertThat(EvidentlyDefaults.dataSetDrifted(List.of(still, moved))).isTrue();
        assertThat(EvidentlyDefaults.dataSetDrifted(List.of(still, still, moved)))
                .isFalse();
        assertThat(EvidentlyDefaults.dataSetDrifted(List.of())).isFalse();
    }

    @org.junit.jupiter.api.Test
    void valuesOutsideTheReferenceShareOneCell() {
        double[] reference = cycle(100, 10);

        assertThat(NannyMlDefaults.jensenShannon(reference, new double[] {-50, 70, 900}))
                .isEqualTo(1);
        assertThat(NannyMlDefaults.hellinger(reference, reference)).isZero();
        assertThat(NannyMlDefaults.lInfinity(List.of("a", "b"), List.of("c"))).isEqualTo(1);
        assertThat(NannyMlDefaults.standardError(0, 1, 1)).isZero();
        assertThatThrownBy(() -> NannyMlDefaults.standardError(1, 0, 1))
                .hasMessageStartingWith("deviation 1.0, fraction 0.0, rows 1 (expected: ");
    }

    @org.junit.jupiter.api.Test
    void whylogsNamesItsScores() {
        assertThat(WhylogsDefaults.ofPValue(0.049)).isEqualTo(Category.DRIFT);
        assertThat(WhylogsDefaults.ofPValue(0.05)).isEqualTo(Category.POSSIBLE_DRIFT);
        assertThat(WhylogsDefaults.ofPValue(0.149)).isEqualTo(Category.POSSIBLE_DRIFT);
        assertThat(WhylogsDefaults.ofPValue(0.15)).isEqualTo(Category.NO_DRIFT);
        assertThat(WhylogsDefaults.ofDistance(0.149)).isEqualTo(Category.NO_DRIFT);
        assertThat(WhylogsDefaults.ofDistance(0.15)).isEqualTo(Category.POSSIBLE_DRIFT);
        assertThat(WhylogsDefaults.ofDistance(0.399)).isEqualTo(Category.POSSIBLE_DRIFT);
        assertThat(WhylogsDefaults.ofDistance(0.4)).isEqualTo(Category.DRIFT);
        assertThatThrownBy(() -> WhylogsDefaults.ofPValue(Double.NaN))
                .hasMessage("p-value: NaN (expected: from 0 to 1)");
        assertThatThrownBy(() -> WhylogsDefaults.ofDistance(1.5)).hasMessage("distance: 1.5 (expected: from 0 to 1)");
    }

    @org.junit.jupiter.api.Test
    void whylogsScoresAreThoseOfItsCells() {
        // Eight values, two cells cut at 2.5: 2 and 2 against 3 and 1.
        assertThat(WhylogsDefaults.hellinger(new double[] {1, 2, 3, 4}, new double[] {1, 1, 1, 4}))
                .isCloseTo(Math.sqrt(1 - Math.sqrt(0.375) - Math.sqrt(0.125)), within(1e-12));
        assertThat(WhylogsDefaults.hellinger(new double[] {0}, new double[] {0}))
                .isZero();
        assertThat(WhylogsDefaults.hellinger(new double[] {5}, new double[] {0}))
                .isEqualTo(1);
        // At 30 cells on [0, 299] each holds ten of these numbers: five of them in either sample, whatever their order
        // inside.
        double[] even = DoubleStream.iterate(0, i -> i + 2).limit(150).toArray();
        double[] odd = DoubleStream.iterate(1, i -> i + 2).limit(150).toArray();
        assertThat(WhylogsDefaults.hellinger(even, odd)).isCloseTo(0, within(1e-7));
        // The statistic is 1 at a size of 4 x 4 / 8 = 2, and 1/2 at 2 x 2 / 4 = 1, which every sample of one value
        // reaches.
        assertThat(WhylogsDefaults.kolmogorovSmirnov(new double[] {13, 34, 99, 123}, new double[] {4, 2, 0, 4}))
                .isZero();
        assertThat(WhylogsDefaults.kolmogorovSmirnov(new double[] {1, 3}, new double[] {2, 4}))
                .isEqualTo(1);
        assertThatThrownBy(() -> WhylogsDefaults.hellinger(new double[] {1}, new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @org.junit.jupiter.api.Test
    void deepchecksScalesCountsDownAndBalancesThem() {
        // Twice as many current rows are brought to the size of the reference.
        assertThat(DeepchecksDefaults.cramersV(new long[] {60, 40}, new long[] {100, 100}))
                .isEqualTo(CramersV.biasCorrected(new long[][] {{60, 40}, {50, 50}}, Correction.CONTINUITY));
        // 8001/9001 and 2001/1001 times as many of 5001 each: 4445 and 9997, brought to 10002.
        assertThat(DeepchecksDefaults.balancedCramersV(new long[] {9000, 1000}, new long[] {8000, 2000}))
                .isEqualTo(CramersV.biasCorrected(new long[][] {{5001, 5001}, {3078, 6924}}, Correction.CONTINUITY));
        assertThat(DeepchecksDefaults.balancedCramersV(new long[] {9900, 100, 0}, new long[] {9900, 100, 0}))
                .isZero();
        assertThatThrownBy(() -> DeepchecksDefaults.cramersV(new long[] {1, 2}, new long[] {1, 2, 3}))
                .hasMessage("current has 3 categories (expected: 2, as the reference)");
        assertThatThrownBy(() -> DeepchecksDefaults.balancedCramersV(new long[] {1, -2}, new long[] {1, 2}))
                .hasMessage("reference[1]: -2 (expected: a count, not negative)");
        assertThatThrownBy(() -> DeepchecksDefaults.balancedCramersV(new long[] {1, 2}, new long[] {0, 0}))
                .hasMessage("current adds up to 0 (expected: something counted)");
    }

    @org.junit.jupiter.api.Test
    void sketchesDifferBeyondChanceAndTheirErrors() {
        // As DataSketches says of its default size.
        assertThat(DataSketchesDefaults.rankError(200)).isCloseTo(0.01329, within(0.00001));
        assertThat(DataSketchesDefaults.shareError(200)).isCloseTo(0.01652, within(0.00001));
        assertThat(DataSketchesDefaults.kolmogorovSmirnovThreshold(560, 0.01, 280, 0.02, 0.05))
                .isCloseTo(1.3581 * Math.sqrt(1 / 560.0 + 1 / 280.0) + 0.03, within(1e-5));
        assertThat(DataSketchesDefaults.rankError(8)).isGreaterThan(DataSketchesDefaults.rankError(65_535));
        assertThatThrownBy(() -> DataSketchesDefaults.rankError(7)).hasMessage("k: 7 (expected: from 8 to 65535)");
        assertThatThrownBy(() -> DataSketchesDefaults.shareError(65_536))
                .hasMessage("k: 65536 (expected: from 8 to 65535)");
        assertThatThrownBy(() -> DataSketchesDefaults.kolmogorovSmirnovThreshold(5, 0, 5, -1, 0.05))
                .hasMessage("rank errors 0.0 and -1.0 (expected: shares, not negative)");
    }

    private static double[] cycle(int size, int values) {
        return DoubleStream.iterate(0, i -> i + 1)
                .limit(size)
                .map(i -> i % values)
                .toArray();
    }
}

package io.github.plimsoll.validation.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What happens at the edges: nothing, NaN, one value, constants, ties, and numbers of a published source. */
class StatisticsPolicyTest {

    private static final double[] SOME = {1, 2, 3, 4, 5, 6};

    @Test
    void namesTheValueThatNoTestCanUse() {
        assertThatThrownBy(() -> KolmogorovSmirnov.twoSample(SOME, new double[] {1, Double.NaN}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("y[1] is NaN (expected: a number; drop or count what is missing first)");
        assertThatThrownBy(() -> MannWhitney.twoSample(new double[0], SOME))
                .hasMessage("x is empty (expected: at least one value)");
        assertThatThrownBy(() -> TTest.welch(SOME, new double[] {1, Double.POSITIVE_INFINITY}))
                .hasMessage("y[1]: Infinity (expected: a finite number)");
        assertThatThrownBy(() -> ChiSquare.independence(new long[][] {{1, 0}, {2, 0}}))
                .hasMessageStartingWith("column 1 of the table adds up to 0");
        assertThatThrownBy(() -> Divergence.between(new long[] {1, -1}, new long[] {1, 1}))
                .hasMessage("x[1]: -1 (expected: a count, not negative)");
        assertThatThrownBy(() -> ChiSquare.goodnessOfFit(new long[] {3, 4}, new double[] {3, 5}))
                .hasMessage("expected adds up to 8.0 (expected: 7.0, the sum of what was observed)");
        assertThatThrownBy(() -> PValueAdjustment.HOLM.adjust(new double[] {0.5, 1.5}, 0.05))
                .hasMessage("pValues[1]: 1.5 (expected: from 0 to 1)");
    }

    @Test
    void changesNoArray() {
        double[] x = {3, 1, 2, 5, 4};
        double[] y = {9, 7, 8, 6, 0};

        KolmogorovSmirnov.twoSample(x, y);
        Wasserstein.overRange(x, y, 0.1);
        EppsSingleton.twoSample(x, y);
        PValueAdjustment.HOMMEL.adjust(new double[] {0.3, 0.1}, 0.05);

        assertThat(x).containsExactly(3, 1, 2, 5, 4);
        assertThat(y).containsExactly(9, 7, 8, 6, 0);
    }

    @Test
    void infinitiesAreOrdinaryWhereOnlyTheOrderCounts() {
        double[] ends = {Double.NEGATIVE_INFINITY, 0, Double.POSITIVE_INFINITY};

        assertThat(KolmogorovSmirnov.twoSample(ends, new double[] {-1, 0, 1}).statistic())
                .isEqualTo(1.0 / 3);
        assertThat(MannWhitney.twoSample(ends, ends).statistic()).isEqualTo(4.5);
    }

    @Test
    void zerosOfBothSignsAreOneValue() {
        assertThat(KolmogorovSmirnov.twoSample(new double[] {-0.0, 1}, new double[] {0.0, 1})
                        .statistic())
                .isZero();
        assertThat(Ranks.of(new double[] {0.0, -0.0, 1}).of()).containsExactly(1.5, 1.5, 3);
    }

    @Test
    void constantsAreEqualOrApartForCertain() {
        double[] fives = new double[10];
        double[] sixes = new double[10];
        Arrays.fill(fives, 5.1);
        Arrays.fill(sixes, 6.1);

        assertThat(TTest.welch(fives, sixes).statistic()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(TTest.welch(fives, sixes).pValue()).isZero();
        assertThat(TTest.student(fives, fives).pValue()).isNaN();
        assertThat(TTest.student(fives, fives).rejectedAt(0.05)).isFalse();
        assertThat(EppsSingleton.twoSample(fives, sixes).pValue()).isZero();
        assertThat(EppsSingleton.twoSample(fives, fives).pValue()).isNaN();
        assertThat(McNemar.chiSquare(0, 0, Correction.CONTINUITY).pValue()).isNaN();
        assertThatThrownBy(() -> AndersonDarling.kSample(fives, fives)).hasMessageContaining("not all equal");
    }

    @Test
    void farTailsKeepTheirDigits() {
        // SciPy's norm.sf(30) and kstwo.sf(0.2, 1000); Smirnov's integrals at 9 with 40 digits
        assertThat(Distributions.normalSurvival(30)).isCloseTo(4.906713927147908e-198, within(1e-209));
        assertThat(CramerVonMises.limitSurvival(9)).isCloseTo(6.120912969911653e-21, within(1e-32));
        assertThat(KolmogorovSmirnov.oneSampleSurvival(0.2, 1000)).isCloseTo(1.5528629204250538e-35, within(1e-46));
    }

    @Test
    void exactAndAsymptoticPValuesMeet() {
        Random random = new Random(4);
        double[] x = random.doubles(300).toArray();
        double[] y = random.doubles(280).map(v -> v * 1.1).toArray();

        for (Alternative alternative : Alternative.values()) {
            double exact = KolmogorovSmirnov.twoSample(x, y, alternative, PValueMethod.EXACT)
                    .pValue();
            double limit = KolmogorovSmirnov.twoSample(x, y, alternative, PValueMethod.ASYMPTOTIC)
                    .pValue();
            assertThat(limit).isCloseTo(exact, within(0.02));
            double exactU = MannWhitney.twoSample(x, y, alternative, PValueMethod.EXACT, Correction.NONE)
                    .pValue();
            double limitU = MannWhitney.twoSample(x, y, alternative, PValueMethod.ASYMPTOTIC, Correction.CONTINUITY)
                    .pValue();
            assertThat(limitU).isCloseTo(exactU, within(1e-3));
        }
    }

    @Test
    void emptyCellsDecideTheIndex() {
        var divergence = Divergence.between(new long[] {50, 50, 0}, new long[] {40, 50, 10});

        assertThat(divergence.populationStabilityIndex()).isInfinite();
        assertThat(divergence.replacing(EmptyCells.replacedBy(1e-4)).populationStabilityIndex())
                .isCloseTo(0.1 * Math.log(0.5 / 0.4) + (0.1 - 1e-4) * Math.log(0.1 / 1e-4), within(1e-12));
        assertThat(divergence.replacing(EmptyCells.raisedTo(0.01)).populationStabilityIndex())
                .isCloseTo(0.1 * Math.log(0.5 / 0.4) + (0.1 - 0.01) * Math.log(0.1 / 0.01), within(1e-12));
        assertThat(divergence.replacing(EmptyCells.adding(0.5)).populationStabilityIndex())
                .isBetween(0.2, 0.5);
        assertThat(divergence.hellinger()).isFinite();
    }

    @Test
    void lInfinityIsCorrectedForTheSizesAsDeequDoes() {
        // Deequ's KLLDistanceTest: categories a to g, of which f and g are in one sample only
        var divergence =
                Divergence.between(new long[] {207, 20, 25, 14, 25, 0, 13}, new long[] {22, 20, 25, 12, 13, 15, 0});

        assertThat(divergence.robustLInfinity(0.003)).isCloseTo(0.2726338046550349, within(1e-13));
        assertThat(divergence.robustLInfinity(0.1)).isCloseTo(0.33774199396969184, within(1e-13));
    }

    @Test
    void binsCountWhatIsOutside() {
        Bins bins = Bins.equalWidth(0, 10, 5);

        assertThat(bins.count(0, 1.9, 2, 10, 11, -1)).containsExactly(2, 1, 0, 0, 1);
        assertThat(bins.outside(0, 1.9, 2, 10, 11, -1)).isEqualTo(2);
        assertThat(Bins.quantiles(new double[] {7, 7, 7, 7}, 4).size()).isEqualTo(2);
        assertThat(Bins.doane(3, 3, 3).size()).isEqualTo(1);
    }

    @Test
    void eValuesRejectAsBenjaminiAndHochbergDo() {
        assertThat(EValues.reject(new double[] {100, 1, 30, 0, Double.POSITIVE_INFINITY}, 0.1))
                .containsExactly(true, false, true, false, true);
        assertThat(EValues.reject(new double[] {9, 9}, 0.1)).containsExactly(false, false);
        assertThat(EValues.reject(new double[] {10, 10}, 0.1)).containsExactly(true, true);
    }

    @Test
    void theDiscrepancySeesWhatColumnsDoTogether() {
        double[][] together = rows(new Random(5), 1);
        double[][] apart = rows(new Random(6), -1);
        double sigma = MaximumMeanDiscrepancy.medianBandwidth(together);

        assertThat(MaximumMeanDiscrepancy.permutationTest(together, apart, sigma, 99, 7)
                        .pValue())
                .isEqualTo(0.01);
        assertThat(MaximumMeanDiscrepancy.permutationTest(together, rows(new Random(8), 1), sigma, 99, 7)
                        .pValue())
                .isGreaterThan(0.05);
        assertThat(DomainClassifier.auc(together, apart, 9).statistic()).isGreaterThan(0.9);
        assertThat(DomainClassifier.auc(together, rows(new Random(8), 1), 9).statistic())
                .isBetween(0.35, 0.65);
    }

    @Test
    void fourierFeaturesApproximateTheDiscrepancy() {
        double[][] x = rows(new Random(10), 1);
        double[][] y = rows(new Random(11), -1);
        var features = MaximumMeanDiscrepancy.fourierFeatures(2, 4096, 1, 12);

        double approximate = features.squaredDiscrepancy(features.mean(x), features.mean(y));

        // The features give the biased estimate: rows are paired with themselves too.
        double bias = 1.0 / x.length + 1.0 / y.length;
        assertThat(approximate).isCloseTo(MaximumMeanDiscrepancy.unbiasedSquared(x, y, 1) + bias, within(0.02));
    }

    private static double[][] rows(Random random, int sign) {
        double[][] rows = new double[80][];
        for (int i = 0; i < rows.length; i++) {
            double first = random.nextGaussian();
            rows[i] = new double[] {first, sign * first + 0.3 * random.nextGaussian()};
        }
        return rows;
    }

    @Test
    void rareCellsAreJoinedUntilEachHasEnough() {
        TestResult joined = ChiSquare.goodnessOfFitOfJoinedCells(new long[] {10, 40, 1, 1}, new long[] {40, 60, 3, 1});

        assertThat(joined).isEqualTo(ChiSquare.goodnessOfFit(new long[] {12, 40}, new double[] {22, 30}));
    }

    @Test
    void oneCellInFiveMayBeRareIfThereAreMoreThanTwo() {
        long[] observed = {20, 30, 10, 25, 4};
        long[] baseline = {22, 28, 12, 23, 4};

        assertThat(ChiSquare.goodnessOfFitOfJoinedCells(observed, baseline))
                .isEqualTo(ChiSquare.goodnessOfFit(observed, new double[] {22, 28, 12, 23, 4}));
    }

    @Test
    void cellsThatTheBaselineDoesNotHaveAreLeftOut() {
        assertThat(ChiSquare.goodnessOfFitOfJoinedCells(new long[] {30, 70, 9}, new long[] {20, 20, 0}))
                .isEqualTo(ChiSquare.goodnessOfFit(new long[] {30, 70}, new double[] {50, 50}));
    }

    @Test
    void fewerThanTwoCellsSayNothing() {
        assertThat(ChiSquare.goodnessOfFitOfJoinedCells(new long[] {10, 1}, new long[] {9, 1})
                        .pValue())
                .isNaN();
        assertThat(ChiSquare.goodnessOfFitOfJoinedCells(new long[] {0, 0, 5}, new long[] {20, 30, 0})
                        .pValue())
                .isNaN();
        assertThat(ChiSquare.goodnessOfFitOfJoinedCells(new long[0], new long[0])
                        .statistic())
                .isNaN();
        assertThatThrownBy(() -> ChiSquare.goodnessOfFitOfJoinedCells(new long[] {1}, new long[] {1, 2}))
                .hasMessage("baseline: 2 cells (expected: 1, as observed)");
        assertThatThrownBy(() -> ChiSquare.goodnessOfFitOfJoinedCells(new long[] {-1}, new long[] {1}))
                .hasMessageContaining("not negative");
    }
}

package io.github.plimsoll.validation.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** Statistics against their definitions, written out. */
class StatisticsDefinitionTest {

    @Test
    void theDiscrepancyIsThatOfItsKernel() {
        double[][] x = {{0, 0}, {1, 2}, {3, 1}};
        double[][] y = {{2, 2}, {4, 0}};
        double bandwidth = 1.7;

        double within = 0;
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                within += i == j ? 0 : kernel(x[i], x[j], bandwidth) / 6;
            }
        }
        double between = 0;
        for (double[] a : x) {
            for (double[] b : y) {
                between += kernel(a, b, bandwidth) / 6;
            }
        }
        double expected = within + kernel(y[0], y[1], bandwidth) - 2 * between;
        assertThat(MaximumMeanDiscrepancy.unbiasedSquared(x, y, bandwidth)).isCloseTo(expected, within(1e-14));
    }

    private static double kernel(double[] a, double[] b, double bandwidth) {
        double squared = Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2);
        return Math.exp(-squared / (2 * bandwidth * bandwidth));
    }

    @Test
    void meansOfFeaturesMustBothHaveTheirLength() {
        var features = MaximumMeanDiscrepancy.fourierFeatures(1, 4, 1, 1);

        assertThatThrownBy(() -> features.squaredDiscrepancy(new double[4], new double[3]))
                .hasMessage("means of 4 and 3 features (expected: 4)");
        assertThatThrownBy(() -> features.squaredDiscrepancy(new double[3], new double[3]))
                .hasMessage("means of 3 and 3 features (expected: 4)");
    }

    @Test
    void countsInCellsBoundTheStatisticOnBothSides() {
        // After the first cell 1/2 of the one sample and nothing of the other has passed; inside the second, where half
        // of either is, one
        // may come wholly first.
        assertThat(KolmogorovSmirnov.boundsFromCounts(new long[] {5, 5, 0}, new long[] {0, 5, 5}))
                .isEqualTo(new Interval(0.5, 1));
        assertThat(KolmogorovSmirnov.boundsFromCounts(new long[] {2, 0}, new long[] {0, 3}))
                .isEqualTo(new Interval(1, 1));
    }

    /** Of one law at sizes next to each other, as the statistic's root-n multiple hardly depends on n. */
    @Test
    void theExactLawAndItsSeriesMeet() {
        for (double z = 0.4; z < 2.5; z += 0.05) {
            assertThat(KolmogorovSmirnov.oneSampleSurvival(z / Math.sqrt(141), 141))
                    .as("%s", z)
                    .isCloseTo(KolmogorovSmirnov.oneSampleSurvival(z / Math.sqrt(140), 140), within(1e-4));
        }
    }

    @Test
    void theLargerSampleDecidesWhetherAPValueIsExact() {
        double[] few = {0.1, 0.5, 0.9, 1.3, 1.7};
        double[] many = new double[25];
        for (int i = 0; i < many.length; i++) {
            many[i] = i / 10.0 + 0.05;
        }

        double automatic = CramerVonMises.twoSample(few, many).pValue();

        assertThat(automatic)
                .isEqualTo(CramerVonMises.twoSample(few, many, PValueMethod.ASYMPTOTIC)
                        .pValue())
                .isNotEqualTo(
                        CramerVonMises.twoSample(few, many, PValueMethod.EXACT).pValue());
    }

    @Test
    void everySampleIsChecked() {
        assertThatThrownBy(() -> KruskalWallis.kSample(new double[] {Double.NaN}, new double[] {1}, new double[] {2}))
                .hasMessageStartingWith("samples[0][0] is NaN");
        assertThatThrownBy(() -> KruskalWallis.kSample(new double[] {1}, new double[] {2}, new double[] {Double.NaN}))
                .hasMessageStartingWith("samples[2][0] is NaN");
    }

    @Test
    void oneRowIsATableLikeAnyOther() {
        // Of six cases in two columns of three, the one of the first row is in the first column half the time.
        TestResult result = FisherExact.independence(new long[][] {{1, 0}, {2, 3}}, Alternative.GREATER);

        assertThat(result.statistic()).isInfinite();
        assertThat(result.pValue()).isCloseTo(0.5, within(1e-15));
        assertThat(FisherExact.independence(new long[][] {{1, 0}, {2, 0}}).statistic())
                .isNaN();
    }

    @Test
    void rowsFallIntoCellsAsPolyasUrnSays() {
        long[] spacings = {2, 3, 5};

        assertThat(CountEvidence.logNullMarginal(spacings, new long[] {0, 1, 0}))
                .isCloseTo(Math.log(3 / 10.0), within(1e-13));
        assertThat(CountEvidence.logNullMarginal(spacings, new long[] {1, 2, 0}))
                .isCloseTo(Math.log(2 / 10.0 * 3 / 11 * 4 / 12), within(1e-13));
    }

    /** In a unit c times as large, sums are divided by c and times by its square. */
    @Property(tries = 100)
    void boundariesDoNotDependOnTheUnit(
            @ForAll @DoubleRange(min = 0.1, max = 10) double scale,
            @ForAll @DoubleRange(min = -2, max = 30) double s,
            @ForAll @DoubleRange(min = 5, max = 200) double v) {
        double c2 = scale * scale;

        assertThat(MixtureBoundary.gammaExponential(20 * c2, 0.05, scale).logEvidence(s * scale, v * c2))
                .isCloseTo(MixtureBoundary.gammaExponential(20, 0.05, 1).logEvidence(s, v), within(1e-6));
        assertThat(MixtureBoundary.gammaPoisson(20 * c2, 0.05, scale).logEvidence(s * scale, v * c2))
                .isCloseTo(MixtureBoundary.gammaPoisson(20, 0.05, 1).logEvidence(s, v), within(1e-6));
    }

    /** Howard and Ramdas (2022): the variance is that at the level nearest to 1/2 which the epoch can hold. */
    @Test
    void aQuantilesBoundaryTakesTheLargestVarianceOfItsEpoch() {
        double p = 0.1;
        double time = 1_000;
        double tightestAt = 32;

        double odds = p / (1 - p) * Math.exp(Math.sqrt(tightestAt * 2 / time));
        double level = odds / (1 + odds);
        double variance = level * (1 - level);
        double j = Math.sqrt(time / tightestAt) * Math.abs(Math.log(p / (1 - p))) + 1;
        double zeta = 3.1055472779775806;
        double ell = 1.4 * Math.log(Math.log(2 * time / tightestAt))
                + 1.4 * Math.log(j)
                + Math.log(2 * zeta * (2 * zeta + 1) / (0.05 * Math.pow(Math.log(2), 1.4)));
        double k1 = (Math.pow(2, 0.25) + Math.pow(2, -0.25)) / Math.sqrt(2);
        double linear = (Math.sqrt(2) + 1) / 2 * 0.8 / 3 * ell;
        double expected = 0.5 * Math.sqrt(2 * time * variance / tightestAt)
                + Math.sqrt(k1 * k1 * variance * time * ell + linear * linear)
                + linear;
        assertThat(StitchedBoundary.quantile(p, time, 0.05, tightestAt)).isCloseTo(expected, within(1e-9));
    }
}

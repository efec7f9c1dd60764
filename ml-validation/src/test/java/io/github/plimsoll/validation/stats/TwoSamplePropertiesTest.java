package io.github.plimsoll.validation.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every two-sample test, whatever the samples: with ties, of different sizes. */
class TwoSamplePropertiesTest {

    private enum Test {
        KOLMOGOROV_SMIRNOV(KolmogorovSmirnov::twoSample),
        CRAMER_VON_MISES(CramerVonMises::twoSample),
        MANN_WHITNEY(MannWhitney::twoSample),
        BRUNNER_MUNZEL(BrunnerMunzel::twoSample),
        KRUSKAL_WALLIS(KruskalWallis::kSample),
        STUDENT(TTest::student),
        WELCH(TTest::welch),
        LEVENE(Levene::kSample),
        EPPS_SINGLETON(EppsSingleton::twoSample);

        private final TwoSample function;

        Test(TwoSample function) {
            this.function = function;
        }

        double pValue(double[] x, double[] y) {
            return function.of(x, y).pValue();
        }
    }

    private interface TwoSample {
        TestResult of(double[] x, double[] y);
    }

    @Provide
    Arbitrary<double[]> samples() {
        return Arbitraries.integers()
                .between(-9, 9)
                .map(i -> i / 2.0)
                .array(Double[].class)
                .ofMinSize(2)
                .ofMaxSize(14)
                .map(boxed ->
                        Arrays.stream(boxed).mapToDouble(Double::doubleValue).toArray());
    }

    @Property(tries = 300)
    void pValuesAreProbabilitiesOrUndefined(
            @ForAll Test test, @ForAll("samples") double[] x, @ForAll("samples") double[] y) {
        double p = test.pValue(x, y);

        assertThat(Double.isNaN(p) || (p >= 0 && p <= 1)).as("%s: %s", test, p).isTrue();
    }

    @Property(tries = 300)
    void theOrderOfTheTwoSamplesDoesNotMatter(
            @ForAll Test test, @ForAll("samples") double[] x, @ForAll("samples") double[] y) {
        assertThat(test.pValue(y, x)).isCloseTo(test.pValue(x, y), within(1e-9));
    }

    @Property(tries = 300)
    void theOrderOfTheValuesDoesNotMatter(
            @ForAll Test test, @ForAll("samples") double[] x, @ForAll("samples") double[] y, @ForAll long seed) {
        double[] shuffled = x.clone();
        Random random = new Random(seed);
        for (int i = shuffled.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            double kept = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = kept;
        }

        assertThat(test.pValue(shuffled, y)).isCloseTo(test.pValue(x, y), within(1e-9));
    }

    @Property(tries = 300)
    void testsOfRanksSeeOnlyTheOrder(@ForAll("samples") double[] x, @ForAll("samples") double[] y) {
        for (Test test : new Test[] {
            Test.KOLMOGOROV_SMIRNOV, Test.CRAMER_VON_MISES, Test.MANN_WHITNEY, Test.BRUNNER_MUNZEL, Test.KRUSKAL_WALLIS
        }) {
            assertThat(Double.valueOf(test.pValue(cubed(x), cubed(y)))).isEqualTo(Double.valueOf(test.pValue(x, y)));
        }
    }

    @Property(tries = 300)
    void distancesAreSymmetricAndMoveWithTheScale(@ForAll("samples") double[] x, @ForAll("samples") double[] y) {
        double distance = Wasserstein.distance(x, y);
        double energy = EnergyDistance.distance(x, y);

        assertThat(Wasserstein.distance(y, x)).isEqualTo(distance);
        assertThat(Wasserstein.distance(doubled(x), doubled(y))).isCloseTo(2 * distance, within(1e-12));
        assertThat(EnergyDistance.distance(doubled(x), doubled(y))).isCloseTo(Math.sqrt(2) * energy, within(1e-12));
        assertThat(Wasserstein.distance(x, x)).isZero();
    }

    @Property(tries = 300)
    void whatCountsTellBracketsTheStatistic(@ForAll("samples") double[] x, @ForAll("samples") double[] y) {
        Bins open = Bins.quantiles(x, 4);
        Bins closed = Bins.equalWidth(-4.5, 4.5, 5);

        Interval bounds = KolmogorovSmirnov.boundsFromCounts(open.count(x), open.count(y));
        Estimate wasserstein = Wasserstein.fromCounts(closed, closed.count(x), closed.count(y));

        double statistic = KolmogorovSmirnov.twoSample(x, y).statistic();
        assertThat(statistic).isBetween(bounds.lower() - 1e-12, bounds.upper() + 1e-12);
        assertThat(Wasserstein.distance(x, y)).isCloseTo(wasserstein.value(), within(wasserstein.error() + 1e-12));
    }

    private static double[] cubed(double[] values) {
        return Arrays.stream(values).map(v -> v * v * v).toArray();
    }

    private static double[] doubled(double[] values) {
        return Arrays.stream(values).map(v -> 2 * v).toArray();
    }
}

package io.github.plimsoll.validation.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** If nothing differs, p-values are uniform and false discoveries stay within their level. Seeded, so each run is the same. */
class NullDistributionTest {

    private static final int RUNS = 2000;

    private interface TwoSample {
        TestResult of(double[] x, double[] y);
    }

    @TestFactory
    Stream<DynamicTest> pValuesAreUniform() {
        return Stream.of(
                uniform("Kolmogorov-Smirnov", (x, y) -> KolmogorovSmirnov.twoSample(x, y)),
                uniform("Cramer-von Mises", (x, y) -> CramerVonMises.twoSample(x, y)),
                uniform("Mann-Whitney", (x, y) -> MannWhitney.twoSample(x, y)),
                uniform("Brunner-Munzel", BrunnerMunzel::twoSample),
                uniform("Kruskal-Wallis", KruskalWallis::kSample),
                uniform("Student", TTest::student),
                uniform("Welch", TTest::welch),
                uniform("Epps-Singleton", EppsSingleton::twoSample));
    }

    private static DynamicTest uniform(String name, TwoSample test) {
        return DynamicTest.dynamicTest(name, () -> {
            Random random = new Random(name.hashCode());
            int[] below = new int[3];
            double[] levels = {0.05, 0.2, 0.5};
            for (int run = 0; run < RUNS; run++) {
                double p = test.of(normal(random, 60), normal(random, 50)).pValue();
                for (int i = 0; i < levels.length; i++) {
                    below[i] += p <= levels[i] ? 1 : 0;
                }
            }
            for (int i = 0; i < levels.length; i++) {
                double error = Math.sqrt(levels[i] * (1 - levels[i]) / RUNS);
                // Discrete statistics stay below the level by up to a step; limit laws are limits.
                assertThat((double) below[i] / RUNS)
                        .isBetween(levels[i] - 4 * error - 0.045, levels[i] + 4 * error + 0.015);
            }
        });
    }

    @Test
    void thePopulationStabilityIndexFollowsItsLaw() {
        Random random = new Random(1);
        int exceeded = 0;
        double sum = 0;
        for (int run = 0; run < RUNS; run++) {
            long[] reference = new long[10];
            long[] current = new long[10];
            for (int i = 0; i < 5000; i++) {
                reference[random.nextInt(10)]++;
            }
            for (int i = 0; i < 1000; i++) {
                current[random.nextInt(10)]++;
            }
            var psi = PopulationStability.of(reference, current, EmptyCells.adding(0.5));
            exceeded += psi.index() > psi.criticalValue(0.05) ? 1 : 0;
            sum += psi.corrected();
        }

        assertThat((double) exceeded / RUNS).isBetween(0.03, 0.07);
        assertThat(sum / RUNS).isBetween(-0.0003, 0.0003); // of about 0.011 by chance
    }

    @Test
    void onlineProceduresKeepTheirFalseDiscoveryRate() {
        Random random = new Random(2);
        double lord = 0;
        double saffron = 0;
        double lond = 0;
        int streams = 300;
        for (int stream = 0; stream < streams; stream++) {
            long seed = random.nextLong();
            lord += falseShare(OnlineTesting.lordPlusPlus(0.1), new Random(seed));
            saffron += falseShare(OnlineTesting.saffron(0.1), new Random(seed));
            lond += falseShare(OnlineTesting.lond(0.1), new Random(seed));
        }

        assertThat(lord / streams).isLessThan(0.1);
        assertThat(saffron / streams).isLessThan(0.1);
        assertThat(lond / streams).isLessThan(0.1);
    }

    /** Of 200 hypotheses every fifth is false. */
    private static double falseShare(OnlineTesting testing, Random random) {
        int wrong = 0;
        int rejected = 0;
        for (int i = 0; i < 200; i++) {
            boolean isNull = i % 5 != 0;
            double p = Distributions.normalSurvival(random.nextGaussian() + (isNull ? 0 : 3.5));
            if (testing.reject(p)) {
                rejected++;
                wrong += isNull ? 1 : 0;
            }
        }
        assertThat(rejected).isPositive();
        return (double) wrong / rejected;
    }

    /** The sums of the papers over all rejections, none left out. */
    @Test
    void aSequenceOfManyRejectionsIsBoundedAndNearlyExactButNeverBolder() {
        Random random = new Random(5);
        OnlineTesting lord = OnlineTesting.lordPlusPlus(0.1);
        OnlineTesting saffron = OnlineTesting.saffron(0.1);
        List<double[]> ofLord = new ArrayList<>(); // number of the test, and of tests that were no candidates up to it
        List<double[]> ofSaffron = new ArrayList<>();
        double others = 0;
        for (int i = 1; i <= 12_000; i++) {
            if (i % 500 == 0 || i < 20) {
                double exactly = exact(ofLord, i, 0.01, 0.1, false);
                double exactlySaffron = Math.min(0.5, 0.5 * exact(ofSaffron, others + 1, 0.05, 0.1, true));
                if (ofLord.size() <= 1_000) {
                    assertThat(lord.nextLevel()).isEqualTo(exactly, within(1e-12));
                }
                if (ofSaffron.size() <= 1_000) {
                    assertThat(saffron.nextLevel()).isEqualTo(exactlySaffron, within(1e-12));
                }
                assertThat(lord.nextLevel()).isBetween(0.999 * exactly, (1 + 1e-12) * exactly);
                assertThat(saffron.nextLevel()).isBetween(0.999 * exactlySaffron, (1 + 1e-12) * exactlySaffron);
            }
            double p = random.nextInt(3) == 0 ? random.nextDouble() : 1e-9;
            others += p > 0.5 ? 1 : 0;
            if (lord.reject(p)) {
                ofLord.add(new double[] {i});
            }
            if (saffron.reject(p)) {
                ofSaffron.add(new double[] {others});
            }
        }
        assertThat(ofLord).hasSizeGreaterThan(7_000);
    }

    private static double exact(List<double[]> rejections, double now, double wealth, double alpha, boolean power) {
        double sum = wealth * share(now, power);
        for (int r = 0; r < rejections.size(); r++) {
            sum += (r == 0 ? alpha - wealth : alpha) * share(now - rejections.get(r)[0], power);
        }
        return sum;
    }

    private static double share(double j, boolean power) {
        return power
                ? 0.4374901658 / Math.pow(j, 1.6)
                : 0.07720838 * Math.log(Math.max(j, 2)) / (j * Math.exp(Math.sqrt(Math.log(j))));
    }

    @Test
    void aConfidenceSequenceCoversAtEveryLook() {
        Random random = new Random(3);
        int missed = 0;
        int streams = 200;
        for (int stream = 0; stream < streams; stream++) {
            long successes = 0;
            boolean outside = false;
            for (int n = 1; n <= 300; n++) {
                successes += random.nextDouble() < 0.3 ? 1 : 0;
                outside |= n % 10 == 0
                        && !ConfidenceSequence.bernoulli(successes, n, 0.1, 100).contains(0.3);
            }
            missed += outside ? 1 : 0;
        }

        assertThat((double) missed / streams).isLessThan(0.1);
    }

    private static double[] normal(Random random, int n) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }
}

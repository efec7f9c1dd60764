package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogGammaTest {

    /** Reference: scipy.special.gammaln, SciPy 1.17.1. */
    @ParameterizedTest
    @CsvSource({
        "0.25, 1.2880225246980774",
        "0.5, 0.5723649429247",
        "1, 0",
        "1.5, -0.12078223763524526",
        "2, 0",
        "3.7, 1.428072326665388",
        "9.999, 12.799575780077413",
        "10, 12.801827480081469",
        "42.5, 115.90007047041453",
        "1000.5, 5908.674175848678",
        "1000000.5, 12815511.476902766",
        "1000000000.0, 19723265827.503716"
    })
    void agreesWithScipy(double x, double expected) {
        assertThat(LogGamma.of(x)).isCloseTo(expected, within(4e-15 * Math.max(1, Math.abs(expected))));
    }

    @Property
    void risesByTheLogarithmFromOneToTheNext(@ForAll @DoubleRange(min = 0.01, max = 1e6) double x) {
        double step = LogGamma.of(x + 1) - LogGamma.of(x);

        assertThat(step).isCloseTo(Math.log(x), within(1e-14 * Math.max(10, Math.abs(LogGamma.of(x)))));
    }

    @Property(tries = 10_000)
    void logarithmAgreesWithTheStrictOne(@ForAll @DoubleRange(min = 0, max = Double.MAX_VALUE) double x) {
        assertLogarithm(x);
    }

    @Test
    void logarithmAgreesAtTheBoundsOfItsTable() {
        for (int power = Double.MIN_EXPONENT; power <= Double.MAX_EXPONENT; power += 31) {
            for (int part = 0; part <= 256; part++) {
                double bound = Math.scalb(1 + part / 256.0, power);
                assertLogarithm(Math.nextDown(bound));
                assertLogarithm(bound);
                assertLogarithm(Math.nextUp(bound));
            }
        }
        assertThat(LogGamma.log(0)).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(LogGamma.log(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(LogGamma.log(Double.NaN)).isNaN();
    }

    private static void assertLogarithm(double x) {
        double expected = StrictMath.log(x);
        if (Double.isFinite(expected)) {
            assertThat(Math.abs(LogGamma.log(x) - expected))
                    .as("log(%s)", x)
                    .isLessThanOrEqualTo(Math.max(0x1p-52, Math.ulp(expected)));
        }
    }

    /** Reference: scipy.stats.norm.ppf, SciPy 1.17.1. */
    @ParameterizedTest
    @CsvSource({
        "1e-12, -7.034483825301131",
        "0.0001, -3.7190164854556804",
        "0.01, -2.3263478740408408",
        "0.075, -1.4395314709384563",
        "0.3, -0.5244005127080409",
        "0.5, 0",
        "0.6, 0.2533471031357997",
        "0.999, 3.090232306167813"
    })
    void normalScoresAgreeWithScipy(double probability, double expected) {
        assertThat(NormalScores.of(probability)).isCloseTo(expected, within(2e-15 * Math.max(1, Math.abs(expected))));
    }
}

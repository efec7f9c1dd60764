package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Expected values: SciPy 1.10.1, {@code -log10} of summed {@code betabinom.pmf}, of {@code binom.sf} and {@code nbinom.sf}. */
class TailsTest {

    @ParameterizedTest
    @CsvSource({
        "5, 400, 0, 3000, 5.243420483320085",
        "30, 150, 10, 900, 18.391808915011488",
        "1, 100, 0, 100, 0.533946678165936"
    })
    void betaBinomialEqualsTheReference(long k, long n, long r, long n0, double expected) {
        assertThat(Tails.betaBinomial(k, n, r, n0)).isCloseTo(expected, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"2, 400, 0.0001, 3.109501675593855", "10, 1000, 0.001, 6.968881140322318"})
    void binomialEqualsTheReference(long k, long n, double p, double expected) {
        assertThat(Tails.binomial(k, n, p)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void negativeBinomialEqualsTheReference() {
        assertThat(Tails.negativeBinomial(15, 3, 5)).isCloseTo(3.4200443675352665, within(1e-9));
    }

    @Test
    void countsThatAreNotHighAreNoEvidence() {
        assertThat(Tails.betaBinomial(0, 0, 0, 0)).isZero();
        assertThat(Tails.betaBinomial(10, 100, 100, 1_000)).isZero();
        assertThat(Tails.binomial(0, 100, 0.5)).isZero();
        assertThat(Tails.negativeBinomial(3, 3, 5)).isZero();
    }

    @Test
    void whatIsCertainIsBounded() {
        assertThat(Tails.betaBinomial(1_000_000, 1_000_000, 0, 1_000_000)).isEqualTo(Tails.CERTAIN);
    }
}

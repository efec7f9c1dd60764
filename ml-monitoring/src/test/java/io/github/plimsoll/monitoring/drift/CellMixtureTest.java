package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Against an independent computation with NumPy and SciPy (scipy.special.gammaln, scipy.stats.norm.ppf), written from the
 * definition: ml-monitoring/src/test/resources/golden/evidence_reference.py.
 */
class CellMixtureTest {

    @Test
    void continuousNumbersThatMovedUp() {
        DoubleStream live = IntStream.range(0, 50).mapToDouble(i -> 60 + 0.7 * i);

        assertThat(ofTwenty().logEvidence(counts(live))).isCloseTo(12.73988774012085, within(1e-9));
    }

    @Test
    void continuousNumbersAsBefore() {
        DoubleStream live = IntStream.range(0, 50).mapToDouble(i -> 1 + 2.0 * i);

        assertThat(ofTwenty().logEvidence(counts(live))).isCloseTo(1.416825510433199, within(1e-9));
    }

    /** 1 to 100, cut into twenty ranges. */
    private static CellMixture ofTwenty() {
        double[] m = new double[20];
        Arrays.fill(m, 5);
        m[19]++;
        return new CellMixture(m, IntStream.range(0, 20).toArray());
    }

    private static long[] counts(DoubleStream live) {
        long[] counts = new long[20];
        live.forEach(value -> counts[Math.min(19, (int) Math.ceil(value / 5) - 1)]++);
        return counts;
    }

    @Test
    void numbersBesideAFrequentValue() {
        double[] m = new double[23];
        long[] live = new long[23];
        m[0] = 20.5;
        m[1] = 60.5;
        live[0] = 15;
        live[1] = 45;
        int before = 0;
        for (int range = 1; range <= 21; range++) {
            int rank = 120 * range / 21;
            m[range + 1] = rank - before + (range == 21 ? 1 : 0);
            before = rank;
        }
        for (int i = 0; i < 37; i++) {
            double value = 3.3 * i % 120 + 1;
            int range = 1;
            while (range < 21 && 120 * range / 21 + 0.5 < value) {
                range++;
            }
            live[range + 1]++;
        }

        assertThat(new CellMixture(m, IntStream.range(1, 23).toArray()).logEvidence(live))
                .isCloseTo(0.24904432079577135, within(1e-9));
    }

    @Test
    void names() {
        CellMixture names = new CellMixture(new double[] {120.5, 70.5, 10.5}, new int[0]);

        assertThat(names.logEvidence(new long[] {20, 20, 20})).isCloseTo(12.146716746500699, within(1e-9));
        assertThat(names.logEvidence(new long[3])).isZero();
    }
}

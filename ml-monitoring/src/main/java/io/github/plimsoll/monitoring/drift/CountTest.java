package io.github.plimsoll.monitoring.drift;

/** How counts are compared with those of the baseline. */
interface CountTest {

    /** Readies the comparison with some counts of the baseline, of the length that all counts of this test have. */
    Against against(long[] baseline);

    /** The evidence against counts of a baseline with which nothing else is compared. */
    default double evidence(long[] baseline, long[] live) {
        return against(baseline).evidence(live);
    }

    /** A comparison with one baseline. Immutable. */
    @FunctionalInterface
    interface Against {

        /** The evidence, as a power of ten, that live counts have another law; at most {@link Tails#CERTAIN}. */
        double evidence(long[] live);
    }

    /** Evidence from its natural logarithm. */
    static double fromNatural(double log) {
        return Math.min(Tails.CERTAIN, log / StrictMath.log(10));
    }

    /** Whether the first of two counts has become more frequent. */
    static CountTest rate() {
        return baseline ->
                live -> Tails.betaBinomial(live[0], live[0] + live[1], baseline[0], baseline[0] + baseline[1]);
    }

    /** Whether the shares of cells have changed; those given are numbers in ascending order. */
    static CountTest cells(int[] ordered) {
        return baseline -> {
            double[] m = new double[baseline.length];
            for (int i = 0; i < m.length; i++) {
                m[i] = baseline[i] + 1.0 / m.length;
            }
            CellMixture mixture = new CellMixture(m, ordered);
            return live -> fromNatural(mixture.logEvidence(live));
        };
    }
}

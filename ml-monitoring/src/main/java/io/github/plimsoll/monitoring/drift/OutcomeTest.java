package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * Whether a score still means what it did: how many outcomes of each of two kinds came true in each range of the score. Some
 * of the outcomes have turned over, or all have become more or less likely, or each range changed in its own way.
 */
final class OutcomeTest implements CountTest {

    private static final double[] FLIPS = {0.03, 0.06, 0.12, 0.25, 0.5, 0.9};
    private static final double[] SHIFTS = {-2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2};
    private static final double[] CONCENTRATIONS = {8, 64};

    @Override
    public Against against(long[] baseline) {
        int ranges = baseline.length / 2;
        DirichletMultinomial[] same = new DirichletMultinomial[ranges];
        DirichletMultinomial[][] others = new DirichletMultinomial[ranges][];
        for (int i = 0; i < ranges; i++) {
            double total = (double) baseline[2 * i] + baseline[2 * i + 1] + 1;
            double p = (baseline[2 * i + 1] + 0.5) / total;
            same[i] = law(p, total);
            others[i] = alternatives(p, total);
        }
        return live -> evidence(same, others, live);
    }

    private static DirichletMultinomial law(double p, double total) {
        return new DirichletMultinomial(new double[] {(1 - p) * total, p * total});
    }

    private static DirichletMultinomial[] alternatives(double p, double total) {
        DirichletMultinomial[] laws = new DirichletMultinomial[FLIPS.length + SHIFTS.length + CONCENTRATIONS.length];
        int next = 0;
        for (double flip : FLIPS) {
            laws[next++] = law(p * (1 - flip) + (1 - p) * flip, total);
        }
        for (double shift : SHIFTS) {
            double odds = p / (1 - p) * StrictMath.exp(shift);
            laws[next++] = law(odds / (1 + odds), total);
        }
        for (double concentration : CONCENTRATIONS) {
            laws[next++] = law(p, concentration);
        }
        return laws;
    }

    private static double evidence(DirichletMultinomial[] same, DirichletMultinomial[][] others, long[] live) {
        double[] logs = new double[others[0].length];
        for (int i = 0; i < same.length; i++) {
            long[] counts = Arrays.copyOfRange(live, 2 * i, 2 * i + 2);
            long rows = counts[0] + counts[1];
            if (rows > 0) {
                double ofSame = same[i].log(counts, rows);
                for (int alternative = 0; alternative < logs.length; alternative++) {
                    logs[alternative] += others[i][alternative].log(counts, rows) - ofSame;
                }
            }
        }
        return CountTest.fromNatural(LogSum.of(logs) - StrictMath.log(logs.length));
    }
}

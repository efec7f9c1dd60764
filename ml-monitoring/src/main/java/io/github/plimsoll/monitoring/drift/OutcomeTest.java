package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        DirichletMultinomials[] laws = new DirichletMultinomials[ranges];
        for (int i = 0; i < ranges; i++) {
            double total = (double) baseline[2 * i] + baseline[2 * i + 1] + 1;
            double p = (baseline[2 * i + 1] + 0.5) / total;
            laws[i] = laws(p, total);
        }
        return live -> evidence(laws, live);
    }

    private static double[] law(double p, double total) {
        return new double[] {(1 - p) * total, p * total};
    }

    /** The same as before, and the alternatives. */
    private static DirichletMultinomials laws(double p, double total) {
        List<double[]> laws = new ArrayList<>();
        laws.add(law(p, total));
        for (double flip : FLIPS) {
            laws.add(law(p * (1 - flip) + (1 - p) * flip, total));
        }
        for (double shift : SHIFTS) {
            double odds = p / (1 - p) * StrictMath.exp(shift);
            laws.add(law(odds / (1 + odds), total));
        }
        for (double concentration : CONCENTRATIONS) {
            laws.add(law(p, concentration));
        }
        return new DirichletMultinomials(laws);
    }

    private static double evidence(DirichletMultinomials[] laws, long[] live) {
        double[] logs = new double[FLIPS.length + SHIFTS.length + CONCENTRATIONS.length];
        for (int i = 0; i < laws.length; i++) {
            long[] counts = Arrays.copyOfRange(live, 2 * i, 2 * i + 2);
            long rows = counts[0] + counts[1];
            if (rows > 0) {
                double[] ofLaws = laws[i].logs(counts, rows);
                for (int alternative = 0; alternative < logs.length; alternative++) {
                    logs[alternative] += ofLaws[alternative + 1] - ofLaws[0];
                }
            }
        }
        return CountTest.fromNatural(LogSum.of(logs) - StrictMath.log(logs.length));
    }
}

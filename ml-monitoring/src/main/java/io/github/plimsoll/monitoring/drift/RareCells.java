package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.profile.FeatureProfile;

/**
 * Whether cells that the baseline has few or no rows in occur more often: nulls, NaN, names never seen. Immutable.
 *
 * <p>For each cell, what is known is r of n0 rows in the baseline and k of n live ones. By universal inference (Wasserman,
 * Ramdas and Balakrishnan, PNAS 2020), a likelihood that both samples have on their own over the largest one that they can
 * have in common is valid evidence for any r, 0 included, where a Dirichlet law with a half row more is not. The likelihoods
 * of their own are those of Krichevsky and Trofimov. The mean over cells is evidence again.
 */
final class RareCells {

    private static final double LN_PI = StrictMath.log(Math.PI);

    private final int[] cells;
    private final double[] baselineRows;
    private final double baselineTotal;
    private final double[] baselineLog;

    RareCells(CellSplit split) {
        cells = split.rare;
        baselineRows = split.rareRows;
        baselineTotal = split.rows;
        baselineLog = new double[cells.length];
        for (int i = 0; i < cells.length; i++) {
            baselineLog[i] = krichevskyTrofimov(baselineRows[i], baselineTotal);
        }
    }

    boolean isEmpty() {
        return cells.length == 0;
    }

    /** The natural logarithm of the evidence; 0 without rows. */
    double logEvidence(FeatureProfile profile) {
        double rows = profile.rows();
        if (rows == 0) {
            return 0;
        }
        double[] logs = new double[cells.length];
        for (int i = 0; i < cells.length; i++) {
            double k = profile.count(cells[i]);
            logs[i] = baselineLog[i] + krichevskyTrofimov(k, rows) - largest(baselineRows[i] + k, baselineTotal + rows);
        }
        return LogSum.of(logs) - StrictMath.log(cells.length);
    }

    /** The logarithm of the probability of k of n, mixed over all probabilities by the arcsine law. */
    private static double krichevskyTrofimov(double k, double n) {
        return LogGamma.of(k + 0.5) + LogGamma.of(n - k + 0.5) - LogGamma.of(n + 1) - LN_PI;
    }

    /** The logarithm of the largest probability that k of n can have. */
    private static double largest(double k, double n) {
        return part(k, n) + part(n - k, n);
    }

    private static double part(double k, double n) {
        return k == 0 ? 0 : k * StrictMath.log(k / n);
    }
}

package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A mixture of Dirichlet-multinomial laws against the one that the baseline implies.
 * Immutable.
 */
final class CellMixture {

    // Given n0 baseline rows cut at order statistics with spacings m, the probabilities of the cells are
    // Dirichlet(m), so live counts K have the law DM(m). Alternatives, each a law of K as well:
    // - diffuse: Dirichlet(c m / A), c = 8 .. 8192, A = sum m: anything may have changed, by little or much;
    // - tilted: DM(A q), q ~ p exp(t s), for numbers: s the cells' normal scores (all move up or down) or
    //   their squares (the spread changes), standardised;
    // - one cell gains: DM(A q), q = (1 - e) p + e in one cell: a constant, a default, many nulls.
    // The multinomial coefficient is the same in all and cancels. log G(a) is computed once; a look costs about
    // 40 log G for each cell with rows. Sums go over cells in their order: equal counts give equal bits.

    private static final double[] TILTS = {0.04, 0.08, 0.16, 0.32, 0.64};
    private static final double[] GAINS = {0.02, 0.05, 0.12, 0.3, 0.8};
    private static final double DIFFUSE_SHARE = 0.3;
    private static final double TILTED_SHARE = 0.35;
    private static final int MIN_ORDERED = 3;

    private final int cells;
    private final DirichletMultinomials laws; // that of the baseline, and the alternatives that are not of one cell
    private final double[] logWeights; // of the alternatives
    private final List<OneCellGains> gaining = new ArrayList<>();
    private final double logGainWeight;

    /** For the parameters of the cells' Dirichlet law, and the positions of those that are numbers, in ascending order. */
    CellMixture(double[] m, int[] ordered) {
        cells = m.length;
        double total = CompensatedSum.of(m);
        List<double[]> others = new ArrayList<>();
        for (int power = 3; power <= 13; power++) {
            double c = 1 << power;
            others.add(scaled(m, c / total));
        }
        int diffuse = others.size();
        if (ordered.length >= MIN_ORDERED) {
            addTilted(m, ordered, total, others);
        }
        int tilted = others.size() - diffuse;
        double gainShare = 1 - DIFFUSE_SHARE - (tilted > 0 ? TILTED_SHARE : 0);
        logWeights = new double[others.size()];
        for (int i = 0; i < logWeights.length; i++) {
            logWeights[i] = StrictMath.log(i < diffuse ? DIFFUSE_SHARE / diffuse : TILTED_SHARE / tilted);
        }
        others.add(0, m);
        laws = new DirichletMultinomials(others);
        for (double gain : GAINS) {
            gaining.add(new OneCellGains(m, gain));
        }
        logGainWeight = StrictMath.log(gainShare / (GAINS.length * (double) Math.max(1, cells)));
    }

    private static double[] scaled(double[] parameters, double factor) {
        double[] scaled = parameters.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    private static void addTilted(double[] m, int[] ordered, double total, List<double[]> to) {
        double[] location = NormalTilt.scores(m, ordered);
        double[] scale =
                NormalTilt.standardised(Arrays.stream(location).map(s -> s * s).toArray(), m, ordered);
        for (double[] scores : new double[][] {location, scale}) {
            for (double tilt : TILTS) {
                to.add(NormalTilt.tilted(m, ordered, scores, tilt, total));
                to.add(NormalTilt.tilted(m, ordered, scores, -tilt, total));
            }
        }
    }

    /** The natural logarithm of the evidence; 0 if there is nothing to compare. */
    double logEvidence(long[] counts) {
        long rows = Arrays.stream(counts).sum();
        if (rows == 0 || cells < 2) {
            return 0;
        }
        double[] ofLaws = laws.logs(counts, rows);
        double[] logs = new double[logWeights.length + GAINS.length * cells];
        for (int i = 0; i < logWeights.length; i++) {
            logs[i] = logWeights[i] + ofLaws[i + 1];
        }
        for (int i = 0; i < GAINS.length; i++) {
            gaining.get(i).log(counts, rows, logGainWeight, logs, logWeights.length + i * cells);
        }
        return LogSum.of(logs) - ofLaws[0];
    }
}

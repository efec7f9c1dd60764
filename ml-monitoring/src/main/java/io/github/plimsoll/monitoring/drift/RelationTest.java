package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether one column still depends on another as it did: a table of 8 bins of each, read as the law of the target given the
 * predictor's bin, so that a predictor whose own shares change breaks nothing.
 *
 * <p>In each bin of the predictor, the target's law stays, moves up, moves down, or changes in any way. These mixtures are
 * multiplied over the bins, and mixed over the size of the change.
 */
final class RelationTest implements CountTest {

    static final int BINS = 8;

    private static final double[] TILTS = {0.3, 0.7, 1.5};
    private static final double[] CONCENTRATIONS = {8, 64};
    private static final double STAY = 0.4;
    private static final double LOG_STAY = StrictMath.log(STAY);
    private static final double LOG_CHANGE = StrictMath.log(1 - STAY);
    private static final double LOG_UP_OR_DOWN = StrictMath.log((1 - STAY) / 2);

    private final boolean transposed;

    /** For a table with the predictor's bins as rows, or, transposed, as columns. */
    RelationTest(boolean transposed) {
        this.transposed = transposed;
    }

    @Override
    public Against against(long[] baseline) {
        DirichletMultinomials[] bins = new DirichletMultinomials[BINS];
        for (int i = 0; i < BINS; i++) {
            bins[i] = new DirichletMultinomials(laws(baseline, i));
        }
        return live -> evidence((bin, counts, rows) -> bins[bin].logs(counts, rows), live);
    }

    /** Of bins of the predictor without rows nothing is computed. */
    @Override
    public double evidence(long[] baseline, long[] live) {
        return evidence((bin, counts, rows) -> DirichletMultinomials.logs(laws(baseline, bin), counts, rows), live);
    }

    /** What gives the logarithm of the probability of some rows in a bin of the predictor, by each of its laws. */
    @FunctionalInterface
    private interface LawsOfBin {
        double[] logs(int bin, long[] counts, long rows);
    }

    /** Laws of the target in one bin of the predictor: the same as before, moved up and down by each tilt, any other. */
    private List<double[]> laws(long[] baseline, int bin) {
        long[] counts = row(baseline, bin);
        double[] m = new double[BINS];
        for (int j = 0; j < BINS; j++) {
            m[j] = counts[j] + 1.0 / BINS;
        }
        int[] all = IntStream.range(0, BINS).toArray();
        double total = CompensatedSum.of(m);
        double[] scores = NormalTilt.scores(m, all);
        List<double[]> laws = new ArrayList<>();
        laws.add(m);
        for (double tilt : TILTS) {
            laws.add(NormalTilt.tilted(m, all, scores, tilt, total));
            laws.add(NormalTilt.tilted(m, all, scores, -tilt, total));
        }
        for (double concentration : CONCENTRATIONS) {
            double scale = concentration / total;
            laws.add(Arrays.stream(m).map(x -> x * scale).toArray());
        }
        return laws;
    }

    private double evidence(LawsOfBin bins, long[] live) {
        double[] logs = new double[TILTS.length + CONCENTRATIONS.length];
        for (int i = 0; i < BINS; i++) {
            long[] counts = row(live, i);
            long rows = Arrays.stream(counts).sum();
            if (rows > 0) {
                double[] ofLaws = bins.logs(i, counts, rows);
                double same = ofLaws[0];
                int next = 1;
                for (int tilt = 0; tilt < TILTS.length; tilt++, next += 2) {
                    logs[tilt] += LogSum.of(
                            LOG_UP_OR_DOWN + ofLaws[next] - same, LOG_UP_OR_DOWN + ofLaws[next + 1] - same, LOG_STAY);
                }
                for (int j = TILTS.length; j < logs.length; j++, next++) {
                    logs[j] += LogSum.of(LOG_CHANGE + ofLaws[next] - same, LOG_STAY);
                }
            }
        }
        return CountTest.fromNatural(LogSum.of(logs) - StrictMath.log(logs.length));
    }

    /** How often each bin of the target goes with a bin of the predictor. */
    long[] row(long[] table, int bin) {
        long[] row = new long[BINS];
        for (int j = 0; j < BINS; j++) {
            row[j] = table[transposed ? j * BINS + bin : bin * BINS + j];
        }
        return row;
    }
}

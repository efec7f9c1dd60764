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

    private final boolean transposed;

    /** For a table with the predictor's bins as rows, or, transposed, as columns. */
    RelationTest(boolean transposed) {
        this.transposed = transposed;
    }

    /** Laws of the target in one bin of the predictor; each alternative of several laws that are as likely. */
    private record Bin(DirichletMultinomial same, List<List<DirichletMultinomial>> others) {}

    @Override
    public Against against(long[] baseline) {
        Bin[] bins = new Bin[BINS];
        for (int i = 0; i < BINS; i++) {
            long[] counts = row(baseline, i);
            double[] m = new double[BINS];
            for (int j = 0; j < BINS; j++) {
                m[j] = counts[j] + 1.0 / BINS;
            }
            bins[i] = bin(m);
        }
        return live -> evidence(bins, live);
    }

    private static Bin bin(double[] m) {
        int[] all = IntStream.range(0, BINS).toArray();
        double total = Arrays.stream(m).sum();
        double[] scores = NormalTilt.scores(m, all);
        List<List<DirichletMultinomial>> others = new ArrayList<>();
        for (double tilt : TILTS) {
            others.add(List.of(
                    new DirichletMultinomial(NormalTilt.tilted(m, all, scores, tilt, total)),
                    new DirichletMultinomial(NormalTilt.tilted(m, all, scores, -tilt, total))));
        }
        for (double concentration : CONCENTRATIONS) {
            double scale = concentration / total;
            others.add(List.of(new DirichletMultinomial(
                    Arrays.stream(m).map(x -> x * scale).toArray())));
        }
        return new Bin(new DirichletMultinomial(m), others);
    }

    private double evidence(Bin[] bins, long[] live) {
        double[] logs = new double[TILTS.length + CONCENTRATIONS.length];
        for (int i = 0; i < BINS; i++) {
            long[] counts = row(live, i);
            long rows = Arrays.stream(counts).sum();
            if (rows > 0) {
                double same = bins[i].same.log(counts, rows);
                for (int alternative = 0; alternative < logs.length; alternative++) {
                    logs[alternative] += logRatio(bins[i].others.get(alternative), counts, rows, same);
                }
            }
        }
        return CountTest.fromNatural(LogSum.of(logs) - StrictMath.log(logs.length));
    }

    private static double logRatio(List<DirichletMultinomial> laws, long[] counts, long rows, double same) {
        double[] logs = new double[laws.size() + 1];
        for (int i = 0; i < laws.size(); i++) {
            logs[i] = StrictMath.log((1 - STAY) / laws.size()) + laws.get(i).log(counts, rows) - same;
        }
        logs[laws.size()] = StrictMath.log(STAY);
        return LogSum.of(logs);
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

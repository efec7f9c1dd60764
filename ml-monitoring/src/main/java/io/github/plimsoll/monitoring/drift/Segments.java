package io.github.plimsoll.monitoring.drift;

import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the rows that carry an incident: one value or range of another column. What moved must be there far more often
 * than chance makes it, and what is left of it elsewhere must be at most a fifth of what is too many.
 */
final class Segments {

    private static final int MIN_MOVED = 10;
    private static final double MAX_LEFT = 0.2;
    private static final double MAX_OF_ALL = 0.8;
    private static final double SURE = 3;

    private final Layout layout;
    private final List<double[]> rows;

    Segments(Layout layout, List<double[]> rows) {
        this.layout = layout;
        this.rows = rows;
    }

    /**
     * The surest segment, or null.
     *
     * @param column the column that moved
     * @param moved whether a value is one that there are too many of
     * @param before the share of these in the baseline
     * @param asked which other columns to look at
     */
    Finding.@Nullable Segment of(int column, DoublePredicate moved, double before, IntPredicate asked) {
        boolean[] isMoved = new boolean[rows.size()];
        int all = 0;
        for (int i = 0; i < isMoved.length; i++) {
            isMoved[i] = moved.test(rows.get(i)[column]);
            all += isMoved[i] ? 1 : 0;
        }
        if (all < MIN_MOVED || all == isMoved.length) {
            return null;
        }
        int candidates = 0;
        double surest = Double.NEGATIVE_INFINITY;
        Finding.Segment found = null;
        for (int other = 0; other < layout.encoder.firstOutput(); other++) {
            if (other == column || layout.encoder.isSensitive(other) || !asked.test(other)) {
                continue;
            }
            int[][] counts = counts(other, isMoved);
            int parts = counts.length;
            for (int from = 0; from < parts; from++) {
                int ofMoved = 0;
                int ofAll = 0;
                int last = layout.encoder.isNumber(other) ? parts - 1 : from; // neighbouring bins are one range
                for (int to = from; to <= last; to++) {
                    ofMoved += counts[to][1];
                    ofAll += counts[to][0] + counts[to][1];
                    candidates++;
                    double sure = evidence(ofMoved, all, ofAll, before);
                    if (sure > surest) {
                        surest = sure;
                        found = new Finding.Segment(
                                layout.encoder.name(other),
                                layout.bins[other].wordsOfParts(from, to),
                                (double) ofMoved / all,
                                (double) ofAll / rows.size());
                    }
                }
            }
        }
        return surest - StrictMath.log10(Math.max(1, candidates)) >= SURE ? found : null;
    }

    /** For each part of a column, the rows that did not move and those that did. */
    private int[][] counts(int column, boolean[] isMoved) {
        int[][] counts = new int[layout.bins[column].parts()][2];
        for (int i = 0; i < isMoved.length; i++) {
            double value = rows.get(i)[column];
            if (Double.isFinite(value)) {
                counts[layout.bins[column].part(value)][isMoved[i] ? 1 : 0]++;
            }
        }
        return counts;
    }

    private double evidence(int ofMoved, int allMoved, int ofAll, double before) {
        int size = rows.size();
        double tooMany = allMoved - before * size;
        double left = allMoved - ofMoved - before * (size - ofAll);
        if (ofAll == 0 || ofAll > MAX_OF_ALL * size || tooMany <= 0 || left > MAX_LEFT * tooMany) {
            return Double.NEGATIVE_INFINITY;
        }
        return Tails.binomial(ofMoved, allMoved, (double) ofAll / size);
    }
}

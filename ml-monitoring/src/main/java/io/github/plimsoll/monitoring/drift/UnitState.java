package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * What a unit has seen: how much it moves by itself, the last windows without an alarm, and whether one is open. Not
 * thread-safe.
 */
final class UnitState {

    /** How many windows, the newest included, are added up to find what is too little to be seen in one. */
    static final int[] SPANS = {1, 2, 4, 8};

    /** Each sum's part of the budget. */
    private static final double[] SHARES = {0.5, 0.25, 0.125, 0.125};

    private static final double MIN_OF_NEWEST = 0.3;
    private static final int RECENT = 10;
    private static final int QUIET = 3;
    private static final int MOST_QUIET = 48;
    private static final int NEVER = 2 * MOST_QUIET; // alarmed, or so long ago

    NaturalMoves fromBaseline = new NaturalMoves();
    NaturalMoves fromRecent = new NaturalMoves();
    private final List<long[]> accepted = new ArrayList<>(); // newest last
    private int sinceAlarm;
    private int quietWindows = NEVER; // since the last alarm
    private int toBeQuiet = QUIET; // for an alarm to be over
    private boolean recovered;
    private int span = 1;

    UnitState() {}

    /** Of no windows, but with what another one has learned. */
    UnitState(UnitState learned) {
        fromBaseline = new NaturalMoves(learned.fromBaseline);
        fromRecent = new NaturalMoves(learned.fromRecent);
    }

    void writeMoves(FormWriter out) {
        fromBaseline.write(out);
        fromRecent.write(out);
    }

    void readMoves(FormReader in) {
        fromBaseline = new NaturalMoves(in);
        fromRecent = new NaturalMoves(in);
    }

    /** All of it, whose counts have a length that the reader knows. */
    void write(FormWriter out) {
        writeMoves(out);
        out.whole(accepted.size());
        accepted.forEach(out::counts);
        out.whole(sinceAlarm)
                .whole(quietWindows)
                .whole(toBeQuiet)
                .flag(recovered)
                .whole(span);
    }

    void read(FormReader in, int counts) {
        readMoves(in);
        accepted.clear();
        for (int size = in.whole(RECENT); accepted.size() < size; ) {
            accepted.add(in.counts(counts));
        }
        sinceAlarm = in.whole(accepted.size());
        quietWindows = in.whole(NEVER);
        toBeQuiet = in.whole(MOST_QUIET);
        recovered = in.flag();
        span = in.whole(SPANS[SPANS.length - 1]);
    }

    /** The evidence of one window, at its part of the budget. */
    double evidenceOfOne(double evidence) {
        span = 1;
        return evidence + StrictMath.log10(SHARES[0]);
    }

    /** The largest evidence in sums that end with a window, each at its part of the budget. */
    double evidenceOfSums(CountTest.Against baseline, long[] counts, double ofNewest) {
        double most = evidenceOfOne(ofNewest);
        if (ofNewest < MIN_OF_NEWEST) { // what is over must not be found again in a sum
            return most;
        }
        long[] sum = counts.clone();
        int added = 1;
        for (int next = 1; next < SPANS.length && SPANS[next] - 1 <= sinceAlarm; next++) {
            for (; added < SPANS[next]; added++) {
                add(sum, accepted.get(accepted.size() - added));
            }
            double ofSum = baseline.evidence(sum) + StrictMath.log10(SHARES[next]);
            if (ofSum > most) {
                most = ofSum;
                span = SPANS[next];
            }
        }
        return most;
    }

    /** How many windows the largest evidence was gathered over. */
    int span() {
        return span;
    }

    /** The evidence against the last windows without an alarm; infinite where there are none. */
    double evidenceFromRecent(CountTest test, long[] counts) {
        if (accepted.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        long[] sum = new long[counts.length];
        accepted.forEach(before -> add(sum, before));
        return test.evidence(sum, counts);
    }

    void accept(long[] counts) {
        accepted.add(counts);
        if (accepted.size() > RECENT) {
            accepted.remove(0);
        }
        sinceAlarm = Math.min(sinceAlarm + 1, SPANS[SPANS.length - 1]);
    }

    /** Notes how much evidence there was in a window in which nothing was wrong. */
    void learn(double evidence, double ofRecent) {
        fromBaseline.add(evidence);
        if (ofRecent < Double.POSITIVE_INFINITY) {
            fromRecent.add(ofRecent);
        }
    }

    /** Begins anew to add up: what was before an alarm says nothing of what comes after. */
    void restart() {
        sinceAlarm = 0;
    }

    /**
     * Takes note of a window, and tells whether an alarm opens with it. One that is open ends with three quiet windows. If it comes
     * back before there were as many more, it takes twice as many the next time, up to 48: what has changed for good is told a
     * few times, not for ever.
     */
    boolean opens(boolean alarmed) {
        boolean opens = alarmed && !isOpen();
        if (opens) {
            toBeQuiet = quietWindows < 2 * toBeQuiet ? Math.min(MOST_QUIET, 2 * toBeQuiet) : QUIET;
        }
        recovered = !alarmed && quietWindows == toBeQuiet - 1;
        quietWindows = alarmed ? 0 : Math.min(NEVER, quietWindows + 1);
        return opens;
    }

    boolean isOpen() {
        return quietWindows < toBeQuiet;
    }

    /** Whether the last window noted was the one that ended an alarm. */
    boolean hasRecovered() {
        return recovered;
    }

    private static void add(long[] sum, long[] counts) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += counts[i];
        }
    }
}

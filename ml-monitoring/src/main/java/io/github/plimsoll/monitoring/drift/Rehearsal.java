package io.github.plimsoll.monitoring.drift;

import org.jspecify.annotations.Nullable;

/**
 * Learns from the rows of a baseline, in the order of time, how much they move when nothing is wrong. If parts of them differ
 * more than independent rows would, it lives through each half once, knowing only the other.
 */
final class Rehearsal {

    // The share of blocks of the baseline, over all units, whose evidence is above 1. It is at most 0.1 for
    // independent rows, by Markov's inequality, and about 0.01 in practice; 0.3 to 0.5 for weather and
    // prices.
    private static final double TIME_ORDERED = 0.05;

    private static final int MAX_BLOCKS = 200; // as much as is needed to tell; each costs a pass over all values

    private final Layout layout;
    private final EncodedRows rows;
    private final int windowRows;
    private final @Nullable OutcomeLaw outcomeLaw;
    final Past past;
    final UnitState outcomes = new UnitState();
    final boolean isTimeOrdered;

    /** For the norm of all the rows, which may be some of those of a stream that is known to be time-ordered. */
    Rehearsal(
            Norm norm,
            EncodedRows rows,
            int windowRows,
            @Nullable OutcomeLaw outcomeLaw,
            boolean isKnownToBeTimeOrdered) {
        layout = norm.layout;
        this.rows = rows;
        this.windowRows = windowRows;
        this.outcomeLaw = outcomeLaw;
        past = new Past(layout);
        isTimeOrdered = compareBlocks(norm) || isKnownToBeTimeOrdered;
        if (isTimeOrdered) {
            liveThrough(0, rows.size() / 2);
            liveThrough(rows.size() / 2, rows.size());
        }
    }

    /** Compares each block of the baseline with the rest, and tells whether they differ more than by chance. */
    private boolean compareBlocks(Norm norm) {
        RowCounter counter = rows.counter(layout);
        int blocks = rows.size() / windowRows;
        int compared = Math.min(blocks, MAX_BLOCKS);
        // What is computed of texts, tensors and times is judged for itself: it is so many columns that wandering ones
        // of the others would be few among them, and the other way round. Who answered says nothing of the rows.
        long[] beyond = new long[2];
        long[] all = new long[2];
        for (int i = 0; i < compared; i++) {
            int from = (int) ((long) i * blocks / compared) * windowRows;
            RowCounter.Block block = counter.block(norm, from, from + windowRows);
            for (int unit = 0; unit < layout.units.size(); unit++) {
                Unit tested = layout.units.get(unit);
                double evidence = block.others().evidence(unit, block.window());
                past.units.get(unit).fromBaseline.add(evidence);
                if (tested.channel() != Channel.FALLBACK) {
                    int group = tested.isComputed(layout.encoder) ? 1 : 0;
                    beyond[group] += evidence > 1 ? 1 : 0;
                    all[group]++;
                }
            }
        }
        return beyond[0] > TIME_ORDERED * all[0] || beyond[1] > TIME_ORDERED * all[1];
    }

    /** Learns from the rows in [from, to), one half of all, what it is to live on after the other half. */
    private void liveThrough(int from, int to) {
        RowCounter counter = rows.counter(layout);
        Norm other = counter.otherHalf(from, to);
        Past rehearsed = new Past(layout);
        for (int begin = from; begin + windowRows <= to; begin += windowRows) {
            Window window = counter.window(other, begin, begin + windowRows);
            for (int i = 0; i < layout.units.size(); i++) {
                past.units.get(i).learn(other.evidence(i, window), rehearsed.evidence(i, window));
            }
            rehearsed.accept(window, true);
        }
        if (outcomeLaw != null) {
            rehearseOutcomes(outcomeLaw, from, to);
        }
    }

    private void rehearseOutcomes(OutcomeLaw law, int from, int to) {
        int prediction = layout.encoder.scoreColumn();
        double[][] known = from == 0 ? rows.outcomes(to, rows.size(), prediction) : rows.outcomes(0, from, prediction);
        CountTest.Against others = law.test.against(law.counts(known[0], known[1]));
        UnitState rehearsed = new UnitState();
        for (int begin = from; begin + windowRows <= to; begin += windowRows) {
            double[][] live = rows.outcomes(begin, begin + windowRows, prediction);
            long[] counts = law.counts(live[0], live[1]);
            outcomes.learn(others.evidence(counts), rehearsed.evidenceFromRecent(law.test, counts));
            rehearsed.accept(counts);
        }
    }
}

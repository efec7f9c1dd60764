package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.List;
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

    // Evidence beyond what the number of all comparisons explains, which 1 in 100 baselines of independent rows have at
    // most.
    private static final double MOST_BY_CHANCE = 2;

    private static final int MAX_BLOCKS = 200; // as much as is needed to tell; each costs a pass over all values
    private static final int MIN_BLOCKS = 10; // of several windows

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

    /**
     * Compares blocks of the baseline with the rest, and tells whether they differ more than by chance: of a window each, and of
     * as many in a row as are added up later, since what is too little to be seen in one hour may be plain in a night.
     */
    private boolean compareBlocks(Norm norm) {
        RowCounter counter = rows.counter(layout);
        List<Blocks> spans = Arrays.stream(UnitState.SPANS)
                .mapToObj(span -> new Blocks(norm, span))
                .toList();
        int blocks = rows.size() / windowRows;
        for (int i = 0; i < Math.min(blocks, MAX_BLOCKS); i++) {
            int from = place(i, blocks) * windowRows;
            RowCounter.Block block = counter.block(norm, from, from + windowRows);
            for (int unit = 0; unit < layout.units.size(); unit++) {
                double evidence = block.others().evidence(unit, block.window());
                past.units.get(unit).fromBaseline.add(evidence);
                spans.get(0).note(unit, evidence);
            }
            spans.subList(1, spans.size())
                    .forEach(span -> span.add(block.window().counts()));
        }
        return spans.stream().anyMatch(Blocks::depend);
    }

    /** Which block comes next: of too many, only runs as long as the longest sum, which are spread over all. */
    private static int place(int i, int blocks) {
        int longest = UnitState.SPANS[UnitState.SPANS.length - 1];
        int run = blocks <= MAX_BLOCKS ? i / longest : (i / longest) * (blocks / longest) / (MAX_BLOCKS / longest);
        return run * longest + i % longest;
    }

    /** Blocks of so many windows each, and how much evidence there is in them for a change that was none. */
    private final class Blocks {
        private final Norm norm;
        private final int windows;
        private final long[][] sum = layout.noCounts();
        private int added;
        private int blocks;
        private double most;

        // What is computed of texts, tensors and times is judged for itself: it is so many columns that wandering ones
        // of the others would be few among them, and the other way round.
        private final long[] beyond = new long[2];
        private final long[] all = new long[2];

        private Blocks(Norm norm, int windows) {
            this.norm = norm;
            this.windows = windows;
        }

        /** Adds the counts of the next window; with the last of a block, that is compared with all rows, its own included. */
        private void add(long[][] counts) {
            for (int i = 0; i < sum.length; i++) {
                for (int cell = 0; cell < sum[i].length; cell++) {
                    sum[i][cell] += counts[i][cell];
                }
            }
            if (++added % windows == 0) {
                blocks++;
                for (int unit = 0; unit < layout.units.size(); unit++) {
                    Unit tested = layout.units.get(unit);
                    CountTest.Against test = norm.test(unit);
                    boolean isUnseen = tested.column() >= 0 && tested.counts() == layout.unseen[tested.column()];
                    if (test != null && !isUnseen) { // what is unseen among some rows may not be among all
                        note(unit, test.evidence(sum[tested.counts()]));
                    }
                }
                for (long[] some : sum) {
                    Arrays.fill(some, 0);
                }
            }
        }

        private void note(int unit, double evidence) {
            Unit tested = layout.units.get(unit);
            if (tested.channel() != Channel.FALLBACK) { // who answered says nothing of the rows
                int group = tested.isComputed(layout.encoder) ? 1 : 0;
                beyond[group] += evidence > 1 ? 1 : 0;
                all[group]++;
                most = Math.max(most, tested.test() == null ? 0 : evidence);
            }
        }

        /** Whether there is more evidence than independent rows give. */
        private boolean depend() {
            double mostByChance = StrictMath.log10(Math.max(1.0, (double) all[0] + all[1])) + MOST_BY_CHANCE;
            boolean isOften = beyond[0] > TIME_ORDERED * all[0] || beyond[1] > TIME_ORDERED * all[1];
            return most > mostByChance || (isOften && (windows == 1 || blocks >= MIN_BLOCKS));
        }
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

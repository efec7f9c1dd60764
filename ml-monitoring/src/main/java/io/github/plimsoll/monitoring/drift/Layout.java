package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Which counts a window has, and what is tested on them. Learned from all rows of the baseline; immutable. */
final class Layout {

    static final int FORMATS = 8;

    private static final int MAX_PARTNERS = 4;
    private static final int MAX_PAIRS = 150;
    private static final double MIN_INFORMATION = 0.01;
    private static final int MAX_DISCRETE = 4096;
    private static final double FOLLOWS = 5; // standard deviations

    /** A pair of columns whose bins are counted together. */
    record Pair(int first, int second) {

        boolean isOf(int column, int other) {
            return (first == column && second == other) || (first == other && second == column);
        }
    }

    final RowEncoder encoder;
    final Bins[] bins;
    final boolean[] discrete;
    final boolean[] watched; // false for what was computed and says nothing, and for what is watched in other rows
    final List<Pair> pairs;
    final List<Unit> units = new ArrayList<>();
    final List<Integer> lengths = new ArrayList<>();
    final int[] missing;
    final int[] invalid;
    final int[] unseen;
    final int[] cells;
    final int[] formats;
    final int[] tables;

    /** Of some rows, without looking at the values of some columns. */
    Layout(RowEncoder encoder, EncodedRows rows, boolean[] leftOut) {
        this(encoder, bins(encoder, rows), discrete(encoder, rows), watched(encoder, rows, leftOut), rows);
    }

    private Layout(RowEncoder encoder, Bins[] bins, boolean[] discrete, boolean[] watched, EncodedRows rows) {
        this(encoder, bins, discrete, watched, pairs(encoder, bins, watched, rows));
    }

    private Layout(RowEncoder encoder, Bins[] bins, boolean[] discrete, boolean[] watched, List<Pair> pairs) {
        this.encoder = encoder;
        this.bins = bins;
        this.discrete = discrete;
        this.watched = watched;
        this.pairs = pairs;
        int columns = encoder.columns();
        missing = new int[columns];
        invalid = new int[columns];
        unseen = new int[columns];
        cells = new int[columns];
        formats = new int[columns];
        for (int column = 0; column < columns; column++) {
            addColumn(column);
        }
        units.add(new Unit(Channel.DUPLICATES, -1, -1, 1, -1, null));
        tables = new int[pairs.size()];
        for (int i = 0; i < tables.length; i++) {
            Pair pair = pairs.get(i);
            tables[i] = counts(RelationTest.BINS * RelationTest.BINS);
            units.add(new Unit(Channel.RELATION, pair.second(), pair.first(), 0.5, tables[i], new RelationTest(false)));
            units.add(new Unit(Channel.RELATION, pair.first(), pair.second(), 0.5, tables[i], new RelationTest(true)));
        }
    }

    /** Writes all but the encoder. */
    void write(FormWriter out) {
        for (int column = 0; column < bins.length; column++) {
            bins[column].write(out);
            out.flag(discrete[column]).flag(watched[column]);
        }
        out.whole(pairs.size());
        pairs.forEach(pair -> out.whole(pair.first()).whole(pair.second()));
    }

    /** Reads what was written, of columns that are known. */
    static Layout read(RowEncoder encoder, FormReader in) {
        int columns = encoder.columns();
        Bins[] bins = new Bins[columns];
        boolean[] discrete = new boolean[columns];
        boolean[] watched = new boolean[columns];
        for (int column = 0; column < columns; column++) {
            bins[column] = Bins.read(encoder, column, in);
            discrete[column] = in.flag();
            watched[column] = in.flag();
        }
        List<Pair> pairs = new ArrayList<>();
        for (int size = in.whole(MAX_PAIRS); pairs.size() < size; ) {
            pairs.add(new Pair(in.whole(columns - 1), in.whole(columns - 1)));
        }
        return new Layout(encoder, bins, discrete, watched, pairs);
    }

    private static Bins[] bins(RowEncoder encoder, EncodedRows rows) {
        return IntStream.range(0, encoder.columns())
                .mapToObj(column -> Bins.of(encoder, rows, column))
                .toArray(Bins[]::new);
    }

    private static boolean[] discrete(RowEncoder encoder, EncodedRows rows) {
        boolean[] discrete = new boolean[encoder.columns()];
        for (int column = 0; column < encoder.features().size(); column++) {
            discrete[column] = encoder.isNumber(column) && rows.ranked(column).values.length <= MAX_DISCRETE;
        }
        return discrete;
    }

    /** All but what the rows never have, and hours and weekdays that follow the clock: these differ from window to window. */
    private static boolean[] watched(RowEncoder encoder, EncodedRows rows, boolean[] leftOut) {
        boolean[] watched = new boolean[encoder.columns()];
        for (int column = 0; column < watched.length; column++) {
            Measure measure = encoder.measure(column);
            watched[column] = !leftOut[column]
                    && (measure == null
                            || (rows.has(column) && !(measure.mayFollowClock() && followsOrder(rows.ranked(column)))));
        }
        return watched;
    }

    /** Whether rows that follow each other have the same value more often than by chance, or all have the same. */
    private static boolean followsOrder(RankedColumn column) {
        double byChance = 0; // that two rows have the same value
        for (int times : column.times) {
            double share = (double) times / column.finite;
            byChance += share * share;
        }
        double pairs = 0;
        double same = 0;
        for (int row = 1; row < column.ranks.length; row++) {
            if (column.ranks[row] >= 0 && column.ranks[row - 1] >= 0) {
                pairs++;
                same += column.ranks[row] == column.ranks[row - 1] ? 1 : 0;
            }
        }
        return column.values.length == 1
                || same > pairs * byChance + FOLLOWS * Math.sqrt(pairs * byChance * (1 - byChance)) + 1;
    }

    /** All counts, each 0. */
    long[][] noCounts() {
        return lengths.stream().map(long[]::new).toArray(long[][]::new);
    }

    private void addColumn(int column) {
        boolean number = encoder.isNumber(column);
        boolean feature = !encoder.isOutput(column);
        missing[column] = counts(2);
        invalid[column] = counts(2);
        unseen[column] = counts(2);
        cells[column] = counts(bins[column].cells());
        formats[column] = counts(FORMATS);
        Measure measure = encoder.measure(column);
        if (measure != null) {
            addMeasure(measure, column);
            return;
        }
        if (feature) {
            add(Channel.MISSING, column, missing[column], CountTest.rate());
            add(Channel.INVALID, column, invalid[column], CountTest.rate());
        }
        if (column == encoder.fallbackColumn()) {
            add(Channel.FALLBACK, column, invalid[column], CountTest.rate());
            return;
        }
        if (!watched[column] || (feature && !encoder.hasValues(column))) {
            return;
        }
        if (!number || (feature && discrete[column])) {
            add(number ? Channel.UNSEEN_VALUE : Channel.UNSEEN_NAME, column, unseen[column], CountTest.rate());
        }
        if (feature) {
            units.add(new Unit(Channel.CLOCK, column, -1, 1, -1, null));
        }
        add(Channel.CELLS, column, cells[column], CountTest.cells(bins[column].ordered()));
        if (number) {
            units.add(new Unit(Channel.ATOM, column, -1, 1, -1, null));
        }
        if (number && feature) {
            add(Channel.FORMAT, column, formats[column], CountTest.cells(new int[0]));
            units.add(new Unit(Channel.TAIL, column, -1, 1, -1, null));
        }
    }

    /** What is computed is missing where its feature is, which is tested there, and has no decimals of its own. */
    private void addMeasure(Measure measure, int column) {
        if (measure.mayFollowClock()) {
            units.add(new Unit(Channel.CLOCK, column, -1, 1, -1, null));
        }
        if (watched[column]) {
            add(Channel.CELLS, column, cells[column], CountTest.cells(bins[column].ordered()));
            if (!measure.mayFollowClock()) {
                units.add(new Unit(Channel.ATOM, column, -1, 1, -1, null));
                units.add(new Unit(Channel.TAIL, column, -1, 1, -1, null));
            }
        }
    }

    private void add(Channel channel, int column, int counts, CountTest test) {
        units.add(new Unit(channel, column, -1, 1, counts, test));
    }

    private int counts(int length) {
        lengths.add(length);
        return lengths.size() - 1;
    }

    // ---- pairs --------------------------------------------------------------------------------------------------

    private record Related(Pair pair, double information) {}

    /** For each column the few that say most about it; of all these, the most informative. */
    private static List<Pair> pairs(RowEncoder encoder, Bins[] bins, boolean[] watched, EncodedRows rows) {
        int columns = bins.length;
        RowBits[] binned = new RowBits[columns];
        for (int column = 0; column < columns; column++) {
            binned[column] = new RowBits(RowCounter.bins(bins[column], rows.ranked(column)));
        }
        List<List<Related>> partners = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            partners.add(new ArrayList<>());
        }
        for (int i = 0; i < columns; i++) {
            for (int j = i + 1; j < columns; j++) {
                if (!watched[i] || !watched[j] || encoder.featureOf(i) == encoder.featureOf(j)) {
                    continue;
                }
                Related related = new Related(new Pair(i, j), information(binned[i], binned[j]));
                if (related.information > MIN_INFORMATION) {
                    partners.get(i).add(related);
                    partners.get(j).add(related);
                }
            }
        }
        Comparator<Related> best =
                Comparator.comparingDouble(Related::information).reversed();
        Set<Related> chosen = new LinkedHashSet<>();
        partners.forEach(all -> all.stream().sorted(best).limit(MAX_PARTNERS).forEach(chosen::add));
        return chosen.stream().sorted(best).limit(MAX_PAIRS).map(Related::pair).toList();
    }

    /** For each bin of a column the rows that are in it, 64 in a long: how many are in two bins is counted 64 at a time. */
    private static final class RowBits {
        private final long[][] rows = new long[RelationTest.BINS][];

        /** For the bin of each row, below 0 where there is none. */
        RowBits(byte[] bins) {
            for (int bin = 0; bin < rows.length; bin++) {
                rows[bin] = new long[(bins.length + Long.SIZE - 1) / Long.SIZE];
            }
            for (int row = 0; row < bins.length; row++) {
                if (bins[row] >= 0) {
                    rows[bins[row]][row / Long.SIZE] |= 1L << row;
                }
            }
        }

        int both(int bin, RowBits other, int binOfOther) {
            long[] these = rows[bin];
            long[] those = other.rows[binOfOther];
            int both = 0;
            for (int i = 0; i < these.length; i++) {
                both += Long.bitCount(these[i] & those[i]);
            }
            return both;
        }
    }

    /** Mutual information in nats, less what chance makes of it. */
    private static double information(RowBits first, RowBits second) {
        int bins = RelationTest.BINS;
        double[] both = new double[bins * bins];
        double[] ofFirst = new double[bins];
        double[] ofSecond = new double[bins];
        double n = 0;
        for (int i = 0; i < bins; i++) {
            for (int j = 0; j < bins; j++) {
                int rows = first.both(i, second, j);
                both[i * bins + j] = rows;
                ofFirst[i] += rows;
                ofSecond[j] += rows;
                n += rows;
            }
        }
        double sum = 0;
        int used = 0;
        int usedFirst = 0;
        int usedSecond = 0;
        for (int i = 0; i < bins; i++) {
            usedFirst += ofFirst[i] > 0 ? 1 : 0;
            usedSecond += ofSecond[i] > 0 ? 1 : 0;
            for (int j = 0; j < bins; j++) {
                double count = both[i * bins + j];
                if (count > 0) {
                    used++;
                    sum += count * StrictMath.log(count * n / (ofFirst[i] * ofSecond[j]));
                }
            }
        }
        return n == 0 ? 0 : (sum - (used - usedFirst - usedSecond + 1) / 2.0) / n;
    }
}

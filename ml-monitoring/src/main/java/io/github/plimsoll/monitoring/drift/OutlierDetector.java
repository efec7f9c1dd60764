package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Tells single rows that are unlike the baseline: a number far out or where no number was, a name that is rare or new, a value
 * that is missing although it never is, values that do not go together.
 *
 * <pre>{@code
 * OutlierDetector outliers = baseline.outliers();
 * OutlierScore score = outliers.score(row);
 * if (score.isOutlier(0.001)) {                                 // 1 of 1,000 sound rows is taken for one
 *     review(row, score.parts());
 * }
 * }</pre>
 *
 * <p><b>Calibrated</b>: the score comes with the share of sound rows that are at least as surprising, whatever their law. It
 * is learned by cross-conformal prediction: each half of the baseline is scored by what was learned from the other half. The
 * smallest p-value is 1 / (rows + 1). This holds for rows that are like those of the baseline and independent of each other;
 * of a stream that moves by itself, more rows than said are surprising.
 *
 * <p>Immutable and thread-safe. A score looks up a number for each feature and related pair. Memory: some kilobytes a feature.
 * Predictions take no part: a row may be scored before there is one.
 *
 * @see <a href="https://doi.org/10.1073/pnas.1814092116">Wilson: The harmonic mean p-value, PNAS 116 (2019)</a>
 * @see <a href="https://doi.org/10.1007/s10472-013-9368-4">Vovk: Cross-conformal predictors (2015)</a>
 * @since 0.1
 */
public final class OutlierDetector {

    private static final double STEP = 1.01;
    private static final double LEAST_PART = 0.1;
    private static final int MAX_PARTS = 4;

    /**
     * A column, or two columns whose values do not go together, of a surprising row.
     *
     * @param column the column
     * @param partner the other column, or null
     * @param share the share of the baseline that is as far out, above 0
     * @since 0.1
     */
    public record Part(String column, @Nullable String partner, double share) {
        /** The part as {@code age with pension (1 of 900 is as far out)}. */
        @Override
        public String toString() {
            return column + (partner == null ? "" : " with " + partner) + " (1 of " + Words.number(Math.rint(1 / share))
                    + " is as far out)";
        }
    }

    private final Norm norm;
    private final Layout layout;
    private final double[] missing; // the share of the baseline that is as rare as a value that is missing ...
    private final double[] present; // ... or that is not
    private final double[] invalid;
    private final double[] unseen;
    private final double[][] cells; // by column and cell
    private final double[][] bins; // by pair and bins of both
    private final int[] pairs; // those without the prediction
    private final long rows;
    private final double[] largest;
    private volatile @Nullable RowReader reader;

    /** For the surprises of some rows, see {@link #surprises}. */
    OutlierDetector(Norm norm, long rows, double[] largest) {
        this.norm = norm;
        layout = norm.layout;
        this.rows = rows;
        this.largest = largest;
        int columns = layout.encoder.rowColumns();
        missing = new double[columns];
        present = new double[columns];
        invalid = new double[columns];
        unseen = new double[columns];
        cells = new double[columns][];
        for (int column = 0; column < columns; column++) {
            missing[column] = rarity(norm.counts[layout.missing[column]])[0];
            present[column] = rarity(norm.counts[layout.missing[column]])[1];
            invalid[column] = rarity(norm.counts[layout.invalid[column]])[0];
            unseen[column] = rarity(norm.counts[layout.unseen[column]])[0];
            long[] counts = norm.counts[layout.cells[column]];
            cells[column] = layout.encoder.isNumber(column) ? ranks(counts) : rarity(counts);
        }
        pairs = IntStream.range(0, layout.pairs.size())
                .filter(i -> layout.pairs.get(i).first() < columns
                        && layout.pairs.get(i).second() < columns)
                .toArray();
        bins = new double[layout.pairs.size()][];
        for (int pair : pairs) {
            bins[pair] = rarity(norm.counts[layout.tables[pair]]);
        }
    }

    /** How surprising the rows of a baseline are, each by what was learned from others: at {@link #ranks} that grow by STEP, falling. */
    static double[] surprises(Layout layout, EncodedRows rows) {
        double[] surprises = new double[rows.size()];
        int half = rows.size() / 2;
        score(layout, rows, 0, half, surprises);
        score(layout, rows, half, rows.size(), surprises);
        Arrays.sort(surprises);
        return ranks(surprises.length)
                .mapToDouble(rank -> surprises[surprises.length - (int) rank])
                .toArray();
    }

    /** The ranks at which the surprises of so many rows are kept. */
    static LongStream ranks(long rows) {
        return LongStream.iterate(1, rank -> rank <= rows, OutlierDetector::nextRank);
    }

    private static long nextRank(long rank) {
        return Math.max(rank + 1, (long) (rank * STEP));
    }

    /** Scores the rows in [from, to) by what the others are like: adds up column by column, each value looked at once. */
    private static void score(Layout layout, EncodedRows rows, int from, int to, double[] into) {
        RowCounter counter = rows.counter(layout);
        OutlierDetector others = new OutlierDetector(counter.otherHalf(from, to), 0, new double[0]);
        for (int column = 0; column < others.cells.length; column++) {
            RankedColumn ranked = rows.ranked(column);
            double missing = 1 / others.share(column, Double.NaN);
            double invalid = 1 / others.share(column, Double.POSITIVE_INFINITY);
            int[] times = ranked.times(from, to);
            double[] parts = new double[times.length];
            for (int rank = 0; rank < times.length; rank++) {
                parts[rank] = times[rank] == 0
                        ? 0
                        : 1 / others.share(column, ranked.values[rank], counter.cell(column, rank));
            }
            for (int row = from; row < to; row++) {
                int rank = ranked.ranks[row];
                into[row] += rank >= 0 ? parts[rank] : rank == RankedColumn.MISSING ? missing : invalid;
            }
        }
        for (int pair : others.pairs) {
            Layout.Pair columns = layout.pairs.get(pair);
            byte[] first = counter.bins(columns.first());
            byte[] second = counter.bins(columns.second());
            double[] parts =
                    Arrays.stream(others.bins[pair]).map(share -> 1 / share).toArray();
            for (int row = from; row < to; row++) {
                into[row] += (first[row] | second[row]) < 0 ? 1 : parts[first[row] * RelationTest.BINS + second[row]];
            }
        }
        for (int row = from; row < to; row++) {
            into[row] = others.surprise(into[row]);
        }
    }

    /** For each of some kinds of rows, the share of those that are not more frequent; half a row is added to each kind. */
    private static double[] rarity(long[] counts) {
        double all = Arrays.stream(counts).sum() + counts.length / 2.0;
        double[] rarity = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            for (long count : counts) {
                rarity[i] += count <= counts[i] ? (count + 0.5) / all : 0;
            }
        }
        return rarity;
    }

    /** For each of some ranges in ascending order, the share of those as far from the middle, on both sides. */
    private static double[] ranks(long[] counts) {
        double all = Arrays.stream(counts).sum() + counts.length / 2.0;
        double[] ranks = new double[counts.length];
        double below = 0;
        for (int i = 0; i < counts.length; i++) {
            double own = (counts[i] + 0.5) / all;
            ranks[i] = Math.min(1, 2 * Math.min(below + own, 1 - below));
            below += own;
        }
        return ranks;
    }

    /**
     * Scores a row.
     *
     * @param row a row that has the baseline's features, in any order, and maybe others
     * @return how unlike the baseline it is
     * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
     */
    public OutlierScore score(FeatureRow row) {
        RowReader known = reader;
        if (known == null || !known.isFor(row.features())) {
            known = layout.encoder.reader(row.features());
            reader = known;
        }
        double[] encoded = new double[layout.encoder.columns()];
        @Nullable String[] names = new String[encoded.length];
        known.read(row, Double.NaN, null, Double.NaN, encoded, 0, names);
        if (layout.encoder.isMeasuring()) {
            new Measures(layout.encoder, false).fill(row, encoded, Window.NO_TIME);
        }
        for (int column = 0; column < names.length; column++) {
            String name = names[column];
            if (name != null) {
                encoded[column] = layout.encoder.code(column, name);
            }
        }
        double surprise = surprise(encoded);
        return new OutlierScore(surprise, pValue(surprise), parts(encoded));
    }

    private double pValue(double surprise) {
        long rank = 1;
        for (double score : largest) {
            if (surprise > score) {
                return (double) rank / (rows + 1);
            }
            rank = nextRank(rank);
        }
        return 1;
    }

    private double surprise(double[] row) {
        double sum = 0;
        for (int column = 0; column < cells.length; column++) {
            sum += 1 / share(column, row[column]);
        }
        for (int pair : pairs) {
            sum += 1 / shareOfPair(pair, row);
        }
        return surprise(sum);
    }

    private double surprise(double sumOfParts) {
        return StrictMath.log10(sumOfParts / (cells.length + pairs.length));
    }

    /** The share of the baseline that is as far out in one column, above 0. */
    private double share(int column, double value) {
        if (Double.isNaN(value)) {
            return missing[column];
        }
        if (Double.isInfinite(value)) {
            return invalid[column];
        }
        return share(column, value, layout.bins[column].cell(value));
    }

    /** The same for a finite value or a code whose cell is known. */
    private double share(int column, double value, int cell) {
        boolean number = layout.encoder.isNumber(column);
        boolean isUnseen = (!number || layout.discrete[column]) && norm.isUnseen(column, value);
        double share = isUnseen ? Math.min(present[column], unseen[column]) : present[column];
        if (number) {
            share = Math.min(share, norm.tail(column).probability(value));
        }
        return number || !isUnseen ? Math.min(share, cells[column][cell]) : share;
    }

    /** The share of the baseline whose values are as rarely together; 1 where one is not known. */
    private double shareOfPair(int pair, double[] row) {
        Layout.Pair columns = layout.pairs.get(pair);
        double first = row[columns.first()];
        double second = row[columns.second()];
        return Double.isFinite(first) && Double.isFinite(second)
                ? bins[pair][
                        layout.bins[columns.first()].bin(first) * RelationTest.BINS
                                + layout.bins[columns.second()].bin(second)]
                : 1;
    }

    private List<Part> parts(double[] row) {
        List<Part> parts = new ArrayList<>();
        for (int column = 0; column < cells.length; column++) {
            parts.add(new Part(layout.encoder.name(column), null, share(column, row[column])));
        }
        for (int pair : pairs) {
            Layout.Pair columns = layout.pairs.get(pair);
            parts.add(new Part(
                    layout.encoder.name(columns.first()),
                    layout.encoder.name(columns.second()),
                    shareOfPair(pair, row)));
        }
        parts.sort(Comparator.comparingDouble(Part::share));
        double most = parts.get(0).share();
        return parts.stream()
                .filter(part -> part.share() * LEAST_PART <= most)
                .limit(MAX_PARTS)
                .toList();
    }

    /** The detector in a few words. */
    @Override
    public String toString() {
        return "outlier detector of " + cells.length + " features, from " + rows + " rows";
    }
}

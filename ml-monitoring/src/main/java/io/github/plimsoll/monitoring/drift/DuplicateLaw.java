package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How many rows of a window equal an earlier one by chance, judged by random parts of the baseline: of 8 rows, 16, 32 and so on,
 * because rows of few different values repeat in another way than rows of many. Immutable.
 */
final class DuplicateLaw {

    private static final int DRAWS = 60;
    private static final int MAX_ROWS = 1_024;
    private static final int SMALLEST = 8;

    private final double[] means; // of 8 rows, 16, 32, ...
    private final double[] variances;

    /** For the rows of [from, to) alone, or for all others. */
    DuplicateLaw(Repeats repeats, int from, int to, boolean others) {
        int rows = others ? repeats.rows() - (to - from) : to - from;
        int first = others ? 0 : from; // what is row i of the part is row first + i, or that and gap from there on
        int gapAt = others ? from : rows;
        int gap = to - from;
        int sizes = sizes(rows);
        means = new double[sizes];
        variances = new double[sizes];
        if (sizes > 0 && repeats.any()) {
            int[] drawn = repeats.draws(rows);
            int[] seen = new int[repeats.rows()];
            for (int draw = 1, at = 0; draw <= DRAWS; draw++) {
                double duplicates = 0;
                for (int size = 0, row = 0; size < sizes; size++) {
                    for (; row < rows(size); row++, at++) {
                        int kind = repeats.kind(first + drawn[at] + (drawn[at] < gapAt ? 0 : gap));
                        if (kind >= 0) {
                            duplicates += seen[kind] == draw ? 1 : 0;
                            seen[kind] = draw;
                        }
                    }
                    means[size] += duplicates / DRAWS;
                    variances[size] += duplicates * duplicates / DRAWS;
                }
            }
        }
        for (int size = 0; size < sizes; size++) {
            variances[size] = Math.max(means[size], variances[size] - means[size] * means[size]);
        }
    }

    /** How many sizes are looked at in a part of so many rows. */
    private static int sizes(int rows) {
        int most = Math.min(MAX_ROWS, rows / 2);
        return most < SMALLEST ? 0 : Integer.numberOfTrailingZeros(Integer.highestOneBit(most) / SMALLEST) + 1;
    }

    /** Which rows of a baseline equal others. Not thread-safe. */
    static final class Repeats {

        private final int[] kinds; // by row: the same for equal rows; -1 of a row that equals no other
        private final boolean any;
        private int drawnOf;
        private int[] drawn = new int[0];

        /** For the hashes of the baseline's rows. */
        Repeats(long[] hashes) {
            long[] sorted = hashes.clone();
            int[] rows = new int[hashes.length];
            Arrays.setAll(rows, row -> row);
            LongSort.sort(sorted, rows, rows.length);
            kinds = new int[rows.length];
            boolean found = false;
            for (int from = 0, to; from < rows.length; from = to) {
                to = from + 1;
                while (to < rows.length && sorted[to] == sorted[from]) {
                    to++;
                }
                for (int i = from; i < to; i++) {
                    kinds[rows[i]] = to - from == 1 ? -1 : from;
                }
                found |= to - from > 1;
            }
            any = found;
        }

        int rows() {
            return kinds.length;
        }

        boolean any() {
            return any;
        }

        int kind(int row) {
            return kinds[row];
        }

        /** The rows that are drawn of a part of so many, in turn; the same for all parts of a size. */
        private int[] draws(int rows) {
            if (drawnOf != rows) {
                int ofOne = DuplicateLaw.rows(sizes(rows) - 1);
                SplittableRandom random = new SplittableRandom(Math.min(MAX_ROWS, rows / 2));
                int[] shuffled = new int[rows];
                Arrays.setAll(shuffled, row -> row);
                drawn = new int[DRAWS * ofOne];
                for (int i = 0; i < drawn.length; i++) {
                    int row = i % ofOne;
                    int other = row + random.nextInt(rows - row);
                    drawn[i] = shuffled[other];
                    shuffled[other] = shuffled[row];
                    shuffled[row] = drawn[i];
                }
                drawnOf = rows;
            }
            return drawn;
        }
    }

    DuplicateLaw(FormReader in) {
        means = in.numbers();
        variances = in.numbers();
        boolean sound = means.length == variances.length && means.length <= 8;
        for (int size = 0; sound && size < means.length; size++) {
            sound = means[size] >= 0 && variances[size] >= means[size] && variances[size] < Double.POSITIVE_INFINITY;
        }
        if (!sound) {
            throw in.wrong(
                    "repeated rows",
                    Arrays.toString(means) + ", " + Arrays.toString(variances)
                            + " (expected: at most 8 means, and as many variances that are not smaller)");
        }
    }

    void write(FormWriter out) {
        out.numbers(means).numbers(variances);
    }

    private static int rows(int size) {
        return SMALLEST << size;
    }

    /** The evidence that so many duplicates among so many rows are not by chance; the law is widened by what it may be off. */
    double evidence(long duplicates, long windowRows) {
        if (means.length == 0 || windowRows < 2) {
            return 0;
        }
        int size = 0;
        while (size < means.length - 1 && rows(size + 1) <= windowRows) {
            size++;
        }
        double scale = StrictMath.pow((double) windowRows / rows(size), power(size));
        double expected = 1.1 * means[size] * scale + 0.5;
        double spread = 1.5 * variances[size] * scale * Math.max(1, scale) + 0.5;
        return Tails.negativeBinomial(duplicates, expected, Math.max(spread, 1.01 * expected));
    }

    /**
     * With which power of the rows duplicates grow from a size to the next: 2 among many different rows, 1 where nearly every
     * row was there already. It falls with the rows, so the last one is more than enough for all larger windows.
     */
    private double power(int size) {
        int from = Math.min(size, means.length - 2);
        return from < 0 || means[from] < 1 ? 2 : StrictMath.log(means[from + 1] / means[from]) / StrictMath.log(2);
    }
}

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

    /** For the hashes of the baseline's rows. */
    DuplicateLaw(long[] hashes) {
        int most = Math.min(MAX_ROWS, hashes.length / 2);
        int sizes = most < SMALLEST ? 0 : Integer.numberOfTrailingZeros(Integer.highestOneBit(most) / SMALLEST) + 1;
        means = new double[sizes];
        variances = new double[sizes];
        SplittableRandom random = new SplittableRandom(most);
        long[] shuffled = hashes.clone();
        for (int draw = 0; draw < DRAWS && sizes > 0; draw++) {
            ValueCounts seen = new ValueCounts(most);
            for (int size = 0, row = 0; size < sizes; size++) {
                for (; row < rows(size); row++) {
                    int other = row + random.nextInt(shuffled.length - row);
                    long hash = shuffled[other];
                    shuffled[other] = shuffled[row];
                    shuffled[row] = hash;
                    seen.addKey(hash);
                }
                double duplicates = seen.repeated();
                means[size] += duplicates / DRAWS;
                variances[size] += duplicates * duplicates / DRAWS;
            }
        }
        for (int size = 0; size < sizes; size++) {
            variances[size] = Math.max(means[size], variances[size] - means[size] * means[size]);
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

package io.github.plimsoll.monitoring.drift;

import java.util.SplittableRandom;

/** How many rows of a window equal an earlier one by chance, judged by random parts of the baseline. Immutable. */
final class DuplicateLaw {

    private static final int DRAWS = 60;
    private static final int MAX_ROWS = 1_000;

    private final double rows;
    private final double mean;
    private final double variance;

    /** For the hashes of the baseline's rows. */
    DuplicateLaw(long[] hashes) {
        int size = Math.min(MAX_ROWS, hashes.length / 2);
        SplittableRandom random = new SplittableRandom(size);
        long[] shuffled = hashes.clone();
        double sum = 0;
        double squares = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            ValueCounts seen = new ValueCounts(size);
            for (int i = 0; i < size; i++) {
                int other = i + random.nextInt(shuffled.length - i);
                long hash = shuffled[other];
                shuffled[other] = shuffled[i];
                shuffled[i] = hash;
                seen.addKey(hash);
            }
            double duplicates = seen.repeated();
            sum += duplicates;
            squares += duplicates * duplicates;
        }
        rows = size;
        mean = sum / DRAWS;
        variance = Math.max(mean, squares / DRAWS - mean * mean);
    }

    DuplicateLaw(FormReader in) {
        rows = in.number();
        mean = in.number();
        variance = in.number();
        if (!(rows >= 0) || !(mean >= 0) || !(variance >= mean)) {
            throw in.wrong("repeated rows", mean + ", " + variance + " (expected: a mean and a variance above it)");
        }
    }

    void write(FormWriter out) {
        out.number(rows).number(mean).number(variance);
    }

    /** The evidence that so many duplicates among so many rows are not by chance; the law is widened by what it may be off. */
    double evidence(long duplicates, long windowRows) {
        if (rows < 2 || windowRows < 2) {
            return 0;
        }
        double scale = windowRows * (windowRows - 1.0) / (rows * (rows - 1));
        double expected = 1.1 * mean * scale + 0.5;
        double spread = 1.5 * variance * scale * Math.max(1, scale) + 0.5;
        return Tails.negativeBinomial(duplicates, expected, Math.max(spread, 1.01 * expected));
    }
}

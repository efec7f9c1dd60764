package io.github.plimsoll.validation.stats;

import java.util.Arrays;

/**
 * Ranks from 1, where equal values share the mean of the ranks they take together.
 *
 * @param of the rank of each value, in the order given
 * @param tieTerm the sum of t^3 - t over groups of t equal values; 0 without ties
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier inside this package, never compared
record Ranks(double[] of, double tieTerm) {

    /** Ranks in O(n log n). */
    static Ranks of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double[] rank = new double[n]; // of the sorted values
        double ties = 0;
        for (int from = 0; from < n; ) {
            int to = from + 1;
            while (to < n && sorted[to] == sorted[from]) {
                to++;
            }
            Arrays.fill(rank, from, to, (from + 1 + to) / 2.0);
            double t = to - from;
            ties += t * t * t - t;
            from = to;
        }
        double[] ranks = new double[n];
        for (int i = 0; i < n; i++) {
            // -0.0 and 0.0 share a rank, so it does not matter which of them is found.
            ranks[i] = rank[Arrays.binarySearch(sorted, values[i])];
        }
        return new Ranks(ranks, ties);
    }

    /** The sum of the ranks from {@code from} to before {@code to}. */
    double sum(int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += of[i];
        }
        return sum;
    }
}

package io.github.plimsoll.validation.data;

import java.util.Arrays;

/** The smallest and the largest of many numbers, each with its repeats, in a bounded buffer. */
final class Extremes {

    private static final int KEPT = Tail.MOST + 1;

    private double[] smallest = new double[16];
    private double[] largest = new double[16];
    private int low;
    private int high;
    private double most = Double.POSITIVE_INFINITY; // the largest of the smallest, once they are KEPT
    private double least = Double.NEGATIVE_INFINITY;

    void add(double value) {
        if (value < most) {
            if (low == smallest.length) {
                if (low < 2 * KEPT) {
                    smallest = Arrays.copyOf(smallest, Math.min(2 * KEPT, 2 * low));
                } else {
                    Arrays.sort(smallest);
                    low = KEPT;
                    most = smallest[KEPT - 1];
                }
            }
            smallest[low++] = value;
        }
        if (value > least) {
            if (high == largest.length) {
                if (high < 2 * KEPT) {
                    largest = Arrays.copyOf(largest, Math.min(2 * KEPT, 2 * high));
                } else {
                    Arrays.sort(largest);
                    System.arraycopy(largest, high - KEPT, largest, 0, KEPT);
                    high = KEPT;
                    least = largest[0];
                }
            }
            largest[high++] = value;
        }
    }

    /** The smallest numbers, ascending. */
    double[] smallest() {
        double[] sorted = Arrays.copyOf(smallest, low);
        Arrays.sort(sorted);
        return Arrays.copyOf(sorted, Math.min(low, KEPT));
    }

    /** The largest numbers, descending. */
    double[] largest() {
        double[] sorted = Arrays.copyOf(largest, high);
        Arrays.sort(sorted);
        double[] descending = new double[Math.min(high, KEPT)];
        for (int i = 0; i < descending.length; i++) {
            descending[i] = sorted[high - 1 - i];
        }
        return descending;
    }
}

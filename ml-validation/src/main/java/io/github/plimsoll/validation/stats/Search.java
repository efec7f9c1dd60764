package io.github.plimsoll.validation.stats;

import java.util.function.DoubleUnaryOperator;

/** Finds where a function of one number crosses zero or is least. */
final class Search {

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int STEPS = 100; // of the golden section: more than a double has digits for

    private Search() {}

    /** Where a function changes its sign between two ends, as closely as doubles tell. */
    static double root(DoubleUnaryOperator function, double low, double high) {
        double from = low;
        double to = high;
        boolean rises = function.applyAsDouble(to) > 0;
        while (true) {
            double middle = from + (to - from) / 2;
            if (middle <= from || middle >= to) {
                return middle;
            }
            if (function.applyAsDouble(middle) > 0 == rises) {
                to = middle;
            } else {
                from = middle;
            }
        }
    }

    /** Where a function that falls and then rises is least, to half the digits of a double. */
    static double minimum(DoubleUnaryOperator function, double low, double high) {
        double from = low;
        double to = high;
        double left = to - GOLDEN * (to - from);
        double right = from + GOLDEN * (to - from);
        double atLeft = function.applyAsDouble(left);
        double atRight = function.applyAsDouble(right);
        for (int step = 0; step < STEPS; step++) {
            if (atLeft <= atRight) {
                to = right;
                right = left;
                atRight = atLeft;
                left = to - GOLDEN * (to - from);
                atLeft = function.applyAsDouble(left);
            } else {
                from = left;
                left = right;
                atLeft = atRight;
                right = from + GOLDEN * (to - from);
                atRight = function.applyAsDouble(right);
            }
        }
        return (from + to) / 2;
    }
}

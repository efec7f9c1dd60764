package io.github.plimsoll.monitoring.drift;

/**
 * Sums in which what rounding takes from each term is given to the next (Kahan). The same bits as the sum of a {@code DoubleStream}
 * of finite numbers, without the cost of one.
 */
final class CompensatedSum {

    private CompensatedSum() {}

    /** Of finite numbers, in their order. */
    static double of(double[] terms) {
        double sum = 0;
        double lost = 0; // how much the sum is too large
        for (double term : terms) {
            double next = term - lost;
            double larger = sum + next;
            lost = larger - sum - next;
            sum = larger;
        }
        return sum - lost;
    }
}

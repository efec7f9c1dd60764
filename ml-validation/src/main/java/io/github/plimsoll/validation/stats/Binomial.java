package io.github.plimsoll.validation.stats;

import org.apache.commons.numbers.gamma.LogGamma;

/**
 * Binomial probabilities with nearly full relative precision, by the saddle-point form that keeps the large logarithms of
 * factorials from cancelling.
 *
 * @see "Loader, C. (2000). Fast and Accurate Computation of Binomial Probabilities"
 */
final class Binomial {

    private static final double LOG_2PI = Math.log(2 * Math.PI);

    private Binomial() {}

    /** The probability of {@code k} successes in {@code n} trials, both whole. */
    static double probability(double k, double n, double p) {
        if (p <= 0 || p >= 1) {
            return k == (p <= 0 ? 0 : n) ? 1 : 0;
        }
        if (k == 0) {
            return Math.exp(n * Math.log1p(-p));
        }
        if (k == n) {
            return Math.exp(n * Math.log(p));
        }
        double log = stirlingError(n)
                - stirlingError(k)
                - stirlingError(n - k)
                - deviance(k, n * p)
                - deviance(n - k, n * (1 - p));
        return Math.exp(log - 0.5 * (LOG_2PI + Math.log(k) + Math.log1p(-k / n)));
    }

    /** log(n!) less its Stirling formula. */
    private static double stirlingError(double n) {
        if (n < 16) {
            return LogGamma.value(n + 1) - (n + 0.5) * Math.log(n) + n - 0.5 * LOG_2PI;
        }
        double square = n * n;
        return (1 / 12.0 - (1 / 360.0 - (1 / 1260.0 - (1 / 1680.0 - 1 / 1188.0 / square) / square) / square) / square)
                / n;
    }

    /** x log(x / mean) + mean - x, without cancellation where the two are close. */
    private static double deviance(double x, double mean) {
        if (Math.abs(x - mean) < 0.1 * (x + mean)) {
            double v = (x - mean) / (x + mean);
            double sum = (x - mean) * v;
            double term = 2 * x * v;
            for (int j = 1; ; j++) {
                term *= v * v;
                double next = sum + term / (2 * j + 1);
                if (next == sum) {
                    return sum;
                }
                sum = next;
            }
        }
        return x * Math.log(x / mean) + mean - x;
    }
}

package io.github.plimsoll.monitoring.drift;

/**
 * The logarithm of the gamma function for positive numbers, to a relative error of some 1e-15 (near its zeros at 1 and 2,
 * absolute). The same bits on every machine: only {@code StrictMath} and plain arithmetic are used.
 */
final class LogGamma {

    // Stirling's series with Bernoulli numbers up to B14; its first omitted term is below 1e-16 for x >= 10.
    // Smaller x are moved up by gamma(x + 1) = x gamma(x).
    // https://dlmf.nist.gov/5.11#i

    private static final double HALF_LOG_TWO_PI = 0.9189385332046728;
    private static final double[] SERIES = {
        1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156
    };
    private static final double FROM = 10;

    private LogGamma() {}

    /** The value at x > 0; NaN for NaN. */
    static double of(double x) {
        double product = 1;
        double y = x;
        while (y < FROM) {
            product *= y;
            y++;
        }
        double inverse = 1 / y;
        double square = inverse * inverse;
        double series = 0;
        for (int i = SERIES.length - 1; i >= 0; i--) {
            series = series * square + SERIES[i];
        }
        double stirling = (y - 0.5) * StrictMath.log(y) - y + HALF_LOG_TWO_PI + series * inverse;
        return product == 1 ? stirling : stirling - StrictMath.log(product);
    }
}

package io.github.plimsoll.monitoring.drift;

/** Factors and scales by which units differ. */
final class Conversions {

    /** Units that differ by a factor and an offset: Celsius, Fahrenheit and Kelvin. */
    static final double[][] SCALES = {
        {1.8, 32}, {1 / 1.8, -32 / 1.8}, {1, 273.15}, {1, -273.15}, {1.8, -459.67}, {1 / 1.8, 459.67 / 1.8}
    };

    static final double[] FACTORS = {
        10, 100, 1_000, 10_000, 12, 24, 60, 3_600, 7, 4.345, 1.609344, 2.20462, 3.28084, 0.1, 0.01, 0.001, 1 / 1.609344
    };

    private static final double NEAR_FACTOR = 0.1;
    private static final double AS_GOOD = 2;

    private Conversions() {}

    /** Whether a fitted factor is about a known one. */
    static boolean isNear(double fitted, double known) {
        return Math.abs(fitted / known - 1) <= NEAR_FACTOR;
    }

    /** A known factor that is near the fitted one and fits about as well, or the fitted one. */
    static double knownFactor(double[] live, double[] known, double fitted) {
        double best = fitted;
        double least = AS_GOOD * Quantiles.misfit(live, known, fitted, 0) + 1e-9 * Math.abs(fitted * known[50]);
        for (double factor : FACTORS) {
            for (double either : new double[] {factor, 1 / factor}) {
                double misfit = Quantiles.misfit(live, known, either, 0);
                if (isNear(fitted, either) && misfit <= least) {
                    least = misfit;
                    best = either;
                }
            }
        }
        return best;
    }
}

package io.github.plimsoll.monitoring.drift;

/**
 * The logarithm of the gamma function for positive numbers, to a relative error of some 1e-15 (near its zeros at 1 and 2,
 * absolute). The same bits on every machine: only plain arithmetic is used, and tables that {@code StrictMath} made.
 */
final class LogGamma {

    // Stirling's series with Bernoulli numbers up to B14; its first omitted term is below 1e-16 for x >= 10.
    // Smaller x are moved up by gamma(x + 1) = x gamma(x).
    // https://dlmf.nist.gov/5.11#i

    private static final double HALF_LOG_TWO_PI = 0.9189385332046728;
    private static final double FROM = 10;

    // log(2^e m) = e log 2 + log c + log(1 + r), r = (m - c) / c, where c is the middle of one of 128 parts
    // of [1, 2), so that |r| <= 1/256 and m - c is exact. log 2 is split so that its product with e is
    // exact as well. Evidence costs little but logarithms, and these take less time than StrictMath's.

    private static final int PART_BITS = 7;
    private static final int FRACTION_BITS = 52;
    private static final long FRACTION = (1L << FRACTION_BITS) - 1;
    private static final long HALF_PART = 1L << (FRACTION_BITS - PART_BITS - 1);
    private static final long BITS_OF_1 = Double.doubleToRawLongBits(1);
    private static final long BITS_OF_2_TO_52 = Double.doubleToRawLongBits(0x1p52);
    private static final double[] LOG_OF_MIDDLE = new double[1 << PART_BITS];
    private static final double[] INVERSE_OF_MIDDLE = new double[1 << PART_BITS];
    private static final double LOG_TWO_HIGH = 0.6931471804855391; // its last 20 bits are 0
    private static final double LOG_TWO_LOW = 7.440617110012397e-11;

    static {
        for (int part = 0; part < LOG_OF_MIDDLE.length; part++) {
            double middle = 1 + (part + 0.5) / LOG_OF_MIDDLE.length;
            LOG_OF_MIDDLE[part] = StrictMath.log(middle);
            INVERSE_OF_MIDDLE[part] = 1 / middle;
        }
    }

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
        double fourth = square * square;
        double series = 1.0 / 12
                - square * (1.0 / 360)
                + fourth * (1.0 / 1260 - square * (1.0 / 1680))
                + fourth * fourth * (1.0 / 1188 - square * (691.0 / 360360) + fourth * (1.0 / 156));
        double stirling = (y - 0.5) * log(y) - y + HALF_LOG_TWO_PI + series * inverse;
        return product == 1 ? stirling : stirling - log(product);
    }

    /** The natural logarithm to an error of some 1e-16, or as much of the value where that is more. */
    static double log(double x) {
        if (!(x >= Double.MIN_NORMAL && x <= Double.MAX_VALUE)) {
            return StrictMath.log(x);
        }
        long bits = Double.doubleToRawLongBits(x);
        // No int is converted to a double: conversions wait for each other, as each writes but half of its register.
        double exponent =
                Double.longBitsToDouble(BITS_OF_2_TO_52 | (bits >>> FRACTION_BITS)) - (0x1p52 + Double.MAX_EXPONENT);
        int part = (int) (bits >>> (FRACTION_BITS - PART_BITS)) & (LOG_OF_MIDDLE.length - 1);
        long fraction = (bits & FRACTION) | BITS_OF_1;
        double c = Double.longBitsToDouble((fraction & -HALF_PART) | HALF_PART);
        double r = (Double.longBitsToDouble(fraction) - c) * INVERSE_OF_MIDDLE[part];
        double square = r * r;
        double rest = r
                - square * (1.0 / 2 - r * (1.0 / 3))
                - square * square * (1.0 / 4 - r * (1.0 / 5) + square * (1.0 / 6));
        return exponent * LOG_TWO_HIGH + (LOG_OF_MIDDLE[part] + (rest + exponent * LOG_TWO_LOW));
    }
}

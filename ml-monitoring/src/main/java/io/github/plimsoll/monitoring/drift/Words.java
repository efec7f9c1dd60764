package io.github.plimsoll.monitoring.drift;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers for people. */
final class Words {

    private static final MathContext DIGITS = new MathContext(5);

    private Words() {}

    /** A number with all its digits. */
    static String exact(double value) {
        BigDecimal exact = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        return value == 0 ? "0" : exact.precision() - exact.scale() > 18 ? exact.toString() : exact.toPlainString();
    }

    /** A number with five digits, such as {@code 36.2}, {@code 1200} or {@code 1.5E-7}. */
    static String number(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value == 0 ? "0" : Double.toString(value);
        }
        BigDecimal rounded = new BigDecimal(value, DIGITS).stripTrailingZeros();
        double size = Math.abs(value);
        return size >= 1e-4 && size < 1e9 ? rounded.toPlainString() : rounded.toString();
    }
}

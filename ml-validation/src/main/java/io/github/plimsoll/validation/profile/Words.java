package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.FeatureType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;

/** How numbers are shown to people. */
final class Words {

    private static final MathContext DIGITS = new MathContext(4);
    private static final double MOST_PLAIN = 1e9;
    private static final double LEAST_PLAIN = 1e-4;

    private Words() {}

    /** Four digits or more: 0.1235, 12.35, 123456. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        if (value == Math.rint(value) && Math.abs(value) < MOST_PLAIN) {
            return Long.toString((long) value);
        }
        double size = Math.abs(value);
        if (size >= MOST_PLAIN || size < LEAST_PLAIN) {
            return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toString();
        }
        BigDecimal rounded = size >= 1000
                ? new BigDecimal(Math.rint(value))
                : new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.toPlainString();
    }

    static String number(double value, FeatureType type) {
        if (type == FeatureType.TIMESTAMP && Double.isFinite(value)) {
            return Instant.ofEpochSecond((long) Math.floor(value / 1000)).toString();
        }
        return number(value);
    }

    /** A share in per cent, with two digits: 0.12 %, 1.2 %, 12 %, 100 %. */
    static String share(double share) {
        if (Double.isNaN(share)) {
            return "none";
        }
        BigDecimal percent = new BigDecimal(share * 100);
        BigDecimal rounded = percent.round(new MathContext(share > 0.99 && share < 1 ? 4 : 2));
        return rounded.stripTrailingZeros().toPlainString() + " %";
    }
}

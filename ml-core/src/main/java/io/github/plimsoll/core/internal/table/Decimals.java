package io.github.plimsoll.core.internal.table;

import com.fasterxml.jackson.core.io.NumberInput;
import java.nio.charset.StandardCharsets;

/**
 * Reads decimal numbers out of bytes, as {@link Double#parseDouble} would, without a {@code String} for those of up to 15
 * digits.
 *
 * <p>A number is an optional sign, digits with at most one decimal separator among, before or behind them, and an optional
 * exponent; or {@code NaN} or {@code Infinity} with an optional sign. Spaces and tabs around it are skipped.
 */
public final class Decimals {

    /** What {@link #bits} gives for what is no number: a NaN that no number has. */
    public static final long NO_NUMBER = 0x7ff8_dead_dead_deadL;

    private static final long NAN = Double.doubleToLongBits(Double.NaN);

    // A double holds 10^22 and every whole number up to 2^53, so one multiplication or division of the two is rounded
    // once, and therefore right (Clinger, How to Read Floating Point Numbers Accurately, 1990). 18 digits fit a long.
    private static final long EXACT = 1L << 53;
    private static final int MOST_DIGITS = 18;
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    private Decimals() {}

    /**
     * Reads a number.
     *
     * @param bytes holds the number
     * @param from where it begins
     * @param to where it ends
     * @param separator the decimal separator
     * @return the bits of the number, or {@link #NO_NUMBER}
     */
    public static long bits(byte[] bytes, int from, int to, byte separator) {
        long usual = usual(bytes, from, to, separator);
        return usual == NO_NUMBER ? anyBits(bytes, from, to, separator) : usual;
    }

    /** The bits of a number of up to eight characters after its sign, all of them digits but for one separator; or NO_NUMBER. */
    private static long usual(byte[] bytes, int from, int to, byte separator) {
        boolean negative = from < to && bytes[from] == '-';
        int first = negative ? from + 1 : from;
        int count = to - first;
        if (count < 1 || count > Long.BYTES || first > bytes.length - Long.BYTES) {
            return NO_NUMBER;
        }
        long digits = Words.padded(Words.at(bytes, first), count);
        long points = Words.zeros(digits ^ Words.of(separator));
        int decimals = 0;
        if (points != 0 && count > 1) {
            int point = Words.first(points);
            decimals = Long.BYTES - 1 - point;
            digits = Words.without(digits, point); // a second one is no digit
        }
        if (!Words.areDigits(digits)) {
            return NO_NUMBER;
        }
        double magnitude = Words.number(digits) / POWERS[decimals];
        return Double.doubleToRawLongBits(negative ? -magnitude : magnitude);
    }

    /**
     * Reads a whole number of 1 to 8 digits.
     *
     * @return the number, or -1 if it is anything else
     */
    public static long digits(byte[] bytes, int from, int to) {
        int count = to - from;
        if (count < 1 || count > Long.BYTES || from > bytes.length - Long.BYTES) {
            return -1;
        }
        long digits = Words.padded(Words.at(bytes, from), count);
        return Words.areDigits(digits) ? Words.number(digits) : -1;
    }

    private static long anyBits(byte[] bytes, int from, int to, byte separator) {
        int at = from;
        int end = to;
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
        while (end > at && isSpace(bytes[end - 1])) {
            end--;
        }
        int start = at;
        boolean negative = at < end && bytes[at] == '-';
        if (negative || (at < end && bytes[at] == '+')) {
            at++;
        }
        long digits = 0;
        int first = at;
        while (at < end && isDigit(bytes[at])) {
            digits = digits * 10 + (bytes[at++] - '0'); // what overflows is read again below
        }
        int count = at - first;
        int decimals = 0;
        int point = -1;
        if (at < end && bytes[at] == separator) {
            point = at++;
            while (at < end && isDigit(bytes[at])) {
                digits = digits * 10 + (bytes[at++] - '0');
            }
            decimals = at - point - 1;
            count += decimals;
        }
        if (count == 0) {
            return word(bytes, first, end, negative);
        }
        int exponent = -decimals;
        if (at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            boolean down = at < end && bytes[at] == '-';
            if (down || (at < end && bytes[at] == '+')) {
                at++;
            }
            int power = 0;
            int firstOfPower = at;
            while (at < end && isDigit(bytes[at])) {
                power = Math.min(power * 10 + (bytes[at++] - '0'), 100_000); // far beyond what a double can be
            }
            if (at == firstOfPower) {
                return NO_NUMBER;
            }
            exponent += down ? -power : power;
        }
        if (at != end) {
            return NO_NUMBER;
        }
        if (count <= MOST_DIGITS && digits <= EXACT && exponent >= -22 && exponent <= 22) {
            double magnitude = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
            return Double.doubleToRawLongBits(negative ? -magnitude : magnitude);
        }
        return Double.doubleToRawLongBits(slow(bytes, start, end, point));
    }

    private static double slow(byte[] bytes, int start, int end, int point) {
        char[] text = new char[end - start];
        for (int i = start; i < end; i++) {
            text[i - start] = (char) bytes[i];
        }
        if (point >= 0) {
            text[point - start] = '.';
        }
        return NumberInput.parseDouble(text, 0, text.length, true);
    }

    private static long word(byte[] bytes, int from, int to, boolean negative) {
        if (to - from == 3 && bytes[from] == 'N' && bytes[from + 1] == 'a' && bytes[from + 2] == 'N') {
            return NAN;
        }
        if (to - from == 8 && new String(bytes, from, 8, StandardCharsets.ISO_8859_1).equals("Infinity")) {
            return Double.doubleToRawLongBits(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        }
        return NO_NUMBER;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }
}

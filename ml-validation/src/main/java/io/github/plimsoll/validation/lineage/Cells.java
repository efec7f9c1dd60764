package io.github.plimsoll.validation.lineage;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.table.TableRow;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The one text of each cell's value, however the table writes it: a number is the shortest text of its {@code double}, without a
 * point if it is whole; whole numbers keep all their digits.
 */
final class Cells {

    private static final double EXACT = 0x1p53;
    private static final int LONGEST_NUMBER = 400;

    private Cells() {}

    /** The text; null for null. */
    static @Nullable String canonical(TableRow row, String column) {
        Object value = row.value(column);
        if (value == null) {
            return null;
        }
        if (value instanceof JsonNode node && node.isNumber()) {
            return number(node.numberValue());
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof double[] array) {
            return Arrays.toString(array);
        }
        if (value instanceof float[] array) {
            return Arrays.toString(array);
        }
        String text = String.valueOf(row.text(column));
        return isNumber(text) ? number(row, column, text) : text;
    }

    private static String number(Number number) {
        if (number instanceof BigInteger || number instanceof Long || number instanceof Integer) {
            return number.toString();
        }
        if (number instanceof BigDecimal decimal
                && decimal.signum() != 0
                && decimal.scale() <= 0
                && decimal.precision() - decimal.scale() <= LONGEST_NUMBER) {
            return decimal.toBigInteger().toString();
        }
        return number(number.doubleValue());
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) <= EXACT
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** A text that writes a number by the rules of its table; the text itself if it does not. */
    private static String number(TableRow row, String column, String text) {
        if (text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-')) {
            return text.equals("-0") ? "0" : text;
        }
        try {
            return number(row.number(column)); // it knows the decimal separator
        } catch (InvalidInputException e) {
            return text;
        }
    }

    /** Whether a text is of the form of JSON's numbers, with a point or a comma: no leading zeros, which make a code. */
    private static boolean isNumber(String text) {
        int at = text.startsWith("-") ? 1 : 0;
        if (text.length() > LONGEST_NUMBER || at == text.length()) {
            return false;
        }
        int digits = digits(text, at);
        if (digits == at || (text.charAt(at) == '0' && digits > at + 1)) {
            return false;
        }
        at = digits;
        if (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == ',')) {
            digits = digits(text, at + 1);
            if (digits == at + 1) {
                return false;
            }
            at = digits;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            at += at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? 1 : 0;
            digits = digits(text, at);
            if (digits == at) {
                return false;
            }
            at = digits;
        }
        return at == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}

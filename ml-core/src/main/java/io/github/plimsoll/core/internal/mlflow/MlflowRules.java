package io.github.plimsoll.core.internal.mlflow;

import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which numbers go into which column: MLflow's table, and the exact one. */
public final class MlflowRules {

    private static final double TWO_TO_63 = 0x1p63;
    private static final Pattern NUMBER = Pattern.compile("(int|uint|float)(\\d{1,3})");

    private MlflowRules() {}

    /**
     * MLflow's own table.
     *
     * @param dtype the data's type as numpy names it, or {@code decimal}, {@code string}, {@code object}, {@code bytes}
     * @param declared the column's type
     * @return whether MLflow takes a column of such data
     */
    public static boolean accepts(String dtype, Scalar declared) {
        if (dtype.equals("object")) {
            return declared == Scalar.STRING || declared == Scalar.BINARY || declared == Scalar.BOOLEAN;
        }
        Matcher number = NUMBER.matcher(dtype);
        String kind = number.matches() ? number.group(1) : dtype;
        int bits = number.matches() ? Integer.parseInt(number.group(2)) : 0;
        return switch (declared) {
            case BOOLEAN -> kind.equals("bool");
            case INTEGER -> widens(kind, bits, 32);
            case LONG -> widens(kind, bits, 64);
            case FLOAT -> kind.equals("float") && bits <= 32;
            case DOUBLE ->
                (kind.equals("float") && bits <= 64)
                        || kind.equals("decimal")
                        || ((kind.equals("int") || kind.equals("uint")) && bits <= 32);
            case STRING -> kind.equals("string") || kind.equals("str");
            case BINARY -> kind.equals("bytes");
            case DATETIME -> kind.startsWith("datetime64") || kind.equals("date");
        };
    }

    private static boolean widens(String kind, int bits, int to) {
        // An unsigned number needs a bit more than a signed one of the same size has.
        return kind.equals("int") ? bits <= to : kind.equals("uint") && bits < to;
    }

    /**
     * Whether a column takes a whole number.
     *
     * @param value the number
     * @param declared a numeric type
     * @param enforcement how strictly
     * @return null if it does, or what the column expects
     */
    public static @Nullable String integer(long value, Scalar declared, Enforcement enforcement) {
        boolean narrow = value == (int) value;
        if (accepts(narrow ? "int32" : "int64", declared)) {
            return null;
        }
        boolean exact = enforcement == Enforcement.EXACT;
        return switch (declared) {
            case FLOAT ->
                exact && isExact(value, (float) value)
                        ? null
                        : exact
                                ? "a number that 32-bit floating point holds exactly"
                                : "a fractional number, as MLflow wants it for a float column";
            case DOUBLE ->
                exact && isExact(value, (double) value)
                        ? null
                        : exact
                                ? "a number that 64-bit floating point holds exactly"
                                : "a whole number of at most 32 bits, as MLflow wants it for a double column";
            case INTEGER -> "a whole number of at most 32 bits";
            default -> "a " + declared;
        };
    }

    private static boolean isExact(long value, double rounded) {
        return rounded != TWO_TO_63 && (long) rounded == value; // the cast back would saturate
    }

    /**
     * Whether a column takes a number that may have a fraction.
     *
     * @param value the number
     * @param declared a numeric type
     * @param enforcement how strictly
     * @return null if it does, or what the column expects
     */
    public static @Nullable String number(double value, Scalar declared, Enforcement enforcement) {
        return switch (declared) {
            case DOUBLE -> null;
            case FLOAT ->
                Float.isInfinite((float) value) && !Double.isInfinite(value) ? "a number that 32 bits can hold" : null;
            case INTEGER, LONG -> {
                double limit = declared == Scalar.INTEGER ? 0x1p31 : TWO_TO_63;
                boolean whole = value == Math.rint(value) && value >= -limit && value < limit;
                yield whole && enforcement == Enforcement.EXACT
                        ? null
                        : "a whole number of at most " + (declared == Scalar.INTEGER ? 32 : 64) + " bits"
                                + (enforcement == Enforcement.EXACT ? "" : ", given as an integer");
            }
            default -> "a " + declared;
        };
    }
}

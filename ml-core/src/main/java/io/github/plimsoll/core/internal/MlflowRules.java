package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.MlflowSignature.Scalar;
import org.jspecify.annotations.Nullable;

/** Which numbers go into which column: MLflow's table, and the exact one. */
public final class MlflowRules {

    private static final double TWO_TO_63 = 0x1p63;

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
        return switch (declared) {
            case BOOLEAN -> dtype.equals("bool");
            case INTEGER -> widens(dtype, 32);
            case LONG -> widens(dtype, 64);
            case FLOAT -> dtype.startsWith("float") && bits(dtype) <= 32;
            case DOUBLE ->
                dtype.startsWith("float")
                        || dtype.equals("decimal")
                        || ((dtype.startsWith("int") || dtype.startsWith("uint")) && bits(dtype) <= 32);
            case STRING -> dtype.equals("string") || dtype.equals("str");
            case BINARY -> dtype.equals("bytes");
            case DATETIME -> dtype.startsWith("datetime64") || dtype.equals("date");
        };
    }

    private static boolean widens(String dtype, int to) {
        // An unsigned number needs a bit more than a signed one of the same size has.
        return dtype.startsWith("int") ? bits(dtype) <= to : dtype.startsWith("uint") && bits(dtype) < to;
    }

    private static int bits(String dtype) {
        return Integer.parseInt(dtype.replaceAll("\\D", ""));
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

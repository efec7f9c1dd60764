package io.github.plimsoll.samples.conformance;

import com.fasterxml.jackson.databind.JsonNode;

/** How far an answer may be from what is expected. */
@FunctionalInterface
interface Tolerance {

    /** Whether {@code actual} is near enough; {@code key} is the name of the number in the expected object. */
    boolean allows(String key, double expected, double actual);

    /** Absolute; nine digits where a case states none. */
    static Tolerance of(JsonNode tolerance) {
        return (key, expected, actual) -> {
            JsonNode stated = tolerance.isObject() ? tolerance.path(key) : tolerance;
            double allowed = stated.isNumber() ? stated.asDouble() : 1e-9 * Math.max(1, Math.abs(expected));
            return same(expected, actual) || Math.abs(actual - expected) <= allowed;
        };
    }

    /**
     * Of the reference answers: nine digits for closed forms, six for small probabilities, and below 1e-250, where the
     * reference itself loses its digits, the order of magnitude.
     */
    static Tolerance reference() {
        return (key, expected, actual) -> {
            if (same(expected, actual)) {
                return true;
            }
            boolean probability = key.equals("p_value") || (key.equals("value") && expected < 1e-10);
            if (probability && expected < 1e-250) {
                return actual < 1e-240;
            }
            double allowed =
                    probability ? (expected < 1e-10 ? 1e-6 : 1e-9) * expected : 1e-9 * Math.max(1, Math.abs(expected));
            return Math.abs(actual - expected) <= allowed;
        };
    }

    /** The same, where the reference's small probabilities are off by up to {@code error}. */
    static Tolerance reference(double error) {
        Tolerance usual = reference();
        return (key, expected, actual) -> usual.allows(key, expected, actual)
                || ((key.equals("p_value") || key.equals("value")) && Math.abs(actual - expected) <= error);
    }

    private static boolean same(double expected, double actual) {
        return expected == actual || Double.isNaN(expected) && Double.isNaN(actual);
    }
}

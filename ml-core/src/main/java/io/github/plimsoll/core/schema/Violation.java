package io.github.plimsoll.core.schema;

import java.util.Objects;

/**
 * One thing that is wrong with one input: what was broken, where, what was seen and what was expected.
 *
 * <p>Immutable. The observed value of a {@linkplain Feature#isSensitive() sensitive} feature is never in it.
 *
 * @param code what kind of rule was broken: one of the constants here, or a rule's own name in lower-case words joined by hyphens
 * @param path where: the feature's name, with an index for an element of a tensor, such as {@code embedding[3]}
 * @param observed what was seen, shortened to {@value #OBSERVED_LIMIT} characters
 * @param expected the limit that was broken, in words
 * @param severity what it means for the call
 * @since 0.1
 */
public record Violation(String code, String path, String observed, String expected, Severity severity) {

    /** The value's type is not the feature's. */
    public static final String TYPE = "type";
    /** The field is not there. */
    public static final String MISSING = "missing";
    /** The value is null and the feature is not nullable. */
    public static final String NULL = "null";
    /** The field is in no feature of the schema. */
    public static final String UNEXPECTED = "unexpected";
    /** The array has the wrong number of elements. */
    public static final String LENGTH = "length";
    /** The number cannot be held by the feature's type, or by the model's input, without changing it. */
    public static final String INEXACT = "inexact";
    /** The value is outside the feature's range. */
    public static final String RANGE = "range";
    /** The number is NaN or infinite. */
    public static final String NOT_FINITE = "not-finite";
    /** The name is not in the feature's set of categories. */
    public static final String UNKNOWN_CATEGORY = "unknown-category";

    /** The longest {@code observed} text that is kept. */
    public static final int OBSERVED_LIMIT = 80;

    /** What a violation means for the call it was found in. */
    public enum Severity {
        /** The input must not reach the model. */
        ERROR,
        /** The input may reach the model; the violation is passed on to the listeners. */
        WARNING
    }

    /**
     * Checks and shortens, and puts a question mark for each control character, also those of writing direction, in the path and in what was observed.
     *
     * @throws NullPointerException if any argument is null
     */
    public Violation {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(expected, "expected");
        Objects.requireNonNull(severity, "severity");
        if (observed.length() > OBSERVED_LIMIT) {
            observed = observed.substring(0, OBSERVED_LIMIT - 3) + "...";
        }
        path = onOneLine(path);
        observed = onOneLine(observed);
    }

    // Both come from whoever sent the input: a line feed in them could pass for a log entry of its own, and a character
    // of
    // writing direction could turn the rest of the line around.
    private static String onOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (misleads(text.charAt(i))) {
                StringBuilder safe = new StringBuilder(text);
                for (int j = i; j < text.length(); j++) {
                    if (misleads(text.charAt(j))) {
                        safe.setCharAt(j, '?');
                    }
                }
                return safe.toString();
            }
        }
        return text;
    }

    private static boolean misleads(char c) {
        boolean turns =
                c == '\u200e' || c == '\u200f' || (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
        return turns || Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    /**
     * A violation of severity {@link Severity#ERROR} in a feature, with the observed value hidden if the feature is
     * sensitive.
     *
     * @param code what kind of rule was broken
     * @param feature the feature it was broken in
     * @param observed the value seen, or null
     * @param expected the limit that was broken, in words
     * @return the violation
     */
    public static Violation of(
            String code, Feature feature, @org.jspecify.annotations.Nullable Object observed, String expected) {
        return new Violation(
                code,
                feature.name(),
                feature.isSensitive() ? "(sensitive)" : String.valueOf(observed),
                expected,
                Severity.ERROR);
    }

    /**
     * The same violation with another severity.
     *
     * @param other the severity wanted
     * @return this violation, or a copy of it
     */
    public Violation withSeverity(Severity other) {
        return other == severity ? this : new Violation(code, path, observed, expected, other);
    }

    /** The violation as one line, such as {@code age: -4.0 (expected: >= 0.0)}. */
    @Override
    public String toString() {
        return path + ": " + observed + " (expected: " + expected + ")";
    }
}

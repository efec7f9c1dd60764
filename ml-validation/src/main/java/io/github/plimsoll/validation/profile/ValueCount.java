package io.github.plimsoll.validation.profile;

/**
 * A value and how often it was there.
 *
 * @param value the value: a text as it is, shortened to 100 characters; a number as {@code 3} or {@code 0.25}; {@code true} or
 *     {@code false}; a time as {@code 2026-03-01T12:00:00Z}
 * @param count how many rows had it
 * @since 0.1
 */
public record ValueCount(String value, long count) {

    /** The value and its count, such as {@code blue (12)}. */
    @Override
    public String toString() {
        return value + " (" + count + ")";
    }
}

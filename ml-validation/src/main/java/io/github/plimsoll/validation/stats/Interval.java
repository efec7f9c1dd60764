package io.github.plimsoll.validation.stats;

/**
 * A closed interval.
 *
 * @param lower the lower end
 * @param upper the upper end, not less than {@code lower}
 * @since 0.1
 */
public record Interval(double lower, double upper) {

    /**
     * Tells whether a value is inside.
     *
     * @param value a value
     * @return whether it is neither below nor above the interval; false for {@code NaN}
     */
    public boolean contains(double value) {
        return value >= lower && value <= upper;
    }
}

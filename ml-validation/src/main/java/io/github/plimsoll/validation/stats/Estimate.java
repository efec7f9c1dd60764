package io.github.plimsoll.validation.stats;

/**
 * A number that is known up to an error.
 *
 * @param value the number
 * @param error the true number is at most this far away, not negative; infinite if nothing can be said
 * @since 0.1
 */
public record Estimate(double value, double error) {}

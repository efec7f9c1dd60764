package io.github.plimsoll.validation.profile;

/**
 * How strongly two numeric features go together.
 *
 * @param first the first feature
 * @param second the second feature
 * @param rows in how many rows both had a value
 * @param value Pearson's coefficient, -1 to 1, from sums that were not rounded; NaN if one of them had no two different values there
 * @since 0.1
 * @see Profiler#correlating
 */
public record Correlation(String first, String second, long rows, double value) {}

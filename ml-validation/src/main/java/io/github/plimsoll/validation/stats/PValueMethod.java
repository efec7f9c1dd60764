package io.github.plimsoll.validation.stats;

/**
 * How a p-value is computed.
 *
 * @since 0.1
 */
public enum PValueMethod {
    /** Exact where that is affordable, which each test states; asymptotic beyond. */
    AUTO,
    /** From all arrangements of the data. Costs grow with the product of the sample sizes or faster. */
    EXACT,
    /** From the limit for large samples. */
    ASYMPTOTIC
}

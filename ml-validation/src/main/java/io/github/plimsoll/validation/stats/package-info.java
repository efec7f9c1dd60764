/**
 * Classical statistics for model and data checks: two-sample tests, tests on counts, distances between distributions, multiple
 * testing and confidence sequences. One class per test; every test answers with a {@link
 * io.github.plimsoll.validation.stats.TestResult}. Numbers equal SciPy's and statsmodels' where those define them.
 *
 * <p>By convention {@code x} is the reference and {@code y} what is compared with it. Arrays are never changed. A {@code NaN} in a
 * sample, an empty sample or a negative count is the caller's mistake and refused with an {@link IllegalArgumentException}; a
 * quantity that the data do not define, such as the variance of one value, is {@code NaN}. All classes are stateless or
 * immutable and may be used from any thread, unless they say otherwise.
 */
@NullMarked
package io.github.plimsoll.validation.stats;

import org.jspecify.annotations.NullMarked;

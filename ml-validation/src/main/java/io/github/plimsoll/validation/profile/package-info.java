/**
 * What a table or a stream of rows holds, feature by feature: counts, moments, quantiles, different and frequent values. Start with
 * {@link io.github.plimsoll.validation.profile.Profile}.
 *
 * <p>Everything in a profile is a count, an exact sum, a smallest or a largest of something, so that profiles merge: however rows are
 * split over threads, processes and hosts, and in whatever order the parts are put together, the result is the same to the bit.
 */
@NullMarked
package io.github.plimsoll.validation.profile;

import org.jspecify.annotations.NullMarked;

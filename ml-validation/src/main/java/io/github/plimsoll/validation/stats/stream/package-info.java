/**
 * Change detectors of the literature for a series that is read once: of errors (0 or 1), of distances, of any number. One of them knows
 * a baseline, and none a budget; for a stream with both there is the monitoring module.
 *
 * <p>Start with {@link io.github.plimsoll.validation.stats.stream.ChangeDetector}. Conventions on which libraries differ (when a
 * detector begins anew, whether limits are included) are those of River 0.19.
 */
@NullMarked
package io.github.plimsoll.validation.stats.stream;

import org.jspecify.annotations.NullMarked;

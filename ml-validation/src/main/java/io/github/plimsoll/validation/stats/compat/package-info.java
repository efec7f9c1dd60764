/**
 * The default drift decisions of other monitors, so that a team that moves over can compare old numbers with new. They are
 * reproduced, not recommended: fixed thresholds alarm by the size of the samples more than by what changed.
 */
@NullMarked
package io.github.plimsoll.validation.stats.compat;

import org.jspecify.annotations.NullMarked;

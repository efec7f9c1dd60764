/**
 * What a feature's values look like, as counts of cells. Start with {@link io.github.plimsoll.monitoring.profile.Baseline},
 * which knows what they looked like when all was well.
 */
@NullMarked
package io.github.plimsoll.monitoring.profile;

import org.jspecify.annotations.NullMarked;

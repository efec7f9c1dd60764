/**
 * Whether the inputs are still what they were. Start with {@link io.github.plimsoll.monitoring.drift.DriftMonitor}.
 */
@NullMarked
package io.github.plimsoll.monitoring.drift;

import org.jspecify.annotations.NullMarked;

/**
 * Whether inputs, answers and outcomes are still what they were. Start with
 * {@link io.github.plimsoll.monitoring.drift.Baseline}, which says what they were, and
 * {@link io.github.plimsoll.monitoring.drift.DriftMonitor}, which watches a predictor;
 * {@link io.github.plimsoll.monitoring.drift.WindowMonitor} compares windows of rows that come from elsewhere.
 */
@NullMarked
package io.github.plimsoll.monitoring.drift;

import org.jspecify.annotations.NullMarked;

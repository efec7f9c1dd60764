/**
 * Monitors that are told of every prediction, and what they report. Start with
 * {@link io.github.plimsoll.monitoring.PredictionMetrics} for the host's dashboards,
 * {@link io.github.plimsoll.monitoring.log.PredictionLog} for a record of each prediction, and
 * {@link io.github.plimsoll.monitoring.drift.DriftMonitor} to learn that inputs, answers or outcomes are no longer what they were.
 */
@NullMarked
package io.github.plimsoll.monitoring;

import org.jspecify.annotations.NullMarked;

/**
 * Tells people and other systems what the monitors found. Start with {@link io.github.plimsoll.monitoring.alert.Alerting},
 * which turns the reports of a drift monitor into few messages, and
 * {@link io.github.plimsoll.monitoring.alert.RetrainingTrigger}, which asks a pipeline for a new model.
 */
@NullMarked
package io.github.plimsoll.monitoring.alert;

import org.jspecify.annotations.NullMarked;

/**
 * Is this table like those before it? Start at {@link io.github.plimsoll.validation.history.MetricHistory}: it keeps what was measured
 * of each table, and {@link io.github.plimsoll.validation.history.SeriesRule}s say which changes are unusual.
 */
@org.jspecify.annotations.NullMarked
package io.github.plimsoll.validation.history;

/**
 * Scoring a whole table: rows in, predictions out, resumable. Start with
 * {@link io.github.plimsoll.serving.batch.BatchScoring}.
 */
@NullMarked
package io.github.plimsoll.serving.batch;

import org.jspecify.annotations.NullMarked;

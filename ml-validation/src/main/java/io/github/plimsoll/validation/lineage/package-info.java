/**
 * Lineage of data: fingerprints of tables, files that DVC tracks, and whether data are those that a model was trained on. Start
 * with {@link io.github.plimsoll.validation.lineage.TrainingLineage}.
 */
@NullMarked
package io.github.plimsoll.validation.lineage;

import org.jspecify.annotations.NullMarked;

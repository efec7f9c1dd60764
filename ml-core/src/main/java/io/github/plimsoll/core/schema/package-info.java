/**
 * What goes into a model and what comes out, typed. Start with {@link io.github.plimsoll.core.schema.Schema}, which reads
 * an input once into a {@link io.github.plimsoll.core.schema.FeatureRow}, and with
 * {@link io.github.plimsoll.core.schema.Output}, which says how to understand the answer.
 */
@NullMarked
package io.github.plimsoll.core.schema;

import org.jspecify.annotations.NullMarked;

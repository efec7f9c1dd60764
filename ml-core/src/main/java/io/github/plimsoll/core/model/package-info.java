/**
 * Models and how they are loaded. Most users meet only {@link io.github.plimsoll.core.model.LoadOptions} and the
 * exceptions; whoever adds a model format implements {@link io.github.plimsoll.core.model.ModelLoader} and
 * {@link io.github.plimsoll.core.model.Model}.
 */
@NullMarked
package io.github.plimsoll.core.model;

import org.jspecify.annotations.NullMarked;

/**
 * What a prediction is and how a call travels. Start with {@link io.github.plimsoll.core.Plimsoll}, which loads a model,
 * and {@link io.github.plimsoll.core.Predictor}, which answers. Whoever extends the library implements
 * {@link io.github.plimsoll.core.Interceptor}, which stands around a call, or
 * {@link io.github.plimsoll.core.PredictionListener}, which is told after it.
 */
@NullMarked
package io.github.plimsoll.core;

import org.jspecify.annotations.NullMarked;

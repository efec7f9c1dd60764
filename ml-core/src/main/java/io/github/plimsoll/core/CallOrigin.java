package io.github.plimsoll.core;

import io.github.plimsoll.core.model.ModelId;

/** What all calls of one predictor have in common. */
record CallOrigin(String idPrefix, ModelId model, TimeSource time) {}

package io.github.plimsoll.monitoring.log;

import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionListener;

/** Hands predictions to the writing thread. */
record LogListener(LogWriter writer, boolean withFeatures) implements PredictionListener<Object, Object> {

    @Override
    public void onPrediction(PredictionEvent<Object, Object> event) {
        writer.offer(LogEntry.of(event, withFeatures));
    }
}

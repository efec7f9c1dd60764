package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.monitoring.profile.ProfileRecorder;

/** Counts the rows of one predictor. */
record DriftListener(ProfileRecorder recorder) implements PredictionListener<Object, Object> {

    @Override
    public void onPrediction(PredictionEvent<Object, Object> event) {
        FeatureRow features = event.features();
        if (features != null) {
            recorder.record(features);
        }
    }
}

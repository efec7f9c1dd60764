package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.schema.ClassProbabilities;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Copies the rows of one predictor, with their predictions and times. */
record DriftRecording(Watch watch, RowReader reader, RowTime time, ToDoubleFunction<Object> score)
        implements PredictionListener<Object, Object> {

    @Override
    public void onPrediction(PredictionEvent<Object, Object> event) {
        FeatureRow row = event.features();
        if (row == null) { // nothing could be read at all
            return;
        }
        Object value = event.value();
        long millis = time.millis(row, event.time().toEpochMilli());
        double number = value == null ? Double.NaN : score.applyAsDouble(value);
        watch.record(reader, row, number, label(value), fallback(event), millis);
    }

    /** The number that an answer is, or that stands for it. */
    static double number(@Nullable Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof Boolean decision) {
            return decision ? 1 : 0;
        }
        return value instanceof ClassProbabilities classes ? classes.confidence() : Double.NaN;
    }

    /** Whether an answer was the model's, as a {@link RowEncoder} has it. */
    static double fallback(PredictionEvent<?, ?> event) {
        return event.value() == null || event.source() == Prediction.Source.FALLBACK ? RowEncoder.INVALID : 0;
    }

    /** The label that an answer is, or the most probable one. */
    static @Nullable String label(@Nullable Object value) {
        if (value instanceof String label) {
            return label;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        return value instanceof ClassProbabilities classes ? classes.top() : null;
    }
}

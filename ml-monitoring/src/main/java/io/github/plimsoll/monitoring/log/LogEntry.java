package io.github.plimsoll.monitoring.log;

import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a prediction until it is written. Not the event itself: that holds the input, and a queue of images would
 * be bounded in number only.
 *
 * @param time milliseconds since 1970-01-01T00:00:00Z
 * @param id the answer's id
 * @param model which model was asked
 * @param reason why there is no answer, or null
 * @param source where the answer came from, or null
 * @param value the answer's value, or null
 * @param nanos how long it took
 * @param violations what failed the input
 * @param warnings what was only warned of
 * @param features the features, or null if they are not written
 */
record LogEntry(
        long time,
        String id,
        ModelId model,
        @Nullable String reason,
        Prediction.@Nullable Source source,
        @Nullable Object value,
        long nanos,
        List<Violation> violations,
        List<Violation> warnings,
        @Nullable FeatureRow features) {

    static LogEntry of(PredictionEvent<?, ?> event, boolean withFeatures) {
        PredictionException failure = event.failure();
        return new LogEntry(
                event.time().toEpochMilli(),
                event.id(),
                event.model(),
                failure == null ? null : failure.reason(),
                event.source(),
                unshared(event.value()),
                event.totalNanos(),
                failure instanceof InvalidInputException invalid ? invalid.violations() : List.of(),
                event.warnings(),
                withFeatures ? event.features() : null);
    }

    /** An array goes to the caller as well, who may write into it. */
    private static @Nullable Object unshared(@Nullable Object value) {
        if (value instanceof double[] doubles) {
            return doubles.clone();
        }
        return value instanceof float[] floats ? floats.clone() : value;
    }
}

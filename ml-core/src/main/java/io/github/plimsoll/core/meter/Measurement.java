package io.github.plimsoll.core.meter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * A number that a stage of a predictor keeps anyway, to be read by whoever wants to show it. Reading it is what costs, not
 * keeping it.
 *
 * @param meter what is measured: a counter, whose value never shrinks, or a gauge
 * @param tags the values of the meter's tags, but for {@link PredictionMeter.Tag#MODEL} and
 *     {@link PredictionMeter.Tag#VERSION}, which all measurements of a predictor have in common; copied
 * @param value reads the number; thread-safe, quick, and without locks that calls take
 * @since 0.1
 * @see io.github.plimsoll.core.Assembly#measure
 */
public record Measurement(PredictionMeter meter, Map<PredictionMeter.Tag, String> tags, DoubleSupplier value) {

    /**
     * A measurement.
     *
     * @throws IllegalArgumentException if the meter is a timer, or has other tags
     */
    public Measurement {
        Objects.requireNonNull(value);
        tags = Map.copyOf(tags);
        if (meter.type() == PredictionMeter.Type.TIMER) {
            throw new IllegalArgumentException(meter.meterName() + ": a timer (expected: a counter or a gauge)");
        }
        List<PredictionMeter.Tag> expected = new ArrayList<>(meter.tags());
        expected.removeAll(List.of(PredictionMeter.Tag.MODEL, PredictionMeter.Tag.VERSION));
        if (tags.size() != expected.size() || !tags.keySet().containsAll(expected)) {
            throw new IllegalArgumentException(
                    meter.meterName() + ": tags " + tags.keySet() + " (expected: " + expected + ")");
        }
    }

    /** The measurement with its value at this moment, such as {@code ml.cache.lookups{result=hit} 12.0}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(meter.meterName());
        if (!tags.isEmpty()) {
            text.append('{');
            for (PredictionMeter.Tag tag : meter.tags()) {
                if (tags.containsKey(tag)) {
                    text.append(text.charAt(text.length() - 1) == '{' ? "" : ", ")
                            .append(tag.key())
                            .append('=')
                            .append(tags.get(tag));
                }
            }
            text.append('}');
        }
        return text.append(' ').append(value.getAsDouble()).toString();
    }
}

package io.github.plimsoll.core.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementTest {

    @Test
    void showsItsNameItsTagsAndItsValueAtThisMoment() {
        double[] value = {1};
        Measurement measurement =
                new Measurement(PredictionMeter.CACHE_LOOKUPS, Map.of(Tag.RESULT, "hit"), () -> value[0]);

        value[0] = 12;

        assertThat(measurement).hasToString("ml.cache.lookups{result=hit} 12.0");
        assertThat(new Measurement(PredictionMeter.ROWS, Map.of(), () -> 3)).hasToString("ml.model.rows 3.0");
    }

    @Test
    void hasTheTagsOfItsMeterButForThoseOfTheModel() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measurement(PredictionMeter.SHED, Map.of(), () -> 0))
                .withMessage("ml.shed: tags [] (expected: [REASON])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measurement(PredictionMeter.ROWS, Map.of(Tag.MODEL, "m"), () -> 0))
                .withMessage("ml.model.rows: tags [MODEL] (expected: [])");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measurement(PredictionMeter.SHED, Map.of(Tag.STAGE, "batch"), () -> 0))
                .withMessage("ml.shed: tags [STAGE] (expected: [REASON])");
    }

    @Test
    void isNoTimer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Measurement(PredictionMeter.PREDICT, Map.of(), () -> 0))
                .withMessage("ml.predict: a timer (expected: a counter or a gauge)");
    }

    @Test
    void keepsTheTagsItWasGiven() {
        Map<Tag, String> tags = new HashMap<>(Map.of(Tag.REASON, "dropped"));
        Measurement measurement = new Measurement(PredictionMeter.SHED, tags, () -> 1);

        tags.put(Tag.REASON, "other");

        assertThat(measurement.tags()).containsExactly(Map.entry(Tag.REASON, "dropped"));
    }
}

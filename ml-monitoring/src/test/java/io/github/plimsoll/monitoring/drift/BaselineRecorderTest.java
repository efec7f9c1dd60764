package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BaselineRecorderTest {

    private static final Schema<Map<String, ?>> SCHEMA =
            Schema.ofMap(Feature.number("amount"), Feature.category("country"));
    private static final ModelId MODEL = new ModelId("shop", "1");

    private static Predictor<Map<String, ?>, Double> predictor(BaselineRecorder recorder) {
        return Plimsoll.function(MODEL, (Map<String, ?> row) -> (double) row.get("amount") / 2)
                .features(SCHEMA)
                .with(recorder)
                .build();
    }

    private static List<Map<String, ?>> rows(int count) {
        var random = new SplittableRandom(1);
        List<Map<String, ?>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Map.of("amount", random.nextInt(1_000) / 10.0, "country", "c" + random.nextInt(5)));
        }
        return rows;
    }

    @Test
    void aBaselineOfLiveTrafficIsThatOfTheSameRows() {
        var recorder = BaselineRecorder.rows(5_000);
        var byHand = Baseline.builder(SCHEMA.features()).windowRows(100);
        try (var predictor = predictor(recorder)) {
            for (Map<String, ?> row : rows(1_000)) {
                byHand.add(SCHEMA.read(row), predictor.predict(row), Double.NaN);
            }
        }

        assertThat(recorder.recorded()).isEqualTo(1_000);
        assertThat(recorder.baseline(100)).isEqualTo(byHand.build());
    }

    @Test
    void noMoreRowsAreKeptThanWereAskedFor() {
        var recorder = BaselineRecorder.rows(700).score(answer -> 1);
        var byHand = Baseline.builder(SCHEMA.features()).windowRows(100);
        rows(700).forEach(row -> byHand.add(SCHEMA.read(row), 1, Double.NaN));
        try (var predictor = predictor(recorder)) {
            rows(2_000).forEach(predictor::predict);
        }

        assertThat(recorder.recorded()).isEqualTo(700);
        assertThat(recorder.baseline(100)).isEqualTo(byHand.build());
    }

    @Test
    void aBaselineOfLiveTrafficMayHaveSegments() {
        var recorder = BaselineRecorder.rows(2_000).segmentBy("country").score(answer -> 1);
        var byHand = Baseline.builder(SCHEMA.features()).windowRows(100).segmentBy("country");
        rows(2_000).forEach(row -> byHand.add(SCHEMA.read(row), 1, Double.NaN));
        try (var predictor = predictor(recorder)) {
            rows(2_000).forEach(predictor::predict);
        }

        assertThat(recorder.baseline(100)).isEqualTo(byHand.build());
        assertThat(recorder.baseline(100).segments()).hasSize(5);
        assertThatIllegalStateException()
                .isThrownBy(() -> predictor(BaselineRecorder.rows(100).segmentBy("amount")))
                .withMessageStartingWith("BaselineRecorder: segment column: 'amount' is NUMBER");
    }

    @Test
    void tooLittleIsRefused() {
        var recorder = BaselineRecorder.rows(100);
        assertThatIllegalStateException()
                .isThrownBy(() -> recorder.baseline(50))
                .withMessageContaining("no predictor");
        try (var predictor = predictor(recorder)) {
            rows(99).forEach(predictor::predict);
        }

        assertThatIllegalStateException()
                .isThrownBy(() -> recorder.baseline(50))
                .withMessageContaining("baseline: 99 rows (expected: >= 100");
        assertThatIllegalArgumentException().isThrownBy(() -> BaselineRecorder.rows(99));
        assertThatIllegalStateException()
                .isThrownBy(() -> Plimsoll.function(MODEL, (double[] row) -> row[0])
                        .features(Schema.ofDoubles(Feature.number("amount")))
                        .with(recorder)
                        .build())
                .withMessage("BaselineRecorder: features: no feature 'country'");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        Plimsoll.function(MODEL, (String s) -> s).with(recorder).build())
                .withMessageContaining("reads no features");
        assertThat(recorder.toString()).isEqualTo("baseline recorder of at most 100 rows");
    }
}

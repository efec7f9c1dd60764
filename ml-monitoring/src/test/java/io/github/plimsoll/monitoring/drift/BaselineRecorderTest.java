package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BaselineRecorderTest {

    private static final Schema<Map<String, ?>> SCHEMA =
            Schema.ofMap(Feature.number("amount"), Feature.category("country"));
    private static final ModelId MODEL = new ModelId("shop", "1");

    private static Predictor<Map<String, ?>, Double> predictor(BaselineRecorder recorder) {
        return predictor(recorder, TimeSource.system());
    }

    private static Predictor<Map<String, ?>, Double> predictor(BaselineRecorder recorder, TimeSource time) {
        return Plimsoll.function(MODEL, (Map<String, ?> row) -> (double) row.get("amount") / 2)
                .features(SCHEMA)
                .with(recorder)
                .time(time)
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
    void rowsOfATimeAreKeptAndThoseBeyondItAreNot() {
        var clock = ManualClock.at(Instant.parse("2024-03-01T00:00:00Z"));
        var recorder = BaselineRecorder.rows(6_400).during(Duration.ofHours(6)).score(answer -> 1);
        var byHand = Baseline.builder(SCHEMA.features()).windowRows(100);
        List<Map<String, ?>> rows = rows(1_000);
        rows.subList(0, 600).forEach(row -> byHand.add(SCHEMA.read(row), 1, Double.NaN));
        try (var predictor = predictor(recorder, clock)) {
            for (int i = 0; i < rows.size(); i++) {
                predictor.predict(rows.get(i));
                if (i % 100 == 99) {
                    clock.advance(Duration.ofHours(1));
                }
            }
        }

        assertThat(recorder.recorded()).isEqualTo(600);
        assertThat(recorder.baseline(100)).isEqualTo(byHand.build());
    }

    @Test
    void ofALongTimeRunsAreKeptThatAreSpreadOverAllOfIt() {
        var recorder = BaselineRecorder.rows(640).during(Duration.ofDays(7));
        int calls = 10_000;
        try (var predictor = predictor(recorder, ManualClock.at(Instant.parse("2024-03-01T00:00:00Z")))) {
            for (int i = 0; i < calls; i++) {
                predictor.predict(Map.of("amount", (double) i, "country", "c"));
            }
        }

        int kept = recorder.recorded();
        ValueCounts amounts = recorder.baseline(20).norm.values(0);
        int runs = 0;
        int stride = 10 * 16; // 10,000 rows are 1,000 runs of 10: 63 strides of 16
        for (int begin = 0; begin < calls; begin += stride) {
            int inStride = 0;
            for (int i = begin; i < Math.min(calls, begin + stride); i++) {
                inStride += amounts.count(i);
                runs += amounts.count(i) > amounts.count(i - 1) ? 1 : 0;
            }
            assertThat(inStride).as("rows from %d on", begin).isIn(10, begin + stride <= calls ? 10 : 0);
        }
        assertThat(kept).isBetween(620, 640);
        assertThat(runs).as("runs of consecutive rows").isBetween(55, 64);
    }

    @Test
    void runsThatAreLeftKeepTheirOrder() {
        var rows = new EncodedRows(1, 8);
        for (int i = 0; i < 8; i++) {
            rows.add(new double[] {i}, 10 * i, 100 * i);
        }

        rows.keepRuns(2, new boolean[] {false, true, true, false});

        assertThat(rows.size()).isEqualTo(4);
        assertThat(IntStream.range(0, 4).mapToDouble(i -> rows.value(0, i))).containsExactly(2.0, 3.0, 4.0, 5.0);
        assertThat(rows.outcomes(0, 4, 0)[1]).containsExactly(20, 30, 40, 50);
        assertThat(rows.time(3)).isEqualTo(500);
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
    void liveTrafficIsComparedByTheHoursOfItsCalls() {
        var clock = ManualClock.at(Instant.parse("2024-01-01T00:30:00Z"));
        var recorder = BaselineRecorder.rows(20_000).hoursOfWeek(ZoneOffset.UTC);
        List<Map<String, ?>> rows = rows(20);
        try (var predictor = predictor(recorder, clock)) {
            for (int hour = 0; hour < 14 * 24; hour++) {
                boolean isNight = hour % 24 < 6;
                rows.forEach(row ->
                        predictor.predict(isNight ? Map.of("amount", 2_000.0, "country", row.get("country")) : row));
                clock.advance(Duration.ofHours(1));
            }
        }

        assertThat(recorder.baseline(20).hoursOfWeek()).containsOnlyKeys("Mon-Sun 00-06", "Mon-Sun 06-00");
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
        assertThat(recorder.during(Duration.ofDays(1)).toString()).endsWith("100 rows during PT24H");
        assertThatIllegalArgumentException().isThrownBy(() -> recorder.during(Duration.ZERO));
    }
}

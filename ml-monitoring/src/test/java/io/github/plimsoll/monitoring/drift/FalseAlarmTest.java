package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.monitoring.profile.ProfileRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Streams in which nothing changes, watched by a monitor that looks at them again and again: the share of streams with any
 * alarm on any feature has to stay within the one knob. Seeds are fixed, so a run is always the same.
 *
 * <p>{@code lucky} has 200 equally likely names, of which only some can have cells: if the counts that choose them also said
 * what to expect, nearly every stream would alarm with a baseline of 2,000 rows.
 */
class FalseAlarmTest {

    private static final int STREAMS = 300;
    private static final int LOOKS = 50;
    private static final int ROWS_A_LOOK = 40;
    private static final double ALPHA = 0.05;

    private record Row(double normal, double cauchy, long ties, double missing, String name, String lucky) {}

    private static final Schema<Row> SCHEMA = Schema.builder(Row.class)
            .number("normal", Row::normal)
            .number("cauchy", Row::cauchy)
            .integer("ties", Row::ties)
            .number("missing", Row::missing)
            .category(Feature.category("name"), Row::name)
            .category(Feature.category("lucky"), Row::lucky)
            .build();

    @ParameterizedTest(name = "baseline of {0} rows")
    @CsvSource({"200", "2000"})
    void aMonitorThatLooksAgainAndAgainKeepsItsProbability(int baselineRows) {
        int streams = 0;
        var byFeature = new TreeMap<String, Integer>();

        for (int stream = 0; stream < STREAMS; stream++) {
            var alarmed = alarms(new SplittableRandom(1_000L * stream + baselineRows), baselineRows);
            streams += alarmed.isEmpty() ? 0 : 1;
            alarmed.forEach(name -> byFeature.merge(name, 1, Integer::sum));
        }

        assertThat(streams)
                .as("streams with a false alarm, by feature %s", byFeature)
                .isLessThanOrEqualTo((int) (STREAMS * ALPHA));
    }

    private static List<String> alarms(SplittableRandom random, int baselineRows) {
        List<FeatureRow> before = new ArrayList<>();
        for (int i = 0; i < baselineRows; i++) {
            before.add(SCHEMA.read(draw(random)));
        }
        Baseline baseline = Baseline.of(SCHEMA.features(), before);
        ProfileRecorder recorder = baseline.recorder();
        DriftTest test = new DriftTest(baseline, ALPHA);
        List<String> alarmed = new ArrayList<>();
        for (int look = 0; look < LOOKS; look++) {
            for (int i = 0; i < ROWS_A_LOOK; i++) {
                recorder.record(SCHEMA.read(draw(random)));
            }
            for (FeatureDrift feature : test.apply(recorder.snapshot()).features()) {
                if (feature.isDrifted() && !alarmed.contains(feature.name())) {
                    alarmed.add(feature.name());
                }
            }
        }
        return alarmed;
    }

    private static Row draw(SplittableRandom random) {
        return new Row(
                NormalScores.of(random.nextDouble(1e-12, 1)),
                Math.tan(Math.PI * (random.nextDouble() - 0.5)),
                zipf(random),
                random.nextDouble() < 0.3 ? Double.NaN : random.nextDouble(),
                "name-" + zipf(random),
                "name-" + random.nextInt(200));
    }

    /** 1, 2, 3, ... with probabilities falling like 1 / (k (k + 1)): a heavy head and a tail without end. */
    private static long zipf(SplittableRandom random) {
        return (long) (1 / (1 - random.nextDouble()));
    }
}

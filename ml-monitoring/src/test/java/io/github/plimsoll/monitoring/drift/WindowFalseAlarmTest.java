package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Streams of 20 features in which nothing changes: normal, Cauchy, with ties, of Zipf's law, and with 30 % missing values. The
 * windows with a false alarm have to stay within the budget. Seeds are fixed, so a run is always the same.
 */
class WindowFalseAlarmTest {

    private static final double SHARE = 0.01;
    private static final int WINDOW_ROWS = 100;
    private static final String[] LAWS = {"normal", "cauchy", "ties", "zipf", "missing"};
    private static final Schema<double[]> NUMBERS = Schema.ofDoubles(numbers());
    private static final Schema<Row> SCHEMA = schema();

    private record Row(double[] numbers, String[] names) {}

    private static List<Feature> numbers() {
        List<Feature> features = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            features.add(Feature.number(LAWS[i % 4 == 3 ? 4 : i % 4] + i));
        }
        return features;
    }

    private static Schema<Row> schema() {
        var builder = Schema.builder(Row.class);
        for (int i = 0; i < 16; i++) {
            int index = i;
            builder.number(NUMBERS.features().get(i), row -> row.numbers()[index]);
        }
        for (int i = 0; i < 4; i++) {
            int index = i;
            builder.category(Feature.category("zipf" + i), row -> row.names()[index]);
        }
        return builder.build();
    }

    private static FeatureRow draw(SplittableRandom random) {
        double[] numbers = new double[16];
        for (int i = 0; i < 16; i++) {
            double normal = NormalScores.of(random.nextDouble(1e-12, 1));
            numbers[i] = switch (i % 4) {
                case 0 -> normal;
                case 1 -> normal / NormalScores.of(random.nextDouble(1e-12, 1));
                case 2 -> Math.rint(2 * normal);
                default -> random.nextDouble() < 0.3 ? Double.NaN : normal;
            };
        }
        String[] names = new String[4];
        for (int i = 0; i < 4; i++) {
            names[i] = "name " + (int) (1 / random.nextDouble(1e-3, 1));
        }
        return SCHEMA.read(new Row(numbers, names));
    }

    @ParameterizedTest(name = "baseline of {0} rows")
    @CsvSource({"200, 2, 100", "2000, 2, 100"})
    void theBudgetIsKept(int baselineRows, int streams, int windows) {
        assertThatTheBudgetIsKept(baselineRows, streams, windows, false);
    }

    @ParameterizedTest(name = "baseline of {0} rows")
    @CsvSource("2000, 2, 100")
    void theBudgetIsKeptWithSegments(int baselineRows, int streams, int windows) {
        assertThatTheBudgetIsKept(baselineRows, streams, windows, true);
    }

    @ParameterizedTest(name = "baseline of {0} rows")
    @EnabledIfSystemProperty(named = "plimsoll.tests.long", matches = "true")
    @CsvSource({"200, 20, 1000", "2000, 20, 1000", "20000, 5, 1000"})
    void theBudgetIsKeptForLong(int baselineRows, int streams, int windows) {
        assertThatTheBudgetIsKept(baselineRows, streams, windows, false);
    }

    @ParameterizedTest(name = "baseline of {0} rows")
    @EnabledIfSystemProperty(named = "plimsoll.tests.long", matches = "true")
    @CsvSource({"2000, 20, 1000", "20000, 5, 1000"})
    void theBudgetIsKeptWithSegmentsForLong(int baselineRows, int streams, int windows) {
        assertThatTheBudgetIsKept(baselineRows, streams, windows, true);
    }

    private static void assertThatTheBudgetIsKept(int baselineRows, int streams, int windows, boolean hasSegments) {
        Map<String, Integer> byColumn = new TreeMap<>();
        int alarms = 0;
        for (int stream = 0; stream < streams; stream++) {
            var random = new SplittableRandom(1_000L * stream + baselineRows);
            var builder = Baseline.builder(SCHEMA.features()).windowRows(WINDOW_ROWS);
            for (int i = 0; i < baselineRows; i++) {
                builder.add(draw(random), random.nextDouble(), Double.NaN);
            }
            if (hasSegments) {
                builder.segmentBy("zipf0");
            }
            Baseline baseline = builder.build();
            assertThat(baseline.segments()).hasSizeGreaterThanOrEqualTo(hasSegments ? 2 : 0);
            var monitor = WindowMonitor.against(baseline, SHARE, 1);
            for (int i = 0; i < windows; i++) {
                Window window = monitor.window();
                for (int row = 0; row < WINDOW_ROWS; row++) {
                    window.add(draw(random), random.nextDouble());
                }
                for (Incident incident : monitor.close(window).incidents()) {
                    alarms++;
                    byColumn.merge(incident.columns().get(0) + ' ' + incident.kind(), 1, Integer::sum);
                }
            }
        }

        assertThat(alarms)
                .as("windows with a false alarm, by column %s", byColumn)
                .isLessThanOrEqualTo((int) (SHARE * streams * windows));
    }
}

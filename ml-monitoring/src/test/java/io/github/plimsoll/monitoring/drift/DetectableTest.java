package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.DoubleFunction;
import org.junit.jupiter.api.Test;

class DetectableTest {

    private static final int ROWS = 300;
    private static final Schema<Map<String, ?>> SCHEMA =
            Schema.ofMap(Feature.number("speed"), Feature.category("kind"));
    private static final Baseline BASELINE = baseline(SCHEMA, 3_000);
    private static final Detectable SPEED =
            WindowMonitor.against(BASELINE).detectable(ROWS).get(0);
    private static final Detectable KIND =
            WindowMonitor.against(BASELINE).detectable(ROWS).get(1);

    private static Map<String, Object> row(SplittableRandom random) {
        Map<String, Object> row = new HashMap<>();
        row.put("speed", 50 + 10 * NormalScores.of(random.nextDouble(1e-9, 1)));
        row.put("kind", "kind " + random.nextInt(8));
        return row;
    }

    private static Baseline baseline(Schema<Map<String, ?>> schema, int rows) {
        var random = new SplittableRandom(21);
        var builder = Baseline.builder(schema.features()).windowRows(ROWS);
        for (int i = 0; i < rows; i++) {
            builder.add(schema.read(row(random)), Double.NaN, Double.NaN);
        }
        return builder.build();
    }

    /** In how many of 40 windows a change is found, each after three sound ones. */
    private static int found(BiConsumer<Map<String, Object>, SplittableRandom> change) {
        var random = new SplittableRandom(22);
        WindowMonitor monitor = WindowMonitor.against(BASELINE);
        int found = 0;
        for (int i = 0; i < 160; i++) {
            if (i % 4 == 0) {
                monitor = WindowMonitor.against(BASELINE); // what was found before does not matter
            }
            Window window = monitor.window();
            for (int r = 0; r < ROWS; r++) {
                Map<String, Object> row = row(random);
                if (i % 4 == 3) {
                    change.accept(row, random);
                }
                window.add(SCHEMA.read(row), Double.NaN);
            }
            found += monitor.close(window).incidents().size();
        }
        return found;
    }

    private static void assertThatAboutHalfIsFound(
            double size, DoubleFunction<BiConsumer<Map<String, Object>, SplittableRandom>> change) {
        assertThat(found(change.apply(0.5 * size))).isLessThan(12);
        assertThat(found(change.apply(size))).isBetween(8, 34);
        assertThat(found(change.apply(1.6 * size))).isGreaterThan(34);
    }

    @Test
    void aShiftOfANumberIsFoundFromTheSizeOnThatIsSaid() {
        assertThat(SPEED.shift()).isBetween(0.2, 0.6);
        assertThat(SPEED.upperMedian()).isCloseTo(50 + 10 * SPEED.shift(), within(1.0));
        assertThat(SPEED.lowerMedian()).isCloseTo(50 - 10 * SPEED.shift(), within(1.0));
        assertThatAboutHalfIsFound(
                SPEED.shift(), shift -> (row, random) -> row.compute("speed", (k, v) -> (Double) v + 10 * shift));
    }

    @Test
    void missingValuesAreFoundFromTheShareOnThatIsSaid() {
        assertThatAboutHalfIsFound(SPEED.missing(), share -> (row, random) -> {
            if (random.nextDouble() < share) {
                row.put("speed", null);
            }
        });
    }

    @Test
    void newNamesAreFoundFromTheShareOnThatIsSaid() {
        assertThat(SPEED.newNames()).isNaN();
        assertThatAboutHalfIsFound(
                KIND.newNames(),
                share -> (row, random) -> row.compute("kind", (k, v) -> random.nextDouble() < share ? "other" : v));
    }

    @Test
    void oneValueOfManyIsFoundFromTheShareOnThatIsSaid() {
        double ofBaseline =
                (Double) Objects.requireNonNull(row(new SplittableRandom(21)).get("speed"));
        assertThat(KIND.shift()).isNaN();
        assertThatAboutHalfIsFound(
                KIND.oneValue(),
                share -> (row, random) -> row.compute("kind", (k, v) -> random.nextDouble() < share ? "kind 4" : v));
        assertThatAboutHalfIsFound(
                SPEED.oneValue(),
                share -> (row, random) ->
                        row.compute("speed", (k, v) -> random.nextDouble() < share ? (Double) ofBaseline : v));
    }

    @Test
    void moreRowsAndALargerBaselineShowSmallerChanges() {
        WindowMonitor monitor = WindowMonitor.against(BASELINE);

        Detectable few = monitor.detectable(50).get(0);
        Detectable many = monitor.detectable(5_000).get(0);
        Detectable ofSmall =
                WindowMonitor.against(baseline(SCHEMA, 600)).detectable(ROWS).get(0);

        assertThat(few.shift()).isGreaterThan(1.5 * SPEED.shift());
        assertThat(many.shift()).isLessThan(0.6 * SPEED.shift());
        assertThat(ofSmall.shift()).isGreaterThan(SPEED.shift());
        assertThat(few.missing()).isGreaterThan(SPEED.missing());
    }

    @Test
    void aHarsherBudgetShowsLess() {
        WindowMonitor harsh = WindowMonitor.against(BASELINE, 1, 1_000_000);

        assertThat(harsh.detectable(ROWS).get(0).shift()).isGreaterThan(SPEED.shift());
    }

    @Test
    void itReadsAsALineAndOfASensitiveColumnSaysOnlyWhatMayBeMissing() {
        var secret = Schema.ofMap(Feature.number("speed").sensitive(), Feature.category("kind"));

        Detectable hidden =
                WindowMonitor.against(baseline(secret, 3_000)).detectable(ROWS).get(0);

        assertThat(SPEED.toString()).matches("speed, in 300 rows: median < 4\\S+ or > 5\\S+, 0\\.\\d+ sd; .* missing");
        assertThat(hidden.shift()).isNaN();
        assertThat(hidden.toString()).matches("speed, in 300 rows: \\S+ % missing");
        assertThatThrownBy(() -> WindowMonitor.against(BASELINE).detectable(19))
                .hasMessage("window rows: 19 (expected: >= 20)");
    }
}

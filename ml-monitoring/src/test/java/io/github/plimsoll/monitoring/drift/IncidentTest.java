package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What an incident says beside its kind: by how much, where, and what the model made of it. */
class IncidentTest {

    private static final int ROWS = 500;
    private static final List<Feature> FEATURES = List.of(
            Feature.number("temperature"),
            Feature.number("pressure"),
            Feature.number("flow"),
            Feature.number("hour"),
            Feature.category("plant"),
            Feature.category("town"));
    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(FEATURES);
    private static final String[] TOWNS = {"Köln", "Düsseldorf", "Berlin", "Saint-Étienne"};

    private static Map<String, Object> row(SplittableRandom random) {
        Map<String, Object> row = new HashMap<>();
        row.put("temperature", Math.round(10 * (20 + 6 * normal(random))) / 10.0);
        row.put("pressure", Math.round(1e3 * (100 + 5 * normal(random))) / 1e3);
        row.put("flow", Math.round(1e3 * Math.exp(normal(random))) / 1e3);
        row.put("hour", (double) Math.min(23, (int) (12 * (random.nextDouble() + random.nextDouble()))));
        row.put("plant", "plant " + random.nextInt(4));
        row.put("town", TOWNS[random.nextInt(4)]);
        return row;
    }

    private static double normal(SplittableRandom random) {
        return NormalScores.of(random.nextDouble(1e-9, 1));
    }

    private static double prediction(Map<String, Object> row) {
        double temperature = row.get("temperature") instanceof Double number ? number : 20;
        return 1 / (1 + Math.exp((temperature - 20) / 4));
    }

    private static Incident incident(Consumer<Map<String, Object>> change) {
        return incident(SCHEMA, change);
    }

    private static Incident incident(Schema<Map<String, ?>> schema, Consumer<Map<String, Object>> change) {
        var random = new SplittableRandom(5);
        var builder = Baseline.builder(schema.features()).windowRows(ROWS);
        for (int i = 0; i < 3_000; i++) {
            Map<String, Object> row = row(random);
            builder.add(schema.read(row), prediction(row), Double.NaN);
        }
        WindowMonitor monitor = WindowMonitor.against(builder.build());
        Window window = monitor.window();
        for (int i = 0; i < ROWS; i++) {
            Map<String, Object> row = row(random);
            change.accept(row);
            window.add(schema.read(row), prediction(row));
        }
        List<Incident> incidents = monitor.close(window).incidents();
        assertThat(incidents).hasSize(1);
        return incidents.get(0);
    }

    private static void set(Map<String, Object> row, String column, double value) {
        row.put(column, value);
    }

    private static double get(Map<String, Object> row, String column) {
        return (Double) row.get(column);
    }

    @Test
    void anotherUnitIsToldByItsFactorAndOffset() {
        var fahrenheit = incident(row -> set(row, "temperature", get(row, "temperature") * 1.8 + 32));
        var thousand = incident(row -> set(row, "flow", get(row, "flow") * 1_000));
        var hundredth = incident(row -> set(row, "pressure", get(row, "pressure") / 100));

        assertThat(fahrenheit.kind()).isEqualTo(Kind.UNIT_CHANGE);
        assertThat(fahrenheit.finding(Finding.Conversion.class))
                .contains(new Finding.Conversion("temperature", 1.8, 32, 1));
        assertThat(fahrenheit.toString()).contains("temperature is now 1.8 x what it was + 32;");
        assertThat(thousand.kind()).isEqualTo(Kind.UNIT_CHANGE);
        assertThat(thousand.finding(Finding.Conversion.class)).contains(new Finding.Conversion("flow", 1_000, 0, 1));
        assertThat(hundredth.finding(Finding.Conversion.class))
                .contains(new Finding.Conversion("pressure", 0.01, 0, 1));
    }

    @Test
    void anOffsetIsToldWithTheMedianAndItsInterval() {
        var incident = incident(row -> set(row, "pressure", get(row, "pressure") + 7));

        assertThat(incident.kind()).isEqualTo(Kind.GRADUAL_SHIFT);
        assertThat(incident.finding(Finding.Conversion.class).orElseThrow().offset())
                .isCloseTo(7, within(0.6));
        var median = incident.finding(Finding.MedianShift.class).orElseThrow();
        assertThat(median.before()).isCloseTo(100, within(0.5));
        assertThat(median.interval().contains(107)).isTrue();
        assertThat(median.interval().upper() - median.interval().lower())
                .isCloseTo(2 * 1.96 * 1.2533 * 5 / Math.sqrt(ROWS), within(0.6)); // of a normal law
    }

    @Test
    void theCellsThatMovedComeWithTheirShares() {
        var random = new SplittableRandom(6);
        var incident = incident(row -> row.compute("plant", (k, v) -> random.nextDouble() < 0.5 ? "plant 2" : v));

        var shift = incident.finding(CellShift.class).orElseThrow();
        assertThat(shift.cell()).isEqualTo("plant = plant 2");
        assertThat(shift.before()).isCloseTo(0.25, within(0.03));
        assertThat(shift.now()).isCloseTo(0.625, within(0.06));
        assertThat(shift.interval().contains(0.625)).isTrue();
        assertThat(shift.interval().contains(0.5)).isFalse();
    }

    @Test
    void theSegmentThatCarriesItIsNamed() {
        var missing = incident(row -> {
            if (row.get("plant").equals("plant 3")) {
                row.put("flow", null);
            }
        });
        var shifted = incident(row -> {
            if (get(row, "hour") >= 17) {
                set(row, "flow", get(row, "flow") * 50);
            }
        });

        assertThat(missing.finding(Finding.Segment.class)).hasValueSatisfying(segment -> {
            assertThat(segment.column()).isEqualTo("plant");
            assertThat(segment.cell()).isEqualTo("= plant 3");
            assertThat(segment.ofMoved()).isEqualTo(1);
            assertThat(segment.ofAll()).isCloseTo(0.25, within(0.06));
        });
        assertThat(shifted.finding(Finding.Segment.class)).hasValueSatisfying(segment -> {
            assertThat(segment.column()).isEqualTo("hour");
            assertThat(segment.cell()).startsWith(">= 1");
        });
    }

    @Test
    void noSegmentIsNamedWhereNoneCarriesIt() {
        var random = new SplittableRandom(7);
        var incident = incident(row -> {
            if (random.nextInt(4) == 0) {
                row.put("flow", null);
            }
        });

        assertThat(incident.kind()).isEqualTo(Kind.MISSING_JUMP);
        assertThat(incident.finding(Finding.Segment.class)).isEmpty();
        assertThat(incident.toString()).contains("flow is missing: 0 % -> 2");
    }

    @Test
    void swappedAndReorderedColumnsAreToldByWhoseValuesTheyHave() {
        var swapped = incident(row -> row.put("flow", row.put("pressure", row.get("flow"))));
        var ring = incident(row -> row.put("flow", row.put("pressure", row.put("temperature", row.get("flow")))));

        assertThat(swapped.kind()).isEqualTo(Kind.COLUMN_SWAP);
        assertThat(swapped.finding(Finding.Exchange.class).orElseThrow().valuesOf())
                .containsExactlyInAnyOrderEntriesOf(Map.of("flow", "pressure", "pressure", "flow"));
        assertThat(ring.kind()).isEqualTo(Kind.COLUMN_ORDER);
        assertThat(ring.finding(Finding.Exchange.class).orElseThrow().valuesOf())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("temperature", "flow", "pressure", "temperature", "flow", "pressure"));
    }

    @Test
    void stuckValuesSentinelsAndSpikesAreToldByTheirValue() {
        var random = new SplittableRandom(8);
        var stuck = incident(row -> set(row, "pressure", 101.325));
        var sentinel = incident(row -> row.compute("flow", (k, v) -> random.nextInt(10) == 0 ? (Double) (-999.0) : v));
        var spikes = incident(row -> row.compute("flow", (k, v) -> random.nextInt(80) == 0 ? (Double) 7e6 : v));

        assertThat(stuck.kind()).isEqualTo(Kind.STUCK_VALUE);
        assertThat(stuck.finding(Finding.Constant.class))
                .hasValueSatisfying(constant -> assertThat(constant.value()).isEqualTo("101.325"));
        assertThat(sentinel.kind()).isEqualTo(Kind.SENTINEL);
        assertThat(sentinel.finding(Finding.Constant.class)).hasValueSatisfying(constant -> {
            assertThat(constant.value()).isEqualTo("-999");
            assertThat(constant.before()).isZero();
            assertThat(constant.now()).isCloseTo(0.1, within(0.04));
        });
        assertThat(spikes.kind()).isEqualTo(Kind.SPIKES);
        assertThat(spikes.finding(Finding.Outside.class))
                .hasValueSatisfying(outside -> assertThat(outside.farthest()).isEqualTo(7e6));
    }

    @Test
    void aTurnedClockIsToldByItsSteps() {
        var incident = incident(row -> set(row, "hour", (get(row, "hour") + 5) % 24));

        assertThat(incident.kind()).isEqualTo(Kind.TZ_SHIFT);
        assertThat(incident.finding(Finding.Turn.class)).contains(new Finding.Turn("hour", 5, 24));
    }

    @Test
    void fewerDecimalsAreCounted() {
        var incident = incident(row -> set(row, "flow", Math.round(10 * get(row, "flow")) / 10.0));

        assertThat(incident.kind()).isEqualTo(Kind.PRECISION_LOSS);
        assertThat(incident.finding(Finding.Rounding.class))
                .hasValueSatisfying(rounding -> assertThat(rounding.decimals()).isEqualTo(1));
    }

    @Test
    void newNamesAndOtherSpellingsAreToldWithExamples() {
        var random = new SplittableRandom(9);
        var names = incident(row -> row.compute("town", (k, v) -> random.nextInt(5) == 0 ? "Bonn" : v));
        var upper = incident(row -> row.compute("town", (k, v) -> ((String) v).toUpperCase(Locale.ROOT)));
        var latin = incident(row -> row.compute(
                "town",
                (k, v) -> new String(
                        ((String) v).getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        java.nio.charset.StandardCharsets.ISO_8859_1)));

        assertThat(names.kind()).isEqualTo(Kind.NEW_CATEGORY);
        assertThat(names.finding(Finding.NewNames.class)).contains(new Finding.NewNames("town", List.of("Bonn")));
        assertThat(upper.kind()).isEqualTo(Kind.CATEGORY_CASE);
        assertThat(upper.toString()).contains("\"BERLIN\" for \"Berlin\"");
        assertThat(latin.kind()).isEqualTo(Kind.ENCODING_CHANGE);
        assertThat(latin.finding(Finding.Spelling.class).orElseThrow().examples())
                .containsEntry("KÃ¶ln", "Köln")
                .doesNotContainKey("Berlin");
    }

    @Test
    void whatTheModelMakesOfItIsSaid() {
        var hot = incident(row -> set(row, "temperature", get(row, "temperature") + 12));
        var elsewhere = incident(row -> set(row, "pressure", get(row, "pressure") + 12));

        var moved = hot.finding(Finding.PredictionShift.class).orElseThrow();
        assertThat(moved.meanBefore()).isCloseTo(0.5, within(0.03));
        assertThat(moved.meanNow()).isLessThan(0.2);
        assertThat(moved.medianNow()).isLessThan(0.1);
        assertThat(moved.moved()).isGreaterThan(0.5);
        assertThat(elsewhere
                        .finding(Finding.PredictionShift.class)
                        .orElseThrow()
                        .moved())
                .isLessThan(0.05);
    }

    @Test
    void whatMovedWithItIsListedBehindIt() {
        var incident = incident(row -> {
            set(row, "pressure", get(row, "pressure") + 100);
            set(row, "flow", get(row, "flow") + 3);
        });

        assertThat(incident.finding(Finding.Together.class).orElseThrow().columns())
                .containsExactly("flow");
        assertThat(incident.columns()).containsExactly("pressure", "flow");
    }

    @Test
    void valuesOfASensitiveFeatureAreInNoFinding() {
        List<Feature> secret = new ArrayList<>();
        FEATURES.forEach(feature -> secret.add(feature.sensitive()));
        var schema = Schema.ofMap(secret);

        var missing =
                incident(schema, row -> row.put("flow", row.get("plant").equals("plant 3") ? null : row.get("flow")));

        assertThat(missing.columns()).containsExactly("flow");
        assertThat(missing.findings()).noneMatch(Finding.Segment.class::isInstance);
        assertThat(missing.toString()).doesNotContain("plant 3", " > ", " = ");
        assertThat(missing.finding(CellShift.class))
                .hasValueSatisfying(shift -> assertThat(shift.cell()).isEqualTo("flow is missing"));
    }
}

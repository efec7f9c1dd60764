package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowMonitorTest {

    private static final int ROWS = 400;
    private static final List<Feature> FEATURES = List.of(
            Feature.number("income"),
            Feature.number("debt"),
            Feature.number("age"),
            Feature.number("hour"),
            Feature.category("region"),
            Feature.category("shift"));
    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(FEATURES);
    private static final Baseline BASELINE = baseline();

    /** A stream of loans; income and debt go together, and so do age and region, and the hour is a cycle that the shift follows. */
    private static final class Loans {

        private final SplittableRandom random;
        private Instant time = Instant.parse("2024-01-01T00:00:00Z");

        private Loans(long seed) {
            random = new SplittableRandom(seed);
        }

        private Map<String, Object> next() {
            double wealth = NormalScores.of(random.nextDouble(1e-9, 1));
            double income = Math.round(40_000 * Math.exp(0.4 * wealth));
            int age = 18 + random.nextInt(60);
            int hour = random.nextInt(24);
            String region = age < 40 ? "North" : random.nextDouble() < 0.6 ? "South" : "East-West";
            Map<String, Object> row = new HashMap<>();
            row.put("income", income);
            row.put("debt", Math.round(income * (0.3 + 0.1 * random.nextDouble()) + 100 * hour) / 10.0);
            row.put("age", (double) age);
            row.put("hour", (double) hour);
            row.put("region", region);
            row.put("shift", hour < 8 ? "night" : hour < 16 ? "day" : "evening");
            return row;
        }

        private static double prediction(Map<String, Object> row) {
            double income = row.get("income") instanceof Double number ? number : 40_000;
            return Math.round(1e6 / (1 + income / 40_000)) / 1e6;
        }

        private Window into(Window window, int rows, BiConsumer<Map<String, Object>, SplittableRandom> change) {
            for (int i = 0; i < rows; i++) {
                Map<String, Object> row = next();
                change.accept(row, random);
                window.add(SCHEMA.read(row), prediction(row));
            }
            return window;
        }
    }

    private static Baseline baseline() {
        var loans = new Loans(1);
        var builder = Baseline.builder(FEATURES).windowRows(ROWS);
        for (int i = 0; i < 2_400; i++) {
            Map<String, Object> row = loans.next();
            double prediction = Loans.prediction(row);
            builder.add(SCHEMA.read(row), prediction, loans.random.nextDouble() < prediction ? 1 : 0);
        }
        return builder.build();
    }

    private static void nothing(Map<String, Object> row, SplittableRandom random) {}

    enum Change {
        UNIT(Kind.UNIT_CHANGE, "income", (row, random) -> row.compute("income", (k, v) -> (double) v * 100)),
        UNIT_OF_SOME(Kind.UNIT_CHANGE, "income", (row, random) -> {
            if (random.nextInt(5) == 0) {
                row.compute("income", (k, v) -> (double) v * 100);
            }
        }),
        SHIFT(Kind.GRADUAL_SHIFT, "income", (row, random) -> row.compute("income", (k, v) -> (double) v + 9_000.5)),
        SIGN(Kind.SIGN_FLIP, "debt", (row, random) -> row.compute("debt", (k, v) -> -(double) v)),
        SWAP(Kind.COLUMN_SWAP, "debt", (row, random) -> row.put("debt", row.put("income", row.get("debt")))),
        MISSING(Kind.MISSING_JUMP, "age", (row, random) -> {
            if (random.nextInt(10) == 0) {
                row.put("age", null);
            }
        }),
        NEW_NAME(Kind.NEW_CATEGORY, "region", (row, random) -> {
            if (random.nextInt(20) == 0) {
                row.put("region", "Atlantis");
            }
        }),
        SPELLING(
                Kind.CATEGORY_CASE,
                "region",
                (row, random) -> row.compute(
                        "region",
                        (k, v) -> ((String) v).toUpperCase(Locale.ROOT).replace("-", " "))),
        STUCK(Kind.STUCK_VALUE, "age", (row, random) -> row.put("age", 44.0)),
        STUCK_FOR_SOME(Kind.STUCK_VALUE, "income", (row, random) -> {
            if (random.nextInt(4) == 0) {
                row.put("income", 40_000.0);
            }
        }),
        SENTINEL(Kind.SENTINEL, "age", (row, random) -> {
            if (random.nextInt(15) == 0) {
                row.put("age", -1.0);
            }
        }),
        SPIKES(Kind.SPIKES, "income", (row, random) -> {
            if (random.nextInt(60) == 0) {
                row.put("income", 5e9);
            }
        }),
        TYPE(Kind.TYPE_CHANGE, "income", (row, random) -> row.compute("income", (k, v) -> v + " EUR")),
        ADDED(Kind.ADDED_COLUMN, "session", (row, random) -> row.put("session", 1)),
        DROPPED(Kind.DROPPED_COLUMN, "hour", (row, random) -> row.remove("hour")),
        TURNED(Kind.TZ_SHIFT, "hour", (row, random) -> row.compute("hour", (k, v) -> ((double) v + 6) % 24)),
        MIX(Kind.SUBPOPULATION, "region", (row, random) -> {
            if (row.get("region").equals("South")) {
                row.put("region", "East-West");
            }
        });

        private final Kind kind;
        private final String column;
        private final BiConsumer<Map<String, Object>, SplittableRandom> change;

        Change(Kind kind, String column, BiConsumer<Map<String, Object>, SplittableRandom> change) {
            this.kind = kind;
            this.column = column;
            this.change = change;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatChangedIsNamedWithItsColumn(Change change) {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(2);
        assertThat(monitor.close(loans.into(monitor.window(), ROWS, WindowMonitorTest::nothing))
                        .incidents())
                .isEmpty();

        var incidents =
                monitor.close(loans.into(monitor.window(), ROWS, change.change)).incidents();

        assertThat(incidents).hasSize(1);
        assertThat(incidents.get(0).kind()).isEqualTo(change.kind);
        assertThat(incidents.get(0).columns().get(0)).isEqualTo(change.column);
        assertThat(incidents.get(0).toString()).contains(change.column, "since window 1");
    }

    @Test
    void repeatedRowsAreNamed() {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(3);
        Window window = loans.into(monitor.window(), ROWS / 2, WindowMonitorTest::nothing);
        var again = new Loans(3).into(monitor.window(), ROWS / 2, WindowMonitorTest::nothing);
        window.merge(again);

        var incident = monitor.close(window).incidents().get(0);

        assertThat(incident.kind()).isEqualTo(Kind.DUPLICATE_ROWS);
        assertThat(incident.columns().get(0)).isEqualTo("*");
        assertThat(incident.details().get(0)).isEqualTo("200 of 400 rows occur twice");
    }

    @Test
    void predictionsThatMoveWhileInputsDoNotAreNamed() {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(4);
        var other = WindowMonitor.against(BASELINE);
        Window constant = monitor.window();
        Window moved = other.window();
        for (int i = 0; i < ROWS; i++) {
            Map<String, Object> row = loans.next();
            constant.add(SCHEMA.read(row), i % 3 == 0 ? 0.5 : Loans.prediction(row));
            moved.add(SCHEMA.read(row), Math.sqrt(Loans.prediction(row)));
        }

        assertThat(monitor.close(constant).incidents())
                .extracting(Incident::kind)
                .containsExactly(Kind.PREDICTION_FALLBACK);
        assertThat(other.close(moved).incidents()).extracting(Incident::kind).containsExactly(Kind.PREDICTION_SHIFT);
    }

    @Test
    void anIncidentIsReportedOnceAndEndsAfterThreeQuietWindows() {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(5);
        List<State> states = new ArrayList<>();
        List<Integer> incidents = new ArrayList<>();

        for (int i = 0; i < 9; i++) {
            var report = monitor.close(loans.into(
                    monitor.window(),
                    ROWS,
                    i == 1 || i == 2 || i == 8 ? Change.MISSING.change : WindowMonitorTest::nothing));
            states.add(report.states().get("age"));
            incidents.add(report.incidents().size());
        }

        assertThat(incidents).containsExactly(0, 1, 0, 0, 0, 0, 0, 0, 1);
        assertThat(states)
                .containsExactly(
                        State.OK,
                        State.DRIFT,
                        State.DRIFT,
                        State.DRIFT,
                        State.DRIFT,
                        State.RECOVERED,
                        State.OK,
                        State.OK,
                        State.DRIFT);
    }

    @Test
    void whatIsTooLittleForOneWindowIsFoundInSeveral() {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(6);
        BiConsumer<Map<String, Object>, SplittableRandom> rare = (row, random) -> {
            if (random.nextInt(130) == 0) {
                row.put("region", "Atlantis");
            }
        };
        Incident found = null;

        for (int i = 0; i < 12 && found == null; i++) {
            var report = monitor.close(loans.into(monitor.window(), ROWS, i < 4 ? WindowMonitorTest::nothing : rare));
            found = report.incidents().isEmpty() ? null : report.incidents().get(0);
        }

        assertThat(found).isNotNull();
        assertThat(found.kind()).isEqualTo(Kind.NEW_CATEGORY);
        assertThat(found.windows()).isGreaterThan(1);
        assertThat(found.onset()).isEqualTo(found.window() - found.windows() + 1);
    }

    @Test
    void anAnnouncedSeasonMayMoveTheMixButNotTheSchema() {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(7);

        assertThat(monitor.closeInSeason(loans.into(monitor.window(), ROWS, Change.MIX.change))
                        .incidents())
                .isEmpty();
        assertThat(monitor.closeInSeason(loans.into(monitor.window(), ROWS, Change.MISSING.change))
                        .incidents())
                .extracting(Incident::kind)
                .containsExactly(Kind.MISSING_JUMP);
    }

    @Test
    void tooFewRowsAreNoReasonForAnAlarmButABrokenSchemaIs() {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(8);

        var few = monitor.close(loans.into(monitor.window(), 19, Change.UNIT.change));
        var broken = monitor.close(loans.into(monitor.window(), 1, Change.ADDED.change));

        assertThat(few.incidents()).isEmpty();
        assertThat(few.states().values()).containsOnly(State.NOT_ENOUGH_DATA);
        assertThat(broken.incidents()).extracting(Incident::kind).containsExactly(Kind.ADDED_COLUMN);
    }

    @Test
    void outcomesThatNoLongerFollowThePredictionsAreReported() {
        var monitor = WindowMonitor.against(BASELINE);

        assertThat(outcomes(monitor, new Loans(9), 0)).isEmpty();
        assertThat(outcomes(monitor, new Loans(10), 0.2))
                .extracting(Incident::kind)
                .containsExactly(Kind.LABEL_FLIP);
    }

    @Test
    void outcomesOfAWindowInWhichSomethingWasWrongTellNothingNew() {
        var monitor = WindowMonitor.against(BASELINE);
        var report = monitor.close(new Loans(11).into(monitor.window(), ROWS, Change.UNIT.change));
        double[] high = new double[ROWS];
        Arrays.fill(high, 0.9);

        assertThat(monitor.outcomes(report.window(), high, new double[ROWS])).isEmpty();
        assertThat(monitor.outcomes(17, high, new double[ROWS])).isEmpty();
    }

    private static List<Incident> outcomes(WindowMonitor monitor, Loans loans, double bias) {
        Window window = monitor.window();
        double[] predictions = new double[ROWS];
        double[] outcomes = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            Map<String, Object> row = loans.next();
            predictions[i] = Loans.prediction(row);
            outcomes[i] = loans.random.nextDouble() < predictions[i] + bias ? 1 : 0;
            window.add(SCHEMA.read(row), predictions[i]);
        }
        return monitor.outcomes(monitor.close(window).window(), predictions, outcomes);
    }

    @Test
    void aColumnThatFollowsTheClockIsWatchedForThat() {
        var monitor = WindowMonitor.against(BASELINE);
        var loans = new Loans(12);

        assertThat(clock(monitor, loans, 0).incidents()).isEmpty();
        assertThat(clock(monitor, loans, 0).incidents()).isEmpty();
        assertThat(clock(monitor, loans, 2).incidents())
                .extracting(Incident::kind)
                .containsExactly(Kind.TZ_SHIFT);
    }

    private static WindowReport clock(WindowMonitor monitor, Loans loans, int turn) {
        Window window = monitor.window();
        for (int i = 0; i < ROWS; i++) {
            Map<String, Object> row = loans.next();
            int hour = ((Double) row.get("hour")).intValue();
            Instant time = loans.time.plus(hour - turn, ChronoUnit.HOURS);
            window.add(SCHEMA.read(row), Loans.prediction(row), time);
        }
        return monitor.close(window);
    }

    @Test
    void aBaselineWhoseRowsDependOnEachOtherIsTakenForTimeOrdered() {
        assertThat(BASELINE.isTimeOrdered()).isFalse();
        assertThat(wanderer().isTimeOrdered()).isTrue();
    }

    @Test
    void aSlowWanderingStreamRaisesNoAlarmAndABrokenOneDoes() {
        var monitor = wanderer();
        var random = new SplittableRandom(14);
        double level = 0;
        List<Incident> incidents = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Window window = monitor.window();
            for (int row = 0; row < 100; row++) {
                level = 0.98 * level + NormalScores.of(random.nextDouble(1e-9, 1));
                window.add(ONE.read(new double[] {i == 39 ? level * 1_000 : level}), Double.NaN);
            }
            incidents.addAll(monitor.close(window).incidents());
        }

        assertThat(incidents).extracting(Incident::window).containsExactly(39L);
    }

    private static final Schema<double[]> ONE = Schema.ofDoubles(Feature.number("level"));

    /** A first-order autoregressive series: about 100 rows until it has forgotten where it was. */
    private static WindowMonitor wanderer() {
        var builder = Baseline.builder(ONE.features()).windowRows(100);
        var random = new SplittableRandom(13);
        double level = 0;
        for (int i = 0; i < 4_000; i++) {
            level = 0.98 * level + NormalScores.of(random.nextDouble(1e-9, 1));
            builder.add(ONE.read(new double[] {level}), Double.NaN, Double.NaN);
        }
        return WindowMonitor.against(builder.build());
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 50, 200, 500, 3_000})
    void rowsOfFewDifferentValuesRepeatByNature(int windowRows) {
        var schema = Schema.ofMap(Feature.bool("member"), Feature.integer("children"));
        var random = new SplittableRandom(8);
        Supplier<FeatureRow> row =
                () -> schema.read(Map.of("member", random.nextBoolean(), "children", random.nextInt(4)));
        var builder = Baseline.builder(schema.features());
        for (int i = 0; i < 2_000; i++) {
            builder.add(row.get(), Double.NaN, Double.NaN);
        }
        var monitor = WindowMonitor.against(builder.build());

        for (int i = 0; i < 5; i++) {
            Window window = monitor.window();
            for (int r = 0; r < windowRows; r++) {
                window.add(row.get(), Double.NaN);
            }
            assertThat(monitor.close(window).incidents()).isEmpty();
        }
    }

    @Test
    void ofASensitiveFeatureOnlyIsSeenThatItIsMissing() {
        var schema = Schema.ofDoubles(Feature.number("income").sensitive().nullable());
        var builder = Baseline.builder(schema.features()).windowRows(100);
        var random = new SplittableRandom(15);
        for (int i = 0; i < 1_000; i++) {
            builder.add(schema.read(new double[] {random.nextDouble()}), Double.NaN, Double.NaN);
        }
        var monitor = WindowMonitor.against(builder.build());
        Window large = monitor.window();
        Window missing = monitor.window();
        for (int i = 0; i < 100; i++) {
            large.add(schema.read(new double[] {random.nextDouble() * 1_000}), Double.NaN);
            missing.add(schema.read(new double[] {random.nextDouble()}).with(0, i < 50 ? null : 1.0), Double.NaN);
        }

        assertThat(monitor.close(large).incidents()).isEmpty();
        assertThat(monitor.close(missing).incidents())
                .extracting(Incident::details)
                .containsExactly(List.of("income is missing: 0 % -> 50 % (40 % to 60 %)"));
    }

    @Test
    void mistakesAreNamed() {
        var builder = Baseline.builder(FEATURES);
        var monitor = WindowMonitor.against(BASELINE);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("baseline: 0 rows (expected: >= 100 and at least two windows of 500");
        assertThatThrownBy(() -> builder.windowRows(19)).hasMessage("window rows: 19 (expected: >= 20)");
        assertThatThrownBy(() -> WindowMonitor.against(BASELINE, 1, 5))
                .hasMessageContaining("expected: more than none, less than one in ten");
        assertThatThrownBy(() -> builder.add(ONE.read(new double[] {1}), 0, 0))
                .hasMessageStartingWith("features: no feature 'income'; no feature 'debt'");
        assertThatThrownBy(() -> monitor.window().add(ONE.read(new double[] {1}), 0))
                .hasMessageStartingWith("features: no feature 'income'");
        assertThatThrownBy(() -> monitor.close(wanderer().window()))
                .hasMessage("window: of another baseline (expected: of this monitor's)");
        assertThatThrownBy(() -> monitor.outcomes(0, new double[2], new double[1]))
                .hasMessage("outcomes: 1 (expected: as many as predictions, 2)");
    }
}

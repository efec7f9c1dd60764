package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** After a change that is going to last, windows make a new baseline: the same as their rows would have made. */
class BaselineOfWindowsTest {

    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(
            Feature.number("amount").nullable(),
            Feature.number("items"),
            Feature.category("country"),
            Feature.number("weight"));
    private static final int WINDOW_ROWS = 100;
    private static final Baseline OLD = baseline(new Sales(1, 0, false).windows(20));

    /** Sales; the amounts may wander from one to the next, and there may be a new country. */
    private static final class Sales {

        private final SplittableRandom random;
        private final double wandering;
        private final boolean isNew;
        private double level;

        private Sales(long seed, double wandering, boolean isNew) {
            random = new SplittableRandom(seed);
            this.wandering = wandering;
            this.isNew = isNew;
        }

        private Map<String, Object> next() {
            level = 0.995 * level + wandering * (random.nextDouble() - 0.5);
            Map<String, Object> row = new HashMap<>();
            double items = random.nextInt(1, 6);
            row.put("amount", random.nextInt(30) == 0 ? null : (Object) (level + items * random.nextDouble(10, 20)));
            row.put("items", items);
            row.put("weight", random.nextDouble(1, 10));
            row.put("country", isNew && random.nextInt(5) == 0 ? "gb" : "c" + random.nextInt(4));
            return row;
        }

        private List<List<Map<String, Object>>> windows(int count) {
            List<List<Map<String, Object>>> windows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                List<Map<String, Object>> rows = new ArrayList<>();
                while (rows.size() < WINDOW_ROWS) {
                    rows.add(next());
                }
                windows.add(rows);
            }
            return windows;
        }
    }

    private static double score(Map<String, ?> row) {
        return row.get("amount") instanceof Double amount ? amount / 100 : 0.5;
    }

    private static Baseline baseline(List<List<Map<String, Object>>> windows) {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(WINDOW_ROWS);
        windows.forEach(rows -> rows.forEach(row -> builder.add(SCHEMA.read(row), score(row), Double.NaN)));
        return builder.build();
    }

    private static Window window(Baseline baseline, List<Map<String, Object>> rows) {
        Window window = baseline.window();
        rows.forEach(row -> window.add(SCHEMA.read(row), score(row)));
        return window;
    }

    private static Baseline ofWindows(List<List<Map<String, Object>>> windows) {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(WINDOW_ROWS);
        windows.forEach(rows -> builder.addAll(window(OLD, rows)));
        return builder.build();
    }

    private static List<Incident> incidents(Baseline baseline, List<List<Map<String, Object>>> windows) {
        WindowMonitor monitor = WindowMonitor.against(baseline, 1, 100);
        List<Incident> incidents = new ArrayList<>();
        windows.forEach(
                rows -> incidents.addAll(monitor.close(window(baseline, rows)).incidents()));
        return incidents;
    }

    private static List<List<Map<String, Object>>> changed(int seed, UnaryOperator<Map<String, Object>> change) {
        List<List<Map<String, Object>>> windows = new Sales(seed, 0, true).windows(6);
        windows.get(5).replaceAll(change);
        return windows;
    }

    private static Map<String, Object> put(Map<String, Object> row, String name, Object value) {
        row.put(name, value);
        return row;
    }

    @Test
    void theSameIsKnownAndTheSameAlarmsAreRaisedAsByABaselineOfTheRows() {
        List<List<Map<String, Object>>> rows = new Sales(2, 0, true).windows(20);
        Baseline expected = baseline(rows);
        Baseline renewed = ofWindows(rows);

        assertThat(renewed.rows()).isEqualTo(expected.rows());
        assertThat(renewed.isTimeOrdered()).isEqualTo(expected.isTimeOrdered());
        assertThat(renewed.norm.quantiles(0)).isEqualTo(expected.norm.quantiles(0));
        assertThat(renewed.norm.counts[renewed.layout.cells[0]])
                .isEqualTo(expected.norm.counts[expected.layout.cells[0]]);
        assertThat(renewed.norm.counts[renewed.layout.unseen[2]])
                .isEqualTo(expected.norm.counts[expected.layout.unseen[2]]);
        assertThat(renewed.layout.pairs).isEqualTo(expected.layout.pairs);
        List<UnaryOperator<Map<String, Object>>> changes = List.of(
                row -> row,
                row -> put(row, "amount", row.get("amount") instanceof Double amount ? amount * 12 : null),
                row -> put(row, "amount", (double) row.get("items") == 2 ? null : row.get("amount")),
                row -> put(row, "items", 3.0),
                row -> put(row, "country", "GB".equalsIgnoreCase((String) row.get("country")) ? "GB" : "c1"),
                row -> put(row, "country", "elsewhere"));
        List<Kind> kinds = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            List<Incident> found = incidents(renewed, changed(i, changes.get(i)));
            List<Incident> byRows = incidents(expected, changed(i, changes.get(i)));
            assertThat(found)
                    .extracting(Incident::kind)
                    .isEqualTo(byRows.stream().map(Incident::kind).toList());
            assertThat(found)
                    .extracting(Incident::columns)
                    .isEqualTo(byRows.stream().map(Incident::columns).toList());
            found.forEach(incident -> kinds.add(incident.kind()));
        }
        assertThat(kinds).hasSize(5).contains(Kind.UNIT_CHANGE, Kind.MISSING_JUMP, Kind.STUCK_VALUE, Kind.NEW_CATEGORY);
    }

    @Test
    void aNewNameIsKnownFromThenOn() {
        List<List<Map<String, Object>>> live = new Sales(3, 0, true).windows(3);

        assertThat(incidents(OLD, live)).extracting(Incident::kind).containsExactly(Kind.NEW_CATEGORY);
        assertThat(incidents(ofWindows(new Sales(2, 0, true).windows(20)), live))
                .isEmpty();
    }

    @Test
    void windowsOfHostsMakeTheBaselineThatTheirRowsMake() {
        List<List<Map<String, Object>>> rows = new Sales(2, 0, true).windows(20);
        var builder = Baseline.builder(SCHEMA.features()).windowRows(WINDOW_ROWS);
        for (List<Map<String, Object>> hour : rows) {
            builder.addAll(OLD.window(window(OLD, hour.subList(0, 30)).toBytes()));
            builder.addAll(OLD.window(window(OLD, hour.subList(30, 100)).toBytes()));
        }

        Baseline ofHosts = builder.build();

        assertThat(ofHosts.norm.quantiles(0)).isEqualTo(baseline(rows).norm.quantiles(0));
        assertThat(incidents(ofHosts, new Sales(3, 0, true).windows(3))).isEmpty();
    }

    @Test
    void falseAlarmsStayInTheBudget() {
        for (double wandering : new double[] {0, 8}) {
            Sales sales = new Sales(5, wandering, true);
            Baseline renewed = ofWindows(sales.windows(30));
            assertThat(renewed.isTimeOrdered()).isEqualTo(wandering > 0);

            assertThat(incidents(renewed, sales.windows(300)))
                    .as("wandering by %s, a budget of 3", wandering)
                    .hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void whatCannotBeAddedIsRefused() {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(20);
        List<Map<String, Object>> many = new ArrayList<>();
        new Sales(2, 0, true).windows(11).forEach(many::addAll);
        Window most = window(OLD, many.subList(0, 1_024));
        Window larger = window(OLD, many.subList(0, 1_025));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.addAll(larger))
                .withMessageContaining("1025 rows, of which 1024 are kept (expected: at most 1024 rows");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Baseline.builder(List.of(Feature.number("amount"))).addAll(most))
                .withMessageContaining("window: of the features ");
        Schema<Map<String, ?>> letters = Schema.ofMap(Feature.text("letter"));
        var texts = Baseline.builder(letters.features()).windowRows(20);
        for (int i = 0; i < 100; i++) {
            texts.add(letters.read(Map.of("letter", "dear " + i)), 1, Double.NaN);
        }
        Window ofTexts = texts.build().window();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> texts.addAll(ofTexts))
                .withMessageContaining("window: of texts, whose words it does not keep");
        assertThat(builder.addAll(most).rows()).isEqualTo(1_024);
        assertThatIllegalStateException()
                .isThrownBy(() -> Baseline.builder(SCHEMA.features())
                        .windowRows(20)
                        .addAll(window(OLD, many.subList(0, 99)))
                        .build())
                .withMessageContaining("baseline: 99 rows (expected: >= 100");
    }
}

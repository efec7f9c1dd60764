package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Incident.Kind;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What happens to one country only. */
class SegmentMonitorTest {

    private static final int ROWS = 500;
    private static final List<Feature> FEATURES = List.of(
            Feature.number("amount"),
            Feature.number("age"),
            Feature.category("country").nullable(),
            Feature.category("device"),
            Feature.bool("known"),
            Feature.category("iban").sensitive());
    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(FEATURES);
    private static final Baseline PLAIN = builder(0).build();
    private static final Baseline BY_COUNTRY = builder(0).segmentBy("country").build();

    /** Sales whose amounts may wander from one to the next; 6 % are of DE, 7 % of AT, 1 % of LI and 2 % of nowhere. */
    private static final class Sales {

        private final SplittableRandom random;
        private final double wandering;
        private double level;
        private int row;

        private Sales(long seed, double wandering) {
            random = new SplittableRandom(seed);
            this.wandering = wandering;
        }

        private Map<String, Object> next() {
            level = 0.99 * level + wandering * (random.nextDouble() - 0.5);
            double normal = NormalScores.of(random.nextDouble(1e-9, 1));
            double u = random.nextDouble();
            Map<String, Object> row = new HashMap<>();
            row.put("amount", Math.rint(5_000 * StrictMath.exp(0.4 * normal + level)) / 100);
            row.put("age", (double) random.nextInt(18, 80));
            row.put(
                    "country",
                    u < 0.06 ? "DE" : u < 0.13 ? "AT" : u < 0.14 ? "LI" : u < 0.16 ? null : u < 0.5 ? "FR" : "US");
            row.put("device", "device " + (int) (1 / random.nextDouble(0.02, 1)));
            row.put("known", random.nextInt(4) > 0);
            row.put("iban", "GB" + random.nextInt(1_000_000));
            return row;
        }

        private static double score(Map<String, Object> row) {
            double amount = row.get("amount") instanceof Double number ? number : 50;
            return Math.rint(1e6 / (1 + amount / 50)) / 1e6;
        }

        private Window into(Window window, int rows, Consumer<Map<String, Object>> change) {
            for (int i = 0; i < rows; i++) {
                Map<String, Object> next = next();
                change.accept(next);
                window.add(SCHEMA.read(next), score(next), Instant.EPOCH.plusSeconds(60L * row++));
            }
            return window;
        }
    }

    private static Baseline.Builder builder(double wandering) {
        var sales = new Sales(1, wandering);
        var builder = Baseline.builder(FEATURES).windowRows(ROWS);
        for (int i = 0; i < 8_000; i++) {
            Map<String, Object> row = sales.next();
            builder.add(SCHEMA.read(row), Sales.score(row), sales.random.nextInt(2));
        }
        return builder;
    }

    private static void nothing(Map<String, Object> row) {}

    /** Amounts of some countries become larger, by less than two standard deviations of their logarithm. */
    private static Consumer<Map<String, Object>> dearerIn(String... countries) {
        return row -> {
            if (Arrays.asList(countries).contains(row.get("country"))) {
                row.computeIfPresent("amount", (name, value) -> Math.rint(200 * (double) value) / 100);
            }
        };
    }

    /** Customers of some countries are of age for less than so many years. */
    private static Consumer<Map<String, Object>> youngIn(int years, String... countries) {
        return row -> {
            if (Arrays.asList(countries).contains(row.get("country"))) {
                row.computeIfPresent("age", (name, value) -> 18 + ((double) value - 18) % years);
            }
        };
    }

    private static void everywhere(Map<String, Object> row) {
        row.computeIfPresent("amount", (name, value) -> 100 * (double) value);
    }

    private static List<Incident> close(WindowMonitor monitor, Sales sales, Consumer<Map<String, Object>> change) {
        return monitor.close(sales.into(monitor.window(), ROWS, change)).incidents();
    }

    // ---- the baseline -------------------------------------------------------------------------------------------

    @Test
    void theMostFrequentValuesWithEnoughRowsAreSegments() {
        assertThat(BY_COUNTRY.segmentedBy()).isEqualTo(Optional.of("country"));
        assertThat(BY_COUNTRY.segments()).containsOnlyKeys("US", "FR", "AT", "DE");
        assertThat(BY_COUNTRY.segments().keySet()).containsExactly("US", "FR", "AT", "DE");
        assertThat(BY_COUNTRY.unsegmented()).containsOnlyKeys("LI");
        assertThat(BY_COUNTRY.unsegmented().get("LI")).isBetween(40L, 120L);
        Baseline germans = BY_COUNTRY.segments().get("DE");
        assertThat(germans.rows()).isBetween(400L, 560L);
        assertThat(germans.windowRows()).isBetween(25, 35);
        assertThat(BY_COUNTRY.segments().get("US").windowRows()).isBetween(230, 270);
        assertThat(BY_COUNTRY.toString()).isEqualTo("baseline of 8000 rows, 6 features, 4 segments by country");

        assertThat(PLAIN.segmentedBy()).isEmpty();
        assertThat(PLAIN.segments()).isEmpty();
        assertThat(PLAIN.unsegmented()).isEmpty();
    }

    @Test
    void aBooleanMakesTwoSegmentsAndNoMoreThanSixteenValuesAreTaken() {
        assertThat(builder(0).segmentBy("known").build().segments()).containsOnlyKeys("true", "false");

        var schema = Schema.ofMap(Feature.category("shop"), Feature.number("price"));
        var random = new SplittableRandom(1);
        var builder = Baseline.builder(schema.features()).segmentBy("shop");
        for (int i = 0; i < 8_000; i++) {
            int shop = i < 5_000 ? i % 20 : i % 10;
            builder.add(schema.read(Map.of("shop", "shop " + shop, "price", random.nextDouble())), 0, Double.NaN);
        }
        Baseline ofShops = builder.build();

        assertThat(ofShops.segments()).hasSize(16).containsKeys("shop 0", "shop 9");
        assertThat(ofShops.unsegmented()).hasSize(4);
    }

    @Test
    void onlyACategoryOrBooleanThatIsNotSensitiveMakesSegments() {
        var builder = Baseline.builder(FEATURES);

        assertThatThrownBy(() -> builder.segmentBy("amount"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "segment column: 'amount' is NUMBER (expected: a category or boolean that is not sensitive)");
        assertThatThrownBy(() -> builder.segmentBy("iban"))
                .hasMessage(
                        "segment column: 'iban' is sensitive (expected: a category or boolean that is not sensitive)");
        assertThatThrownBy(() -> builder.segmentBy("planet"))
                .hasMessage(
                        "segment column: no feature 'planet' (expected: a category or boolean that is not sensitive)");
    }

    @Test
    void aSegmentOfAStreamThatIsTimeOrderedIsTimeOrderedHoweverFewItsRowsAre() {
        Baseline wandering = builder(0.2).segmentBy("country").build();

        assertThat(wandering.isTimeOrdered()).isTrue();
        assertThat(wandering.segments().values()).allMatch(Baseline::isTimeOrdered);
        assertThat(BY_COUNTRY.segments().values()).noneMatch(Baseline::isTimeOrdered);
    }

    // ---- incidents ----------------------------------------------------------------------------------------------

    @Test
    void whatBreaksInOneCountryIsFoundThereAndNotInTheWhole() {
        var plain = WindowMonitor.against(PLAIN);
        var segmented = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(2, 0);
        var same = new Sales(2, 0);
        List<Incident> incidents = new ArrayList<>();

        for (int i = 0; i < 6; i++) {
            Consumer<Map<String, Object>> change = i < 3 ? SegmentMonitorTest::nothing : dearerIn("DE");
            assertThat(close(plain, sales, change)).isEmpty();
            incidents.addAll(close(segmented, same, change));
        }

        assertThat(incidents).hasSize(1);
        Incident incident = incidents.get(0);
        assertThat(incident.columns()).contains("amount");
        assertThat(incident.window()).isBetween(3L, 5L);
        assertThat(incident.onset()).isBetween(2L, 5L);
        Finding.Where where = incident.finding(Finding.Where.class).orElseThrow();
        assertThat(where.column()).isEqualTo("country");
        assertThat(where.values()).containsExactly("DE");
        assertThat(where.rows()).isBetween(20L, 60L);
        assertThat(incident.findings().get(0)).isEqualTo(where);
        assertThat(incident.toString()).contains("only where country = DE (" + where.rows() + " rows); ");
    }

    @Test
    void whatTheWholeShowsIsReportedOnceByTheWhole() {
        var monitor = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(3, 0);
        List<Incident> incidents = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            incidents.addAll(close(
                    monitor, sales, i == 2 || i == 3 ? SegmentMonitorTest::everywhere : SegmentMonitorTest::nothing));
        }

        assertThat(incidents).hasSize(1);
        assertThat(incidents.get(0).kind()).isEqualTo(Kind.UNIT_CHANGE);
        assertThat(incidents.get(0).finding(Finding.Where.class)).isEmpty();
    }

    @Test
    void whatIsLeftInASegmentWhenTheWholeHasRecoveredIsReportedThen() {
        var monitor = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(4, 0);
        List<Incident> incidents = new ArrayList<>();

        for (int i = 0; i < 8; i++) {
            incidents.addAll(close(monitor, sales, i == 0 ? SegmentMonitorTest::everywhere : dearerIn("AT")));
        }

        assertThat(incidents)
                .extracting(incident -> incident.finding(Finding.Where.class).map(Finding.Where::values))
                .containsExactly(Optional.empty(), Optional.of(List.of("AT")));
        assertThat(incidents.get(1).window()).isBetween(3L, 7L); // three quiet windows of the whole first
    }

    @Test
    void anotherColumnOfASegmentIsAnotherIncident() {
        var monitor = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(5, 0);

        close(monitor, sales, SegmentMonitorTest::nothing);
        assertThat(close(monitor, sales, SegmentMonitorTest::everywhere)).hasSize(1);
        List<Incident> incidents = close(monitor, sales, youngIn(10, "AT").andThen(SegmentMonitorTest::everywhere));

        assertThat(incidents).extracting(incident -> incident.columns().get(0)).containsExactly("age");
        assertThat(incidents.get(0).toString()).contains("only where country = AT");
    }

    @Test
    void oneThingInTwoCountriesIsOneIncident() {
        var monitor = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(6, 0);
        close(monitor, sales, SegmentMonitorTest::nothing);

        List<Incident> incidents = close(monitor, sales, youngIn(16, "AT", "DE"));

        assertThat(incidents).hasSize(1);
        assertThat(incidents.get(0).toString()).contains("only where country = AT, DE (");
        assertThat(incidents.get(0).finding(Finding.Where.class).orElseThrow().rows())
                .isGreaterThan(50);
    }

    @Test
    void aColumnIsInDriftWhileItIsInASegment() {
        var monitor = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(7, 0);
        List<State> states = new ArrayList<>();

        for (int i = 0; i < 7; i++) {
            Consumer<Map<String, Object>> change = i == 1 ? youngIn(10, "AT") : SegmentMonitorTest::nothing;
            states.add(monitor.close(sales.into(monitor.window(), ROWS, change))
                    .states()
                    .get("age"));
        }

        assertThat(states)
                .containsExactly(State.OK, State.DRIFT, State.DRIFT, State.DRIFT, State.RECOVERED, State.OK, State.OK);
    }

    @Test
    void theRowsOfASmallSegmentAreGatheredUntilThereAreEnough() {
        var monitor = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(8, 0);
        List<Incident> incidents = new ArrayList<>();

        for (int i = 0; i < 20; i++) {
            Consumer<Map<String, Object>> change =
                    i < 10 ? SegmentMonitorTest::nothing : youngIn(10, "DE"); // 6 rows of 100
            incidents.addAll(
                    monitor.close(sales.into(monitor.window(), 100, change)).incidents());
        }

        assertThat(incidents).hasSize(1);
        assertThat(incidents.get(0).finding(Finding.Where.class).orElseThrow().rows())
                .isGreaterThanOrEqualTo(20);
        assertThat(incidents.get(0).windows()).isGreaterThan(2);
        assertThat(incidents.get(0).onset()).isBetween(4L, 13L);
    }

    @Test
    void newNamesOfASegmentAreNamed() {
        var monitor = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(9, 0);
        List<Incident> incidents = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            incidents.addAll(close(monitor, sales, row -> {
                if ("AT".equals(row.get("country")) && sales.random.nextInt(6) == 0) {
                    row.put("device", "toaster");
                }
            }));
        }

        assertThat(incidents.get(0).kind()).isEqualTo(Kind.NEW_CATEGORY);
        assertThat(incidents.toString()).contains("toaster");
    }

    @Test
    void theBudgetIsSharedByTheWholeAndTheSegments() {
        var plain = WindowMonitor.against(PLAIN);
        var segmented = WindowMonitor.against(BY_COUNTRY);
        Incident alone =
                close(plain, new Sales(10, 0), SegmentMonitorTest::everywhere).get(0);
        Incident whole = close(segmented, new Sales(10, 0), SegmentMonitorTest::everywhere)
                .get(0);
        var other = WindowMonitor.against(BY_COUNTRY);
        Incident part = close(other, new Sales(11, 0), youngIn(10, "AT")).get(0);

        assertThat(whole.threshold()).isEqualTo(alone.threshold() + Math.log10(2), within());
        double tests = BY_COUNTRY.segments().get("AT").layout.units.stream()
                .mapToDouble(Unit::weight)
                .sum();
        assertThat(part.threshold()).isEqualTo(Math.log10(tests / (0.001 / 2 / 4)), within());
        assertThat(segmented.toString()).isEqualTo("window monitor of 6 features, 4 segments");
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-9);
    }

    @Test
    void aSegmentSaysWhatItCannotSee() {
        var monitor = WindowMonitor.against(BY_COUNTRY);

        var bySegment = monitor.detectableBySegment(ROWS);

        assertThat(bySegment.keySet()).containsExactly("US", "FR", "AT", "DE");
        Detectable ofGermans = bySegment.get("DE").get(0);
        assertThat(ofGermans.column()).isEqualTo("amount");
        assertThat(ofGermans.rows()).isBetween(25, 35);
        assertThat(ofGermans.shift())
                .isGreaterThan(bySegment.get("US").get(0).shift())
                .isGreaterThan(monitor.detectable(ROWS).get(0).shift());
        assertThat(WindowMonitor.against(PLAIN).detectableBySegment(ROWS)).isEmpty();
        assertThatThrownBy(() -> monitor.detectableBySegment(19)).hasMessage("window rows: 19 (expected: >= 20)");
    }

    // ---- written forms ------------------------------------------------------------------------------------------

    @Test
    void aBaselineThatWasReadDecidesAsTheOneThatWasWritten() {
        Baseline read = Baseline.of(BY_COUNTRY.toBytes());

        assertThat(read).isEqualTo(BY_COUNTRY).isNotEqualTo(PLAIN);
        assertThat(read.toBytes()).isEqualTo(BY_COUNTRY.toBytes());
        assertThat(read.segments()).isEqualTo(BY_COUNTRY.segments());
        assertThat(read.unsegmented()).isEqualTo(BY_COUNTRY.unsegmented());
        assertThat(replay(WindowMonitor.against(read))).isEqualTo(replay(WindowMonitor.against(BY_COUNTRY)));
        Baseline germans = BY_COUNTRY.segments().get("DE");
        assertThat(Baseline.of(germans.toBytes())).isEqualTo(germans);
    }

    @Test
    void theFormOfVersion1IsReadAndWritten() {
        Baseline read = Baseline.read(Path.of("src/test/resources/golden/baseline-segments-v1.plb"));

        assertThat(read).isEqualTo(SMALL_BASELINE);
        assertThat(read.segments()).containsOnlyKeys("s0", "s1");
        assertThat(read.unsegmented()).containsOnlyKeys("s2");
    }

    /** Made the golden file. */
    static void writeGolden(Path file) {
        SMALL_BASELINE.write(file);
    }

    private static List<WindowReport> replay(WindowMonitor monitor) {
        var sales = new Sales(12, 0);
        List<WindowReport> reports = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            reports.add(monitor.close(
                    sales.into(monitor.window(), 200, i > 3 ? youngIn(10, "AT") : SegmentMonitorTest::nothing)));
        }
        assertThat(reports.toString()).contains("only where country = AT");
        return reports;
    }

    @Test
    void aRestartChangesNothing() {
        var without = WindowMonitor.against(BY_COUNTRY);
        var sales = new Sales(13, 0);
        var same = new Sales(13, 0);
        var with = WindowMonitor.against(BY_COUNTRY);
        List<WindowReport> expected = new ArrayList<>();
        List<WindowReport> reports = new ArrayList<>();

        for (int i = 0; i < 18; i++) {
            Consumer<Map<String, Object>> change =
                    i == 3 ? SegmentMonitorTest::everywhere : i > 7 ? youngIn(10, "AT") : SegmentMonitorTest::nothing;
            expected.add(without.close(sales.into(without.window(), 150, change)));
            reports.add(with.close(same.into(with.window(), 150, change)));
            byte[] state = with.save();
            with = WindowMonitor.against(BY_COUNTRY).restored(state);
            assertThat(with.save()).isEqualTo(state);
        }

        assertThat(reports).isEqualTo(expected);
        assertThat(reports.toString()).contains("only where country = AT");
        assertThatThrownBy(() -> WindowMonitor.against(PLAIN).restored(without.save()))
                .hasMessageContaining("another one");
    }

    @Property(tries = 10)
    void windowsOfSeveralHostsMergeAsIfOneHadSeenAllRows(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int hosts) {
        var random = new SplittableRandom(seed);
        var sales = new Sales(seed, 0);
        Window whole = BY_COUNTRY.window();
        List<Window> parts = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            parts.add(BY_COUNTRY.window());
        }
        for (int i = 0; i < 400; i++) {
            Map<String, Object> row = sales.next();
            if ("AT".equals(row.get("country"))) {
                row.put("device", "toaster " + random.nextInt(9));
            }
            whole.add(SCHEMA.read(row), 0.5);
            parts.get(random.nextInt(hosts)).add(SCHEMA.read(row), 0.5);
        }

        Window merged = BY_COUNTRY.window();
        parts.forEach(part -> merged.merge(BY_COUNTRY.window(part.toBytes())));

        assertThat(merged.toBytes()).isEqualTo(whole.toBytes());
        assertThat(merged.segment(0).rows()).isPositive();
        assertThat(WindowMonitor.against(BY_COUNTRY).close(merged))
                .isEqualTo(WindowMonitor.against(BY_COUNTRY).close(whole));
    }

    /** Damage that the checksum does not show, in what comes after the whole as well as in the whole. */
    @Property(tries = 300)
    void whateverTheBytesAreTheyAreReadOrRefused(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        Baseline small = small();
        byte[] bytes = small.toBytes();
        int from = random.nextBoolean() ? 5 : bytes.length / 2;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(from, bytes.length - 4)] = (byte) random.nextInt();
        }
        if (random.nextInt(3) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length / 2, bytes.length));
        }

        try {
            Baseline read = Baseline.of(checked(bytes));
            assertThat(read.segments().values()).allMatch(segment -> segment.rows() > 0);
            assertThat(read.unsegmented().values()).allMatch(rows -> rows > 0);
            assertThat(read.toBytes()).hasSizeGreaterThan(100);
        } catch (DriftFormatException refused) {
            assertThat(refused).hasMessageStartingWith("baseline: ");
        }
    }

    @Property(tries = 200)
    void whateverTheBytesOfAStateAreTheyAreReadOrRefused(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        byte[] bytes = STATE.clone();
        int from = random.nextBoolean() ? 5 : bytes.length / 2;
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(from, bytes.length - 4)] = (byte) random.nextInt();
        }

        try {
            WindowMonitor read = WindowMonitor.against(small()).restored(checked(bytes));
            assertThat(read.close(read.window()).incidents()).isEmpty();
        } catch (DriftFormatException refused) {
            assertThat(refused).hasMessageStartingWith("state: ");
        }
    }

    private static final Schema<Map<String, ?>> SMALL =
            Schema.ofMap(Feature.number("price"), Feature.category("shop"), Feature.bool("open"));
    private static final Baseline SMALL_BASELINE = smallBaseline();
    private static final byte[] STATE = smallState();

    private static Baseline small() {
        return SMALL_BASELINE;
    }

    private static Map<String, Object> smallRow(SplittableRandom random) {
        return Map.of(
                "price", Math.rint(1_000 * random.nextDouble()),
                "shop", "s" + (random.nextInt(20) == 0 ? 2 : random.nextInt(2)),
                "open", random.nextBoolean());
    }

    private static Baseline smallBaseline() {
        var random = new SplittableRandom(1);
        var builder = Baseline.builder(SMALL.features()).segmentBy("shop").windowRows(100);
        for (int i = 0; i < 800; i++) {
            builder.add(SMALL.read(smallRow(random)), 0.5, Double.NaN);
        }
        return builder.build();
    }

    private static byte[] smallState() {
        var monitor = WindowMonitor.against(small());
        var random = new SplittableRandom(2);
        for (int i = 0; i < 5; i++) {
            Window window = monitor.window();
            for (int row = 0; row < 30; row++) {
                window.add(SMALL.read(smallRow(random)), 0.5);
            }
            monitor.close(window);
        }
        return monitor.save();
    }

    private static byte[] checked(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
        return bytes;
    }
}

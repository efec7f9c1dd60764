package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is usual at one time of the week and not at another. */
class HoursOfWeekTest {

    private static final Instant MONDAY = Instant.parse("2024-01-01T00:00:00Z");
    private static final int HOURS_OF_WEEK = 168;
    private static final int WEEKS = 4;
    private static final int ROWS = 24; // an hour
    private static final List<Feature> FEATURES = List.of(
            Feature.number("amount"), Feature.number("age"), Feature.category("channel"), Feature.integer("hour"));
    private static final Schema<Map<String, ?>> SCHEMA = Schema.ofMap(FEATURES);
    private static final Baseline PLAIN = learned(1, true).build();
    private static final Baseline BY_HOURS =
            learned(1, true).hoursOfWeek(ZoneOffset.UTC).build();

    /** Orders of firms, nearly all of them in office hours, and of people. */
    private static final class Orders {
        private final SplittableRandom random;
        private final boolean haveOffices;
        private double wandering;
        private double level;

        private Orders(long seed, boolean haveOffices) {
            random = new SplittableRandom(seed);
            this.haveOffices = haveOffices;
        }

        private static boolean isOfficeHour(int hour) {
            return hour % HOURS_OF_WEEK < 5 * 24 && hour % 24 >= 8 && hour % 24 < 18;
        }

        private Map<String, Object> next(int hour, boolean isLikeByDay) {
            boolean isFirm = random.nextDouble() < (haveOffices && (isOfficeHour(hour) || isLikeByDay) ? 0.9 : 0.1);
            Map<String, Object> row = new HashMap<>();
            row.put("amount", (isFirm ? 1 : 0) + level + NormalScores.of(random.nextDouble(1e-9, 1)));
            row.put("age", (isFirm ? 0.7 : 0) + level + NormalScores.of(random.nextDouble(1e-9, 1)));
            row.put("channel", random.nextInt(10) < (isFirm ? 7 : 2) ? "contract" : "shop " + random.nextInt(3));
            row.put("hour", (long) (hour % 24));
            return row;
        }

        private Window into(Window window, int hour, boolean isLikeByDay) {
            level = 0.99 * level + wandering * (random.nextDouble() - 0.5);
            for (int i = 0; i < ROWS; i++) {
                Map<String, Object> row = next(hour, isLikeByDay);
                window.add(SCHEMA.read(row), (double) row.get("amount") / 3, time(hour));
            }
            return window;
        }
    }

    private static Instant time(int hour) {
        return MONDAY.plusSeconds(3_600L * hour + 7);
    }

    private static Baseline.Builder learned(long seed, boolean haveOffices) {
        return learned(new Orders(seed, haveOffices));
    }

    private static Baseline.Builder learned(Orders orders) {
        var builder = Baseline.builder(FEATURES).windowRows(ROWS);
        for (int hour = 0; hour < WEEKS * HOURS_OF_WEEK; hour++) {
            orders.level = 0.99 * orders.level + orders.wandering * (orders.random.nextDouble() - 0.5);
            for (int i = 0; i < ROWS; i++) {
                Map<String, Object> row = orders.next(hour, false);
                builder.add(SCHEMA.read(row), (double) row.get("amount") / 3, Double.NaN, time(hour));
            }
        }
        return builder;
    }

    // ---- the week -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "UTC, 1970-01-01T00:00:00Z, 72",
        "UTC, 2024-01-01T00:59:59.999Z, 0",
        "UTC, 2024-01-07T23:00:00Z, 167",
        "UTC, 1969-12-31T23:59:59.999Z, 71",
        "Europe/Berlin, 2024-03-31T00:59:59Z, 145", // the clock goes from 2 to 3 a second later
        "Europe/Berlin, 2024-03-31T01:00:00Z, 147",
        "Europe/Berlin, 2024-10-27T00:30:00Z, 146", // twice 2 o'clock
        "Europe/Berlin, 2024-10-27T01:30:00Z, 146",
        "Asia/Kolkata, 2024-01-01T18:29:59Z, 23",
        "Asia/Kolkata, 2024-01-01T18:30:00Z, 24",
        "America/St_Johns, 2024-01-08T03:29:00Z, 167",
    })
    void anHourIsByTheClockOfAPlace(String zone, Instant time, int hour) {
        assertThat(Week.hourOfWeek(Week.localHours(ZoneId.of(zone), time.toEpochMilli())))
                .isEqualTo(hour);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE + 1, Long.MAX_VALUE})
    void anyTimeHasAnHour(long millis) {
        assertThat(Week.hourOfWeek(Week.localHours(ZoneId.of("America/New_York"), millis)))
                .isBetween(0, 167);
    }

    @Test
    void hoursAreToldInWords() {
        byte[] parts = new byte[HOURS_OF_WEEK]; // 0: all that is none of the others
        for (int hour = 0; hour < HOURS_OF_WEEK; hour++) {
            int day = hour / 24;
            boolean isNight = hour % 24 >= 22 || hour % 24 < 6;
            parts[hour] = (byte) (day == 6 ? 2 : day == 2 && hour % 24 == 12 ? 3 : isNight ? 1 : 0);
        }
        var week = new Week(ZoneOffset.UTC, parts, 4);

        assertThat(week.words(0)).isEqualTo("Mon-Tue+Thu-Sat 06-22, Wed 06-12+13-22");
        assertThat(week.words(1)).isEqualTo("Mon-Sat 22-06");
        assertThat(week.words(2)).isEqualTo("Sun");
        assertThat(week.words(3)).isEqualTo("Wed 12-13");
    }

    // ---- the split ----------------------------------------------------------------------------------------------

    @Test
    void theWeekIsSplitWhereRowsDiffer() {
        assertThat(BY_HOURS.hoursOfWeek())
                .containsOnlyKeys("Mon-Fri 08-18", "Mon-Fri 18-08", "Sat-Sun 08-18", "Sat-Sun 18-08");
        assertThat(BY_HOURS.hoursOfWeek().values())
                .extracting(Baseline::rows)
                .containsExactlyInAnyOrder(
                        (long) WEEKS * 50 * ROWS,
                        (long) WEEKS * 70 * ROWS,
                        (long) WEEKS * 20 * ROWS,
                        (long) WEEKS * 28 * ROWS);
        assertThat(BY_HOURS.hoursOfWeek().values()).allSatisfy(part -> {
            assertThat(part.windowRows()).isEqualTo(ROWS);
            assertThat(part.isTimeOrdered()).isFalse(); // at the same time of the week, rows are independent
            assertThat(part.hoursOfWeek()).isEmpty();
        });
        assertThat(BY_HOURS).asString().endsWith(", time-ordered, 4 parts of the week in Z");
        assertThat(PLAIN.hoursOfWeek()).isEmpty();
    }

    /** By night, a number is higher by some standard deviations. */
    private static Baseline.Builder nights(long seed, double higher) {
        List<Feature> features = List.of(Feature.number("amount"));
        Schema<Map<String, ?>> schema = Schema.ofMap(features);
        var random = new SplittableRandom(seed);
        var rows = Baseline.builder(features).hoursOfWeek(ZoneOffset.UTC);
        for (int i = 0; i < WEEKS * HOURS_OF_WEEK * ROWS; i++) {
            int hour = i / ROWS;
            double mean = hour % 24 < 8 ? higher : 0;
            double amount = mean + NormalScores.of(random.nextDouble(1e-9, 1));
            rows.add(schema.read(Map.of("amount", amount)), Double.NaN, Double.NaN, time(hour));
        }
        return rows;
    }

    /** Noise would have some seed split the week further, as the split that is best by far is one of many. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void thereAreNoMorePartsThanNeeded(long seed) {
        assertThat(nights(seed, 0.8).windowRows(ROWS).build().hoursOfWeek())
                .containsOnlyKeys("Mon-Sun 00-08", "Mon-Sun 08-00");
    }

    @Test
    void aDifferenceThatNoWindowShowsSplitsNoWeek() {
        var rows = nights(1, 0.25);

        assertThat(rows.windowRows(ROWS).build().hoursOfWeek()).isEmpty();
        assertThat(rows.windowRows(100 * ROWS).build().hoursOfWeek()).isNotEmpty();
    }

    @Test
    void aPartHasAsManyRowsOfAWindowAsComeInARow() {
        Baseline ofDays = learned(1, true)
                .windowRows(24 * ROWS)
                .hoursOfWeek(ZoneOffset.UTC)
                .build();

        assertThat(ofDays.hoursOfWeek().get("Mon-Fri 08-18").windowRows()).isEqualTo(10 * ROWS);
    }

    @Test
    void hoursAreThoseOfThePlace() {
        Baseline inNewYork =
                learned(1, true).hoursOfWeek(ZoneId.of("America/New_York")).build();

        assertThat(inNewYork.hoursOfWeek()).containsKey("Mon-Fri 03-13");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aWeekOfRowsThatAreAlikeIsNotSplit(long seed) {
        assertThat(learned(seed, false).hoursOfWeek(ZoneOffset.UTC).build().hoursOfWeek())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whatWandersWhateverTheHourSplitsNoWeek(long seed) {
        var orders = new Orders(seed, false);
        orders.wandering = 0.15;
        Baseline wandering = learned(orders).hoursOfWeek(ZoneOffset.UTC).build();

        assertThat(wandering.isTimeOrdered()).isTrue();
        assertThat(wandering.hoursOfWeek()).isEmpty();
    }

    @Test
    void tooFewDaysAreRefusedAndSayHowFew() {
        var rows = Baseline.builder(FEATURES).hoursOfWeek(ZoneOffset.UTC).windowRows(20);
        var orders = new Orders(1, true);
        for (int hour = 0; hour < 13 * 24; hour++) {
            rows.add(SCHEMA.read(orders.next(hour, false)), 0.5, Double.NaN, time(hour));
        }
        assertThatIllegalStateException()
                .isThrownBy(rows::build)
                .withMessage("baseline: hours of the week: rows of 13 days (expected: of at least 14 days, better 28)");

        rows.add(SCHEMA.read(orders.next(0, false)), 0.5, Double.NaN, time(13 * 24));
        assertThat(rows.build().rows()).isEqualTo(13 * 24 + 1);
    }

    @Test
    void rowsWithoutTimesAreRefused() {
        var rows = Baseline.builder(FEATURES).hoursOfWeek(ZoneOffset.UTC).windowRows(20);
        var orders = new Orders(1, true);
        for (int hour = 0; hour < 200; hour++) {
            rows.add(SCHEMA.read(orders.next(hour, false)), 0.5, Double.NaN);
        }

        assertThatIllegalStateException().isThrownBy(rows::build).withMessageContaining("no row has a time");
    }

    @Test
    void timesAreTakenFromAFeature() {
        List<Feature> features =
                List.of(Feature.number("amount"), Feature.timestamp("at").nullable());
        Schema<Map<String, ?>> schema = Schema.ofMap(features);
        var rows = Baseline.builder(features)
                .timeFrom("at")
                .hoursOfWeek(ZoneOffset.UTC)
                .windowRows(ROWS);
        var orders = new Orders(1, true);
        for (int hour = 0; hour < WEEKS * HOURS_OF_WEEK; hour++) {
            for (int i = 0; i < ROWS; i++) {
                Map<String, Object> row = new HashMap<>();
                row.put("amount", orders.next(hour, false).get("amount"));
                row.put("at", i == 0 ? null : time(hour));
                rows.add(schema.read(row), 0.5, Double.NaN);
            }
        }

        Baseline parts = rows.build();

        assertThat(parts.hoursOfWeek()).containsKey("Mon-Fri 08-18");
        assertThat(parts.hoursOfWeek().values().stream()
                        .mapToLong(Baseline::rows)
                        .sum())
                .isEqualTo((long) WEEKS * HOURS_OF_WEEK * (ROWS - 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> rows.timeFrom("amount"))
                .withMessageStartingWith("no timestamp 'amount'");
    }

    // ---- the monitor --------------------------------------------------------------------------------------------

    /** What a monitor says of sound hours, and then of hours in which it is always like by day. */
    private static List<Incident> watch(WindowMonitor monitor, Orders orders, int sound, int all) {
        List<Incident> incidents = new ArrayList<>();
        for (int hour = 0; hour < all; hour++) {
            incidents.addAll(monitor.close(orders.into(monitor.window(), hour, hour >= sound))
                    .incidents());
        }
        return incidents;
    }

    @Test
    void whatIsUsualByDayIsFoundAtNight() {
        int sound = HOURS_OF_WEEK + 24; // until Tuesday at midnight

        List<Incident> plain = watch(WindowMonitor.against(PLAIN), new Orders(2, true), sound, sound + 8);
        List<Incident> byHours = watch(WindowMonitor.against(BY_HOURS), new Orders(2, true), sound, sound + 8);

        assertThat(plain).isEmpty();
        assertThat(byHours).isNotEmpty().allSatisfy(incident -> {
            assertThat(incident.window()).isBetween((long) sound, sound + 5L);
            Finding.Where where = incident.finding(Finding.Where.class).orElseThrow();
            assertThat(where.column()).isEqualTo("hour of week");
            assertThat(where.values()).containsExactly("Mon-Fri 18-08");
        });
        assertThat(byHours.get(0).toString()).contains("only where hour of week = Mon-Fri 18-08");
    }

    /** Each hour differs too little from the week to be seen by itself, but hours that follow each other do not. */
    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void nothingIsWrongWhileTheWeekGoesOnAsUsual(long seed) {
        assertThat(PLAIN.isTimeOrdered()).isTrue();

        for (Baseline baseline : List.of(PLAIN, BY_HOURS)) {
            assertThat(watch(
                            WindowMonitor.against(baseline),
                            new Orders(seed, true),
                            2 * HOURS_OF_WEEK,
                            2 * HOURS_OF_WEEK))
                    .isEmpty();
        }
    }

    @Test
    void rowsWithoutATimeAreInNoPart() {
        Window window = BY_HOURS.window();
        var orders = new Orders(5, true);
        window.add(SCHEMA.read(orders.next(12, false)), 0.5);
        window.add(SCHEMA.read(orders.next(12, false)), 0.5, time(12));

        assertThat(window.rows()).isEqualTo(2);
        assertThat(List.of(0, 1, 2, 3))
                .extracting(part -> window.segment(part).rows())
                .containsExactlyInAnyOrder(1L, 0L, 0L, 0L);
    }

    @Test
    void aPartAndAValueMayBothHaveTheRow() {
        Baseline both = learned(1, true)
                .segmentBy("channel")
                .hoursOfWeek(ZoneOffset.UTC)
                .build();
        Window window = both.window();
        Map<String, Object> row = new Orders(5, true).next(12, false);
        row.put("channel", "contract");
        window.add(SCHEMA.read(row), 0.5, time(12));

        assertThat(both.segments()).containsKey("contract");
        assertThat(both.hoursOfWeek()).hasSize(4);
        assertThat(window.segment(0).rows()).isEqualTo(1); // of the most frequent value
        assertThat(List.of(4, 5, 6, 7))
                .extracting(part -> window.segment(part).rows())
                .containsExactlyInAnyOrder(1L, 0L, 0L, 0L);
        assertThat(WindowMonitor.against(both).detectableBySegment(ROWS)).containsKeys("contract", "Mon-Fri 08-18");
    }

    /** What moves in the whole while a part has no rows says nothing of the rows that it has later. */
    @Test
    void aPartWithoutRowsTakesNoNoteOfTheOthers() {
        Baseline nights = BY_HOURS.hoursOfWeek().get("Mon-Fri 18-08");
        var part = new SegmentMonitor(WindowMonitor.against(nights), "hour of week", "Mon-Fri 18-08");
        boolean[] moved = new boolean[nights.layout.encoder.columns() + 1];
        Arrays.fill(moved, true);

        var none = part.take(nights.window(), 0, false, true, moved);
        assertThat(none.report().incidents()).isEmpty();
        List<Incident> incidents = new ArrayList<>();
        var orders = new Orders(6, true);
        for (int window = 1; window < 5; window++) {
            Window rows = orders.into(nights.window(), 20, true);
            incidents.addAll(part.take(rows, window, false, false, new boolean[moved.length])
                    .report()
                    .incidents());
        }

        assertThat(incidents)
                .isNotEmpty()
                .allMatch(incident -> incident.finding(Finding.Where.class)
                        .orElseThrow()
                        .values()
                        .equals(List.of("Mon-Fri 18-08")));
    }

    @Test
    void whatIsTrueOfAPartAndOfAValueIsToldOfEach() {
        List<Incident> incidents = new ArrayList<>();
        for (String where : List.of("hour of week", "channel", "hour of week")) {
            incidents.add(new Incident(
                    3,
                    Incident.Kind.GRADUAL_SHIFT,
                    List.of("amount"),
                    5 + incidents.size(),
                    4,
                    1,
                    List.of(new Finding.Where(where, List.of("value " + incidents.size()), 20))));
        }

        assertThat(SegmentMonitor.together(incidents))
                .extracting(incident -> incident.finding(Finding.Where.class).orElseThrow())
                .containsExactly(
                        new Finding.Where("hour of week", List.of("value 0", "value 2"), 40),
                        new Finding.Where("channel", List.of("value 1"), 20));
    }

    // ---- forms --------------------------------------------------------------------------------------------------

    @Test
    void aBaselineThatWasReadDecidesAsTheOneThatWasWritten() {
        Baseline read = Baseline.of(BY_HOURS.toBytes());

        assertThat(read).isEqualTo(BY_HOURS).isNotEqualTo(PLAIN);
        assertThat(read.hoursOfWeek()).isEqualTo(BY_HOURS.hoursOfWeek());
        assertThat(watch(WindowMonitor.against(read), new Orders(2, true), 24, 32))
                .isEqualTo(watch(WindowMonitor.against(BY_HOURS), new Orders(2, true), 24, 32));
    }

    @Test
    void aRestartChangesNothing() {
        WindowMonitor without = WindowMonitor.against(BY_HOURS);
        WindowMonitor with = WindowMonitor.against(BY_HOURS);
        var orders = new Orders(7, true);
        var same = new Orders(7, true);
        List<WindowReport> expected = new ArrayList<>();
        List<WindowReport> reports = new ArrayList<>();

        for (int hour = 0; hour < 30; hour++) {
            expected.add(without.close(orders.into(without.window(), hour, hour >= 20)));
            Window window = with.window();
            window.merge(
                    BY_HOURS.window(same.into(with.window(), hour, hour >= 20).toBytes()));
            reports.add(with.close(window));
            with = WindowMonitor.against(BY_HOURS).restored(with.save());
        }

        assertThat(reports).isEqualTo(expected);
        assertThat(reports.toString()).contains("hour of week");
    }

    /** Damage that the checksum does not show, in what comes after the whole. */
    @Property(tries = 100)
    void whateverTheBytesAreTheyAreReadOrRefused(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        byte[] bytes = BY_HOURS.toBytes();
        int zone = zone(bytes);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(zone - 2, zone + 200)] = (byte) random.nextInt();
        }

        try {
            Baseline read = Baseline.of(checked(bytes));
            assertThat(read.hoursOfWeek().values()).allMatch(part -> part.rows() > 0);
            assertThat(read.toBytes()).hasSizeGreaterThan(100);
        } catch (DriftFormatException refused) {
            assertThat(refused).hasMessageStartingWith("baseline: ");
        }
    }

    @Test
    void aZoneThatNobodyKnowsIsRefused() {
        byte[] bytes = BY_HOURS.toBytes();
        byte[] changed = bytes.clone();
        changed[zone(bytes)] = '?';

        assertThatThrownBy(() -> Baseline.of(checked(changed)))
                .isInstanceOf(DriftFormatException.class)
                .hasMessage("baseline: time zone: '?' (expected: one that this JVM knows)");
    }

    /** Where the name of the time zone is: after a flag and its length, before the number of parts. */
    private static int zone(byte[] bytes) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("\1\1Z\4");
        assertThat(at).isPositive();
        return at + 2;
    }

    private static byte[] checked(byte[] bytes) {
        var checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
        return bytes;
    }
}

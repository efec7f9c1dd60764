package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.fake.ManualClock;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What is written goes on elsewhere, after a restart or on another host, as if it had stayed where it was. */
class DriftStateTest {

    private static final Schema<Map<String, ?>> SCHEMA =
            Schema.ofMap(Feature.number("amount").nullable(), Feature.number("hour"), Feature.category("country"));
    private static final ModelId MODEL = new ModelId("shop", "1");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Instant BEGIN = Instant.parse("2024-03-01T00:00:00Z");
    private static final int WINDOW_ROWS = 60;
    private static final Baseline INDEPENDENT = baseline(0);
    private static final Baseline TIME_ORDERED = baseline(30);

    /** A purchase; the amounts wander by some amount from one to the next. */
    private static final class Purchases {
        private final SplittableRandom random;
        private final double wandering;
        private double level;

        private Purchases(long seed, double wandering) {
            random = new SplittableRandom(seed);
            this.wandering = wandering;
        }

        private Map<String, Object> next(int hour) {
            level = 0.99 * level + wandering * (random.nextDouble() - 0.5);
            Map<String, Object> row = new HashMap<>();
            row.put(
                    "amount",
                    random.nextInt(20) == 0 ? null : (Object) Math.rint(level + 10 * random.nextDouble(1, 9)));
            row.put("hour", (double) (hour % 24));
            row.put("country", "c" + (int) (1 / random.nextDouble(0.05, 1)));
            return row;
        }
    }

    private static double score(Map<String, ?> row) {
        return row.get("amount") instanceof Double amount ? Math.rint(amount / 3) : 7;
    }

    private static Baseline baseline(double wandering) {
        var purchases = new Purchases(1, wandering);
        var builder = Baseline.builder(SCHEMA.features()).windowRows(WINDOW_ROWS);
        for (int i = 0; i < 1_200; i++) {
            Map<String, Object> row = purchases.next(i);
            builder.add(SCHEMA.read(row), score(row), purchases.random.nextDouble() < 0.3 ? 1 : 0);
        }
        return builder.build();
    }

    private static double wandering(Baseline baseline) {
        return baseline.isTimeOrdered() ? 30 : 0;
    }

    /** Rows of some hours; in the last but two, one country is spelled in another way. */
    private static List<List<Map<String, Object>>> hours(Baseline baseline, long seed, int count) {
        var purchases = new Purchases(seed, wandering(baseline));
        List<List<Map<String, Object>>> hours = new ArrayList<>();
        for (int hour = 0; hour < count; hour++) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (int i = 0; i < WINDOW_ROWS; i++) {
                Map<String, Object> row = purchases.next(hour);
                if (hour >= count - 2) {
                    row.compute("country", (name, value) -> "C-" + value);
                }
                rows.add(row);
            }
            hours.add(rows);
        }
        return hours;
    }

    // ---- windows ------------------------------------------------------------------------------------------------

    @Property(tries = 30)
    void windowsThatTravelledMergeAsIfOneHadSeenAllRows(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int hosts) {
        var random = new SplittableRandom(seed);
        List<Map<String, Object>> rows = new ArrayList<>();
        hours(INDEPENDENT, seed, 3).forEach(rows::addAll);
        Window whole = INDEPENDENT.window();
        List<Window> parts = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            parts.add(Baseline.of(INDEPENDENT.toBytes()).window());
        }
        for (int i = 0; i < rows.size(); i++) {
            Map<String, Object> row = rows.get(i);
            Instant time = BEGIN.plusSeconds(1_000L * i);
            whole.add(SCHEMA.read(row), score(row), time);
            parts.get(random.nextInt(hosts)).add(SCHEMA.read(row), score(row), time);
        }

        Window merged = INDEPENDENT.window();
        parts.forEach(part -> merged.merge(INDEPENDENT.window(part.toBytes())));

        assertThat(merged.counts()).isDeepEqualTo(whole.counts());
        assertThat(merged.clock(1)).isEqualTo(whole.clock(1));
        assertThat(merged.toBytes()).isEqualTo(whole.toBytes());
        assertThat(WindowMonitor.against(INDEPENDENT).close(merged))
                .isEqualTo(WindowMonitor.against(INDEPENDENT).close(whole));
    }

    @Property(tries = 200)
    void whateverTheBytesOfAWindowAreTheyAreReadOrRefused(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        Window window = INDEPENDENT.window();
        hours(INDEPENDENT, 5, 3).get(2).forEach(row -> window.add(SCHEMA.read(row), 1, BEGIN));
        byte[] bytes = broken(random, window.toBytes());

        try {
            WindowMonitor.against(INDEPENDENT).close(INDEPENDENT.window(bytes));
        } catch (DriftFormatException refused) {
            assertThat(refused).hasMessageStartingWith("window: ");
        }
    }

    /** Some bytes changed, or some cut off, with a checksum that says otherwise. */
    private static byte[] broken(SplittableRandom random, byte[] form) {
        byte[] bytes = random.nextInt(3) == 0 ? Arrays.copyOf(form, random.nextInt(10, form.length)) : form.clone();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            bytes[random.nextInt(5, bytes.length - 4)] = (byte) random.nextInt();
        }
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) checksum.getValue());
        return bytes;
    }

    @Test
    void aWindowOfAnotherBaselineIsRefused() {
        assertThatThrownBy(() -> INDEPENDENT.window(TIME_ORDERED.window().toBytes()))
                .isInstanceOf(DriftFormatException.class)
                .hasMessage("window: baseline: another one (expected: " + INDEPENDENT + ')');
        assertThatThrownBy(() -> INDEPENDENT.window(INDEPENDENT.toBytes())).hasMessageContaining("not a window");
    }

    // ---- a monitor's state --------------------------------------------------------------------------------------

    @Test
    void aMonitorThatIsRestoredAnywhereGoesOnAsIfNothingHadHappened() {
        for (Baseline baseline : List.of(INDEPENDENT, TIME_ORDERED)) {
            List<Object> whole = replay(baseline, 0);
            assertThat(whole.toString()).contains("country");
            for (int every : new int[] {1, 3, 7}) {
                assertThat(replay(baseline, every)).isEqualTo(whole);
            }
        }
        assertThat(TIME_ORDERED.isTimeOrdered()).isTrue();
    }

    /** With a restart after every so many windows. */
    private static List<Object> replay(Baseline baseline, int every) {
        WindowMonitor monitor = WindowMonitor.against(baseline, 1, 100);
        List<Object> said = new ArrayList<>();
        int hour = 0;
        for (List<Map<String, Object>> rows : hours(baseline, 2, 16)) {
            Window window = monitor.window();
            double[] scores = new double[rows.size()];
            double[] outcomes = new double[rows.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = score(rows.get(i));
                outcomes[i] = (i * 7 + hour) % 10 < (hour == 9 ? 9 : 3) ? 1 : 0;
                window.add(SCHEMA.read(rows.get(i)), scores[i], BEGIN.plus(Duration.ofHours(hour)));
            }
            WindowReport report = monitor.close(window);
            if (every > 0 && ++hour % every == 0) {
                monitor = WindowMonitor.against(baseline, 1, 100).restored(monitor.save());
            } else if (every == 0) {
                hour++;
            }
            said.add(report);
            said.add(monitor.outcomes(report.window(), scores, outcomes));
        }
        return said;
    }

    @Property(tries = 100)
    void whateverTheBytesOfAStateAreTheyAreReadOrRefused(@ForAll long seed) {
        var monitor = WindowMonitor.against(TIME_ORDERED);
        hours(TIME_ORDERED, 2, 3).forEach(rows -> {
            Window window = monitor.window();
            rows.forEach(row -> window.add(SCHEMA.read(row), score(row), BEGIN));
            monitor.close(window);
        });
        byte[] bytes = broken(new SplittableRandom(seed), monitor.save());

        try {
            WindowMonitor restored = monitor.restored(bytes);
            restored.close(restored.window());
        } catch (DriftFormatException refused) {
            assertThat(refused).hasMessageStartingWith("state: ");
        }
    }

    // ---- a predictor's monitor ----------------------------------------------------------------------------------

    private static Predictor<Map<String, ?>, Double> predictor(DriftMonitor drift, ManualClock clock) {
        return Plimsoll.function(MODEL, DriftStateTest::score)
                .features(SCHEMA)
                .time(clock)
                .with(drift)
                .build();
    }

    /** Predicts all rows, an hour a window; the monitor is replaced in the middle of some windows. */
    private static List<WindowReport> serve(Baseline baseline, UnaryOperator<DriftMonitor> restart) {
        List<WindowReport> reports = new ArrayList<>();
        DriftMonitor drift = DriftMonitor.against(baseline).listener((model, report) -> reports.add(report));
        ManualClock clock = ManualClock.at(BEGIN);
        Predictor<Map<String, ?>, Double> predictor = predictor(drift, clock);
        for (List<Map<String, Object>> rows : hours(baseline, 3, 8)) {
            for (int i = 0; i < rows.size(); i++) {
                if (i == 23) {
                    predictor.close();
                    drift = restart.apply(drift);
                    predictor = predictor(drift, clock);
                }
                predictor.predict(rows.get(i));
            }
            clock.advance(HOUR);
            drift.look();
        }
        predictor.close();
        return reports;
    }

    @Test
    void aRestartInTheMiddleOfAWindowLosesNothing() {
        List<WindowReport> whole = serve(TIME_ORDERED, drift -> drift);
        List<WindowReport> all = serve(TIME_ORDERED, drift -> {
            byte[] state = drift.save();
            DriftMonitor next = drift.baseline(TIME_ORDERED);
            next.restore(state);
            return next;
        });

        assertThat(whole).extracting(WindowReport::rows).containsOnly((long) WINDOW_ROWS);
        assertThat(whole.toString()).contains("country");
        assertThat(all).isEqualTo(whole);
    }

    @Test
    void aStateThatDoesNotBelongHereIsRefused() {
        ManualClock clock = ManualClock.at(BEGIN);
        DriftMonitor drift = DriftMonitor.against(INDEPENDENT);
        byte[] state;
        try (var predictor = predictor(drift, clock)) {
            predictor.predict(Map.of("amount", 1, "hour", 2, "country", "c1"));
            state = drift.save();
            assertThatIllegalStateException()
                    .isThrownBy(() -> drift.restore(state))
                    .withMessageContaining("watched already");
        }
        DriftMonitor other = DriftMonitor.against(TIME_ORDERED);
        other.restore(state);
        assertThat(other.save()).as("what is not watched yet is kept").isEqualTo(state);
        assertThatThrownBy(() -> predictor(other, clock))
                .isInstanceOf(DriftFormatException.class)
                .hasMessageContaining("another one (expected: " + TIME_ORDERED);
        DriftMonitor longer = drift.window(HOUR.multipliedBy(2));
        longer.restore(state);
        assertThatThrownBy(() -> predictor(longer, clock))
                .hasMessageContaining("of another length (expected: windows of PT2H)");
        assertThatThrownBy(() -> longer.restore(new byte[3])).isInstanceOf(DriftFormatException.class);
    }

    @Test
    void theStateOfAnotherVersionIsKeptForIt() {
        ManualClock clock = ManualClock.at(BEGIN);
        DriftMonitor first = DriftMonitor.against(INDEPENDENT);
        try (var predictor = predictor(first, clock)) {
            hours(INDEPENDENT, 3, 3).get(0).forEach(predictor::predict);
        }
        DriftMonitor next = DriftMonitor.against(INDEPENDENT);
        next.restore(first.save());
        ModelId second = new ModelId("shop", "2");
        try (var predictor = Plimsoll.function(second, DriftStateTest::score)
                .features(SCHEMA)
                .time(clock)
                .with(next)
                .build()) {
            hours(INDEPENDENT, 4, 3).get(0).subList(0, 20).forEach(predictor::predict);
            clock.advance(HOUR);
            next.look();
            assertThat(next.reports(second)).extracting(WindowReport::rows).containsExactly(20L);
        }
        DriftMonitor last = DriftMonitor.against(INDEPENDENT);
        last.restore(next.save());
        try (var predictor = predictor(last, clock)) {
            predictor.predict(Map.of("amount", 1, "hour", 2, "country", "c1"));
            last.look();
            assertThat(last.reports(MODEL)).extracting(WindowReport::rows).containsExactly((long) WINDOW_ROWS);
        }
    }

    // ---- many hosts ---------------------------------------------------------------------------------------------

    @Test
    void hostsThatSendTheirWindowsAreWatchedAsOne() {
        List<WindowReport> ofOne = serve(INDEPENDENT, drift -> drift);

        ManualClock clock = ManualClock.at(BEGIN);
        List<byte[]> sent = new ArrayList<>();
        List<WindowReport> ofAll = new ArrayList<>();
        DriftMonitor central = DriftMonitor.against(INDEPENDENT)
                .time(clock)
                .grace(Duration.ofMinutes(1))
                .listener((model, report) -> ofAll.add(report));
        DriftMonitor a = DriftMonitor.against(INDEPENDENT).sendingTo(sent::add, "a");
        DriftMonitor b = DriftMonitor.against(INDEPENDENT).sendingTo(sent::add, "b");
        try (var onA = predictor(a, clock);
                var onB = predictor(b, clock)) {
            for (List<Map<String, Object>> rows : hours(INDEPENDENT, 3, 8)) {
                for (int i = 0; i < rows.size(); i++) {
                    (i % 3 == 0 ? onA : onB).predict(rows.get(i));
                }
                clock.advance(HOUR);
                a.look();
                b.look();
                for (byte[] window : sent) {
                    assertThat(central.merge(window)).isTrue();
                    assertThat(central.merge(window)).as("a second time").isFalse();
                }
                sent.clear();
                clock.advance(Duration.ofMinutes(1));
                central.look();
                clock.setBack(Duration.ofMinutes(1));
            }
        }

        assertThat(ofAll).isEqualTo(ofOne);
        assertThat(a.reports(MODEL)).isEmpty();
    }

    /** What a host sends of an hour in which it predicted some rows. */
    private static byte[] sent(String host, ManualClock clock, List<Map<String, Object>> rows) {
        List<byte[]> sent = new ArrayList<>();
        DriftMonitor sending = DriftMonitor.against(INDEPENDENT).sendingTo(sent::add, host);
        try (var predictor = predictor(sending, clock)) {
            rows.forEach(predictor::predict);
            clock.advance(HOUR);
            sending.look();
        }
        clock.setBack(HOUR);
        return sent.get(0);
    }

    @Test
    void aHostWhoseClockIsAheadEndsNoWindowOfTheOthers() {
        ManualClock clock = ManualClock.at(BEGIN);
        ManualClock ahead = ManualClock.at(BEGIN.plus(Duration.ofDays(365)));
        List<Map<String, Object>> rows = hours(INDEPENDENT, 3, 3).get(0);
        DriftMonitor central = DriftMonitor.against(INDEPENDENT).time(clock);

        assertThat(central.merge(sent("a", clock, rows))).isTrue();
        assertThat(central.merge(sent("lost in time", ahead, rows))).isFalse();
        assertThat(central.look()).isEmpty();
        assertThat(central.reports(MODEL)).isEmpty();
        assertThat(central.merge(sent("b", clock, rows))).isTrue();
        clock.advance(HOUR);
        central.look();

        assertThat(central.reports(MODEL)).extracting(WindowReport::rows).containsExactly(2L * WINDOW_ROWS);
    }

    @Test
    void twoHostsOfOneNameAreNotedAndNothingCountsTwice() {
        ManualClock clock = ManualClock.at(BEGIN);
        var registry = new SimpleMeterRegistry();
        List<Map<String, Object>> rows = hours(INDEPENDENT, 3, 3).get(0);
        byte[] ofOne = sent("a", clock, rows);
        byte[] ofOther = sent("a", clock, rows.subList(0, 25));
        DriftMonitor before = DriftMonitor.against(INDEPENDENT).time(clock);
        before.merge(ofOne);
        DriftMonitor central = DriftMonitor.against(INDEPENDENT).time(clock);
        central.restore(before.save());
        try (var predictor = Plimsoll.function(MODEL, DriftStateTest::score)
                .features(SCHEMA)
                .time(clock)
                .with(central)
                .with(PredictionMetrics.to(registry))
                .build()) {
            assertThat(central.merge(ofOne)).isFalse();
            assertThat(central.merge(ofOther)).isFalse();
            clock.advance(HOUR);
            central.look();

            assertThat(central.reports(MODEL)).extracting(WindowReport::rows).containsExactly((long) WINDOW_ROWS);
            assertThat(registry.get("ml.drift.rows")
                            .tag("result", "dropped")
                            .functionCounter()
                            .count())
                    .as("of the other one only, not of what was delivered twice")
                    .isEqualTo(25);
        }
    }

    @Test
    void aWindowThatComesTooLateOrFromElsewhereIsNotAdded() {
        ManualClock clock = ManualClock.at(BEGIN);
        List<byte[]> sent = new ArrayList<>();
        DriftMonitor sending = DriftMonitor.against(INDEPENDENT).sendingTo(sent::add, "a");
        try (var predictor = predictor(sending, clock)) {
            for (int i = 0; i < 3; i++) {
                predictor.predict(Map.of("amount", 1, "hour", 2, "country", "c1"));
                clock.advance(HOUR);
                sending.look();
            }
        }
        DriftMonitor central = DriftMonitor.against(INDEPENDENT).time(clock);
        assertThat(central.merge(sent.get(1))).isTrue();
        central.look();

        assertThat(central.merge(sent.get(0))).isFalse();
        assertThat(central.merge(sent.get(2))).isTrue();
        DriftMonitor shorter = central.window(Duration.ofMinutes(10));
        assertThatThrownBy(() -> shorter.merge(sent.get(0)))
                .isInstanceOf(DriftFormatException.class)
                .hasMessage("window: time: 3600000 ms (expected: windows of PT10M)");
        assertThatThrownBy(() -> DriftMonitor.against(TIME_ORDERED).merge(sent.get(0)))
                .hasMessageContaining("another one (expected: " + TIME_ORDERED);
        assertThatThrownBy(() -> DriftMonitor.falseAlarms(1).perWindows(100).merge(sent.get(0)))
                .hasMessageContaining("model: shop:1 (expected: one of []");
        assertThatThrownBy(() -> central.merge(INDEPENDENT.window().toBytes())).hasMessageContaining("not a window");
    }
}

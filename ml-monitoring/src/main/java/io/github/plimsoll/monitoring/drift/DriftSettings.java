package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.model.ModelId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** How a monitor was configured. Not changed any more once a monitor has it. */
final class DriftSettings {

    private static final int MAX_GRACE = 6; // windows

    double falseAlarms = 1;

    @Nullable
    Duration perTime;

    double perWindows;

    @Nullable
    Duration window = Duration.ofHours(1); // null for windows of rows

    int windowRows;
    Duration grace = Duration.ZERO;

    @Nullable
    String timeFeature;

    @Nullable
    Executor executor;

    @Nullable
    TimeSource time; // null for the predictor's

    List<Season> seasons = List.of();
    List<BiConsumer<? super ModelId, ? super WindowReport>> listeners = List.of();

    @Nullable
    Forwarding forwarding;

    ToDoubleFunction<Object> score = DriftRecording::number;

    DriftSettings() {}

    DriftSettings(DriftSettings original) {
        falseAlarms = original.falseAlarms;
        perTime = original.perTime;
        perWindows = original.perWindows;
        window = original.window;
        windowRows = original.windowRows;
        grace = original.grace;
        timeFeature = original.timeFeature;
        executor = original.executor;
        time = original.time;
        seasons = original.seasons;
        listeners = original.listeners;
        forwarding = original.forwarding;
        score = original.score;
    }

    /** An announced time in which the mix of rows is another. */
    record Season(Instant from, Instant until) {}

    /** Where windows are sent that another host compares. */
    record Forwarding(String host, Consumer<? super byte[]> transport) {}

    boolean isByRows() {
        return window == null;
    }

    long windowMillis() {
        return window == null ? 0 : window.toMillis();
    }

    /** At most six windows: the ninth could not be opened else, and without rows of it the first would never be over. */
    long graceMillis() {
        return Math.min(grace.toMillis(), MAX_GRACE * windowMillis());
    }

    /** The share of windows in which a false alarm is acceptable. */
    double alpha() {
        if (perTime == null) {
            return falseAlarms / perWindows;
        }
        if (window == null) {
            throw new IllegalStateException("windows of " + windowRows + " rows: how many there are in " + perTime
                    + " is not known (expected: a budget perWindows)");
        }
        return falseAlarms * window.toMillis() / perTime.toMillis();
    }

    boolean isInSeason(long fromMillis, long untilMillis) {
        return seasons.stream()
                .anyMatch(season -> season.from().toEpochMilli() <= untilMillis
                        && season.until().toEpochMilli() > fromMillis);
    }

    /** The windows in words. */
    String words() {
        return window == null ? "windows of " + windowRows + " rows" : "windows of " + window;
    }

    @Override
    public String toString() {
        return number(falseAlarms) + (falseAlarms == 1 ? " false alarm" : " false alarms") + " in "
                + (perTime == null ? number(perWindows) + " windows" : perTime) + ", " + words()
                + (timeFeature == null ? "" : " by '" + timeFeature + "'")
                + (grace.isZero() ? "" : ", " + grace + " of grace")
                + (seasons.isEmpty() ? "" : ", " + seasons.size() + " seasons announced")
                + (forwarding != null
                        ? ", sent on by '" + forwarding.host() + "'"
                        : executor == null ? ", compared when asked" : ", compared on an executor");
    }

    private static String number(double value) {
        return Words.number(value);
    }
}

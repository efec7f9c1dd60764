package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One version of a model under watch: its rows, its open windows, its history. Thread-safe. */
final class Watch {

    // Predicting threads touch the recorder and two flags. All else is guarded by `work`, which a
    // predicting thread only tries, and only to count rows when there is no executor. Reports are told
    // after it is released.

    private static final Logger LOG = LoggerFactory.getLogger(DriftMonitor.class);
    static final String LETTERS = "PLWA";

    private static final int MAX_OPEN = 8;
    private static final int MAX_REPORTS = 100;
    private static final int BLOCKS_IN_WINDOW = 8;

    final ModelId model;
    final Baseline baseline;
    private final DriftSettings settings;
    private final TimeSource time;
    private final RowRecorder recorder;
    private final ReentrantLock work = new ReentrantLock();
    private final TreeMap<Long, OpenWindow> open = new TreeMap<>();
    private final Deque<WindowReport> reports = new ArrayDeque<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger predictors = new AtomicInteger();
    private final AtomicBoolean measured = new AtomicBoolean();
    private final LongAdder counted = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder alarms = new LongAdder();
    private volatile WindowMonitor monitor; // replaced when a state is restored
    private long newest; // the index of the newest window that was opened
    private long closed; // the index of the last window that was closed
    private volatile double[] missing;
    private volatile Map<String, State> states = Map.of();

    /** When a window may be over; a predicting thread whose call is later has it looked at. */
    private volatile long due;

    /** A window to which rows may still be added. */
    private static final class OpenWindow {
        private final Window window;
        private final Map<String, Long> hosts =
                new TreeMap<>(); // whose windows were merged into it, with their checksums
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        private OpenWindow(Window window) {
            this.window = window;
        }
    }

    /** What windows that were closed came to, to be told when the lock is released. */
    private record Closing(List<WindowReport> said, List<byte[]> sent) {}

    Watch(ModelId model, Baseline baseline, DriftSettings settings, TimeSource time) {
        this.model = model;
        this.baseline = baseline;
        this.settings = settings;
        this.time = time;
        monitor = WindowMonitor.against(baseline, settings.alpha(), 1);
        recorder = new RowRecorder(
                baseline.layout.encoder,
                settings.isByRows() ? Math.max(1, settings.windowRows / BLOCKS_IN_WINDOW) : Integer.MAX_VALUE);
        missing = new double[baseline.features().size()];
        Arrays.fill(missing, Double.NaN);
        if (settings.isByRows()) {
            newest = 0;
            closed = -1;
            due = Long.MAX_VALUE;
        } else {
            newest = Long.MIN_VALUE;
            closed = Long.MIN_VALUE;
            due = settings.timeFeature == null ? end(index(time.currentTimeMillis())) : Long.MIN_VALUE;
        }
    }

    private long index(long millis) {
        return Math.floorDiv(millis, settings.windowMillis());
    }

    /** When a window may be closed. */
    private long end(long index) {
        return (index + 1) * settings.windowMillis() + settings.graceMillis();
    }

    // ---- recording: on predicting threads -----------------------------------------------------------------------

    void record(RowReader reader, FeatureRow row, double score, @Nullable String label, double fallback, long millis) {
        boolean filled = recorder.record(reader, row, score, label, fallback, millis);
        if (filled || millis >= due) {
            wake(filled);
        }
    }

    private void wake(boolean filled) {
        Executor executor = settings.executor;
        if (executor != null) {
            if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
                try {
                    executor.execute(this::run);
                } catch (RejectedExecutionException refused) {
                    // The next one asks again; what finds no place meanwhile is counted as dropped.
                    scheduled.set(false);
                } catch (RuntimeException failure) {
                    scheduled.set(false);
                    LOG.error("{}: the executor of the drift monitor failed; it is asked again", model, failure);
                }
            }
        } else if (filled && work.tryLock()) {
            try {
                while (!isFull() && countBlock(null)) {} // else whoever looks makes place
            } finally {
                work.unlock();
            }
        }
    }

    private void run() {
        scheduled.set(false);
        look();
    }

    // ---- counting and comparing ---------------------------------------------------------------------------------

    /** Counts what was recorded and compares the windows that are over; tells what opened. */
    List<Incident> look() {
        Closing closing = new Closing(new ArrayList<>(), new ArrayList<>());
        work.lock();
        try {
            recorder.seal();
            count(closing);
            closeOver(closing);
        } finally {
            work.unlock();
        }
        List<Incident> incidents = new ArrayList<>();
        for (WindowReport report : closing.said) {
            incidents.addAll(report.incidents());
            tell(report);
        }
        DriftSettings.Forwarding forwarding = settings.forwarding;
        if (forwarding != null) {
            closing.sent.forEach(bytes -> quietly(() -> forwarding.transport().accept(bytes)));
        }
        return incidents;
    }

    /** Whether no predictor is open. */
    boolean isIdle() {
        return predictors.get() == 0;
    }

    private void tell(WindowReport report) {
        settings.listeners.forEach(listener -> quietly(() -> listener.accept(model, report)));
    }

    private void quietly(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            LOG.error("{}: a listener of the drift monitor failed; the others are still told", model, failure);
        }
    }

    private void count(@Nullable Closing closing) {
        while (countBlock(closing)) {}
    }

    /** Counts one block, if one waits; where there is no place for a new window, closes what is over by then. */
    private boolean countBlock(@Nullable Closing closing) {
        int index = recorder.take();
        if (index < 0) {
            return false;
        }
        long now = time.currentTimeMillis();
        try {
            RowBlock block = recorder.block(index);
            for (int row = 0; row < block.size; row++) {
                long millis = block.time(row);
                OpenWindow into = windowOf(millis, now);
                if (into == null && closing != null && isFull() && end(open.firstKey()) <= millis) {
                    close(closing);
                    into = windowOf(millis, now);
                }
                if (into == null) {
                    lost.increment();
                } else {
                    block.count(row, into.window);
                    into.first = Math.min(into.first, millis);
                    into.last = Math.max(into.last, millis);
                    (into == open.lastEntry().getValue() ? counted : late).increment();
                }
            }
        } finally {
            recorder.free(index);
        }
        return true;
    }

    private boolean isFull() {
        return open.size() == MAX_OPEN;
    }

    private @Nullable OpenWindow windowOf(long millis, long now) {
        if (settings.isByRows()) {
            OpenWindow current = open.get(newest);
            if (current != null && current.window.rows() >= settings.windowRows) {
                newest++;
            }
            return openWindow(newest);
        }
        long index = index(millis);
        if (settings.timeFeature != null) {
            if (index <= closed || millis > now + settings.windowMillis()) { // over, or not to be believed
                return null;
            }
        } else if (index <= closed) {
            index = closed + 1; // the clock went back a little: the row has just come in, whatever it says
        }
        return openWindow(index);
    }

    private @Nullable OpenWindow openWindow(long index) {
        OpenWindow known = open.get(index);
        if (known == null && !isFull()) {
            known = new OpenWindow(baseline.window());
            open.put(index, known);
            newest = Math.max(newest, index);
        }
        return known;
    }

    private void closeOver(Closing closing) {
        if (settings.isByRows()) {
            while (!open.isEmpty() && open.firstEntry().getValue().window.rows() >= settings.windowRows) {
                close(closing);
            }
            return;
        }
        long now = time.currentTimeMillis();
        boolean byClock = settings.timeFeature == null;
        if (byClock
                && newest != Long.MIN_VALUE
                && index(now) < newest - 1) { // the clock went back by more than a window
            while (!open.isEmpty()) {
                close(closing);
            }
            closed = index(now) - 1;
            newest = closed;
        }
        while (!open.isEmpty()) {
            long reached = byClock
                    ? now
                    : open.values().stream()
                            .mapToLong(window -> window.last)
                            .max()
                            .orElse(Long.MIN_VALUE);
            if (reached < end(open.firstKey())) {
                break;
            }
            close(closing);
        }
        due = open.isEmpty() ? byClock ? end(index(now)) : Long.MIN_VALUE : end(open.firstKey());
    }

    private void close(Closing closing) {
        Map.Entry<Long, OpenWindow> over = open.pollFirstEntry();
        closed = over.getKey();
        OpenWindow window = over.getValue();
        DriftSettings.Forwarding forwarding = settings.forwarding;
        if (forwarding != null) {
            closing.sent.add(new SentWindow(
                            model,
                            forwarding.host(),
                            settings.windowMillis(),
                            closed,
                            window.first,
                            window.last,
                            window.window)
                    .toBytes(baseline));
            return;
        }
        long from = settings.isByRows() ? window.first : closed * settings.windowMillis();
        long until = settings.isByRows() ? window.last : (closed + 1) * settings.windowMillis() - 1;
        WindowReport report =
                settings.isInSeason(from, until) ? monitor.closeInSeason(window.window) : monitor.close(window.window);
        double[] shares = new double[missing.length];
        for (int column = 0; column < shares.length; column++) {
            shares[column] = window.window.missing(column);
        }
        missing = shares;
        states = report.states();
        alarms.add(report.incidents().size());
        reports.addLast(report);
        if (reports.size() > MAX_REPORTS) {
            reports.removeFirst();
        }
        closing.said.add(report);
    }

    List<WindowReport> reports() {
        work.lock();
        try {
            return List.copyOf(reports);
        } finally {
            work.unlock();
        }
    }

    Map<String, State> states() {
        return states;
    }

    List<Incident> outcomes(long window, double[] predictions, double[] outcomes) {
        List<Incident> opened = monitor.outcomes(window, predictions, outcomes);
        alarms.add(opened.size());
        return opened;
    }

    // ---- many hosts ---------------------------------------------------------------------------------------------

    /** Adds a window of another host to the open one of the same time; tells whether it was new and in time. */
    boolean merge(byte[] bytes) {
        SentWindow sent = SentWindow.read(bytes, baseline);
        if (settings.isByRows() || sent.millis() != settings.windowMillis()) {
            throw new DriftFormatException(
                    "window: time: " + sent.millis() + " ms (expected: " + settings.words() + ')', null);
        }
        boolean added = merge(sent, SentWindow.checksum(bytes));
        if (time.currentTimeMillis() >= due) {
            wake(false);
        }
        return added;
    }

    private boolean merge(SentWindow sent, long checksum) {
        long now = time.currentTimeMillis();
        work.lock();
        try {
            boolean isInTime =
                    sent.index() > closed && sent.index() <= index(now) + 1; // else over, or not to be believed
            OpenWindow into = isInTime ? openWindow(sent.index()) : null;
            if (into == null) {
                lost.add(sent.window().rows());
                return false;
            }
            Long before = into.hosts.putIfAbsent(sent.host(), checksum);
            if (before != null) {
                if (before != checksum) { // another process has the name, or one goes on from before it sent the window
                    lost.add(sent.window().rows());
                    LOG.warn("{}: a second window of host '{}' for the same time is left out", model, sent.host());
                }
                return false;
            }
            into.window.merge(sent.window());
            into.first = Math.min(into.first, sent.first());
            into.last = Math.max(into.last, sent.last());
            counted.add(sent.window().rows());
            due = Math.min(due, end(open.firstKey()));
            return true;
        } finally {
            work.unlock();
        }
    }

    // ---- state --------------------------------------------------------------------------------------------------

    byte[] save() {
        FormWriter out = new FormWriter(LETTERS);
        work.lock();
        try {
            recorder.seal();
            count(null);
            out.text(baseline.fingerprint()).whole(settings.windowMillis()).whole(settings.windowRows);
            out.signed(newest).signed(closed).part(monitor.save()).whole(open.size());
            open.forEach((index, window) -> {
                out.signed(index).signed(window.first).signed(window.last).whole(window.hosts.size());
                window.hosts.forEach((host, checksum) -> out.text(host).whole(checksum));
                window.window.write(out);
            });
            return out.finish();
        } finally {
            work.unlock();
        }
    }

    /** Goes on where another watch was written; before any row. */
    void read(FormReader in) {
        work.lock();
        try {
            baseline.checkIsOfThis(in);
            if (in.whole() != settings.windowMillis() || in.whole() != settings.windowRows) {
                throw in.wrong("windows of " + model, "of another length (expected: " + settings.words() + ')');
            }
            newest = in.signed();
            closed = in.signed();
            monitor = monitor.restored(in.part());
            for (int size = in.whole(MAX_OPEN); open.size() < size; ) {
                long index = in.signed();
                OpenWindow window = new OpenWindow(baseline.window());
                window.first = in.signed();
                window.last = in.signed();
                for (int hosts = in.length(2); window.hosts.size() < hosts; ) {
                    if (window.hosts.put(in.text(), in.whole()) != null) {
                        throw in.wrong("hosts of " + model, "one stands twice");
                    }
                }
                window.window.read(in);
                if (open.put(index, window) != null) {
                    throw in.wrong("windows of " + model, "one stands twice");
                }
            }
            if (!settings.isByRows() && !open.isEmpty()) {
                due = Math.min(due, end(open.firstKey()));
            }
        } finally {
            work.unlock();
        }
    }

    // ---- measurements -------------------------------------------------------------------------------------------

    /** Takes note of a predictor, and has the numbers shown for as long as it is open, unless another one shows them. */
    void join(Assembly<?, ?> assembly) {
        predictors.incrementAndGet();
        assembly.onClose(predictors::decrementAndGet);
        if (!measured.compareAndSet(false, true)) {
            return;
        }
        assembly.onClose(() -> measured.set(false));
        assembly.measure(new Measurement(PredictionMeter.DRIFT_ALARMS, Map.of(), alarms::doubleValue));
        Map.<String, DoubleSupplier>of(
                        "counted", counted::doubleValue,
                        "late", late::doubleValue,
                        "dropped", () -> (double) recorder.dropped() + lost.sum())
                .forEach((result, rows) -> assembly.measure(
                        new Measurement(PredictionMeter.DRIFT_ROWS, Map.of(Tag.RESULT, result), rows)));
        List<String> features = baseline.features();
        for (int i = 0; i < features.size(); i++) {
            int column = i;
            String name = features.get(i);
            Map<Tag, String> tags = Map.of(Tag.FEATURE, name);
            assembly.measure(new Measurement(PredictionMeter.DRIFT_SCORE, tags, () -> monitor.score(column)));
            assembly.measure(new Measurement(PredictionMeter.DRIFT_STATE, tags, () -> state(name)));
            assembly.measure(new Measurement(PredictionMeter.DRIFT_MISSING, tags, () -> missing[column]));
        }
    }

    private double state(String feature) {
        return switch (states.getOrDefault(feature, State.NOT_ENOUGH_DATA)) {
            case OK -> 0;
            case WARN -> 1;
            case DRIFT -> 2;
            case RECOVERED -> 3;
            case NOT_ENOUGH_DATA -> Double.NaN;
        };
    }

    @Override
    public String toString() {
        return model + " against " + baseline;
    }
}

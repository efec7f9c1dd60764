package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Tells when what a predictor is asked and answers is no longer what it was in the baseline: another unit, a new category, a
 * field that is gone, two columns swapped, another mix of rows, predictions that moved, and so on, see {@link Incident.Kind}.
 *
 * <pre>{@code
 * DriftMonitor drift = DriftMonitor.falseAlarms(1).per(Duration.ofDays(90))    // against the baseline in the package
 *         .window(Duration.ofHours(1))
 *         .on(executor)
 *         .listener((model, report) -> report.incidents().forEach(incident -> LOG.warn("{}: {}", model, incident)));
 * var risk = Plimsoll.load(folder).as(Applicant.class, Output.probabilityOf("default")).with(drift).build();
 * }</pre>
 *
 * <p><b>The one knob is the budget</b>: how many false alarms are acceptable in which time, over all features and everything
 * that is tested. How it is kept, on independent rows and on rows that depend on each other, is told at {@link WindowMonitor},
 * which this monitor feeds.
 *
 * <p><b>On predicting threads</b> rows are only copied, to blocks that are used again: nanoseconds a feature, no allocation, no
 * waiting. Every row counts that could be read at all: of failed calls, of cache hits and of fallbacks, with features that are
 * missing or could not be read. What counts is what the model was given, after repairs. A prediction is watched as the number
 * that it is, a decision as 0 or 1, a label as a category, probabilities of classes as their label and the highest of them; see
 * {@link #score} for any other number. Of rows with texts or tensors a reference is kept until they are counted; what is watched
 * of these is computed then.
 *
 * <p><b>All else happens on the {@linkplain #on executor}</b>, when a block is full or a window is over, or on the thread that
 * asks by {@link #look}. Without an executor, nothing is compared until somebody looks; full blocks are then counted by the
 * thread that filled one. Nothing runs by itself.
 *
 * <p><b>Memory is bounded</b>: by 64 blocks of some 4,096 values each, and one more for each of at most 32 threads at a time; by
 * 64 MB of texts and tensors that wait to be counted, and 1 MB or a single row more for each of these threads; 8
 * open windows and the last 100 reports for each version of a model. Rows for which there is no place are dropped and counted, in
 * {@link io.github.plimsoll.core.meter.PredictionMeter#DRIFT_ROWS}.
 *
 * <p><b>Versions.</b> Each version of a model has a history of its own, against the baseline in its own package or the one that
 * was handed in. Predictors of the same version share their monitor's history. Of versions without an open predictor the last 8
 * are kept, for outcomes that are still to come.
 *
 * <p>The configuration is immutable: the methods that change it return another monitor that has seen nothing. Thread-safe.
 *
 * @since 0.1
 */
public final class DriftMonitor implements Capability<Object, Object> {

    private static final String LETTERS = "PLDS";
    private static final Duration DEFAULT_BUDGET = Duration.ofDays(90);
    private static final double MAX_ALPHA = 0.1;
    private static final int MAX_IDLE = 8;

    private final @Nullable Baseline baseline;
    private final DriftSettings settings;
    private final Map<ModelId, Watch> watches = new LinkedHashMap<>(); // guarded by itself, as is the next
    private final Map<ModelId, byte[]> restored = new LinkedHashMap<>(); // states of versions that are not watched yet

    private DriftMonitor(@Nullable Baseline baseline, DriftSettings settings) {
        this.baseline = baseline;
        this.settings = settings;
    }

    /** A number of false alarms, of which has to be said in what. */
    public static final class FalseAlarms {

        private final double count;

        private FalseAlarms(double count) {
            this.count = count;
        }

        /**
         * A monitor with this budget, for windows of an hour.
         *
         * @param time in which time so many false alarms are acceptable
         * @return a monitor against the baseline in the model's package
         * @throws IllegalArgumentException if that is not more than none and less than one in ten windows
         */
        public DriftMonitor per(Duration time) {
            return of(Objects.requireNonNull(time), 0);
        }

        /**
         * A monitor with this budget, for windows of an hour.
         *
         * @param windows in how many windows so many false alarms are acceptable
         * @return a monitor against the baseline in the model's package
         * @throws IllegalArgumentException if that is not more than none and less than one in ten windows
         */
        public DriftMonitor perWindows(double windows) {
            return of(null, windows);
        }

        private DriftMonitor of(@Nullable Duration time, double windows) {
            DriftSettings settings = new DriftSettings();
            settings.falseAlarms = count;
            settings.perTime = time;
            settings.perWindows = windows;
            return new DriftMonitor(null, checked(settings));
        }

        /** The number in words. */
        @Override
        public String toString() {
            return Words.number(count) + " false alarms";
        }
    }

    /**
     * Begins a monitor with its budget.
     *
     * @param count how many false alarms are acceptable, over all features
     * @return to be continued with the time or the number of windows that this holds for
     */
    public static FalseAlarms falseAlarms(double count) {
        return new FalseAlarms(count);
    }

    /**
     * A monitor with a budget of one false alarm in 90 days, for windows of an hour.
     *
     * @param baseline what rows and predictions were like when all was well
     * @return the monitor
     */
    public static DriftMonitor against(Baseline baseline) {
        return falseAlarms(1).per(DEFAULT_BUDGET).baseline(baseline);
    }

    private static DriftSettings checked(DriftSettings settings) {
        double alpha = settings.alpha();
        if (!(alpha > 0 && alpha < MAX_ALPHA)) {
            throw new IllegalArgumentException(
                    "false alarms: " + settings + " (expected: more than none and less than one in ten windows)");
        }
        return settings;
    }

    private DriftMonitor with(Consumer<DriftSettings> change) {
        DriftSettings changed = new DriftSettings(settings);
        change.accept(changed);
        return new DriftMonitor(baseline, checked(changed));
    }

    // ---- configuration ------------------------------------------------------------------------------------------

    /**
     * This monitor, comparing with a baseline that is handed in, whatever is in the model's package.
     *
     * @param other what rows and predictions were like when all was well
     * @return another monitor
     */
    public DriftMonitor baseline(Baseline other) {
        return new DriftMonitor(Objects.requireNonNull(other), settings);
    }

    /**
     * This monitor with windows of some time, which begin at multiples of it since 1970-01-01T00:00Z: by the predictor's clock,
     * when calls came in, or by {@link #timeFrom a feature}.
     *
     * @param length how long a window is, at least a millisecond
     * @return another monitor
     * @throws IllegalArgumentException if it is shorter, or the budget comes to one false alarm in ten windows or more
     */
    public DriftMonitor window(Duration length) {
        if (length.toMillis() < 1) {
            throw new IllegalArgumentException("window: " + length + " (expected: at least a millisecond)");
        }
        return with(changed -> {
            changed.window = length;
            changed.windowRows = 0;
        });
    }

    /**
     * This monitor with windows of some rows, in the order in which these are counted.
     *
     * @param rows how many rows a window has, at least 20
     * @return another monitor
     * @throws IllegalArgumentException if there are fewer
     * @throws IllegalStateException if the budget is for some time: how many windows that has cannot be known
     */
    public DriftMonitor windowRows(int rows) {
        if (rows < Baseline.MIN_WINDOW) {
            throw new IllegalArgumentException("window rows: " + rows + " (expected: >= " + Baseline.MIN_WINDOW + ")");
        }
        return with(changed -> {
            changed.window = null;
            changed.windowRows = rows;
        });
    }

    /**
     * This monitor, keeping each window of time open for some longer, for rows that come late or windows of other hosts. Later
     * ones are dropped and counted. By the predictor's clock, no row is ever too late: it counts for the window that is open.
     *
     * @param time how long, none unless given; more than six windows count as six, as no more than 8 are open
     * @return another monitor
     * @throws IllegalArgumentException if it is negative
     */
    public DriftMonitor grace(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("grace: " + time + " (expected: >= 0)");
        }
        return with(changed -> changed.grace = time);
    }

    /**
     * This monitor, taking the time of a row from a feature. A window is over when a row of a later one has come in, and the
     * grace is over. Rows without a value there are of the time when they came in; rows that are ahead of the predictor's clock
     * by more than a window are dropped and counted.
     *
     * @param feature the name of a feature of type timestamp
     * @return another monitor
     */
    public DriftMonitor timeFrom(String feature) {
        Objects.requireNonNull(feature);
        return with(changed -> changed.timeFeature = feature);
    }

    /**
     * This monitor with a clock of its own, for one that watches no predictor itself; it takes the predictor's else.
     *
     * @param source where the time comes from
     * @return another monitor
     */
    public DriftMonitor time(TimeSource source) {
        Objects.requireNonNull(source);
        return with(changed -> changed.time = source);
    }

    /**
     * This monitor, counting and comparing on an executor: at most one task for each version of a model at a time. If it
     * refuses one, the next call asks again.
     *
     * @param executor the host's executor, which must not run tasks on the thread that hands them in
     * @return another monitor
     */
    public DriftMonitor on(Executor executor) {
        Objects.requireNonNull(executor);
        return with(changed -> changed.executor = executor);
    }

    /**
     * This monitor, knowing of a season, such as a sale: in windows that touch it only that is reported which no season
     * explains, see {@link WindowMonitor#closeInSeason}.
     *
     * @param from when it begins
     * @param until when it is over
     * @return another monitor, which knows of all seasons that were announced
     * @throws IllegalArgumentException if it ends before it begins
     */
    public DriftMonitor season(Instant from, Instant until) {
        if (!from.isBefore(until)) {
            throw new IllegalArgumentException(
                    "season: " + from + " to " + until + " (expected: an end after the beginning)");
        }
        return with(changed -> changed.seasons = plus(changed.seasons, new DriftSettings.Season(from, until)));
    }

    /**
     * This monitor, telling of each window that it has compared, on the thread that did so: in order, as long as only the
     * executor or only one thread compares. What it throws is logged.
     *
     * @param listener told of the model's version and of what the window came to
     * @return another monitor, which tells all listeners that were given
     */
    public DriftMonitor listener(BiConsumer<? super ModelId, ? super WindowReport> listener) {
        Objects.requireNonNull(listener);
        return with(changed -> changed.listeners = plus(changed.listeners, listener));
    }

    /**
     * This monitor, watching predictions by the number that a function makes of an answer.
     *
     * @param function called on predicting threads with each answer; NaN for one that has no number
     * @return another monitor
     */
    public DriftMonitor score(ToDoubleFunction<Object> function) {
        Objects.requireNonNull(function);
        return with(changed -> changed.score = function);
    }

    /**
     * This monitor, comparing nothing itself: each window that is over is handed on, for the monitor of another process to
     * {@link #merge}. Windows have to be of time, and of the same length there.
     *
     * @param host a name for this process that no other one has
     * @param transport is given each window that is over, by the thread that would have compared it; what it throws is logged
     * @return another monitor
     */
    public DriftMonitor sendingTo(Consumer<? super byte[]> transport, String host) {
        DriftSettings.Forwarding forwarding =
                new DriftSettings.Forwarding(Objects.requireNonNull(host), Objects.requireNonNull(transport));
        return with(changed -> changed.forwarding = forwarding);
    }

    private static <T> List<T> plus(List<T> some, T more) {
        List<T> all = new ArrayList<>(some);
        all.add(more);
        return List.copyOf(all);
    }

    // ---- watching -----------------------------------------------------------------------------------------------

    /**
     * Adds a listener that copies the predictor's rows.
     *
     * @throws IllegalStateException if there is no baseline, neither handed in nor in the package; if the predictor does not
     *     read the baseline's features; or if there is no timestamp of the name given to {@link #timeFrom}
     * @throws DriftFormatException if the baseline in the package, or the restored state of this version, cannot be read
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (assembly.features().isEmpty()) {
            throw new IllegalStateException(
                    "DriftMonitor: the predictor reads no features (expected: a schema, given to as or features)");
        }
        Watch watch = watch(assembly);
        RowReader reader;
        RowTime rowTime;
        try {
            rowTime = RowTime.of(settings.timeFeature, assembly.features());
        } catch (IllegalArgumentException none) {
            throw new IllegalStateException("DriftMonitor: " + none.getMessage(), none);
        }
        try {
            reader = watch.baseline.layout.encoder.reader(assembly.features());
        } catch (IllegalArgumentException mismatch) {
            throw new IllegalStateException(
                    "DriftMonitor: the baseline does not fit: " + mismatch.getMessage(), mismatch);
        }
        watch.join(assembly);
        assembly.add(new DriftRecording(watch, reader, rowTime, settings.score));
    }

    private Watch watch(Assembly<?, ?> assembly) {
        synchronized (watches) {
            ModelId model = assembly.model().id();
            Watch known = watches.get(model);
            if (known != null) {
                return known;
            }
            return open(
                    model,
                    assembly.time(),
                    baseline != null
                            ? baseline
                            : assembly.modelPackage()
                                    .flatMap(files -> files.part(Baseline.PACKAGE_PART))
                                    .map(Baseline::read)
                                    .orElseThrow(
                                            () -> new IllegalStateException("DriftMonitor: no baseline for " + model
                                                    + " (expected: a part '" + Baseline.PACKAGE_PART
                                                    + "' of the model's package, or one handed in)")));
        }
    }

    /** With the lock held. */
    private Watch open(ModelId model, TimeSource time, Baseline against) {
        Watch watch = new Watch(model, against, settings, settings.time == null ? time : settings.time);
        byte[] state = restored.get(model);
        if (state != null) {
            FormReader.read("state", Watch.LETTERS, state, in -> {
                watch.read(in);
                return watch;
            });
        }
        restored.remove(model);
        drop(watches, Watch::isIdle);
        watches.put(model, watch);
        return watch;
    }

    /** Drops the first of those that are idle if there are too many. */
    private static <T> void drop(Map<ModelId, T> versions, Predicate<T> isIdle) {
        List<ModelId> idle = versions.keySet().stream()
                .filter(version -> isIdle.test(versions.get(version)))
                .toList();
        idle.subList(0, Math.max(0, idle.size() - MAX_IDLE)).forEach(versions::remove);
    }

    private List<Watch> all() {
        synchronized (watches) {
            return List.copyOf(watches.values());
        }
    }

    private Watch watch(ModelId model) {
        synchronized (watches) {
            Watch known = watches.get(model);
            if (known == null) {
                throw new IllegalArgumentException("model: " + model + " (expected: one of " + watches.keySet() + ')');
            }
            return known;
        }
    }

    /**
     * Counts all rows that were recorded so far, and compares the windows that are over, on this thread.
     *
     * @return the incidents that opened, of all versions
     */
    public List<Incident> look() {
        List<Incident> opened = new ArrayList<>();
        all().forEach(watch -> opened.addAll(watch.look()));
        return opened;
    }

    /**
     * What the last windows came to.
     *
     * @param model a version that is watched
     * @return an immutable list of at most 100 reports, the newest last
     * @throws IllegalArgumentException if the version is not watched
     */
    public List<WindowReport> reports(ModelId model) {
        return watch(model).reports();
    }

    /**
     * How the features stand.
     *
     * @param model a version that is watched
     * @return an immutable map in the order of the features, then what is computed of them, the answers last; empty before the first window is over
     * @throws IllegalArgumentException if the version is not watched
     */
    public Map<String, State> states(ModelId model) {
        return watch(model).states();
    }

    /**
     * Compares the outcomes of a window with those of the baseline, when they have become known.
     *
     * @param model a version that is watched
     * @param window the window's number, see {@link WindowReport#window}
     * @param predictions the predictions of its rows, or of those whose outcomes are known
     * @param outcomes what came true of each
     * @return an incident if one opens
     * @throws IllegalArgumentException if the version is not watched, or there are not as many outcomes as predictions
     * @see WindowMonitor#outcomes
     */
    public List<Incident> outcomes(ModelId model, long window, double[] predictions, double[] outcomes) {
        return watch(model).outcomes(window, predictions, outcomes);
    }

    // ---- many hosts and restarts --------------------------------------------------------------------------------

    /**
     * Adds a window that another process has sent to the open one of the same time, as if this process had seen its rows. A
     * window that was added before changes nothing, and so does another one of the same host and time, whose rows are counted
     * as dropped: a host goes on from a state that it saved before it sent the window, or two have the same name.
     *
     * @param window what the transport of a {@linkplain #sendingTo sending} monitor was given
     * @return whether it was added; false for one that was added before, and for one that came too late or is of a time that is
     *     ahead of this process's clock by more than a window, whose rows are counted as dropped
     * @throws DriftFormatException if it is no window, is damaged, or is of another baseline or length
     * @throws IllegalArgumentException if the version is not watched and no baseline was handed in
     */
    public boolean merge(byte[] window) {
        ModelId model = SentWindow.modelOf(window);
        Watch watch;
        synchronized (watches) {
            watch = baseline == null || watches.containsKey(model)
                    ? watch(model)
                    : open(model, TimeSource.system(), baseline);
        }
        return watch.merge(window);
    }

    /**
     * All that this monitor has learned and counted, its open windows included, to go on after a restart as if there had been
     * none.
     *
     * @return bytes for {@link #restore}
     */
    public byte[] save() {
        FormWriter out = new FormWriter(LETTERS);
        synchronized (watches) {
            Map<ModelId, byte[]> states = new LinkedHashMap<>(restored);
            watches.forEach((model, watch) -> states.put(model, watch.save()));
            out.whole(states.size());
            states.forEach((model, state) ->
                    out.text(model.name()).text(model.version()).part(state));
        }
        return out.finish();
    }

    /**
     * Goes on where another monitor was saved. To be called before predictors are built.
     *
     * @param state what {@link #save} gave
     * @throws DriftFormatException if it is no state, is damaged, or is of a newer version. If it is of another baseline or of
     *     windows of another length, building the predictor throws this
     * @throws IllegalStateException if this monitor watches something already
     */
    public void restore(byte[] state) {
        Map<ModelId, byte[]> states = FormReader.read("state", LETTERS, state, in -> {
            Map<ModelId, byte[]> read = new LinkedHashMap<>();
            for (int size = in.length(3); read.size() < size; ) {
                read.put(new ModelId(in.text(), in.text()), in.part());
            }
            return read;
        });
        synchronized (watches) {
            if (!watches.isEmpty()) {
                throw new IllegalStateException("restore: " + watches.keySet()
                        + " are watched already (expected: before predictors are built)");
            }
            restored.putAll(states);
            drop(restored, unused -> true);
        }
    }

    /** The monitor in a few words, such as {@code drift monitor: 1 false alarm in PT2160H, windows of PT1H, compared when asked}. */
    @Override
    public String toString() {
        return "drift monitor: " + settings + (baseline == null ? "" : ", against " + baseline);
    }
}

package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds incidents in a stream of rows, window by window: columns that come, go or change their type, missing values, new names,
 * other spellings, stuck and repeated values, spikes, other units, swapped columns, repeated rows, another mix of rows,
 * predictions that moved and outcomes that no longer follow them.
 *
 * <pre>{@code
 * WindowMonitor.Builder baseline = WindowMonitor.of(schema.features()).windowRows(500).falseAlarms(1, 1_000);
 * trainingRows.forEach(row -> baseline.add(row.features(), row.prediction(), row.outcome()));
 * WindowMonitor monitor = baseline.build();
 * ...
 * Window window = monitor.window();
 * rowsOfAnHour.forEach(row -> window.add(row.features(), row.prediction(), row.time()));
 * monitor.close(window).incidents().forEach(incident -> LOG.warn("{}", incident));
 * }</pre>
 *
 * <p><b>The one knob is the budget</b>: how many false alarms in how many windows, over all columns. What is tested gets equal
 * parts of it. An incident is reported once, when it opens; it ends when what it moved has been quiet for three windows. What
 * is surely there but too small to matter (a population stability index below 0.01, less what chance makes of it) is a
 * {@link State#WARN}, no incident.
 *
 * <p><b>Rows that depend on each other</b>, as the weather of one day does: if parts of the baseline, in the order in which
 * its rows were given, differ more than independent rows would, the stream is {@linkplain #isTimeOrdered() time-ordered}. The
 * monitor then lives through each half of the baseline once, to learn how much the stream moves when nothing is wrong,
 * compares what seasons move with the last ten sound windows, too, and takes its first six windows only to learn from. Small incidents
 * are not seen in such a stream.
 *
 * <p>{@link #close} and {@link #outcomes} may be called from any thread, one at a time; they cost milliseconds to tens of
 * milliseconds on the caller's thread, and some tens more when an incident opens. Nothing runs by itself. Memory: some tens of
 * kilobytes a column.
 *
 * @since 0.1
 */
public final class WindowMonitor {

    /** The fewest rows that a baseline is made from. */
    public static final int MIN_ROWS = 100;

    // The share of blocks of the baseline, over all units, whose evidence is above 1. It is at most 0.1 for independent
    // rows, by
    // Markov's inequality, and about 0.01 in practice; 0.3 to 0.5 for weather and prices.
    private static final double TIME_ORDERED = 0.05;
    private static final int LEARNING = 6;
    private static final int RECENT = 10;
    private static final int MAX_AWAITED = 10_000;
    private static final int MIN_WINDOW = 20;
    private static final double SMALLEST_EFFECT = 0.01;

    private final Layout layout;
    private final Norm norm;
    private final double threshold;
    private final boolean timeOrdered;
    private final List<UnitState> states = new ArrayList<>();
    private final UnitState schemaState = new UnitState();
    private final Deque<Window> recent = new ArrayDeque<>();
    private final ClockRelations clocks;
    private final Diagnosis diagnosis;
    private final @Nullable OutcomeLaw outcomeLaw;
    private final CountTest.@Nullable Against outcomeTest;
    private final UnitState outcomeState = new UnitState();
    private final Map<Long, Boolean> sound = new LinkedHashMap<>(); // windows whose outcomes are awaited
    private long windows;
    private int soundWindows;
    private int outcomeWindows;

    /**
     * Begins a monitor of rows with some features.
     *
     * @param features the features
     * @return a builder without rows
     */
    public static Builder of(List<Feature> features) {
        return new Builder(features);
    }

    /** Takes the rows of the baseline and the budget. Not thread-safe. */
    public static final class Builder {

        private final RowEncoder encoder;
        private final EncodedRows rows;
        private int windowRows = 500;
        private double alpha = 0.001;

        private Builder(List<Feature> features) {
            encoder = new RowEncoder(features);
            rows = new EncodedRows(encoder.columns());
        }

        /**
         * About how many rows a window will have; 500 if not given. Parts of the baseline of this size are compared with the
         * rest of it.
         *
         * @param count a number >= 20
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder windowRows(int count) {
            if (count < MIN_WINDOW) {
                throw new IllegalArgumentException("window rows: " + count + " (expected: >= " + MIN_WINDOW + ")");
            }
            windowRows = count;
            return this;
        }

        /**
         * The budget; one false alarm in 1,000 windows if not given.
         *
         * @param count how many false alarms are acceptable
         * @param windows in how many windows
         * @return this builder
         * @throws IllegalArgumentException if it is not more than none and less than one in ten
         */
        public Builder falseAlarms(double count, double windows) {
            double share = count / windows;
            if (!(share > 0 && share < 0.1)) {
                throw new IllegalArgumentException("false alarms: " + count + " in " + windows
                        + " windows (expected: more than none, less than one in ten)");
            }
            alpha = share;
            return this;
        }

        /**
         * Adds a row of the baseline; in the order of time where rows have one.
         *
         * @param row a row of the features that the monitor is made for
         * @param prediction what the model answered, NaN if not known
         * @param outcome what came true, 0 or 1 for one of two kinds; NaN if not known
         * @throws IllegalArgumentException if the row has other features
         */
        public void add(FeatureRow row, double prediction, double outcome) {
            encoder.check(row.features());
            rows.add(encoder.encode(row, prediction), outcome);
        }

        /**
         * Learns to tell single rows that are unlike the baseline. It costs about as much as {@link #build}.
         *
         * @return a detector of outliers
         * @throws IllegalStateException if there are fewer than 100 rows
         */
        public OutlierDetector outliers() {
            if (rows.size() < MIN_ROWS) {
                throw new IllegalStateException("baseline: " + rows.size() + " rows (expected: >= " + MIN_ROWS + ")");
            }
            return OutlierDetector.of(new Layout(encoder, rows), rows);
        }

        /**
         * Learns the baseline.
         *
         * @return the monitor
         * @throws IllegalStateException if there are fewer than 100 rows or less than two windows of rows
         */
        public WindowMonitor build() {
            if (rows.size() < Math.max(MIN_ROWS, 2 * windowRows)) {
                throw new IllegalStateException("baseline: " + rows.size() + " rows (expected: >= " + MIN_ROWS
                        + " and at least two windows of " + windowRows + ", better ten)");
            }
            return new WindowMonitor(this);
        }
    }

    private WindowMonitor(Builder builder) {
        EncodedRows rows = builder.rows;
        layout = new Layout(builder.encoder, rows);
        norm = new Norm(layout, rows, 0, 0);
        clocks = new ClockRelations(builder.encoder.predictionColumn());
        double[][] known = rows.outcomes(0, rows.size(), builder.encoder.predictionColumn());
        outcomeLaw = known[0].length < MIN_ROWS ? null : new OutcomeLaw(known[0], known[1]);
        outcomeTest = outcomeLaw == null ? null : outcomeLaw.test.against(outcomeLaw.counts(known[0], known[1]));
        layout.units.forEach(unit -> states.add(new UnitState()));
        double tests = layout.units.stream().mapToDouble(Unit::weight).sum() + (outcomeLaw == null ? 0 : 1);
        threshold = StrictMath.log10(tests / builder.alpha);
        timeOrdered = learnBlocks(rows, builder.windowRows);
        if (timeOrdered) {
            rehearse(rows, 0, rows.size() / 2, builder.windowRows);
            rehearse(rows, rows.size() / 2, rows.size(), builder.windowRows);
        }
        diagnosis = new Diagnosis(norm, states);
    }

    // ---- learning -----------------------------------------------------------------------------------------------

    /** Compares each block of the baseline with the rest, and tells whether they differ more than by chance. */
    private boolean learnBlocks(EncodedRows rows, int windowRows) {
        long beyond = 0;
        long all = 0;
        for (int from = 0; from + windowRows <= rows.size(); from += windowRows) {
            Norm rest = new Norm(layout, rows, from, from + windowRows);
            Window block = window(rest, rows, from, from + windowRows);
            for (int i = 0; i < states.size(); i++) {
                double evidence = rest.evidence(i, block);
                states.get(i).fromBaseline.add(evidence);
                beyond += evidence > 1 ? 1 : 0;
                all++;
            }
        }
        return beyond > TIME_ORDERED * all;
    }

    private static Window window(Norm norm, EncodedRows rows, int from, int to) {
        Window window = new Window(norm);
        double[] row = new double[rows.columns()];
        for (int i = from; i < to; i++) {
            rows.read(i, row);
            window.count(row);
        }
        return window;
    }

    /** Learns from the rows in [from, to), one half of all, what it is to live on after the other half. */
    private void rehearse(EncodedRows rows, int from, int to, int windowRows) {
        Norm other = new Norm(layout, rows, from, to);
        List<UnitState> rehearsed = new ArrayList<>();
        layout.units.forEach(unit -> rehearsed.add(new UnitState()));
        Deque<Window> before = new ArrayDeque<>();
        for (int begin = from; begin + windowRows <= to; begin += windowRows) {
            Window window = window(other, rows, begin, begin + windowRows);
            for (int i = 0; i < rehearsed.size(); i++) {
                states.get(i).learn(other.evidence(i, window), fromRecent(i, rehearsed.get(i), before, window));
            }
            accept(rehearsed, before, window);
        }
        if (outcomeLaw != null) {
            rehearseOutcomes(outcomeLaw, rows, from, to, windowRows);
        }
    }

    private void rehearseOutcomes(OutcomeLaw law, EncodedRows rows, int from, int to, int windowRows) {
        int prediction = layout.encoder.predictionColumn();
        double[][] known = from == 0 ? rows.outcomes(to, rows.size(), prediction) : rows.outcomes(0, from, prediction);
        CountTest.Against others = law.test.against(law.counts(known[0], known[1]));
        UnitState rehearsed = new UnitState();
        for (int begin = from; begin + windowRows <= to; begin += windowRows) {
            double[][] live = rows.outcomes(begin, begin + windowRows, prediction);
            long[] counts = law.counts(live[0], live[1]);
            outcomeState.learn(others.evidence(counts), rehearsed.evidenceFromRecent(law.test, counts));
            rehearsed.accept(counts);
        }
    }

    private double fromRecent(int unit, UnitState state, Deque<Window> before, Window window) {
        Unit tested = layout.units.get(unit);
        CountTest test = tested.test();
        if (!tested.channel().isSoft()) { // no season explains these
            return Double.POSITIVE_INFINITY;
        }
        if (test != null) {
            return state.evidenceFromRecent(test, window.counts()[tested.counts()]);
        }
        if (tested.channel() != Channel.ATOM || before.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        ValueCounts values = new ValueCounts(Integer.MAX_VALUE);
        before.forEach(earlier -> values.addAll(earlier.values(tested.column())));
        return Norm.atoms(values, window.values(tested.column()));
    }

    private void accept(List<UnitState> accepting, Deque<Window> before, Window window) {
        for (int i = 0; i < accepting.size(); i++) {
            Unit unit = layout.units.get(i);
            if (unit.test() != null) {
                accepting.get(i).accept(window.counts()[unit.counts()]);
            }
        }
        before.addLast(window);
        if (before.size() > RECENT) {
            before.removeFirst();
        }
    }

    // ---- watching -----------------------------------------------------------------------------------------------

    /**
     * A new window. Any number may be open at a time.
     *
     * @return a window without rows
     */
    public Window window() {
        return new Window(norm);
    }

    /**
     * Whether the rows of the baseline depend on those before them.
     *
     * @return true if parts of the baseline differ more than independent rows would
     */
    public boolean isTimeOrdered() {
        return timeOrdered;
    }

    /**
     * What the monitor can and cannot see, with its budget and its baseline: for each column the smallest changes that one
     * window shows. It costs about a hundred tests of each column.
     *
     * @param windowRows the rows of a window
     * @return the columns in the order of the features, {@code prediction} last
     * @throws IllegalArgumentException if a window of so few rows is not looked at (expected: >= 20)
     */
    public synchronized List<Detectable> detectable(int windowRows) {
        if (windowRows < MIN_WINDOW) {
            throw new IllegalArgumentException("window rows: " + windowRows + " (expected: >= " + MIN_WINDOW + ")");
        }
        return new Detection(norm, states, threshold, SMALLEST_EFFECT, timeOrdered).of(windowRows);
    }

    /**
     * Compares a window with the baseline and with the windows before it. Windows have to be closed in the order of time.
     *
     * @param window a window of this monitor, to which nothing is added any more
     * @return what it comes to; windows are numbered from 0 in the order in which they are closed
     * @throws IllegalArgumentException if it is another monitor's window
     */
    public WindowReport close(Window window) {
        return close(window, false);
    }

    /**
     * Compares a window of an announced season, such as a sale, with the baseline. In a season, only what no season explains
     * is reported: a broken schema, missing and unreadable values, new names, numbers far outside, repeated rows; and nothing
     * is learned.
     *
     * @param window a window of this monitor, to which nothing is added any more
     * @return what it comes to
     * @throws IllegalArgumentException if it is another monitor's window
     */
    public WindowReport closeInSeason(Window window) {
        return close(window, true);
    }

    private synchronized WindowReport close(Window window, boolean season) {
        if (!window.isOf(norm)) {
            throw new IllegalArgumentException("window: of another monitor (expected: of this one)");
        }
        long number = windows++;
        int n = states.size();
        double[] evidence = new double[n];
        double[] fromRecent = new double[n];
        double[] tested = new double[n];
        boolean[] opened = new boolean[n];
        boolean[] small = new boolean[n];
        boolean enough = window.rows() >= MIN_WINDOW;
        boolean broken = !window.unexpected().isEmpty() || !window.absent().isEmpty();
        boolean opens = schemaState.opens(broken);
        boolean alarmed = broken;
        boolean soft = season || (timeOrdered && soundWindows < LEARNING);
        for (int i = 0; enough && i < n; i++) {
            Unit unit = layout.units.get(i);
            UnitState state = states.get(i);
            evidence[i] =
                    unit.channel() == Channel.CLOCK ? clocks.evidence(unit.column(), window) : norm.evidence(i, window);
            fromRecent[i] = timeOrdered ? fromRecent(i, state, recent, window) : Double.POSITIVE_INFINITY;
            long[] counts = unit.test() == null ? null : window.counts()[unit.counts()];
            tested[i] = tested(state, norm.test(i), counts, evidence[i], fromRecent[i]);
            boolean above = tested[i] >= threshold && !(soft && unit.channel().isSoft());
            small[i] = above && isSmall(unit, window);
            opened[i] = state.opens(above && !small[i]);
            opens |= opened[i];
            alarmed |= above && !small[i];
        }
        remember(number, enough && !alarmed && !season);
        if (alarmed) {
            states.forEach(UnitState::restart);
        } else if (enough && !season) {
            for (int i = 0; i < n; i++) {
                states.get(i).learn(evidence[i], fromRecent[i]);
            }
            accept(states, recent, window);
            clocks.accept(window);
            soundWindows++;
        }
        List<Incident> incidents = opens ? List.of(diagnosis.of(number, window, tested, opened, threshold)) : List.of();
        return new WindowReport(number, window.rows(), incidents, columnStates(enough, small));
    }

    /** The evidence of a unit in a window at its part of the budget, less what the stream moves by itself. */
    private double tested(
            UnitState state,
            CountTest.@Nullable Against test,
            long @Nullable [] counts,
            double evidence,
            double fromRecent) {
        double deflation = timeOrdered ? state.fromBaseline.deflation() : 1;
        double tested = test == null || counts == null || deflation > 1
                ? state.evidenceOfOne(evidence / deflation)
                : state.evidenceOfSums(test, counts, evidence);
        return Math.min(tested, fromRecent / state.fromRecent.deflation());
    }

    private boolean isSmall(Unit unit, Window window) {
        return unit.channel() == Channel.CELLS
                && Psi.of(asDoubles(norm.counts[unit.counts()]), window.counts()[unit.counts()]) < SMALLEST_EFFECT;
    }

    private static double[] asDoubles(long[] counts) {
        double[] doubles = new double[counts.length];
        for (int i = 0; i < counts.length; i++) {
            doubles[i] = counts[i];
        }
        return doubles;
    }

    private Map<String, State> columnStates(boolean enough, boolean[] small) {
        Map<String, State> found = new LinkedHashMap<>();
        for (int column = 0; column < layout.encoder.columns(); column++) {
            State worst = enough ? State.OK : State.NOT_ENOUGH_DATA;
            for (int i = 0; i < states.size(); i++) {
                if (layout.units.get(i).column() == column) {
                    worst = worse(worst, states.get(i), small[i]);
                }
            }
            found.put(layout.encoder.name(column), worst);
        }
        return found;
    }

    private static State worse(State worst, UnitState state, boolean isSmall) {
        if (worst == State.DRIFT || state.isOpen()) {
            return State.DRIFT;
        }
        if (worst == State.WARN || isSmall) {
            return State.WARN;
        }
        return state.hasRecovered() ? State.RECOVERED : worst;
    }

    // ---- outcomes -----------------------------------------------------------------------------------------------

    private void remember(long number, boolean isSound) {
        sound.put(number, isSound);
        if (sound.size() > MAX_AWAITED) {
            sound.remove(sound.keySet().iterator().next());
        }
    }

    /**
     * Compares the outcomes of a closed window, when they have become known, with those of the baseline at the same
     * predictions. Once for a window; outcomes of a window in which something was wrong, of a season, or of one of more than
     * 10,000 windows ago tell nothing new and are left out.
     *
     * @param window the window's number
     * @param predictions the predictions of its rows, or of those whose outcomes are known
     * @param outcomes what came true of each
     * @return an incident if one opens
     * @throws IllegalArgumentException if there are not as many outcomes as predictions
     */
    public synchronized List<Incident> outcomes(long window, double[] predictions, double[] outcomes) {
        if (predictions.length != outcomes.length) {
            throw new IllegalArgumentException(
                    "outcomes: " + outcomes.length + " (expected: as many as predictions, " + predictions.length + ")");
        }
        if (outcomeLaw == null || outcomeTest == null || !Boolean.TRUE.equals(sound.remove(window))) {
            return List.of();
        }
        long[] counts = outcomeLaw.counts(predictions, outcomes);
        double evidence = outcomeTest.evidence(counts);
        double fromRecent =
                timeOrdered ? outcomeState.evidenceFromRecent(outcomeLaw.test, counts) : Double.POSITIVE_INFINITY;
        double tested = tested(outcomeState, outcomeTest, counts, evidence, fromRecent);
        boolean above = tested >= threshold && !(timeOrdered && outcomeWindows < LEARNING);
        outcomeWindows++;
        boolean opens = outcomeState.opens(above);
        if (above) {
            outcomeState.restart();
        } else {
            outcomeState.learn(evidence, fromRecent);
            outcomeState.accept(counts);
        }
        return opens
                ? List.of(new Incident(
                        window,
                        Incident.Kind.LABEL_FLIP,
                        List.of("label"),
                        tested,
                        threshold,
                        outcomeState.span(),
                        outcomeLaw.findings(counts)))
                : List.of();
    }

    /** The monitor in a few words. */
    @Override
    public String toString() {
        return "window monitor of " + (layout.encoder.columns() - 1) + " features"
                + (timeOrdered ? ", time-ordered" : "");
    }
}

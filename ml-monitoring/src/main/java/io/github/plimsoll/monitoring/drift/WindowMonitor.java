package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
 * WindowMonitor monitor = WindowMonitor.against(Baseline.read(file), 1, 1_000);
 * ...
 * Window window = monitor.window();
 * rowsOfAnHour.forEach(row -> window.add(row.features(), row.prediction(), row.time()));
 * monitor.close(window).incidents().forEach(incident -> LOG.warn("{}", incident));
 * }</pre>
 *
 * <p><b>The one knob is the budget</b>: how many false alarms in how many windows, over all columns. What is tested gets equal
 * parts of it. An incident is reported once, when it opens; it ends when what it moved has been quiet
 * for three windows. If it comes back within three more, it takes six the next time, and so on up to 48: what has changed for good
 * is told a few times, not for ever. What
 * is surely there but too small to matter (a population stability index below 0.01, less what chance makes of it) is a
 * {@link State#WARN}, no incident.
 *
 * <p><b>Rows that depend on each other</b>, as the weather of one day does: if parts of the baseline, in the order in which
 * its rows were given, differ more than independent rows would, the stream is {@linkplain #isTimeOrdered() time-ordered}. The
 * monitor then lives through each half of the baseline once, to learn how much the stream moves when nothing is wrong,
 * compares what seasons move with the last ten sound windows, too, and takes its first six windows only to learn from. Small incidents
 * are not seen in such a stream.
 *
 * <p><b>Segments</b>, if the baseline has them, {@linkplain Baseline.Builder#segmentBy of a column's values} or {@linkplain
 * Baseline.Builder#hoursOfWeek of hours of the week}: half of the budget is for the rows as a
 * whole, the other half for the segments, in equal parts. The rows of a segment are gathered over as many windows as it takes
 * to have 20. What is found in a segment is an incident that {@linkplain Finding.Where says where}, unless its first column
 * has also moved in the whole: that is reported once, by the whole, and by the segment only if it is still there when the whole
 * has recovered. An incident that begins in a segment and later shows in the whole, too, is reported again, for it has become
 * larger. What segments of one window have in common in kind and column is one incident. Outcomes are compared for all rows
 * together.
 *
 * <p>{@link #close} and {@link #outcomes} may be called from any thread, one at a time; they cost milliseconds to tens of
 * milliseconds on the caller's thread, and some tens more when an incident opens. Nothing runs by itself. Memory: some tens of
 * kilobytes a column; with segments, time and memory as often again as there are segments.
 *
 * @since 0.1
 */
public final class WindowMonitor {

    private static final String LETTERS = "PLWS";
    private static final int LEARNING = 6;
    private static final int MAX_AWAITED = 10_000;

    private final Baseline baseline;
    private final Layout layout;
    private final Norm norm;
    private final double alpha;
    private final double threshold;
    private final boolean timeOrdered;
    private final Past past;
    private final UnitState schemaState = new UnitState();
    private final ClockRelations clocks;
    private final Diagnosis diagnosis;
    private final CountTest.@Nullable Against outcomeTest;
    private final UnitState outcomeState;
    private final Map<Long, Boolean> sound = new LinkedHashMap<>(); // windows whose outcomes are awaited
    private final List<SegmentMonitor> segments = new ArrayList<>();
    private volatile double[] scores;
    private long windows;
    private int soundWindows;
    private int outcomeWindows;

    private WindowMonitor(Baseline baseline, double alpha) {
        this.baseline = baseline;
        this.alpha = alpha;
        layout = baseline.layout;
        norm = baseline.norm;
        timeOrdered = baseline.isTimeOrdered();
        past = new Past(baseline.learned);
        clocks = new ClockRelations(layout.encoder.firstOutput());
        OutcomeLaw law = baseline.outcomeLaw;
        outcomeTest = law == null ? null : law.test.against(baseline.outcomeCounts);
        outcomeState = new UnitState(baseline.learnedOutcomes);
        List<Segmentation.Segment> ofSegments = baseline.segmentation.all();
        double ofWhole = ofSegments.isEmpty() ? alpha : alpha / 2;
        for (Segmentation.Segment segment : ofSegments) {
            WindowMonitor monitor = new WindowMonitor(segment.baseline(), (alpha - ofWhole) / ofSegments.size());
            segments.add(new SegmentMonitor(monitor, segment.column(), segment.value()));
        }
        double tests = layout.units.stream().mapToDouble(Unit::weight).sum() + (law == null ? 0 : 1);
        threshold = StrictMath.log10(tests / ofWhole);
        diagnosis = new Diagnosis(norm, past.units);
        scores = new double[layout.encoder.columns()];
        Arrays.fill(scores, Double.NaN);
    }

    /**
     * A monitor whose budget is one false alarm in 1,000 windows.
     *
     * @param baseline what the rows were like when all was well
     * @return a monitor that has seen no window
     */
    public static WindowMonitor against(Baseline baseline) {
        return against(baseline, 1, 1_000);
    }

    /**
     * A monitor.
     *
     * @param baseline what the rows were like when all was well
     * @param falseAlarms how many false alarms are acceptable
     * @param inWindows in how many windows
     * @return a monitor that has seen no window
     * @throws IllegalArgumentException if that is not more than none and less than one in ten windows
     */
    public static WindowMonitor against(Baseline baseline, double falseAlarms, double inWindows) {
        double alpha = falseAlarms / inWindows;
        if (!(alpha > 0 && alpha < 0.1)) {
            throw new IllegalArgumentException("false alarms: " + falseAlarms + " in " + inWindows
                    + " windows (expected: more than none, less than one in ten)");
        }
        return new WindowMonitor(baseline, alpha);
    }

    // ---- watching -----------------------------------------------------------------------------------------------

    /**
     * A new window. Any number may be open at a time.
     *
     * @return a window without rows
     */
    public Window window() {
        return baseline.window();
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
     * @return the columns in the order of the features, then {@code prediction} and, for classes, {@code confidence}
     * @throws IllegalArgumentException if a window of so few rows is not looked at (expected: >= 20)
     */
    public synchronized List<Detectable> detectable(int windowRows) {
        checkRows(windowRows);
        return new Detection(norm, past.units, threshold, timeOrdered).of(windowRows);
    }

    /**
     * What the monitor can and cannot see of each segment, with the segment's part of the budget.
     *
     * @param windowRows the rows of a whole window, of which a segment has its share; 20 at least, which it is given the time
     *     to gather
     * @return for each segment of the baseline, in its order, what {@link #detectable(int)} tells of the whole; empty without
     *     segments; those of hours of the week come last, by their hours
     * @throws IllegalArgumentException if a window of so few rows is not looked at (expected: >= 20)
     */
    public synchronized Map<String, List<Detectable>> detectableBySegment(int windowRows) {
        checkRows(windowRows);
        Map<String, List<Detectable>> bySegment = new LinkedHashMap<>();
        for (SegmentMonitor segment : segments) {
            int rows = (int) ((double) windowRows * segment.monitor.baseline.windowRows() / baseline.windowRows());
            bySegment.put(segment.value, segment.monitor.detectable(Math.max(SegmentMonitor.MIN_ROWS, rows)));
        }
        return Collections.unmodifiableMap(bySegment);
    }

    private static void checkRows(int windowRows) {
        if (windowRows < Baseline.MIN_WINDOW) {
            throw new IllegalArgumentException(
                    "window rows: " + windowRows + " (expected: >= " + Baseline.MIN_WINDOW + ")");
        }
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
            throw new IllegalArgumentException("window: of another baseline (expected: of this monitor's)");
        }
        Comparison whole = compare(window, season, false, null);
        long number = whole.report.window();
        List<Incident> incidents = new ArrayList<>(whole.report.incidents());
        Map<String, State> states = new LinkedHashMap<>(whole.report.states());
        boolean alarmed = whole.alarmed;
        boolean[] moved = moved(null);
        List<Incident> ofSegments = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            SegmentMonitor segment = segments.get(i);
            Comparison found = segment.take(window.segment(i), number, season, whole.alarmed, moved);
            alarmed |= found.alarmed;
            ofSegments.addAll(found.report.incidents());
            found.report.states().forEach((column, state) -> states.merge(column, state, WindowMonitor::worse));
        }
        incidents.addAll(SegmentMonitor.together(ofSegments));
        remember(number, window.rows() >= Baseline.MIN_WINDOW && !alarmed && !season);
        return new WindowReport(number, window.rows(), incidents, states);
    }

    private static State worse(State whole, State segment) {
        if (whole == State.DRIFT || segment == State.DRIFT) {
            return State.DRIFT;
        }
        boolean asWhole = whole == State.NOT_ENOUGH_DATA || whole == State.WARN;
        return asWhole || segment == State.OK || segment == State.NOT_ENOUGH_DATA ? whole : segment;
    }

    /** What a window came to, and whether anything was wrong with it. */
    record Comparison(WindowReport report, boolean alarmed) {}

    /** What this monitor has alarms open for that are not told elsewhere. */
    private boolean[] moved(@Nullable ToldElsewhere elsewhere) {
        boolean[] moved = ToldElsewhere.places(layout);
        for (int i = 0; i < past.units.size(); i++) {
            Unit unit = layout.units.get(i);
            if (past.units.get(i).isOpen() && (elsewhere == null || !elsewhere.tells(i))) {
                moved[ToldElsewhere.place(layout, unit.column())] = true;
                if (unit.partner() >= 0) {
                    moved[unit.partner()] = true;
                }
            }
        }
        return moved;
    }

    /** For a segment's monitor: what is left to that of the whole, by now nothing. */
    ToldElsewhere toldByWhole() {
        return new ToldElsewhere(layout);
    }

    /** How the columns stand of which an alarm is open that is not told elsewhere. */
    synchronized Map<String, State> openStates(ToldElsewhere elsewhere) {
        Map<String, State> states = columnStates(false, new boolean[past.units.size()], elsewhere);
        states.values().removeIf(state -> state != State.DRIFT);
        return states;
    }

    /**
     * Compares a window. Nothing is learned from it if something was wrong elsewhere. Of a segment, there is something that the
     * whole tells: no incident is reported whose first column has moved there, or had moved here before.
     */
    synchronized Comparison compare(
            Window window, boolean season, boolean wrongElsewhere, @Nullable ToldElsewhere elsewhere) {
        long number = windows++;
        int n = past.units.size();
        double[] evidence = new double[n];
        double[] fromRecent = new double[n];
        double[] tested = new double[n];
        boolean[] opened = new boolean[n];
        boolean[] small = new boolean[n];
        boolean enough = window.rows() >= Baseline.MIN_WINDOW;
        boolean broken = !window.unexpected().isEmpty() || !window.absent().isEmpty();
        boolean opens = schemaState.opens(broken);
        boolean alarmed = broken;
        boolean[] movedBefore = moved(elsewhere);
        boolean soft = season || (timeOrdered && soundWindows < LEARNING);
        for (int i = 0; enough && i < n; i++) {
            Unit unit = layout.units.get(i);
            UnitState state = past.units.get(i);
            evidence[i] =
                    unit.channel() == Channel.CLOCK ? clocks.evidence(unit.column(), window) : norm.evidence(i, window);
            fromRecent[i] = timeOrdered ? past.evidence(i, window) : Double.POSITIVE_INFINITY;
            long[] counts = unit.test() == null ? null : window.counts()[unit.counts()];
            tested[i] = tested(state, norm.test(i), counts, evidence[i], fromRecent[i]);
            boolean above = tested[i] >= threshold && !(soft && unit.channel().isSoft());
            small[i] = above && isSmall(unit, window);
            opened[i] = state.opens(above && !small[i]);
            if (elsewhere != null) {
                opened[i] |= above && !small[i] && elsewhere.hasEnded(i);
            }
            opens |= opened[i];
            alarmed |= above && !small[i];
        }
        if (alarmed || wrongElsewhere) {
            past.units.forEach(UnitState::restart);
        } else if (enough && !season) {
            for (int i = 0; i < n; i++) {
                past.units.get(i).learn(evidence[i], fromRecent[i]);
            }
            past.accept(window, timeOrdered);
            clocks.accept(window);
            soundWindows++;
        }
        if (enough) {
            scores = columnScores(tested);
        }
        List<Incident> incidents =
                opens ? incidents(number, window, tested, opened, movedBefore, elsewhere) : List.of();
        Map<String, State> states = columnStates(enough, small, elsewhere);
        for (int i = 0; elsewhere != null && i < n; i++) {
            if (!past.units.get(i).isOpen()) {
                elsewhere.isOver(i);
            }
        }
        return new Comparison(new WindowReport(number, window.rows(), incidents, states), alarmed);
    }

    private List<Incident> incidents(
            long number,
            Window window,
            double[] tested,
            boolean[] opened,
            boolean[] movedBefore,
            @Nullable ToldElsewhere elsewhere) {
        if (elsewhere == null) {
            return List.of(diagnosis.of(number, window, tested, opened, threshold));
        }
        int place = elsewhere.placeOfAll(opened);
        if (place < 0) {
            Incident incident = diagnosis.of(number, window, tested, opened, threshold);
            place = placeOf(incident);
            if (!elsewhere.hasMoved(place)) {
                return movedBefore[place] ? List.of() : List.of(incident);
            }
        }
        elsewhere.leave(opened, place);
        return List.of();
    }

    private int placeOf(Incident incident) {
        String first = incident.columns().get(0);
        int place = 0;
        while (place < layout.encoder.columns() && !layout.encoder.name(place).equals(first)) {
            place++;
        }
        return place;
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
        return unit.channel() == Channel.CELLS && norm.isSmallShift(unit.counts(), window.counts()[unit.counts()]);
    }

    private double[] columnScores(double[] tested) {
        double[] most = new double[layout.encoder.columns()];
        Arrays.fill(most, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < tested.length; i++) {
            int column = layout.units.get(i).column();
            if (column >= 0) {
                most[column] = Math.max(most[column], tested[i]);
                int feature = layout.encoder.featureOf(column);
                most[feature] = Math.max(most[feature], tested[i]);
            }
        }
        return most;
    }

    /** The most evidence that was found of each column in the last window with enough rows; NaN before. */
    double score(int column) {
        return scores[column];
    }

    private Map<String, State> columnStates(boolean enough, boolean[] small, @Nullable ToldElsewhere elsewhere) {
        State[] worst = new State[layout.encoder.columns()];
        Arrays.fill(worst, enough ? State.OK : State.NOT_ENOUGH_DATA);
        for (int i = 0; i < small.length; i++) {
            int column = layout.units.get(i).column();
            if (column >= 0 && (elsewhere == null || !elsewhere.tells(i))) {
                worst[column] = worse(worst[column], past.units.get(i), small[i]);
                int feature = layout.encoder.featureOf(column);
                worst[feature] = worse(worst[feature], past.units.get(i), small[i]);
            }
        }
        Map<String, State> found = new LinkedHashMap<>();
        for (int column = 0; column < worst.length; column++) {
            found.put(layout.encoder.name(column), worst[column]);
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

    // ---- state --------------------------------------------------------------------------------------------------

    /**
     * All that this monitor has learned from the windows it has closed, to go on after a restart as if there had been none.
     *
     * @return bytes for {@link #restored}
     */
    public synchronized byte[] save() {
        FormWriter out = new FormWriter(LETTERS);
        out.text(baseline.fingerprint());
        write(out);
        return out.finish();
    }

    synchronized void write(FormWriter out) {
        out.whole(windows).whole(soundWindows).whole(outcomeWindows);
        schemaState.write(out);
        past.write(out);
        outcomeState.write(out);
        clocks.write(out);
        out.whole(sound.size());
        sound.forEach((window, isSound) -> out.whole(window).flag(isSound));
        segments.forEach(segment -> segment.write(out));
    }

    /**
     * A monitor with this one's baseline and budget that goes on where another one was saved.
     *
     * @param state what {@link #save} gave
     * @return another monitor
     * @throws DriftFormatException if it is no state, is damaged, is of a newer version, or of another baseline
     */
    public WindowMonitor restored(byte[] state) {
        return FormReader.read("state", LETTERS, state, in -> {
            baseline.checkIsOfThis(in);
            WindowMonitor restored = new WindowMonitor(baseline, alpha);
            restored.read(in);
            return restored;
        });
    }

    synchronized void read(FormReader in) {
        windows = in.count();
        soundWindows = in.whole(Integer.MAX_VALUE);
        outcomeWindows = in.whole(Integer.MAX_VALUE);
        schemaState.read(in, 0);
        past.read(in);
        outcomeState.read(in, baseline.outcomeCounts.length);
        clocks.read(in, layout);
        for (int size = in.whole(MAX_AWAITED); sound.size() < size; ) {
            if (sound.put(in.count(), in.flag()) != null) {
                throw in.wrong("windows", "one stands twice");
            }
        }
        segments.forEach(segment -> segment.read(in));
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
        OutcomeLaw outcomeLaw = baseline.outcomeLaw;
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
                        outcomeLaw.findings(baseline.outcomeCounts, counts)))
                : List.of();
    }

    /** The monitor in a few words. */
    @Override
    public String toString() {
        return "window monitor of " + layout.encoder.features().size() + " features"
                + (timeOrdered ? ", time-ordered" : "")
                + (segments.isEmpty() ? "" : ", " + segments.size() + " segments");
    }
}

package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.monitoring.drift.WindowMonitor.Comparison;
import io.github.plimsoll.monitoring.drift.WindowReport.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * Compares the rows of one segment, gathered over as many windows of the whole as it takes to have enough. Belongs to the
 * monitor of the whole, which guards it.
 */
final class SegmentMonitor {

    /** How many windows of the segment an incident may have been gathered over, the last included. */
    private static final int MOST_GATHERED = 8;

    /** From how many rows on the gathered ones are compared. */
    static final int MIN_ROWS = Baseline.MIN_WINDOW;

    final WindowMonitor monitor;
    final String value;
    private final String column;
    private final Deque<Long> begins = new ArrayDeque<>(); // in which window of the whole the last ones began
    private Window gathered;
    private long begin;
    private boolean season;
    private boolean wrong;
    private final ToldElsewhere told;

    SegmentMonitor(WindowMonitor monitor, String column, String value) {
        this.monitor = monitor;
        this.column = column;
        this.value = value;
        gathered = monitor.window();
        told = monitor.toldByWhole();
    }

    /** Takes the segment's rows of a window of the whole, and what that came to: whether anything was wrong, which columns moved. */
    Comparison take(Window rows, long number, boolean inSeason, boolean wrongInWhole, boolean[] movedInWhole) {
        if (gathered.rows() == 0) {
            begin = number;
        }
        if (rows.rows() > 0) { // what happens while there are none says nothing of them
            gathered.merge(rows);
            season |= inSeason;
            wrong |= wrongInWhole;
            told.add(movedInWhole);
        }
        if (gathered.rows() < MIN_ROWS) {
            return new Comparison(
                    new WindowReport(number, gathered.rows(), List.of(), monitor.openStates(told)), false);
        }
        begins.addLast(begin);
        if (begins.size() > MOST_GATHERED) {
            begins.removeFirst();
        }
        Comparison found = monitor.compare(gathered, season, wrong, told);
        List<Incident> incidents = found.report().incidents().stream()
                .map(incident -> inWhole(incident, number, gathered.rows()))
                .toList();
        Map<String, State> states = found.report().states();
        if (season) {
            begins.removeLast(); // no later sum has it
        }
        gathered = monitor.window();
        season = false;
        wrong = false;
        told.begin();
        return new Comparison(new WindowReport(number, rows.rows(), incidents, states), found.alarmed());
    }

    /** An incident of the segment, told in windows of the whole. */
    private Incident inWhole(Incident incident, long number, long rows) {
        long first = begin;
        int back = begins.size() - incident.windows();
        for (long candidate : begins) {
            if (back-- <= 0) {
                first = candidate;
                break;
            }
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding.Where(column, List.of(value), rows));
        findings.addAll(incident.findings());
        return new Incident(
                number,
                incident.kind(),
                incident.columns(),
                incident.evidence(),
                incident.threshold(),
                (int) (number - first + 1),
                findings);
    }

    /** Makes one of the incidents that are of one kind and first column: the surest, with all the segments. */
    static List<Incident> together(List<Incident> ofSegments) {
        List<Incident> found = new ArrayList<>();
        for (Incident incident : ofSegments) {
            int same = 0;
            while (same < found.size() && !isSame(found.get(same), incident)) {
                same++;
            }
            if (same == found.size()) {
                found.add(incident);
            } else {
                found.set(same, together(found.get(same), incident));
            }
        }
        return found;
    }

    private static boolean isSame(Incident one, Incident other) {
        return one.kind() == other.kind()
                && one.columns().get(0).equals(other.columns().get(0))
                && where(one).column().equals(where(other).column());
    }

    private static Finding.Where where(Incident incident) {
        return incident.finding(Finding.Where.class).orElseThrow();
    }

    private static Incident together(Incident one, Incident other) {
        Finding.Where first = where(one);
        Finding.Where second = where(other);
        List<String> values = new ArrayList<>(first.values());
        values.addAll(second.values());
        Incident surest = one.evidence() >= other.evidence() ? one : other;
        List<Finding> findings = new ArrayList<>(surest.findings());
        findings.set(0, new Finding.Where(first.column(), values, first.rows() + second.rows()));
        return new Incident(
                surest.window(),
                surest.kind(),
                surest.columns(),
                surest.evidence(),
                surest.threshold(),
                surest.windows(),
                findings);
    }

    void write(FormWriter out) {
        monitor.write(out);
        gathered.write(out);
        out.whole(begin).flag(season).flag(wrong);
        told.write(out);
        out.whole(begins.size());
        begins.forEach(out::whole);
    }

    void read(FormReader in) {
        monitor.read(in);
        gathered.read(in);
        begin = in.count();
        season = in.flag();
        wrong = in.flag();
        told.read(in);
        for (int size = in.whole(MOST_GATHERED); begins.size() < size; ) {
            begins.addLast(in.count());
        }
    }
}

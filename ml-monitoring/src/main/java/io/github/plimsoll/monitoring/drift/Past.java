package io.github.plimsoll.monitoring.drift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What was learned of each unit, and the last windows in which nothing was wrong. Not thread-safe. */
final class Past {

    private static final int RECENT = 10;

    private final Layout layout;
    final List<UnitState> units = new ArrayList<>();
    private final Deque<Window> recent = new ArrayDeque<>(); // newest last

    /** Of nothing. */
    Past(Layout layout) {
        this.layout = layout;
        layout.units.forEach(unit -> units.add(new UnitState()));
    }

    /** Of no windows, but with what another one has learned. */
    Past(Past learned) {
        layout = learned.layout;
        learned.units.forEach(unit -> units.add(new UnitState(unit)));
    }

    /** The evidence of a unit against the last windows; infinite where these do not tell. */
    double evidence(int unit, Window window) {
        Unit tested = layout.units.get(unit);
        CountTest test = tested.test();
        if (!tested.channel().isSoft()) { // no season explains these
            return Double.POSITIVE_INFINITY;
        }
        if (test != null) {
            return units.get(unit).evidenceFromRecent(test, window.counts()[tested.counts()]);
        }
        if (tested.channel() != Channel.ATOM || recent.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        ValueCounts values = new ValueCounts(Integer.MAX_VALUE);
        recent.forEach(earlier -> values.addAll(earlier.values(tested.column())));
        return Norm.atoms(values, window.values(tested.column()));
    }

    void accept(Window window) {
        for (int i = 0; i < units.size(); i++) {
            Unit unit = layout.units.get(i);
            if (unit.test() != null) {
                units.get(i).accept(window.counts()[unit.counts()]);
            }
        }
        recent.addLast(window);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }
}

package io.github.plimsoll.monitoring.drift;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** What was learned of each unit, and the last windows in which nothing was wrong. Not thread-safe. */
final class Past {

    private static final int RECENT = 10;

    private final Layout layout;
    final List<UnitState> units = new ArrayList<>();
    private final Deque<ValueCounts[]> recent = new ArrayDeque<>(); // the values of each column, newest last

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
        return Norm.atoms(new RecentCounts(tested.column()), window.values(tested.column()));
    }

    /** The values of a column in the last windows together. */
    private final class RecentCounts implements Occurrences {
        private final int column;

        RecentCounts(int column) {
            this.column = column;
        }

        @Override
        public int count(double value) {
            int count = 0;
            for (ValueCounts[] earlier : recent) {
                count += earlier[column].count(value);
            }
            return count;
        }

        @Override
        public long total() {
            long total = 0;
            for (ValueCounts[] earlier : recent) {
                total += earlier[column].total();
            }
            return total;
        }
    }

    void write(FormWriter out) {
        units.forEach(unit -> unit.write(out));
        out.whole(recent.size());
        for (ValueCounts[] earlier : recent) {
            for (ValueCounts values : earlier) {
                values.write(out);
            }
        }
    }

    void read(FormReader in) {
        for (int i = 0; i < units.size(); i++) {
            Unit unit = layout.units.get(i);
            units.get(i).read(in, unit.test() == null ? 0 : layout.lengths.get(unit.counts()));
        }
        recent.clear();
        for (int size = in.whole(RECENT); recent.size() < size; ) {
            ValueCounts[] values = new ValueCounts[layout.encoder.columns()];
            Arrays.setAll(values, column -> new ValueCounts(Window.MAX_VALUES, in));
            recent.addLast(values);
        }
    }

    /** Takes note of a window in which nothing was wrong; of its values only if they are going to be asked for. */
    void accept(Window window, boolean keepsValues) {
        for (int i = 0; i < units.size(); i++) {
            Unit unit = layout.units.get(i);
            if (unit.test() != null) {
                units.get(i).accept(window.counts()[unit.counts()]);
            }
        }
        if (keepsValues) {
            recent.addLast(window.values());
        }
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
    }
}

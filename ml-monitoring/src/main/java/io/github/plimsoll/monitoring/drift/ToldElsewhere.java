package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;

/**
 * What a segment leaves to the whole to report: the columns that have moved there, and which alarms of the segment are open for
 * no other reason. Should one of these still be there when its column has recovered in the whole, it is the segment's to
 * report. Not thread-safe.
 */
final class ToldElsewhere {

    private static final int NOWHERE = -1;

    private final Layout layout;
    private final boolean[] moved; // in the whole, a place for each column and one for rows that are repeated
    private final int[] by; // for each unit the place in the whole that tells its alarm, or NOWHERE

    ToldElsewhere(Layout layout) {
        this.layout = layout;
        moved = places(layout);
        by = new int[layout.units.size()];
        Arrays.fill(by, NOWHERE);
    }

    static boolean[] places(Layout layout) {
        return new boolean[layout.encoder.columns() + 1];
    }

    /** The place of a column, or of -1 for rows as a whole. */
    static int place(Layout layout, int column) {
        return column < 0 ? layout.encoder.columns() : column;
    }

    /** Whether a unit is of a place that has moved; of a pair, one of both is enough, as it drags the other along. */
    static boolean isAmong(Layout layout, boolean[] places, Unit unit) {
        return places[place(layout, unit.column())] || (unit.partner() >= 0 && places[unit.partner()]);
    }

    /** Takes note of what has moved in the whole while rows are gathered. */
    void add(boolean[] movedInWhole) {
        for (int i = 0; i < moved.length; i++) {
            moved[i] |= movedInWhole[i];
        }
    }

    /** Forgets what has moved in the whole: other rows are gathered. */
    void begin() {
        Arrays.fill(moved, false);
    }

    /** Whether the whole tells the alarm of a unit. */
    boolean tells(int unit) {
        return by[unit] != NOWHERE;
    }

    /** Whether the whole told the alarm of a unit and does so no longer, which is so once. */
    boolean hasEnded(int unit) {
        boolean ended = by[unit] != NOWHERE && !moved[by[unit]];
        if (ended) {
            by[unit] = NOWHERE;
        }
        return ended;
    }

    /** Takes note that the alarm of a unit is over. */
    void isOver(int unit) {
        by[unit] = NOWHERE;
    }

    /** Whether something has moved in the whole, too. */
    boolean hasMoved(int place) {
        return moved[place];
    }

    /** A place that has moved in the whole and that all units which opened belong to, each to one; -1 if some do not. */
    int placeOfAll(boolean[] opened) {
        int place = NOWHERE;
        for (int i = 0; i < opened.length; i++) {
            Unit unit = layout.units.get(i);
            if (opened[i]) {
                if (!isAmong(layout, moved, unit)) {
                    return NOWHERE;
                }
                int own = place(layout, unit.column());
                place = place != NOWHERE ? place : moved[own] ? own : unit.partner();
            }
        }
        return place;
    }

    /** Leaves what has opened to the whole. */
    void leave(boolean[] opened, int place) {
        for (int i = 0; i < opened.length; i++) {
            by[i] = opened[i] ? place : by[i];
        }
    }

    void write(FormWriter out) {
        for (boolean place : moved) {
            out.flag(place);
        }
        for (int place : by) {
            out.whole(place + 1);
        }
    }

    void read(FormReader in) {
        for (int i = 0; i < moved.length; i++) {
            moved[i] = in.flag();
        }
        for (int i = 0; i < by.length; i++) {
            by[i] = in.whole(moved.length) - 1;
        }
    }
}

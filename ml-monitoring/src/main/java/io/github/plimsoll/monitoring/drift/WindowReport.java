package io.github.plimsoll.monitoring.drift;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What closing a window comes to. Immutable.
 *
 * @param window the window's number, from 0
 * @param rows how many rows it had
 * @param incidents what opened with this window; mostly none, and none again while what was reported lasts
 * @param states how each column stands, in the order of the features, then what is computed of them, the answers last; a feature stands as the
 *     worst of what is computed of it; where the baseline has segments, in all rows or in one of these, whichever is worse
 * @since 0.1
 */
public record WindowReport(long window, long rows, List<Incident> incidents, Map<String, State> states) {

    /** How a column stands. */
    public enum State {
        /** Nothing has moved that the budget would let an alarm be raised for. */
        OK,
        /** It has surely moved, but by so little that it does not matter. */
        WARN,
        /** It has moved, in this window or in one of the last, and has not yet been quiet for three windows, or more of them if it
         * comes back again and again. */
        DRIFT,
        /** It has been quiet for as many windows again, the last of which is this one. */
        RECOVERED,
        /** The window has fewer rows than anything but a broken schema can be told from. */
        NOT_ENOUGH_DATA
    }

    /** Copies the collections. */
    public WindowReport {
        incidents = List.copyOf(incidents);
        states = Collections.unmodifiableMap(new LinkedHashMap<>(states));
    }
}

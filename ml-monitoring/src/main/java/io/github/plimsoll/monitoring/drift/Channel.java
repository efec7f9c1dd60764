package io.github.plimsoll.monitoring.drift;

/** What is looked at, in a column or in the rows as a whole. */
enum Channel {
    /** How many values are missing. */
    MISSING(false, 0),
    /** How many values could not be read. */
    INVALID(false, 0),
    /** How many answers were not the model's. */
    FALLBACK(false, 0),
    /** How many names are not in the baseline. */
    UNSEEN_NAME(false, 0),
    /** How many numbers are none of the few that the baseline has. */
    UNSEEN_VALUE(true, 1),
    /** How the values are spread over the cells. */
    CELLS(true, 1),
    /** How many decimals the numbers have. */
    FORMAT(true, 1),
    /** How often the most frequent values occur. */
    ATOM(true, 1),
    /** How far numbers lie outside the range. */
    TAIL(false, 1),
    /** How many rows occur twice. */
    DUPLICATES(false, 2),
    /** How one column depends on another. */
    RELATION(true, 3),
    /** How a column depends on the hour, the weekday or the month. */
    CLOCK(true, 2),
    /** How outcomes depend on predictions. */
    OUTCOME(true, 4);

    private final boolean soft;
    private final int distance;

    Channel(boolean soft, int distance) {
        this.soft = soft;
        this.distance = distance;
    }

    /** Whether an announced season, or slow change where rows depend on each other, may move it. */
    boolean isSoft() {
        return soft;
    }

    /** How far from the cause it looks: of what moved together, the least distant is named first. */
    int distance() {
        return distance;
    }
}

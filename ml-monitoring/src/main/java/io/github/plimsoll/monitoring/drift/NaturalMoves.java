package io.github.plimsoll.monitoring.drift;

/**
 * How much evidence there was for a change when nothing was wrong. Independent rows give 1 window in 10 an evidence of 1, 1 in
 * 100 one of 2: what was seen beyond that is how much the stream moves by itself, and evidence is divided by it. Not
 * thread-safe.
 */
final class NaturalMoves {

    private double largest;
    private long windows;

    NaturalMoves() {}

    NaturalMoves(NaturalMoves original) {
        largest = original.largest;
        windows = original.windows;
    }

    NaturalMoves(FormReader in) {
        largest = in.number();
        windows = in.count();
    }

    void write(FormWriter out) {
        out.number(largest).whole(windows);
    }

    void add(double evidence) {
        windows++;
        largest = Math.max(largest, evidence);
    }

    /** What evidence has to be divided by, at least 1. */
    double deflation() {
        return windows == 0 ? 1 : Math.max(1, largest / StrictMath.log10(windows + 1.0));
    }
}

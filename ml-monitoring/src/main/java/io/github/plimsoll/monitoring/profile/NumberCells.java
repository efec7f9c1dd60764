package io.github.plimsoll.monitoring.profile;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the number line at order statistics of a sample. For a continuous law, the probabilities of the cells are then jointly
 * Dirichlet distributed with the spacings as parameters, whatever the law: the fact that the drift score rests on. It holds
 * because the ranks at which the line is cut do not depend on the values; ties make it an approximation.
 */
final class NumberCells {

    static final int MAX_CELLS = 32;
    static final int MIN_ROWS = 5;
    static final int MIN_OWN = 10;

    private final double[] sorted;
    private final int wanted;
    private final int own;
    private final List<Cell> cells = new ArrayList<>();

    /** For finite values in ascending order. */
    NumberCells(double[] sorted) {
        this.sorted = sorted;
        wanted = Math.max(1, Math.min(MAX_CELLS, sorted.length / MIN_ROWS));
        own = Math.max(MIN_OWN, (sorted.length + MAX_CELLS - 1) / MAX_CELLS);
    }

    List<Cell> cut() {
        int start = 0; // of the values since the last one with a cell of its own
        double above = Double.NEGATIVE_INFINITY;
        boolean single = false;
        long others = 0;
        for (int i = 0; i < sorted.length; ) {
            int next = endOfTies(i);
            if (next - i >= own) {
                others += ranges(start, i, above, Math.nextDown(sorted[i]), true);
                cells.add(Cell.number(sorted[i], next - i));
                single = true;
                start = next;
                above = sorted[i];
            }
            i = next;
        }
        others += ranges(start, sorted.length, above, Double.POSITIVE_INFINITY, single);
        if (single || sorted.length == 0) {
            cells.add(Cell.of(Cell.Kind.OTHER, others));
        }
        return cells;
    }

    private int endOfTies(int from) {
        int end = from + 1;
        while (end < sorted.length && sorted[end] == sorted[from]) {
            end++;
        }
        return end;
    }

    /** Cuts a stretch into ranges, or returns how many values it has if they are too few for that. */
    private long ranges(int from, int to, double above, double upTo, boolean besides) {
        int size = to - from;
        if (size == 0 || (besides && size < MIN_OWN)) {
            return size;
        }
        int pieces = (int) Math.max(1, Math.round((double) size * wanted / sorted.length));
        int begin = from;
        double lower = above;
        for (int piece = 1; piece < pieces; piece++) {
            int rank = from + (int) ((long) size * piece / pieces);
            int end = rank <= begin ? begin : endOfTies(rank - 1);
            if (end > begin && end < to) {
                cells.add(Cell.range(lower, sorted[end - 1], end - begin));
                lower = sorted[end - 1];
                begin = end;
            }
        }
        cells.add(Cell.range(lower, upTo, to - begin));
        return 0;
    }
}

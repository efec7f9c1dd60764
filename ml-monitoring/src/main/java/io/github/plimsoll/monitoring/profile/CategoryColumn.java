package io.github.plimsoll.monitoring.profile;

import io.github.plimsoll.core.schema.FeatureRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The names of one category in the rows that a baseline is made from. */
final class CategoryColumn extends Column {

    // Which names get a cell of their own depends on how often they occur, and names that were chosen because they
    // occurred
    // often will occur less often from now on: of 200 equally likely names, the 40 luckiest did so by luck. Their
    // counts would
    // make every live stream look as if it had drifted. So where a choice has to be made, one half of the rows makes
    // it, and
    // the other half, to which the chosen are as new as to live rows, is counted for what to expect.

    static final int MAX_CELLS = 40;
    static final int MIN_COUNT = 10;
    static final int MAX_NAMES = 1_000;
    static final int MAX_COUNTED = 100_000;

    private final boolean declared;
    private final Map<String, long[]> counts = new HashMap<>();
    private final long[] others = new long[2];

    CategoryColumn(List<String> categories) {
        declared = !categories.isEmpty();
        for (String name : categories) {
            counts.put(name, new long[2]);
        }
    }

    @Override
    void addValue(FeatureRow row, int index) {
        String name = String.valueOf(row.text(index));
        long[] count = counts.get(name);
        if (count == null && (declared || counts.size() == MAX_COUNTED)) {
            count = others;
        } else if (count == null) {
            count = new long[2];
            counts.put(name, count);
        }
        count[half()]++;
    }

    @Override
    void addCells(List<Cell> cells) {
        boolean choose = counts.size() > MAX_CELLS
                || counts.values().stream().anyMatch(count -> total(count) > 0 && total(count) < MIN_COUNT);
        cells.add(cell(Cell.Kind.NULL, List.of(), nulls, choose));
        cells.add(cell(Cell.Kind.INVALID, List.of(), invalid, choose));
        List<String> names = new ArrayList<>(counts.keySet());
        names.sort(Comparator.comparingLong((String name) -> -weight(name, choose))
                .thenComparing(Comparator.naturalOrder()));
        long least = choose ? MIN_COUNT / 2 : MIN_COUNT;
        int own = 0;
        while (own < Math.min(MAX_CELLS, names.size()) && weight(names.get(own), choose) >= least) {
            cells.add(cell(Cell.Kind.VALUE, names.subList(own, own + 1), count(names.get(own)), choose));
            own++;
        }
        addRest(cells, names.subList(own, names.size()), choose);
    }

    /** The names without a cell of their own: those that are known, and all others there may be. */
    private void addRest(List<Cell> cells, List<String> names, boolean choose) {
        List<String> known = new ArrayList<>();
        long[] rare = new long[2];
        long[] unseen = others.clone();
        for (String name : names) {
            boolean isKnown = declared || (names.size() <= MAX_NAMES && weight(name, choose) > 0);
            long[] sum = isKnown ? rare : unseen;
            long[] count = count(name);
            sum[0] += count[0];
            sum[1] += count[1];
            if (isKnown) {
                known.add(name);
            }
        }
        cells.add(cell(Cell.Kind.OTHER, known, rare, choose));
        cells.add(cell(Cell.Kind.UNSEEN, List.of(), unseen, choose));
    }

    private static Cell cell(Cell.Kind kind, List<String> names, long[] count, boolean choose) {
        return Cell.names(kind, names, total(count), (double) (choose ? count[1] : total(count)));
    }

    private long weight(String name, boolean choose) {
        long[] count = count(name);
        return choose ? count[0] : total(count);
    }

    private long[] count(String name) {
        return Objects.requireNonNull(counts.get(name));
    }

    private static long total(long[] count) {
        return count[0] + count[1];
    }
}

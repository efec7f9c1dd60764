package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.monitoring.profile.Cell;
import io.github.plimsoll.monitoring.profile.FeatureBaseline;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Which cells of a feature have enough rows in the baseline to be compared by their shares. Immutable. */
final class CellSplit {

    // The parameters of the Dirichlet law that the main cells' probabilities have, given the baseline:
    // - ranges: the spacings of the order statistics, so the counts and one more in the last: exact for a continuous
    // law;
    // - all others: the count and 1/2 (Jeffreys), an approximation that needs some rows in the cell: therefore
    // MIN_ROWS.

    private static final double MIN_ROWS = 10;

    final int[] main;
    final double[] parameters;
    final int[] ordered;
    final int[] rare;
    final double[] rareRows;
    final double rows;

    CellSplit(FeatureBaseline feature) {
        List<Cell> cells = feature.cells();
        main = IntStream.range(0, cells.size())
                .filter(i -> isMain(feature, cells.get(i)))
                .toArray();
        parameters = new double[main.length];
        int lastRange = -1;
        for (int i = 0; i < main.length; i++) {
            Cell cell = cells.get(main[i]);
            boolean range = cell.kind() == Cell.Kind.RANGE;
            lastRange = range ? i : lastRange;
            parameters[i] = range ? Math.max((double) cell.count(), 0.5) : cell.expected() + 0.5;
        }
        if (lastRange >= 0) {
            parameters[lastRange]++;
        }
        ordered = ordered(cells, main);
        rare = IntStream.range(0, cells.size())
                .filter(i -> Arrays.binarySearch(main, i) < 0)
                .toArray();
        rareRows = Arrays.stream(rare).mapToDouble(i -> cells.get(i).expected()).toArray();
        rows = cells.stream().mapToDouble(Cell::expected).sum();
    }

    /** A name was given its cell by other rows than those that are counted: not by luck, so however few these are. */
    private static boolean isMain(FeatureBaseline feature, Cell cell) {
        return switch (cell.kind()) {
            case RANGE -> true;
            case VALUE -> feature.type() == FeatureType.CATEGORY || cell.expected() >= MIN_ROWS;
            default -> cell.expected() >= MIN_ROWS;
        };
    }

    /** The positions in {@code main} of numbers, in ascending order. */
    private static int[] ordered(List<Cell> cells, int[] main) {
        return IntStream.range(0, main.length)
                .filter(i -> {
                    Cell cell = cells.get(main[i]);
                    return cell.kind() == Cell.Kind.RANGE
                            || (cell.kind() == Cell.Kind.VALUE && cell.names().isEmpty());
                })
                .toArray();
    }
}

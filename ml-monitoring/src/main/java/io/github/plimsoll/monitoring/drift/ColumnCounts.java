package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a window counts of one column: its values by cell, by decimals, by whether they are new and each by itself, the numbers
 * that lie farthest outside, and the new names. Counts of a fixed number are those of the layout and belong to the window.
 * Not thread-safe.
 */
final class ColumnCounts {

    // What depends on a value alone, its traits, is looked up when it is met first. From then on it stands at
    // the place of the value, which of a number is that among the values told apart, and of a name its code.
    // Rows are counted some at a time, in short loops that wait for nothing but memory, and for that together.

    private static final int FINITE = 1 << 31;
    private static final int MISSING = 1;
    private static final int INVALID = 2;
    private static final int CELLS = 0xFF;
    private static final int BIN_AT = 8;
    private static final int DECIMALS_AT = 16;
    private static final int BYTE = 0xFF;
    private static final int UNSEEN_AT = 24;
    private static final int OUTSIDE = 1 << 25;

    private static final int MAX_NAMES = 1_024;
    private static final int MAX_LETTERS = 100;

    private final Norm norm;
    private final Layout layout;
    private final int column;
    private final Bins bins;
    private final boolean isNumber;
    private final TailLaw tail;
    private ValueCounts values = new ValueCounts(Window.MAX_VALUES); // of numbers
    private int[] traits = new int[0]; // by place; 0 where they are still to be looked up
    private final double[] outside = new double[TailLaw.MOST]; // the largest distances from the median, falling
    private int outsideSize;
    private final TreeMap<Double, String> newNames = new TreeMap<>(); // those with the smallest codes

    ColumnCounts(Norm norm, int column) {
        this.norm = norm;
        this.column = column;
        layout = norm.layout;
        bins = layout.bins[column];
        isNumber = layout.encoder.isNumber(column);
        tail = norm.tail(column);
    }

    // ---- counting rows ------------------------------------------------------------------------------------------

    /** Counts the column of some rows, and notes the cell of each, below 0 where there is none, and the bin. */
    void count(WaitingRows some, long[][] counts) {
        double[] all = some.columns[column];
        boolean hasBins = some.bins[column].length > 0;
        if (isNumber) {
            values.find(all, some.size, some.places);
        } else {
            findNames(all, some.size, some.places);
        }
        findTraits(some, all, hasBins);
        countTraits(some, all, counts);
        if (hasBins) {
            byte[] ofRows = some.bins[column];
            for (int row = 0; row < some.size; row++) {
                int trait = some.traits[row];
                ofRows[row] = (byte) (trait < 0 ? trait >>> BIN_AT & BYTE : -1);
            }
        }
    }

    /** Finds the places of some codes, below 0 of those that have none. */
    private static void findNames(double[] codes, int size, int[] places) {
        for (int i = 0; i < size; i++) {
            places[i] = codes[i] < Window.MAX_VALUES ? (int) codes[i] : -1;
        }
    }

    /** Finds the traits of some rows, whose places are known, and counts each number. */
    private void findTraits(WaitingRows some, double[] all, boolean hasBins) {
        int fresh = 0;
        for (int row = 0; row < some.size; row++) {
            int place = some.places[row];
            int known = place >= 0 && place < traits.length ? traits[place] : 0;
            some.traits[row] = known;
            if (known == 0) {
                some.fresh[fresh] = row;
                some.values[fresh++] = all[row];
            } else if (isNumber) {
                values.addAt(place);
            }
        }
        lookUp(some, fresh, hasBins);
        for (int i = 0; i < fresh; i++) {
            int row = some.fresh[i];
            some.traits[row] = some.found[i];
            if (some.found[i] < 0) {
                keepTraits(isNumber ? values.addOne(all[row]) : some.places[row], some.found[i]);
            }
        }
    }

    private void keepTraits(int place, int found) {
        if (place >= 0) {
            if (place >= traits.length) {
                traits = Arrays.copyOf(traits, Math.max(place + 1, Math.min(Window.MAX_VALUES, 2 * traits.length)));
            }
            traits[place] = found;
        }
    }

    /** Finds the traits of fresh values. */
    private void lookUp(WaitingRows some, int size, boolean hasBins) {
        double[] fresh = some.values;
        int[] found = some.found;
        norm.findUnseen(column, fresh, size, found);
        bins.cells(fresh, size, some.cells);
        for (int i = 0; i < size; i++) {
            found[i] = FINITE | some.cells[i] | found[i] << UNSEEN_AT;
        }
        if (hasBins) {
            bins.bins(fresh, size, some.cells);
            for (int i = 0; i < size; i++) {
                found[i] |= some.cells[i] << BIN_AT;
            }
        }
        if (isNumber) {
            for (int i = 0; i < size; i++) {
                double value = fresh[i];
                found[i] |= Decimals.of(value) << DECIMALS_AT | (tail.isOutside(value) ? OUTSIDE : 0);
            }
        }
        for (int i = 0; i < size; i++) {
            if (!Double.isFinite(fresh[i])) {
                found[i] = Double.isNaN(fresh[i]) ? MISSING : INVALID;
            }
        }
    }

    private void countTraits(WaitingRows some, double[] all, long[][] counts) {
        long[] ofCells = counts[layout.cells[column]];
        long[] formats = counts[layout.formats[column]];
        int missing = 0;
        int finite = 0;
        int unseen = 0;
        for (int row = 0; row < some.size; row++) {
            int trait = some.traits[row];
            int cell = -1;
            if (trait < 0) {
                cell = trait & CELLS;
                int isUnseen = trait >>> UNSEEN_AT & 1;
                finite++;
                unseen += isUnseen;
                if (isNumber) {
                    ofCells[cell]++;
                    formats[trait >>> DECIMALS_AT & BYTE]++;
                    if ((trait & OUTSIDE) != 0) {
                        addOutside(tail.distance(all[row]));
                    }
                } else {
                    ofCells[cell] += 1 - isUnseen; // how often to expect new names is a question of its own
                }
            } else {
                missing += trait & MISSING;
            }
            some.cells[row] = (byte) cell;
        }
        int size = some.size;
        counts[layout.missing[column]][0] += missing;
        counts[layout.missing[column]][1] += size - missing;
        counts[layout.invalid[column]][0] += size - missing - finite;
        counts[layout.invalid[column]][1] += finite;
        counts[layout.unseen[column]][0] += unseen;
        counts[layout.unseen[column]][1] += finite - unseen;
    }

    /** Counts the same rows by hour, weekday and month and by the cell that was noted. */
    void countClock(WaitingRows some, long[] sums) {
        int cells = bins.cells();
        for (int row = 0; row < some.size; row++) {
            int cell = some.cells[row];
            if (cell >= 0 && some.hours[row] >= 0) {
                sums[some.hours[row] * cells + cell]++;
                sums[some.weekdays[row] * cells + cell]++;
                sums[some.months[row] * cells + cell]++;
            }
        }
    }

    // ---- what is told apart -------------------------------------------------------------------------------------

    ValueCounts values() {
        return values;
    }

    /** Takes over what was counted elsewhere. */
    void values(ValueCounts counted) {
        values = counted;
        traits = new int[0];
    }

    void addOutside(double distance) {
        int at = outsideSize;
        while (at > 0 && outside[at - 1] < distance) {
            at--;
        }
        if (at < outside.length) {
            outsideSize = Math.min(outsideSize + 1, outside.length);
            System.arraycopy(outside, at, outside, at + 1, outsideSize - at - 1);
            outside[at] = distance;
        }
    }

    /** The evidence that the numbers outside come from another law. */
    double tailEvidence(long rows) {
        return tail.evidence(outside, outsideSize, rows);
    }

    void addName(double code, String name) {
        if (newNames.size() < MAX_NAMES || code < newNames.lastKey()) {
            newNames.put(code, name.substring(0, Math.min(name.length(), MAX_LETTERS)));
            if (newNames.size() > MAX_NAMES) {
                newNames.pollLastEntry();
            }
        }
    }

    /** The name that a code stands for. */
    String name(double code) {
        return NameCodes.isKnown(code)
                ? layout.encoder.text(column, code)
                : newNames.getOrDefault(code, "(another name)");
    }

    void addAll(ColumnCounts more) {
        values.addAll(more.values);
        for (int i = 0; i < more.outsideSize; i++) {
            addOutside(more.outside[i]);
        }
        for (Map.Entry<Double, String> name : more.newNames.entrySet()) {
            addName(name.getKey(), name.getValue());
        }
    }

    // ---- the form -----------------------------------------------------------------------------------------------

    void write(FormWriter out) {
        values.write(out);
        out.numbers(Arrays.copyOf(outside, outsideSize));
        out.whole(newNames.size());
        newNames.forEach((code, name) -> out.number(code).text(name));
    }

    /** Reads what was written into this, which has counted nothing. */
    void read(FormReader in) {
        values(new ValueCounts(Window.MAX_VALUES, in));
        for (double distance : in.numbers()) {
            addOutside(distance);
        }
        for (int size = in.length(Double.BYTES + 1); newNames.size() < size; ) {
            double code = in.number();
            if (NameCodes.isKnown(code) || newNames.put(code, in.text()) != null) {
                throw in.wrong("new name", "of code " + code);
            }
        }
    }
}

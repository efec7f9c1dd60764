package io.github.plimsoll.monitoring.drift;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the rows that have a baseline of their own: those of each frequent value of a column, and those of each part of
 * the week. A row may be in one of each. Immutable.
 */
final class Segmentation {

    static final String HOUR_OF_WEEK = "hour of week";

    /** That a row is in no segment. */
    static final int NONE = -1;

    /** The fewest rows of a segment: with so many the false alarms were counted of which the guide tells. */
    static final int MIN_ROWS = 200;

    private static final int MAX_VALUES = 16;

    // Below so many blocks, whether rows depend on those before them is not for a part of the week alone to tell.
    private static final int MIN_BLOCKS = 50;

    private final Layout layout;
    private final int column; // whose values are segments, or NONE
    private final List<Double> codes = new ArrayList<>(); // what the column is in each segment
    private final @Nullable Week week;
    private final int[] ofParts; // the segment of each part of the week, or NONE
    private final List<Segment> segments = new ArrayList<>();

    /** What to make segments of: the values of a column, or NONE, and the hours of the week at a place. */
    record Wanted(int column, @Nullable ZoneId zone) {

        static final Wanted NOTHING = new Wanted(NONE, null);
    }

    /** Rows with a baseline of their own, and what they have in common. */
    record Segment(String column, String value, Baseline baseline) {}

    /** Of no segments. */
    Segmentation(Layout layout) {
        this.layout = layout;
        column = NONE;
        week = null;
        ofParts = new int[0];
    }

    /**
     * Of those that are wanted and have enough rows.
     *
     * @throws IllegalStateException if there are hours of the week wanted and rows of less than two weeks
     */
    Segmentation(Wanted wanted, Norm norm, EncodedRows rows, int windowRows, boolean isTimeOrdered) {
        layout = norm.layout;
        column = wanted.column;
        if (column != NONE) {
            addValues(norm, rows, windowRows, isTimeOrdered);
        }
        WeekSplit split = wanted.zone == null ? null : new WeekSplit(layout, rows, wanted.zone);
        week = split == null ? null : split.week(windowRows);
        ofParts = new int[week == null ? 0 : week.parts];
        Arrays.fill(ofParts, NONE);
        if (split != null && week != null) {
            addParts(week, split.followClock(), rows, windowRows, isTimeOrdered);
        }
    }

    private void addValues(Norm norm, EncodedRows rows, int windowRows, boolean isTimeOrdered) {
        for (double code : norm.values(column).mostFrequent(MAX_VALUES, MIN_ROWS)) {
            if (isSegment(code)) {
                EncodedRows those = new EncodedRows(rows, row -> rows.value(column, row) == code);
                int expected = (int) ((long) windowRows * those.size() / rows.size());
                int ofWindow = Math.max(SegmentMonitor.MIN_ROWS, expected);
                boolean[] leftToWhole = new boolean[rows.columns()];
                addValue(code, Baseline.ofSegment(those, layout.encoder, ofWindow, isTimeOrdered, leftToWhole));
            }
        }
    }

    private void addParts(Week parts, boolean[] followClock, EncodedRows rows, int windowRows, boolean isTimeOrdered) {
        int[] partOf = IntStream.range(0, rows.size())
                .map(row -> rows.time(row) == Window.NO_TIME ? NONE : parts.part(rows.time(row)))
                .toArray();
        for (int part = 0; part < ofParts.length; part++) {
            int wanted = part;
            EncodedRows those = new EncodedRows(rows, row -> partOf[row] == wanted);
            if (those.size() >= MIN_ROWS) {
                // A window has as many rows of a part as there are one after the other.
                int expected = Math.min(windowRows, those.size() / runs(partOf, part));
                int ofWindow = Math.max(SegmentMonitor.MIN_ROWS, expected);
                boolean isKnown = isTimeOrdered && those.size() / ofWindow < MIN_BLOCKS;
                ofParts[part] = segments.size();
                segments.add(
                        ofPart(parts, part, Baseline.ofSegment(those, layout.encoder, ofWindow, isKnown, followClock)));
            }
        }
    }

    private static int runs(int[] partOf, int part) {
        int runs = 0;
        int before = NONE;
        for (int one : partOf) {
            if (one != NONE) {
                runs += one == part && before != part ? 1 : 0;
                before = one;
            }
        }
        return runs;
    }

    Segmentation(Layout layout, FormReader in) {
        this.layout = layout;
        column = in.whole(layout.encoder.features().size()) - 1;
        if (column != NONE) {
            readValues(in);
        }
        week = in.flag() ? new Week(in) : null;
        ofParts = new int[week == null ? 0 : week.parts];
        Arrays.fill(ofParts, NONE);
        for (int part = 0; week != null && part < ofParts.length; part++) {
            if (in.flag()) {
                ofParts[part] = segments.size();
                segments.add(ofPart(week, part, new Baseline(in, layout.encoder)));
            }
        }
    }

    private void readValues(FormReader in) {
        String problem = problemOf(layout.encoder.features().get(column));
        if (problem != null) {
            throw in.wrong("segment column", problem);
        }
        for (int size = in.whole(MAX_VALUES); codes.size() < size; ) {
            double code = in.count();
            if (!isSegment(code) || codes.contains(code)) {
                throw in.wrong(
                        "segment", code + " (expected: codes of " + layout.encoder.name(column) + " that differ)");
            }
            addValue(code, new Baseline(in, layout.encoder));
        }
    }

    void write(FormWriter out) {
        out.whole(column + 1);
        if (column != NONE) {
            out.whole(codes.size());
            for (int i = 0; i < codes.size(); i++) {
                out.whole(codes.get(i).longValue());
                segments.get(i).baseline.writeAsSegment(out);
            }
        }
        out.flag(week != null);
        if (week != null) {
            week.write(out);
            for (int segment : ofParts) {
                out.flag(segment != NONE);
                if (segment != NONE) {
                    segments.get(segment).baseline.writeAsSegment(out);
                }
            }
        }
    }

    private void addValue(double code, Baseline baseline) {
        codes.add(code);
        segments.add(new Segment(layout.encoder.name(column), layout.encoder.text(column, code), baseline));
    }

    private static Segment ofPart(Week week, int part, Baseline baseline) {
        return new Segment(HOUR_OF_WEEK, week.words(part), baseline);
    }

    /** Why the values of a column cannot be segments, or null. */
    static @Nullable String problemOf(Column column) {
        return column.hasNames() || column.isBoolean()
                ? null
                : "'" + column.name() + "' is "
                        + (column.isSensitive() ? "sensitive" : column.type().toString())
                        + " (expected: a category or boolean that is not sensitive)";
    }

    /** Whether a number stands for one value of the column. */
    private boolean isSegment(double code) {
        return code >= 0 && code == Math.rint(code) && code < values();
    }

    /** How many values of the column have a code of their own. */
    private int values() {
        return layout.encoder.features().get(column).isBoolean() ? 2 : layout.encoder.names(column);
    }

    /** Those of values, the most frequent first, then those of parts of the week. */
    List<Segment> all() {
        return Collections.unmodifiableList(segments);
    }

    /** By the value of the column. */
    Map<String, Baseline> ofValues() {
        return named(segments.subList(0, codes.size()));
    }

    /** By the hours of the part. */
    Map<String, Baseline> ofWeek() {
        return named(segments.subList(codes.size(), segments.size()));
    }

    private static Map<String, Baseline> named(List<Segment> some) {
        Map<String, Baseline> named = new LinkedHashMap<>();
        some.forEach(segment -> named.put(segment.value, segment.baseline));
        return Collections.unmodifiableMap(named);
    }

    /** The column whose values are segments. */
    @Nullable
    String column() {
        return column == NONE ? null : layout.encoder.name(column);
    }

    /** How many rows each of the other values has, the most frequent first. */
    Map<String, Long> otherValues(Norm norm) {
        Map<String, Long> rowsOf = new LinkedHashMap<>();
        if (column != NONE) {
            ValueCounts counts = norm.values(column);
            IntStream.range(0, values())
                    .filter(code -> counts.count(code) > 0 && !codes.contains((double) code))
                    .boxed()
                    .sorted(Comparator.comparingInt(code -> -counts.count(code)))
                    .forEach(code -> rowsOf.put(layout.encoder.text(column, code), (long) counts.count(code)));
        }
        return Collections.unmodifiableMap(rowsOf);
    }

    /** The place of the segment that a row belongs to by the value of the column, whose names are codes; or NONE. */
    int ofValue(double[] row) {
        return column == NONE ? NONE : codes.indexOf(row[column]);
    }

    /** The place of the segment that a time is of; or NONE. */
    int ofTime(long millis) {
        return week == null || millis == Window.NO_TIME ? NONE : ofParts[week.part(millis)];
    }

    /** The segments in a few words, each beginning with a comma. */
    @Override
    public String toString() {
        return (column == NONE ? "" : ", " + codes.size() + " segments by " + column())
                + (week == null ? "" : ", " + week.parts + " parts of the week in " + week.zone());
    }
}

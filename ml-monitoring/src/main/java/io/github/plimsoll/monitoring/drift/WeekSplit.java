package io.github.plimsoll.monitoring.drift;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Splits the week in parts in which rows are alike: ranges of hours, on groups of days. Both come from joining the two that
 * differ least, again and again. How many there are is decided by rows that the parts were not made of: every other week is
 * judged by the weeks between. Of all splits that are as good as the best, within a standard error of what the days say, the
 * one with the fewest parts is taken.
 *
 * <p>Source: Breiman, Friedman, Olshen and Stone, Classification and Regression Trees (1984), section 3.4.3, for the choice
 * within one standard error.
 */
final class WeekSplit {

    static final int MIN_DAYS = 2 * Week.DAYS;

    private static final int CLASSES = RelationTest.BINS + 1; // the last one of rows without a value
    private static final double UNSEEN = 0.5; // added to each count: Krichevsky and Trofimov 1981
    private static final double SMALLEST_GAIN = 1; // nats in a window: less says nothing of which part it is of
    private static final int FOLDS = 2;

    private final ZoneId zone;
    private final int[] hours; // the hour of the week of each row; below 0 without a time
    private final int[] days; // of each row with a time, counted without those that have no rows
    private final byte[] folds; // of each row with a time: whether its week is an odd one
    private final int allDays;
    private final boolean[] followClock;
    private final List<byte[]> columns = new ArrayList<>(); // the class of each row
    private final List<int[][][]> counts = new ArrayList<>(); // of each column, by fold, hour of the week and class

    /** One way to split: the part of each hour of the day and of each day, each from 0 on. */
    private static final class Split {
        private final byte[] ofHours;
        private final byte[] ofDays;
        private final int hourParts;
        private final int dayParts;

        private Split(byte[] ofHours, byte[] ofDays, int hourParts, int dayParts) {
            this.ofHours = ofHours;
            this.ofDays = ofDays;
            this.hourParts = hourParts;
            this.dayParts = dayParts;
        }

        private int parts() {
            return hourParts * dayParts;
        }

        private int part(int hourOfWeek) {
            return ofDays[hourOfWeek / Week.HOURS_OF_DAY] * hourParts + ofHours[hourOfWeek % Week.HOURS_OF_DAY];
        }
    }

    /**
     * Of some rows, at a place.
     *
     * @throws IllegalStateException if the rows are of less than two weeks, or have no times
     */
    WeekSplit(Layout layout, EncodedRows rows, ZoneId zone) {
        this.zone = zone;
        int size = rows.size();
        hours = new int[size];
        days = new int[size];
        folds = new byte[size];
        long[] dates = new long[size]; // in days since 1970-01-01
        int timed = 0;
        for (int row = 0; row < size; row++) {
            hours[row] = -1;
            if (rows.time(row) != Window.NO_TIME) {
                long localHours = Week.localHours(zone, rows.time(row));
                hours[row] = Week.hourOfWeek(localHours);
                dates[row] = Math.floorDiv(localHours, (long) Week.HOURS_OF_DAY);
                timed++;
            }
        }
        long[] known = IntStream.range(0, size)
                .filter(row -> hours[row] >= 0)
                .mapToLong(row -> dates[row])
                .distinct()
                .sorted()
                .toArray();
        long span = timed == 0 ? 0 : known[known.length - 1] - known[0] + 1;
        if (span < MIN_DAYS) {
            throw new IllegalStateException("baseline: hours of the week: "
                    + (timed == 0 ? "no row has a time" : "rows of " + span + " days") + " (expected: of at least "
                    + MIN_DAYS + " days, better 28)");
        }
        allDays = known.length;
        for (int row = 0; row < size; row++) {
            if (hours[row] >= 0) {
                days[row] = Arrays.binarySearch(known, dates[row]);
                folds[row] = (byte) ((dates[row] - known[0]) / Week.DAYS % FOLDS);
            }
        }
        followClock = new boolean[rows.columns()];
        for (int column = 0; column < followClock.length; column++) {
            if (layout.watched[column]) {
                followClock[column] = !add(RowCounter.bins(layout.bins[column], rows.ranked(column)));
            }
        }
    }

    /** The parts of a week in which rows differ so much that a window shows it; null if they do not. */
    @Nullable
    Week week(int windowRows) {
        Split split = best(windowRows);
        if (split == null) {
            return null;
        }
        byte[] partOf = new byte[Week.HOURS];
        for (int hour = 0; hour < Week.HOURS; hour++) {
            partOf[hour] = (byte) split.part(hour);
        }
        return new Week(zone, partOf, split.parts());
    }

    /** Which columns are nothing but the hour or the weekday. */
    boolean[] followClock() {
        return followClock;
    }

    /** Adds a column, unless it is nothing but the hour or the weekday: these tell times apart that are alike in all else. */
    private boolean add(byte[] classes) {
        int[][][] byFold = new int[FOLDS][Week.HOURS][CLASSES];
        for (int row = 0; row < classes.length; row++) {
            if (classes[row] < 0) {
                classes[row] = CLASSES - 1;
            }
            if (hours[row] >= 0) {
                byFold[folds[row]][hours[row]][classes[row]]++;
            }
        }
        boolean isAdded = !followsClock(byFold);
        if (isAdded) {
            columns.add(classes);
            counts.add(byFold);
        }
        return isAdded;
    }

    private static boolean followsClock(int[][][] byFold) {
        boolean[] isUsual = new boolean[CLASSES];
        long all = 0;
        long usual = 0;
        for (int hour = 0; hour < Week.HOURS; hour++) {
            int most = 0;
            int rows = 0;
            int[] sum = sum(byFold[0][hour], byFold[1][hour]);
            for (int i = 0; i < CLASSES; i++) {
                rows += sum[i];
                most = sum[i] > sum[most] ? i : most;
            }
            all += rows;
            usual += sum[most];
            isUsual[most] |= rows > 0;
        }
        int followed = 0;
        for (boolean one : isUsual) {
            followed += one ? 1 : 0;
        }
        return usual >= ClockRelations.MIN_PURITY * all && followed >= ClockRelations.MIN_VALUES;
    }

    // ---- choice -------------------------------------------------------------------------------------------------

    private @Nullable Split best(int windowRows) {
        List<Split> all = splits(0, 1);
        List<List<Split>> ofFolds = List.of(splits(0, 0), splits(1, 1));
        double[][] gains = new double[all.size()][allDays]; // over no split at all, in nats
        for (int judged = 0; judged < FOLDS; judged++) {
            int made = 1 - judged;
            for (int column = 0; column < columns.size(); column++) {
                judge(column, judged, ofFolds.get(made), logShares(column, made, ofFolds.get(made)), gains);
            }
        }
        int best = 0;
        for (int i = 1; i < gains.length; i++) {
            best = sum(gains[i]) > sum(gains[best]) ? i : best;
        }
        long rows = Arrays.stream(hours).filter(hour -> hour >= 0).count();
        if (sum(gains[best]) * windowRows < SMALLEST_GAIN * rows) {
            return null;
        }
        int fewest = best;
        for (int i = 0; i < gains.length; i++) {
            boolean isLess = all.get(i).parts() < all.get(fewest).parts()
                    || (all.get(i).parts() == all.get(fewest).parts() && sum(gains[i]) > sum(gains[fewest]));
            if (isLess && isAsGood(gains[i], gains[best])) {
                fewest = i;
            }
        }
        return all.get(fewest).parts() == 1 ? null : all.get(fewest);
    }

    /** Whether what a split gains is within one standard error of what the best one does. */
    private boolean isAsGood(double[] gains, double[] ofBest) {
        double sum = 0;
        double squares = 0;
        for (int day = 0; day < allDays; day++) {
            double less = ofBest[day] - gains[day];
            sum += less;
            squares += less * less;
        }
        double variance = (squares - sum * sum / allDays) * allDays / (allDays - 1.0); // of the sum
        return sum <= Math.sqrt(Math.max(0, variance));
    }

    /** The logarithms of the shares of a column's classes, by split and hour of the week. */
    private double[][] logShares(int column, int fold, List<Split> splits) {
        int[][] ofHours = counts.get(column)[fold];
        double[][] logs = new double[splits.size()][Week.HOURS * CLASSES];
        for (int i = 0; i < logs.length; i++) {
            Split split = splits.get(i);
            int[][] ofParts = new int[split.parts()][CLASSES];
            for (int hour = 0; hour < Week.HOURS; hour++) {
                addTo(ofParts[split.part(hour)], ofHours[hour]);
            }
            double[][] logsOfParts = new double[ofParts.length][CLASSES];
            for (int part = 0; part < ofParts.length; part++) {
                double all = Arrays.stream(ofParts[part]).sum() + CLASSES * UNSEEN;
                for (int one = 0; one < CLASSES; one++) {
                    logsOfParts[part][one] = StrictMath.log((ofParts[part][one] + UNSEEN) / all);
                }
            }
            for (int hour = 0; hour < Week.HOURS; hour++) {
                System.arraycopy(logsOfParts[split.part(hour)], 0, logs[i], hour * CLASSES, CLASSES);
            }
        }
        return logs;
    }

    private void judge(int column, int fold, List<Split> splits, double[][] logs, double[][] gains) {
        byte[] classes = columns.get(column);
        for (int row = 0; row < classes.length; row++) {
            if (hours[row] >= 0 && folds[row] == fold) {
                int at = hours[row] * CLASSES + classes[row];
                for (int i = 1; i < splits.size(); i++) {
                    gains[i][days[row]] += logs[i][at] - logs[0][at];
                }
            }
        }
    }

    // ---- splits -------------------------------------------------------------------------------------------------

    /** All that some folds suggest; the first is none. */
    private List<Split> splits(int firstFold, int lastFold) {
        int[][] ofHours = new int[Week.HOURS_OF_DAY][columns.size() * CLASSES];
        int[][] ofDays = new int[Week.DAYS][columns.size() * CLASSES];
        for (int column = 0; column < columns.size(); column++) {
            for (int fold = firstFold; fold <= lastFold; fold++) {
                for (int hour = 0; hour < Week.HOURS; hour++) {
                    int[] some = counts.get(column)[fold][hour];
                    for (int one = 0; one < CLASSES; one++) {
                        ofHours[hour % Week.HOURS_OF_DAY][column * CLASSES + one] += some[one];
                        ofDays[hour / Week.HOURS_OF_DAY][column * CLASSES + one] += some[one];
                    }
                }
            }
        }
        byte[][] hourParts = joined(ofHours, true);
        byte[][] dayParts = joined(ofDays, false);
        List<Split> splits = new ArrayList<>();
        for (int parts = 1; parts <= Week.MAX_PARTS; parts++) {
            for (int d = 1; d <= Math.min(parts, Week.DAYS); d++) {
                if (parts % d == 0) {
                    splits.add(new Split(hourParts[parts / d], dayParts[d], parts / d, d));
                }
            }
        }
        return splits;
    }

    /**
     * Joins the two parts that differ least, until one is left.
     *
     * @param items the counts of each item, for each column one after the other
     * @param isCircle whether only neighbours are joined, the last one being that of the first
     * @return for each number of parts that of each item
     */
    private static byte[][] joined(int[][] items, boolean isCircle) {
        int n = items.length;
        byte[][] parts = new byte[n + 1][];
        List<int[]> sums = new ArrayList<>(Arrays.asList(items));
        byte[] part = new byte[n];
        for (int i = 0; i < n; i++) {
            part[i] = (byte) i;
        }
        parts[n] = part.clone();
        while (sums.size() > 1) {
            int first = 0;
            int second = 1;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < sums.size(); i++) {
                for (int j = i + 1; j < sums.size(); j++) {
                    if (!isCircle || j == i + 1 || (i == 0 && j == sums.size() - 1)) {
                        double difference = difference(sums.get(i), sums.get(j));
                        if (difference < least) {
                            least = difference;
                            first = i;
                            second = j;
                        }
                    }
                }
            }
            sums.set(first, sum(sums.get(first), sums.get(second)));
            sums.remove(second);
            for (int i = 0; i < n; i++) {
                int old = part[i];
                part[i] = (byte) (old == second ? first : old > second ? old - 1 : old);
            }
            parts[sums.size()] = part.clone();
        }
        return parts;
    }

    /** How much likelier counts are with shares of their own than with common ones, over all columns, in nats. */
    private static double difference(int[] some, int[] others) {
        double difference = 0;
        for (int from = 0; from < some.length; from += CLASSES) {
            int ofSome = 0;
            int ofOthers = 0;
            for (int i = from; i < from + CLASSES; i++) {
                difference += xLogX(some[i]) + xLogX(others[i]) - xLogX(some[i] + others[i]);
                ofSome += some[i];
                ofOthers += others[i];
            }
            difference -= xLogX(ofSome) + xLogX(ofOthers) - xLogX(ofSome + ofOthers);
        }
        return difference;
    }

    private static double xLogX(int count) {
        return count == 0 ? 0 : count * StrictMath.log(count);
    }

    private static int[] sum(int[] some, int[] others) {
        int[] sum = some.clone();
        addTo(sum, others);
        return sum;
    }

    private static void addTo(int[] sum, int[] counts) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += counts[i];
        }
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}

package io.github.plimsoll.monitoring.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Says what an alarm looks like. Where counts alone do not tell, the window's sample of rows is repaired in every way that is
 * known: the name is the repair that makes the evidence vanish.
 */
final class Diagnosis {

    static final int QUANTILES = 101;

    private static final int MAX_COLUMNS = 4;
    private static final int MAX_SHIFTS = 3;
    private static final double CLEAR = 0.3;
    private static final double BEST = 0.45;
    private static final double NOISE = 1.5;
    private static final double ALL = 0.95;
    private static final double MIN_DUPLICATES = 0.05;
    private static final double FEW = 0.005;
    private static final double MOSTLY = 0.8;
    private static final double MAX_OUTSIDE = 0.6;
    private static final int MAX_CYCLE = 60;
    private static final int MIN_CYCLE = 6;
    private static final double SMALL_FACTOR = 1.25;
    private static final double[] FACTORS = {
        10, 100, 1_000, 10_000, 12, 24, 60, 3_600, 7, 4.345, 1.609344, 2.20462, 3.28084, 0.1, 0.01, 0.001, 1 / 1.609344
    };

    private final Norm norm;
    private final Layout layout;
    private final List<UnitState> states;

    Diagnosis(Norm norm, List<UnitState> states) {
        this.norm = norm;
        layout = norm.layout;
        this.states = states;
    }

    /** What one window's evidence comes to. */
    private final class Case {

        private final Window window;
        private final double[] tested;
        private final boolean[] opened;
        private final int prediction = layout.encoder.predictionColumn();
        private final List<double[]> sample;

        private Case(Window window, double[] tested, boolean[] opened) {
            this.window = window;
            this.tested = tested;
            this.opened = opened;
            sample = window.sample();
        }

        private double evidence(Channel channel, int column) {
            double most = 0;
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                if (opened[i] && unit.channel() == channel && unit.column() == column) {
                    most = Math.max(most, tested[i]);
                }
            }
            return most;
        }

        // ---- the column ---------------------------------------------------------------------------------------------

        private List<Integer> columns() {
            int n = layout.encoder.columns();
            double[] own = new double[n];
            double[] related = new double[n];
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                if (opened[i] && unit.channel() == Channel.RELATION) {
                    related[unit.column()] += tested[i];
                    related[unit.partner()] += tested[i];
                } else if (opened[i] && unit.column() >= 0) {
                    double sure = unit.channel().distance() == 0 ? Tails.CERTAIN : 0; // nothing else moves these
                    own[unit.column()] = Math.max(own[unit.column()], tested[i] + sure);
                }
            }
            List<Integer> found = new ArrayList<>();
            for (int column = 0; column < n; column++) {
                if (own[column] > 0 || related[column] > 0) {
                    found.add(column);
                }
            }
            // A broken input drags its relations and the prediction along, so these come last.
            found.sort(Comparator.<Integer>comparingInt(column -> own[column] > 0 ? 0 : 1)
                    .thenComparingInt(column -> column == prediction ? 1 : 0)
                    .thenComparingDouble(column -> -own[column])
                    .thenComparingDouble(column -> -related[column]));
            return found;
        }

        private boolean isOfPredictionOnly() {
            boolean any = false;
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                if (opened[i]) {
                    if (unit.column() != prediction && unit.partner() != prediction) {
                        return false;
                    }
                    any |= unit.column() == prediction && unit.channel() != Channel.RELATION;
                }
            }
            return any;
        }

        // ---- the kind -----------------------------------------------------------------------------------------------

        private Incident.Kind kind(int column) {
            if (isDuplicated()) {
                return Incident.Kind.DUPLICATE_ROWS;
            }
            if (column < 0) {
                return Incident.Kind.SUBPOPULATION;
            }
            if (evidence(Channel.INVALID, column) > 0) {
                return Incident.Kind.TYPE_CHANGE;
            }
            if (isOfPredictionOnly()) {
                return evidence(Channel.ATOM, prediction) > 0
                        ? Incident.Kind.PREDICTION_FALLBACK
                        : Incident.Kind.PREDICTION_SHIFT;
            }
            if (evidence(Channel.MISSING, column) > 0) {
                return Incident.Kind.MISSING_JUMP;
            }
            if (evidence(Channel.UNSEEN_NAME, column) > 0) {
                return isSpelledOtherwise(column) ? Incident.Kind.CATEGORY_CASE : Incident.Kind.NEW_CATEGORY;
            }
            double[] values = values(column);
            if (values.length == 0) {
                return Incident.Kind.SUBPOPULATION;
            }
            double top = mostFrequent(values);
            if (share(values, top) >= ALL && norm.share(column, top) < ALL / 2) {
                return Incident.Kind.STUCK_VALUE;
            }
            return layout.encoder.isNumber(column) ? kindOfNumber(column, values) : kindOfName(column);
        }

        private boolean isDuplicated() {
            for (int i = 0; i < opened.length; i++) {
                if (opened[i] && layout.units.get(i).channel() == Channel.DUPLICATES) {
                    return window.duplicates() > MIN_DUPLICATES * window.rows() && !hasStuckColumn();
                }
            }
            return false;
        }

        private boolean hasStuckColumn() {
            for (int column = 0; column < prediction; column++) {
                double[] values = values(column);
                double top = values.length == 0 ? 0 : mostFrequent(values);
                boolean moved = evidence(Channel.CELLS, column) > 0;
                if (moved && share(values, top) >= ALL && norm.share(column, top) < ALL / 2) {
                    return true;
                }
            }
            return false;
        }

        private boolean isSpelledOtherwise(int column) {
            Set<String> known = new LinkedHashSet<>();
            for (int code = 0; code < layout.encoder.names(column); code++) {
                if (!norm.isUnseen(column, code)) {
                    known.add(folded(layout.encoder.text(column, code)));
                }
            }
            int unseen = 0;
            int otherwise = 0;
            for (double code : values(column)) {
                if (norm.isUnseen(column, code)) {
                    unseen++;
                    otherwise += known.contains(folded(window.name(column, code))) ? 1 : 0;
                }
            }
            return otherwise * 2 > unseen;
        }

        /** A name that is one value with its rows' relations kept is a mix; with relations broken it was put there. */
        private Incident.Kind kindOfName(int column) {
            double broken = 0;
            double own = evidence(Channel.CELLS, column);
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                if (unit.channel() == Channel.RELATION && unit.partner() == column && unit.column() != prediction) {
                    broken = Math.max(broken, tested[i]);
                }
            }
            return broken > 0.15 * own && broken > 2 ? Incident.Kind.STUCK_VALUE : Incident.Kind.SUBPOPULATION;
        }

        private Incident.Kind kindOfNumber(int column, double[] values) {
            double before = strain(sample, column, -1);
            if (evidence(Channel.CLOCK, column) > 0 || isTurned(column, values, before)) {
                return Incident.Kind.TZ_SHIFT;
            }
            double[] outside =
                    Arrays.stream(values).filter(norm.tail(column)::isOutside).toArray();
            if (outside.length > 0 && outside.length < MAX_OUTSIDE * values.length) {
                double top = mostFrequent(outside);
                if (isSentinel(top) && share(outside, top) >= MOSTLY) {
                    return Incident.Kind.SENTINEL;
                }
            }
            for (int other = 0; other < prediction; other++) {
                if (other != column && layout.encoder.isNumber(other)) {
                    double left = leftAfterSwap(column, other);
                    if (left < CLEAR) {
                        return Incident.Kind.COLUMN_SWAP;
                    }
                }
            }
            if (outside.length > 0 && outside.length < MAX_OUTSIDE * values.length) {
                Incident.Kind ofOutside = kindOfOutside(column, outside, values.length, before);
                if (ofOutside != null) {
                    return ofOutside;
                }
            }
            if (isRounded(column, values)) {
                return Incident.Kind.PRECISION_LOSS;
            }
            double top = mostFrequent(values);
            if (share(values, top) > norm.share(column, top)
                    && left(column, value -> value == top ? RowEncoder.MISSING : value, before) < CLEAR) {
                return Incident.Kind.STUCK_VALUE;
            }
            double flipped = left(column, value -> -value, before);
            if (flipped < CLEAR) {
                return Incident.Kind.SIGN_FLIP;
            }
            double[] live = quantiles(values);
            double[] known = norm.quantiles(column);
            double factor = fittedFactor(live, known);
            double shift = live[live.length / 2] - known[known.length / 2];
            double scaled = left(column, value -> value / factor, before);
            double shifted = left(column, value -> value - shift, before);
            double byFactor = misfit(live, known, factor, 0);
            double byShift = misfit(live, known, 1, shift);
            double unexplained = Math.min(byFactor, byShift) / misfit(live, known, 1, 0);
            boolean repairs = Math.min(scaled, shifted) < BEST;
            if (!repairs && !(before < 1 && unexplained < CLEAR)) {
                return Incident.Kind.SUBPOPULATION;
            }
            boolean decided = repairs && (scaled < BEST) != (shifted < BEST);
            boolean isFactor = decided ? scaled < shifted : byFactor < byShift;
            boolean isSmall = factor > 0 && Math.max(factor, 1 / factor) < SMALL_FACTOR;
            return isFactor && !isSmall ? Incident.Kind.UNIT_CHANGE : Incident.Kind.GRADUAL_SHIFT;
        }

        private boolean isTurned(int column, double[] values, double before) {
            double[] known = norm.quantiles(column);
            double low = known[0];
            double high = known[known.length - 1];
            double period = high - low + 1;
            boolean cyclic = period >= MIN_CYCLE
                    && period <= MAX_CYCLE
                    && norm.values(column).distinct() == period;
            if (!cyclic || Arrays.stream(values).anyMatch(v -> v < low || v > high || v != Math.rint(v))) {
                return false;
            }
            for (int steps = 1; steps < period; steps++) {
                double turn = steps;
                if (left(column, value -> low + (value - low + turn) % period, before) < CLEAR) {
                    return true;
                }
            }
            return false;
        }

        private Incident.@Nullable Kind kindOfOutside(int column, double[] outside, int rows, double before) {
            double share = (double) outside.length / rows;
            double left =
                    left(column, value -> norm.tail(column).isOutside(value) ? RowEncoder.MISSING : value, before);
            if ((mostlyTwoValues(outside) || share <= FEW) && left < BEST) {
                return Incident.Kind.SPIKES;
            }
            double median = quantiles(outside)[50];
            double typical = norm.quantiles(column)[50];
            double least = typical == 0 ? 1 : leftAfterFactor(column, median / typical, before);
            for (double factor : FACTORS) {
                least = Math.min(least, leftAfterFactor(column, factor, before));
            }
            if (least < BEST && share < 0.5) {
                return Incident.Kind.UNIT_CHANGE;
            }
            return share <= 0.05 && left < CLEAR ? Incident.Kind.SPIKES : null;
        }

        private double leftAfterFactor(int column, double factor, double before) {
            return left(column, value -> norm.tail(column).isOutside(value) ? value / factor : value, before);
        }

        private boolean isRounded(int column, double[] values) {
            if (evidence(Channel.FORMAT, column) == 0) {
                return false;
            }
            int[] formats = new int[Layout.FORMATS];
            for (double value : values) {
                formats[Decimals.of(value)]++;
            }
            int most = 0;
            int sum = formats[0];
            while (sum < ALL * values.length) {
                sum += formats[++most];
            }
            double knownShare = norm.shareOfFormatsUpTo(column, most);
            double[] live = quantiles(values);
            double[] known = norm.quantiles(column);
            double spread = known[90] - known[10];
            return knownShare < 0.5 && misfit(live, known, 1, 0) < 0.2 * spread;
        }

        // ---- repairs ------------------------------------------------------------------------------------------------

        private double left(int column, DoubleUnaryOperator repair, double before) {
            List<double[]> repaired = repaired(row -> {
                if (Double.isFinite(row[column])) {
                    row[column] = repair.applyAsDouble(row[column]);
                }
                return row;
            });
            return remaining(strain(repaired, column, -1), before);
        }

        private double leftAfterSwap(int column, int other) {
            double before = strain(sample, column, other);
            List<double[]> repaired = repaired(row -> {
                double value = row[column];
                row[column] = row[other];
                row[other] = value;
                return row;
            });
            return remaining(strain(repaired, column, other), before);
        }

        /** The part of the evidence that a repair leaves; all of it where there is too little to tell. */
        private static double remaining(double after, double before) {
            return before < 1 ? 1 : after / before;
        }

        private List<double[]> repaired(UnaryOperator<double[]> repair) {
            return sample.stream().map(row -> repair.apply(row.clone())).toList();
        }

        /** How much evidence some rows give in one or two columns and their relations. */
        private double strain(List<double[]> rows, int column, int other) {
            Window counted = new Window(norm);
            rows.forEach(counted::count);
            double sum = 0;
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                boolean asked = switch (unit.channel()) {
                    case CELLS, TAIL, RELATION -> true;
                    default -> false;
                };
                // The model answered what it was given, so its answers fit the rows before the repair.
                asked &= unit.column() != prediction && unit.partner() != prediction;
                boolean ofColumn = unit.column() == column
                        || unit.partner() == column
                        || (other >= 0 && (unit.column() == other || unit.partner() == other));
                if (asked && ofColumn) {
                    sum += Math.max(
                            0,
                            norm.evidence(i, counted)
                                            / states.get(i).fromBaseline.deflation()
                                    - NOISE);
                }
            }
            return sum;
        }

        private double[] values(int column) {
            return sample.stream()
                    .mapToDouble(row -> row[column])
                    .filter(Double::isFinite)
                    .toArray();
        }

        // ---- words --------------------------------------------------------------------------------------------------

        private List<String> details(int column) {
            List<String> details = new ArrayList<>();
            if (window.duplicates() > MIN_DUPLICATES * window.rows() && isDuplicated()) {
                details.add(window.duplicates() + " of " + window.rows() + " rows occur twice");
            }
            if (column < 0) {
                return details;
            }
            String name = layout.encoder.name(column);
            addRate(details, Channel.MISSING, column, layout.missing[column], name + " is missing");
            addRate(details, Channel.INVALID, column, layout.invalid[column], name + " cannot be read");
            addRate(details, Channel.UNSEEN_NAME, column, layout.unseen[column], name + " is a new name");
            if (!layout.encoder.isSensitive(column)) {
                shifts(column).forEach(shift -> details.add(shift.toString()));
            }
            return details;
        }

        private void addRate(List<String> details, Channel channel, int column, int counts, String words) {
            if (evidence(channel, column) > 0) {
                details.add(new CellShift(words, rate(norm.counts[counts]), rate(window.counts()[counts])).toString());
            }
        }

        private static double rate(long[] counts) {
            return (double) counts[0] / Math.max(1, counts[0] + counts[1]);
        }

        private List<CellShift> shifts(int column) {
            long[] known = norm.counts[layout.cells[column]];
            long[] live = window.counts()[layout.cells[column]];
            double all = Math.max(1, Arrays.stream(known).sum());
            double allLive = Math.max(1, Arrays.stream(live).sum());
            List<CellShift> shifts = new ArrayList<>();
            Map<Integer, Double> gains = new TreeMap<>();
            for (int cell = 0; cell < known.length; cell++) {
                double gain = live[cell] * StrictMath.log((live[cell] + 0.5) / allLive / ((known[cell] + 0.5) / all));
                if (live[cell] / allLive > known[cell] / all) {
                    gains.put(cell, gain);
                }
            }
            gains.entrySet().stream()
                    .sorted(Map.Entry.<Integer, Double>comparingByValue().reversed())
                    .limit(MAX_SHIFTS)
                    .forEach(entry -> shifts.add(new CellShift(
                            layout.encoder.name(column) + ' ' + layout.bins[column].words(entry.getKey()),
                            known[entry.getKey()] / all,
                            live[entry.getKey()] / allLive)));
            return shifts;
        }
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    private static double mostFrequent(double[] values) {
        ValueCounts counts = new ValueCounts(values.length);
        for (double value : values) {
            counts.add(value);
        }
        return counts.mostFrequent(1)[0];
    }

    private static double share(double[] values, double wanted) {
        return (double) Arrays.stream(values).filter(value -> value == wanted).count() / values.length;
    }

    /** Whether two values, such as a limit and its negative, stand for nearly all. */
    private static boolean mostlyTwoValues(double[] values) {
        ValueCounts counts = new ValueCounts(values.length);
        for (double value : values) {
            counts.add(value);
        }
        long most = 0;
        for (double value : counts.mostFrequent(2)) {
            most += counts.count(value);
        }
        return most >= MOSTLY * values.length;
    }

    private static boolean isSentinel(double value) {
        if (value == 0 || value == -1) {
            return true;
        }
        String digits = Words.number(Math.abs(value));
        return digits.length() >= 2 && digits.chars().allMatch(digit -> digit == '9');
    }

    /** The quantiles from 0 to 100 %. */
    static double[] quantiles(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double[] quantiles = new double[QUANTILES];
        for (int i = 0; i <= 100; i++) {
            quantiles[i] = sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1L) * i / 100)];
        }
        return quantiles;
    }

    private static double fittedFactor(double[] live, double[] known) {
        double both = 0;
        double square = 0;
        for (int i = 5; i <= 95; i += 5) {
            both += live[i] * known[i];
            square += known[i] * known[i];
        }
        return square == 0 || both == 0 ? 1 : both / square;
    }

    /** The mean distance of quantiles from those that a factor and a shift make of the known ones. */
    private static double misfit(double[] live, double[] known, double factor, double shift) {
        double sum = 0;
        for (int i = 5; i <= 95; i += 5) {
            sum += Math.abs(live[i] - (known[i] * factor + shift));
        }
        return sum / 19;
    }

    /** The incident that units which have opened come to. */
    Incident of(long id, Window window, double[] tested, boolean[] opened, double threshold) {
        Set<String> names = new LinkedHashSet<>();
        double most = 0;
        int span = 1;
        for (int i = 0; i < opened.length; i++) {
            if (opened[i] && tested[i] > most) {
                most = tested[i];
                span = states.get(i).span();
            }
        }
        Case found = new Case(window, tested, opened);
        List<Integer> columns = found.columns();
        Incident.Kind kind;
        List<String> details = new ArrayList<>();
        if (!window.unexpected().isEmpty() || !window.absent().isEmpty()) {
            kind = window.unexpected().isEmpty() ? Incident.Kind.DROPPED_COLUMN : Incident.Kind.ADDED_COLUMN;
            window.unexpected().forEach((name, rows) -> {
                names.add(name);
                details.add(name + " is new in " + rows + " rows");
            });
            window.absent().forEach((name, rows) -> {
                names.add(name);
                details.add(name + " is not there in " + rows + " rows");
            });
            most = Tails.CERTAIN;
        } else {
            int first = columns.isEmpty() ? -1 : columns.get(0);
            kind = found.kind(first);
            if (kind == Incident.Kind.DUPLICATE_ROWS || first < 0) {
                names.add("*");
            }
            details.addAll(found.details(first));
        }
        columns.forEach(column -> names.add(layout.encoder.name(column)));
        return new Incident(id, kind, names.stream().limit(MAX_COLUMNS).toList(), most, threshold, span, details);
    }
}

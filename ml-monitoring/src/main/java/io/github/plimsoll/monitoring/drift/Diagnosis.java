package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.validation.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
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
    private static final int MAX_NAMES = 5;
    private static final double CLEAR = 0.3;
    private static final double BEST = 0.45;
    private static final double NOISE = 1.5;
    private static final double ALL = 0.95;
    private static final double MIN_DUPLICATES = 0.05;
    private static final double FEW = 0.005;
    private static final int MIN_SENTINELS = 3;
    private static final double FAR_MORE = 5;
    private static final double MOST = 0.5;
    private static final double MOSTLY = 0.8;
    private static final double MAX_OUTSIDE = 0.6;
    private static final int MAX_CYCLE = 60;
    private static final int MIN_CYCLE = 6;
    private static final int MIN_RING = 3;
    private static final double SMALL_FACTOR = 1.25;
    private static final double[] FACTORS = {
        10, 100, 1_000, 10_000, 12, 24, 60, 3_600, 7, 4.345, 1.609344, 2.20462, 3.28084, 0.1, 0.01, 0.001, 1 / 1.609344
    };
    private static final double NEAR_FACTOR = 0.1;
    private static final double AS_GOOD = 2;
    private static final double GOOD_FIT = 0.1;

    /** Units that differ by a factor and an offset: Celsius, Fahrenheit and Kelvin. */
    private static final double[][] SCALES = {
        {1.8, 32}, {1 / 1.8, -32 / 1.8}, {1, 273.15}, {1, -273.15}, {1.8, -459.67}, {1 / 1.8, 459.67 / 1.8}
    };

    private final Norm norm;
    private final Layout layout;
    private final List<UnitState> states;

    Diagnosis(Norm norm, List<UnitState> states) {
        this.norm = norm;
        layout = norm.layout;
        this.states = states;
    }

    /** A kind, what it was told by, and which values of the column there are too many of, unless that is for its cells to say. */
    private record Cause(
            Incident.Kind kind,
            List<Finding> findings,
            @Nullable DoublePredicate moved,
            double before) {

        private static Cause of(Incident.Kind kind, Finding... findings) {
            return new Cause(kind, List.of(findings), null, 0);
        }

        private Cause where(DoublePredicate values, double share) {
            return new Cause(kind, findings, values, share);
        }
    }

    /** What one window's evidence comes to. */
    private final class Case {

        private final Window window;
        private final double[] tested;
        private final boolean[] opened;
        private final int features = layout.encoder.firstOutput();
        private final int fallback = layout.encoder.fallbackColumn();
        private final List<double[]> sample;
        private final Explanation explanation;

        private Case(Window window, double[] tested, boolean[] opened) {
            this.window = window;
            this.tested = tested;
            this.opened = opened;
            sample = window.sample();
            explanation = new Explanation(norm, window, sample);
        }

        private String name(int column) {
            return layout.encoder.name(column);
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
                    .thenComparingInt(column -> isOutput(column) ? 1 : 0)
                    .thenComparingDouble(column -> -own[column])
                    .thenComparingDouble(column -> -related[column]));
            return found;
        }

        private boolean isOutput(int column) {
            return layout.encoder.isOutput(column);
        }

        private boolean isOfPredictionOnly() {
            boolean any = false;
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                if (opened[i]) {
                    if (!isOutput(unit.column()) && !isOutput(unit.partner())) {
                        return false;
                    }
                    any |= isOutput(unit.column()) && unit.channel() != Channel.RELATION;
                }
            }
            return any;
        }

        // ---- the kind -----------------------------------------------------------------------------------------------

        private Cause cause(int column) {
            if (isDuplicated()) {
                return Cause.of(
                        Incident.Kind.DUPLICATE_ROWS, new Finding.RepeatedRows(window.duplicates(), window.rows()));
            }
            if (column < 0) {
                return Cause.of(Incident.Kind.SUBPOPULATION);
            }
            if (evidence(Channel.INVALID, column) > 0) {
                CellShift rate = explanation.rate(layout.invalid[column], name(column) + " cannot be read");
                return Cause.of(Incident.Kind.TYPE_CHANGE, rate).where(Double::isInfinite, rate.before());
            }
            if (isOfPredictionOnly()) {
                return causeOfPrediction();
            }
            if (evidence(Channel.MISSING, column) > 0) {
                CellShift rate = explanation.rate(layout.missing[column], name(column) + " is missing");
                return Cause.of(Incident.Kind.MISSING_JUMP, rate).where(Double::isNaN, rate.before());
            }
            if (evidence(Channel.UNSEEN_NAME, column) > 0) {
                return unseenNames(column);
            }
            double[] values = values(column);
            if (values.length == 0) {
                return Cause.of(Incident.Kind.SUBPOPULATION);
            }
            double top = mostFrequent(values);
            if (isStuck(column, values)) {
                return constant(Incident.Kind.STUCK_VALUE, column, top);
            }
            return layout.encoder.isNumber(column) ? causeOfNumber(column, values) : causeOfName(column, top);
        }

        /** A constant, if it has most of what moved in an output. */
        private Cause causeOfPrediction() {
            if (evidence(Channel.FALLBACK, fallback) > 0) {
                Finding.Fallbacks fallbacks = explanation.fallbacks();
                return Cause.of(Incident.Kind.FALLBACK_STORM, fallbacks).where(Double::isInfinite, fallbacks.before());
            }
            for (int output = features; output < fallback; output++) {
                Cause cause = layout.encoder.isNumber(output) ? causeOfScore(output) : causeOfLabel(output);
                if (cause != null) {
                    return cause;
                }
            }
            return Cause.of(Incident.Kind.PREDICTION_SHIFT);
        }

        private @Nullable Cause causeOfScore(int output) {
            Finding.PredictionShift shift = explanation.predictions(output);
            if (evidence(Channel.ATOM, output) > 0 && shift != null) {
                double[] values = values(output);
                double top = mostFrequent(values);
                double gained = share(values, top) - norm.share(output, top);
                if (gained >= MOST * shift.moved()) {
                    return constant(Incident.Kind.PREDICTION_FALLBACK, output, top);
                }
            }
            return null;
        }

        /** A few labels move together whatever the reason, so that one of them has to be nearly all, or all that is new. */
        private @Nullable Cause causeOfLabel(int output) {
            double[] values = values(output);
            double[] unseen = Arrays.stream(values)
                    .filter(code -> norm.isUnseen(output, code))
                    .toArray();
            if (evidence(Channel.UNSEEN_NAME, output) > 0 && unseen.length > 0) {
                double top = mostFrequent(unseen);
                return share(unseen, top) >= MOSTLY
                        ? constant(Incident.Kind.PREDICTION_FALLBACK, output, top)
                        : Cause.of(
                                Incident.Kind.PREDICTION_SHIFT,
                                explanation.rate(layout.unseen[output], name(output) + " is a new name"),
                                new Finding.NewNames(name(output), explanation.newNames(output, MAX_NAMES)));
            }
            return evidence(Channel.CELLS, output) > 0 && values.length > 0 && isStuck(output, values)
                    ? constant(Incident.Kind.PREDICTION_FALLBACK, output, mostFrequent(values))
                    : null;
        }

        private boolean isStuck(int column, double[] values) {
            double top = mostFrequent(values);
            return share(values, top) >= ALL && norm.share(column, top) < ALL / 2;
        }

        private Cause constant(Incident.Kind kind, int column, double value) {
            double before = norm.share(column, value);
            String text = layout.encoder.isNumber(column) ? Words.exact(value) : window.name(column, value);
            return Cause.of(kind, new Finding.Constant(name(column), text, before, share(values(column), value)))
                    .where(v -> v == value, before);
        }

        private Cause unseenNames(int column) {
            CellShift rate = explanation.rate(layout.unseen[column], name(column) + " is a new name");
            Finding.Spelling spelling = spelling(column);
            Incident.Kind kind = Incident.Kind.NEW_CATEGORY;
            Finding names = new Finding.NewNames(name(column), explanation.newNames(column, MAX_NAMES));
            if (spelling != null) {
                names = spelling;
                kind = switch (spelling.change()) {
                    case ENCODING, NORMALIZATION -> Incident.Kind.ENCODING_CHANGE;
                    case CASE, WHITESPACE, PUNCTUATION -> Incident.Kind.CATEGORY_CASE;
                };
            }
            return Cause.of(kind, rate, names).where(code -> isUnseenName(column, code), rate.before());
        }

        private boolean isUnseenName(int column, double code) {
            return Double.isFinite(code) && norm.isUnseen(column, code);
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
            for (int column = 0; column < features; column++) {
                double[] values = values(column);
                if (evidence(Channel.CELLS, column) > 0 && values.length > 0 && isStuck(column, values)) {
                    return true;
                }
            }
            return false;
        }

        private Finding.@Nullable Spelling spelling(int column) {
            List<String> known = new ArrayList<>();
            for (int code = 0; code < layout.encoder.names(column); code++) {
                if (!norm.isUnseen(column, code)) {
                    known.add(layout.encoder.text(column, code));
                }
            }
            Map<String, Integer> unknown = new TreeMap<>();
            for (double code : values(column)) {
                if (isUnseenName(column, code)) {
                    unknown.merge(window.name(column, code), 1, Integer::sum);
                }
            }
            return new Spellings(known).of(name(column), unknown);
        }

        /** A name that is one value with its rows' relations kept is a mix; with relations broken it was put there. */
        private Cause causeOfName(int column, double top) {
            double broken = 0;
            double own = evidence(Channel.CELLS, column);
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                if (unit.channel() == Channel.RELATION && unit.partner() == column && !isOutput(unit.column())) {
                    broken = Math.max(broken, tested[i]);
                }
            }
            return broken > 0.15 * own && broken > 2
                    ? constant(Incident.Kind.STUCK_VALUE, column, top)
                    : Cause.of(Incident.Kind.SUBPOPULATION);
        }

        private Cause causeOfNumber(int column, double[] values) {
            double before = strain(sample, column, -1);
            Finding.Turn turn = turn(column, values, before);
            if (turn != null || evidence(Channel.CLOCK, column) > 0) {
                return turn == null ? Cause.of(Incident.Kind.TZ_SHIFT) : Cause.of(Incident.Kind.TZ_SHIFT, turn);
            }
            double[] outside =
                    Arrays.stream(values).filter(norm.tail(column)::isOutside).toArray();
            boolean someOutside = outside.length > 0 && outside.length < MAX_OUTSIDE * values.length;
            if (someOutside) {
                double top = mostFrequent(outside);
                if (isSentinel(top) && (share(outside, top) >= MOSTLY || standsApart(column, outside, top))) {
                    return constant(Incident.Kind.SENTINEL, column, top);
                }
            }
            Cause exchanged = exchanged(column, values, before);
            if (exchanged != null) {
                return exchanged;
            }
            Cause ofOutside = someOutside ? causeOfOutside(column, outside, values.length, before) : null;
            if (ofOutside != null) {
                return ofOutside;
            }
            double[] live = quantiles(values);
            double[] known = norm.quantiles(column);
            Finding.Rounding rounding = rounding(column, values, live, known);
            if (rounding != null) {
                return Cause.of(Incident.Kind.PRECISION_LOSS, rounding);
            }
            double top = mostFrequent(values);
            if (share(values, top) > norm.share(column, top)
                    && left(column, value -> value == top ? RowEncoder.MISSING : value, before) < CLEAR) {
                return constant(Incident.Kind.STUCK_VALUE, column, top);
            }
            if (left(column, value -> -value, before) < CLEAR) {
                return Cause.of(Incident.Kind.SIGN_FLIP, new Finding.Conversion(name(column), -1, 0, 1));
            }
            for (double[] scale : SCALES) {
                if (misfit(live, known, scale[0], scale[1]) < GOOD_FIT * misfit(live, known, 1, 0)
                        && left(column, value -> (value - scale[1]) / scale[0], before) < CLEAR) {
                    return Cause.of(
                            Incident.Kind.UNIT_CHANGE, new Finding.Conversion(name(column), scale[0], scale[1], 1));
                }
            }
            return factorOrShift(column, live, known, before);
        }

        private Cause factorOrShift(int column, double[] live, double[] known, double before) {
            double factor = fittedFactor(live, known);
            double shift = live[live.length / 2] - known[known.length / 2];
            double scaled = left(column, value -> value / factor, before);
            double shifted = left(column, value -> value - shift, before);
            double byFactor = misfit(live, known, factor, 0);
            double byShift = misfit(live, known, 1, shift);
            double unexplained = Math.min(byFactor, byShift) / misfit(live, known, 1, 0);
            boolean repairs = Math.min(scaled, shifted) < BEST;
            if (!repairs && !(before < 1 && unexplained < CLEAR)) {
                return Cause.of(Incident.Kind.SUBPOPULATION);
            }
            boolean decided = repairs && (scaled < BEST) != (shifted < BEST);
            boolean isFactor = decided ? scaled < shifted : byFactor < byShift;
            boolean isSmall = factor > 0 && Math.max(factor, 1 / factor) < SMALL_FACTOR;
            return isFactor && !isSmall
                    ? Cause.of(
                            Incident.Kind.UNIT_CHANGE,
                            new Finding.Conversion(name(column), knownFactor(live, known, factor), 0, 1))
                    : Cause.of(Incident.Kind.GRADUAL_SHIFT, new Finding.Conversion(name(column), 1, shift, 1));
        }

        /** Another column whose values these are, or several columns in a ring. */
        private @Nullable Cause exchanged(int column, double[] values, double before) {
            int partner = -1;
            double least = CLEAR;
            for (int other = 0; other < features; other++) {
                if (other != column && layout.encoder.isNumber(other)) {
                    double left = leftAfterSwap(column, other);
                    if (left < least) {
                        least = left;
                        partner = other;
                    }
                }
            }
            if (partner < 0) {
                return reordered();
            }
            double[] live = quantiles(values);
            double[] known = norm.quantiles(column);
            double factor = knownFactor(live, known, fittedFactor(live, known));
            return left(column, value -> value / factor, before) < least // another column's values may repair it, too
                    ? null
                    : Cause.of(
                            Incident.Kind.COLUMN_SWAP,
                            new Finding.Exchange(Map.of(name(column), name(partner), name(partner), name(column))));
        }

        /** A value that the baseline does not have and that is far more frequent than any other outside. */
        private boolean standsApart(int column, double[] outside, double value) {
            double[] others = Arrays.stream(outside).filter(v -> v != value).toArray();
            double next = others.length == 0 ? 0 : share(outside, mostFrequent(others));
            return norm.share(column, value) == 0
                    && share(outside, value) * outside.length >= MIN_SENTINELS
                    && share(outside, value) >= FAR_MORE * next;
        }

        private @Nullable Cause reordered() {
            List<Integer> moved = new ArrayList<>();
            for (int column = 0; column < features; column++) {
                if (layout.encoder.isNumber(column)
                        && Math.max(evidence(Channel.CELLS, column), evidence(Channel.TAIL, column)) > 0) {
                    moved.add(column);
                }
            }
            Map<Integer, Integer> source = moved.size() < MIN_RING ? Map.of() : sources(moved);
            if (source.isEmpty()) {
                return null;
            }
            List<double[]> repaired = repaired(row -> {
                double[] were = row.clone();
                source.forEach((column, from) -> row[from] = were[column]);
                return row;
            });
            double before = 0;
            double after = 0;
            for (int column : moved) {
                before += strain(sample, column, -1);
                after += strain(repaired, column, -1);
            }
            if (remaining(after, before) >= CLEAR) {
                return null;
            }
            Map<String, String> names = new HashMap<>();
            source.forEach((column, from) -> names.put(name(column), name(from)));
            return Cause.of(Incident.Kind.COLUMN_ORDER, new Finding.Exchange(names));
        }

        /** For each of some columns the one whose values it has, if all have one and none its own; else none. */
        private Map<Integer, Integer> sources(List<Integer> columns) {
            record Fit(int column, int from, double misfit) {}
            List<Fit> fits = new ArrayList<>();
            for (int column : columns) {
                double[] live = quantiles(values(column));
                for (int from : columns) {
                    double[] known = norm.quantiles(from);
                    double spread = Math.max(known[95] - known[5], Double.MIN_NORMAL);
                    fits.add(new Fit(column, from, misfit(live, known, 1, 0) / spread));
                }
            }
            fits.sort(Comparator.comparingDouble(Fit::misfit));
            Map<Integer, Integer> sources = new HashMap<>();
            for (Fit fit : fits) {
                if (!sources.containsKey(fit.column) && !sources.containsValue(fit.from)) {
                    sources.put(fit.column, fit.from);
                }
            }
            boolean moves = sources.entrySet().stream()
                    .noneMatch(entry -> entry.getKey().equals(entry.getValue()));
            return moves ? sources : Map.of();
        }

        private Finding.@Nullable Turn turn(int column, double[] values, double before) {
            double[] known = norm.quantiles(column);
            double low = known[0];
            double high = known[known.length - 1];
            double period = high - low + 1;
            boolean cyclic = period >= MIN_CYCLE
                    && period <= MAX_CYCLE
                    && norm.values(column).distinct() == period;
            if (!cyclic || Arrays.stream(values).anyMatch(v -> v < low || v > high || v != Math.rint(v))) {
                return null;
            }
            double least = Double.POSITIVE_INFINITY;
            Finding.Turn turn = null;
            for (int steps = 1; steps < period; steps++) { // neighbours may repair it, too: the one that fits best
                double back = period - steps;
                DoubleUnaryOperator turned = value -> low + (value - low + back) % period;
                double misfit =
                        misfit(quantiles(Arrays.stream(values).map(turned).toArray()), known, 1, 0);
                if (misfit < least && left(column, turned, before) < CLEAR) {
                    least = misfit;
                    turn = new Finding.Turn(name(column), steps, (int) period);
                }
            }
            return turn;
        }

        private @Nullable Cause causeOfOutside(int column, double[] outside, int rows, double before) {
            double share = (double) outside.length / rows;
            double left =
                    left(column, value -> norm.tail(column).isOutside(value) ? RowEncoder.MISSING : value, before);
            if ((mostlyTwoValues(outside) || share <= FEW) && left < BEST) {
                return spikes(column, outside, share);
            }
            double median = quantiles(outside)[50];
            double typical = norm.quantiles(column)[50];
            double best = typical == 0 ? 1 : median / typical;
            double least = typical == 0 ? 1 : leftAfterFactor(column, best, before);
            boolean isKnown = false;
            for (double factor : FACTORS) {
                double after = leftAfterFactor(column, factor, before);
                boolean near = Math.abs(best / factor - 1) <= NEAR_FACTOR && after < BEST;
                if (near || (after < least && !isKnown)) {
                    isKnown = near;
                    least = after;
                    best = factor;
                }
            }
            double[] known = norm.quantiles(column);
            double shift = quantiles(values(column))[50] - known[50];
            if (least < BEST && share < 0.5 && least < left(column, value -> value - shift, before)) {
                return Cause.of(Incident.Kind.UNIT_CHANGE, new Finding.Conversion(name(column), best, 0, share))
                        .where(norm.tail(column)::isOutside, 0);
            }
            return share <= 0.05 && left < CLEAR ? spikes(column, outside, share) : null;
        }

        private Cause spikes(int column, double[] outside, double share) {
            double[] known = norm.quantiles(column);
            double farthest = outside[0];
            for (double value : outside) {
                farthest = norm.tail(column).distance(value) > norm.tail(column).distance(farthest) ? value : farthest;
            }
            Interval range = new Interval(known[0], known[known.length - 1]);
            return Cause.of(Incident.Kind.SPIKES, new Finding.Outside(name(column), range, share, farthest))
                    .where(norm.tail(column)::isOutside, 0);
        }

        private double leftAfterFactor(int column, double factor, double before) {
            return left(column, value -> norm.tail(column).isOutside(value) ? value / factor : value, before);
        }

        private Finding.@Nullable Rounding rounding(int column, double[] values, double[] live, double[] known) {
            if (evidence(Channel.FORMAT, column) == 0) {
                return null;
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
            double spread = known[90] - known[10];
            return knownShare < 0.5 && misfit(live, known, 1, 0) < 0.2 * spread
                    ? new Finding.Rounding(name(column), most, knownShare)
                    : null;
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
                asked &= !isOutput(unit.column()) && !isOutput(unit.partner());
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

        // ---- findings -----------------------------------------------------------------------------------------------

        private List<Finding> findings(Cause cause, List<Integer> columns) {
            List<Finding> findings = new ArrayList<>(cause.findings);
            if (!columns.isEmpty()) {
                int column = columns.get(0);
                boolean sensitive = layout.encoder.isSensitive(column);
                findings.removeIf(finding -> sensitive && hasValues(finding));
                if (!sensitive) {
                    findings.addAll(explanation.shifts(column));
                    add(findings, layout.encoder.isNumber(column) ? explanation.median(column) : null);
                }
                add(findings, evidence(Channel.CELLS, column) > 0 ? null : brokenRelation(column));
                add(findings, segment(cause, column));
            }
            if (columns.size() > 1) {
                findings.add(new Finding.Together(
                        columns.stream().skip(1).map(this::name).toList()));
            }
            if (cause.kind != Incident.Kind.FALLBACK_STORM && evidence(Channel.FALLBACK, fallback) > 0) {
                findings.add(explanation.fallbacks());
            }
            for (int output = features; output < fallback; output++) {
                if (layout.encoder.isNumber(output)) {
                    add(findings, explanation.predictions(output));
                } else if (columns.indexOf(output) > 0) { // of the first column this was said already
                    findings.addAll(explanation.shifts(output));
                }
            }
            return findings;
        }

        /** What moved most in the surest of the relations that opened; null if there is none, or for sensitive columns. */
        private @Nullable Finding brokenRelation(int column) {
            int surest = -1;
            for (int i = 0; i < opened.length; i++) {
                Unit unit = layout.units.get(i);
                if (opened[i]
                        && unit.channel() == Channel.RELATION
                        && (unit.column() == column || unit.partner() == column)
                        && (surest < 0 || tested[i] > tested[surest])) {
                    surest = i;
                }
            }
            return surest < 0 ? null : explanation.relation(layout.units.get(surest));
        }

        private static void add(List<Finding> findings, @Nullable Finding finding) {
            if (finding != null) {
                findings.add(finding);
            }
        }

        /** The rows that carry it; not a column that went with what moved in the baseline already, where the values are real. */
        private Finding.@Nullable Segment segment(Cause cause, int column) {
            Segments segments = new Segments(layout, sample);
            DoublePredicate moved = cause.moved;
            if (moved != null) {
                return segments.of(column, moved, cause.before, other -> true);
            }
            if (isOutput(column) || cause.kind == Incident.Kind.DUPLICATE_ROWS) {
                return null;
            }
            List<Integer> cells = explanation.gaining(column);
            Bins bins = layout.bins[column];
            return segments.of(
                    column,
                    value -> Double.isFinite(value) && cells.contains(bins.cell(value)),
                    explanation.before(column, cells),
                    other -> layout.pairs.stream().noneMatch(pair -> pair.isOf(column, other)));
        }
    }

    /** Whether a finding shows a value or a name of a feature that it is about. */
    private static boolean hasValues(Finding finding) {
        if (finding instanceof Finding.Conversion conversion) {
            return conversion.offset() != 0;
        }
        return finding instanceof Finding.Constant
                || finding instanceof Finding.NewNames
                || finding instanceof Finding.Spelling
                || finding instanceof Finding.Outside;
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

    /** A known factor that is near the fitted one and fits about as well, or the fitted one. */
    private static double knownFactor(double[] live, double[] known, double fitted) {
        double best = fitted;
        double least = AS_GOOD * misfit(live, known, fitted, 0) + 1e-9 * Math.abs(fitted * known[50]);
        for (double factor : FACTORS) {
            for (double either : new double[] {factor, 1 / factor}) {
                boolean near = Math.abs(fitted / either - 1) <= NEAR_FACTOR;
                if (near && misfit(live, known, either, 0) <= least) {
                    least = misfit(live, known, either, 0);
                    best = either;
                }
            }
        }
        return best;
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
        List<Finding> findings = new ArrayList<>();
        if (!window.unexpected().isEmpty() || !window.absent().isEmpty()) {
            kind = window.unexpected().isEmpty() ? Incident.Kind.DROPPED_COLUMN : Incident.Kind.ADDED_COLUMN;
            window.unexpected().forEach((name, rows) -> {
                names.add(name);
                findings.add(new Finding.Field(name, true, rows));
            });
            window.absent().forEach((name, rows) -> {
                names.add(name);
                findings.add(new Finding.Field(name, false, rows));
            });
            most = Tails.CERTAIN;
        } else {
            int first = columns.isEmpty() ? -1 : columns.get(0);
            Cause cause = found.cause(first);
            kind = cause.kind();
            if (kind == Incident.Kind.DUPLICATE_ROWS || first < 0) {
                names.add("*");
            }
            findings.addAll(found.findings(cause, columns));
        }
        columns.forEach(column -> names.add(layout.encoder.name(column)));
        return new Incident(id, kind, names.stream().limit(MAX_COLUMNS).toList(), most, threshold, span, findings);
    }
}

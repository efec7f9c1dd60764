package io.github.plimsoll.monitoring.drift;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** What is wrong with a number: the rule that comes first of those that fit, or the repair that leaves least. */
final class NumberRules {

    private static final int MAX_CYCLE = 60;
    private static final int MIN_CYCLE = 6;
    private static final double SMALL_FACTOR = 1.25;
    private static final double GOOD_FIT = 0.1;
    private static final double SAME_PLACE = 0.2;
    private static final double RARE_FORMAT = 0.5;

    private final Case found;
    private final Repairs repairs;
    private final int column;
    private final double[] values;
    private final double[] live;
    private final double[] known;

    NumberRules(Case found, Repairs repairs, int column, double[] values) {
        this.found = found;
        this.repairs = repairs;
        this.column = column;
        this.values = values;
        live = Quantiles.of(values);
        known = found.norm.quantiles(column);
    }

    Cause cause() {
        double before = repairs.before(column);
        Finding.Turn turn = turn(before);
        if (turn != null || found.evidence(Channel.CLOCK, column) > 0) {
            return turn == null ? Cause.of(Incident.Kind.TZ_SHIFT) : Cause.of(Incident.Kind.TZ_SHIFT, turn);
        }
        OutsideRules outside = new OutsideRules(found, repairs, column, values);
        Cause sentinel = outside.sentinel();
        if (sentinel != null) {
            return sentinel;
        }
        Cause exchanged = new ExchangeRules(found, repairs).cause(column, values, before);
        if (exchanged != null) {
            return exchanged;
        }
        Cause ofOutside = outside.cause(before);
        if (ofOutside != null) {
            return ofOutside;
        }
        Finding.Rounding rounding = rounding();
        if (rounding != null) {
            return Cause.of(Incident.Kind.PRECISION_LOSS, rounding);
        }
        double top = Case.mostFrequent(values);
        if (Case.share(values, top) > found.norm.share(column, top)
                && repairs.left(column, value -> value == top ? RowEncoder.MISSING : value, before) < Repairs.CLEAR) {
            return found.constant(Incident.Kind.STUCK_VALUE, column, top);
        }
        if (repairs.left(column, value -> -value, before) < Repairs.CLEAR) {
            return converted(Incident.Kind.SIGN_FLIP, -1, 0);
        }
        for (double[] scale : Conversions.SCALES) {
            if (Quantiles.misfit(live, known, scale[0], scale[1]) < GOOD_FIT * Quantiles.misfit(live, known, 1, 0)
                    && repairs.left(column, value -> (value - scale[1]) / scale[0], before) < Repairs.CLEAR) {
                return converted(Incident.Kind.UNIT_CHANGE, scale[0], scale[1]);
            }
        }
        return factorOrShift(before);
    }

    private Cause converted(Incident.Kind kind, double factor, double offset) {
        return Cause.of(kind, new Finding.Conversion(found.name(column), factor, offset, 1));
    }

    private Cause factorOrShift(double before) {
        double factor = Quantiles.fittedFactor(live, known);
        double shift = live[live.length / 2] - known[known.length / 2];
        double scaled = repairs.left(column, value -> value / factor, before);
        double shifted = repairs.left(column, value -> value - shift, before);
        double byFactor = Quantiles.misfit(live, known, factor, 0);
        double byShift = Quantiles.misfit(live, known, 1, shift);
        double unexplained = Math.min(byFactor, byShift) / Quantiles.misfit(live, known, 1, 0);
        boolean isRepaired = Math.min(scaled, shifted) < Repairs.BEST;
        if (!isRepaired && !(before < 1 && unexplained < Repairs.CLEAR)) {
            return Cause.of(Incident.Kind.SUBPOPULATION);
        }
        boolean decided = isRepaired && (scaled < Repairs.BEST) != (shifted < Repairs.BEST);
        boolean isFactor = decided ? scaled < shifted : byFactor < byShift;
        boolean isSmall = factor > 0 && Math.max(factor, 1 / factor) < SMALL_FACTOR;
        return isFactor && !isSmall
                ? converted(Incident.Kind.UNIT_CHANGE, Conversions.knownFactor(live, known, factor), 0)
                : converted(Incident.Kind.GRADUAL_SHIFT, 1, shift);
    }

    /** By how many steps whole numbers that go in a circle, such as hours, were turned; null if not. */
    private Finding.@Nullable Turn turn(double before) {
        double low = known[0];
        double high = known[known.length - 1];
        double period = high - low + 1;
        boolean cyclic = period >= MIN_CYCLE
                && period <= MAX_CYCLE
                && found.norm.values(column).distinct() == period;
        if (!cyclic || Arrays.stream(values).anyMatch(v -> v < low || v > high || v != Math.rint(v))) {
            return null;
        }
        double least = Double.POSITIVE_INFINITY;
        Finding.Turn turn = null;
        for (int steps = 1; steps < period; steps++) { // neighbours may repair it, too: the one that fits best
            double back = period - steps;
            DoubleUnaryOperator turned = value -> low + (value - low + back) % period;
            double misfit = Quantiles.misfit(
                    Quantiles.of(Arrays.stream(values).map(turned).toArray()), known, 1, 0);
            if (misfit < least && repairs.left(column, turned, before) < Repairs.CLEAR) {
                least = misfit;
                turn = new Finding.Turn(found.name(column), steps, (int) period);
            }
        }
        return turn;
    }

    /** Fewer decimals than before on numbers that are else where they were; null if not. */
    private Finding.@Nullable Rounding rounding() {
        if (found.evidence(Channel.FORMAT, column) == 0) {
            return null;
        }
        int[] formats = new int[Layout.FORMATS];
        for (double value : values) {
            formats[Decimals.of(value)]++;
        }
        int most = 0;
        int sum = formats[0];
        while (sum < Case.ALL * values.length) {
            sum += formats[++most];
        }
        double knownShare = found.norm.shareOfFormatsUpTo(column, most);
        double spread = known[90] - known[10];
        return knownShare < RARE_FORMAT && Quantiles.misfit(live, known, 1, 0) < SAME_PLACE * spread
                ? new Finding.Rounding(found.name(column), most, knownShare)
                : null;
    }
}

package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.validation.stats.Interval;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What it means that some values of a number, not most, are far outside what the baseline has. */
final class OutsideRules {

    private static final double MOSTLY = 0.8;
    private static final double MAX_OUTSIDE = 0.6;
    private static final double MAX_CONVERTED = 0.5;
    private static final double MAX_SPIKES = 0.05;
    private static final double FEW = 0.005;
    private static final int MIN_SENTINELS = 3;
    private static final double FAR_MORE = 5;

    private final Case found;
    private final Repairs repairs;
    private final int column;
    private final double[] values;
    private final TailLaw tail;
    private final double[] known;
    private final double[] outside;

    OutsideRules(Case found, Repairs repairs, int column, double[] values) {
        this.found = found;
        this.repairs = repairs;
        this.column = column;
        this.values = values;
        tail = found.norm.tail(column);
        known = found.norm.quantiles(column);
        outside = Arrays.stream(values).filter(tail::isOutside).toArray();
    }

    private boolean areSome() {
        return outside.length > 0 && outside.length < MAX_OUTSIDE * values.length;
    }

    /** A number that stands for a missing one; null if there is none. */
    @Nullable
    Cause sentinel() {
        if (!areSome()) {
            return null;
        }
        double top = Case.mostFrequent(outside);
        return isSentinel(top) && (Case.share(outside, top) >= MOSTLY || standsApart(top))
                ? found.constant(Incident.Kind.SENTINEL, column, top)
                : null;
    }

    private static boolean isSentinel(double value) {
        if (value == 0 || value == -1) {
            return true;
        }
        String digits = Words.number(Math.abs(value));
        return digits.length() >= 2 && digits.chars().allMatch(digit -> digit == '9');
    }

    /** A value that the baseline does not have and that is far more frequent than any other outside. */
    private boolean standsApart(double value) {
        double[] others = Arrays.stream(outside).filter(v -> v != value).toArray();
        double next = others.length == 0 ? 0 : Case.share(outside, Case.mostFrequent(others));
        double share = Case.share(outside, value);
        return found.norm.share(column, value) == 0
                && share * outside.length >= MIN_SENTINELS
                && share >= FAR_MORE * next;
    }

    /** Another unit in a part of the rows, or spikes; null if it is neither. */
    @Nullable
    Cause cause(double before) {
        if (!areSome()) {
            return null;
        }
        double share = (double) outside.length / values.length;
        double left = repairs.left(column, value -> tail.isOutside(value) ? RowEncoder.MISSING : value, before);
        if ((areMostlyTwoValues() || share <= FEW) && left < Repairs.BEST) {
            return spikes(share);
        }
        double median = Quantiles.of(outside)[50];
        double typical = known[50];
        double best = typical == 0 ? 1 : median / typical;
        double least = typical == 0 ? 1 : repairs.leftAfterFactor(column, best, before);
        boolean isKnown = false;
        for (double factor : Conversions.FACTORS) {
            double after = repairs.leftAfterFactor(column, factor, before);
            boolean near = Conversions.isNear(best, factor) && after < Repairs.BEST;
            if (near || (after < least && !isKnown)) {
                isKnown = near;
                least = after;
                best = factor;
            }
        }
        double shift = Quantiles.of(values)[50] - typical;
        if (least < Repairs.BEST
                && share < MAX_CONVERTED
                && least < repairs.left(column, value -> value - shift, before)) {
            return Cause.of(Incident.Kind.UNIT_CHANGE, new Finding.Conversion(found.name(column), best, 0, share))
                    .where(tail::isOutside, 0);
        }
        return share <= MAX_SPIKES && left < Repairs.CLEAR ? spikes(share) : null;
    }

    /** Whether two values, such as a limit and its negative, stand for nearly all. */
    private boolean areMostlyTwoValues() {
        ValueCounts counts = Case.counts(outside);
        long most = 0;
        for (double value : counts.mostFrequent(2)) {
            most += counts.count(value);
        }
        return most >= MOSTLY * outside.length;
    }

    private Cause spikes(double share) {
        double farthest = outside[0];
        for (double value : outside) {
            farthest = tail.distance(value) > tail.distance(farthest) ? value : farthest;
        }
        Interval range = new Interval(known[0], known[known.length - 1]);
        return Cause.of(Incident.Kind.SPIKES, new Finding.Outside(found.name(column), range, share, farthest))
                .where(tail::isOutside, 0);
    }
}

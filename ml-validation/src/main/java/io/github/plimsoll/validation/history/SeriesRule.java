package io.github.plimsoll.validation.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is unusual in a series of numbers: a value, a change, or a departure from what the series did before.
 *
 * <pre>{@code
 * SeriesRule.threshold(0, 0.05)                    // a value from 0 to 0.05
 * SeriesRule.absoluteChange(-100, 100)             // at most 100 more or less than the value before
 * SeriesRule.relativeChange(0.5, 2)                // half to twice the value before
 * SeriesRule.rateOfChange(Duration.ofDays(1), -50, 50)
 * SeriesRule.onlineNormal(3)                       // within 3 standard deviations of the mean so far
 * SeriesRule.batchNormal(3)                        // of the mean of all others
 * SeriesRule.smoothed(3)                           // of the exponentially smoothed level
 * SeriesRule.seasonal(7, 3)                        // of Holt's and Winters' forecast for this day of the week
 * }</pre>
 *
 * <p>Bounds are inclusive. A rule that needs more values than there are answers {@link Verdict#UNDECIDED}, never that all is well.
 * Threshold, absolute and relative change, online and batch normal find what Deequ's anomaly detection strategies of similar names find.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class SeriesRule {

    /** What a rule says of a value. */
    public enum Verdict {
        /** The value is within the bounds. */
        USUAL,
        /** The value is outside the bounds. */
        UNUSUAL,
        /** Too little is known: there are too few values, or the quantity is not defined, such as the ratio of 0 to 0. */
        UNDECIDED
    }

    /**
     * One number of a series.
     *
     * @param at when it was measured
     * @param value a finite number
     */
    public record Point(Instant at, double value) {

        /**
         * A point.
         *
         * @throws IllegalArgumentException if the value is not finite
         */
        public Point {
            Objects.requireNonNull(at);
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("value at " + at + ": " + value + " (expected: a finite number)");
            }
        }
    }

    /**
     * What a rule found at one point.
     *
     * @param index the index of the point in the series
     * @param measured what was held to the bounds: the value, its change, ratio or rate; {@code NaN} if it is not defined
     * @param least the lower bound, {@code -Infinity} if there is none, {@code NaN} if none is known yet
     * @param most the upper bound, {@code Infinity} if there is none, {@code NaN} if none is known yet
     * @param verdict what follows
     */
    public record Judgement(int index, double measured, double least, double most, Verdict verdict) {

        private static Judgement of(int index, double measured, double least, double most) {
            Verdict verdict = Double.isNaN(measured)
                    ? Verdict.UNDECIDED
                    : measured < least || measured > most ? Verdict.UNUSUAL : Verdict.USUAL;
            return new Judgement(index, measured, least, most, verdict);
        }

        private static Judgement unknown(int index, double measured) {
            return new Judgement(index, measured, Double.NaN, Double.NaN, Verdict.UNDECIDED);
        }
    }

    private enum Kind {
        THRESHOLD,
        ABSOLUTE_CHANGE,
        RELATIVE_CHANGE,
        RATE_OF_CHANGE,
        ONLINE_NORMAL,
        BATCH_NORMAL,
        SMOOTHED,
        SEASONAL
    }

    private static final double SKIPPED = 0.1;

    private final Kind kind;
    private final double least; // of the quantity, or standard deviations below what is expected
    private final double most;
    private final int lag; // the order of a difference, the lag of a ratio, the length of a season
    private final Duration per;
    private final double skipped;
    private final boolean learningFromAll;
    private final int after;

    private SeriesRule(
            Kind kind,
            double least,
            double most,
            int lag,
            Duration per,
            double skipped,
            boolean learningFromAll,
            int after) {
        this.kind = kind;
        this.least = least;
        this.most = most;
        this.lag = lag;
        this.per = per;
        this.skipped = skipped;
        this.learningFromAll = learningFromAll;
        this.after = after;
    }

    private static SeriesRule of(Kind kind, double least, double most, int lag) {
        return new SeriesRule(kind, least, most, lag, Duration.ZERO, SKIPPED, false, 0);
    }

    private static SeriesRule between(Kind kind, double least, double most, int lag) {
        if (!(least <= most)) {
            throw new IllegalArgumentException("bounds: " + least + " to " + most + " (expected: least <= most)");
        }
        return of(kind, least, most, lag);
    }

    /**
     * Values outside two bounds are unusual.
     *
     * @param least the smallest usual value, or {@code -Infinity}
     * @param most the largest usual value, or {@code Infinity}
     * @return the rule
     * @throws IllegalArgumentException if {@code least} is not at most {@code most}
     */
    public static SeriesRule threshold(double least, double most) {
        return between(Kind.THRESHOLD, least, most, 0);
    }

    /**
     * Changes outside two bounds are unusual: the value less the one before.
     *
     * @param least the smallest usual change, below 0 for a fall, or {@code -Infinity}
     * @param most the largest usual change, or {@code Infinity}
     * @return the rule
     * @throws IllegalArgumentException if {@code least} is not at most {@code most}
     */
    public static SeriesRule absoluteChange(double least, double most) {
        return absoluteChange(least, most, 1);
    }

    /**
     * Differences of an order outside two bounds are unusual: the change of the change for 2, and so on.
     *
     * @param least the smallest usual difference, or {@code -Infinity}
     * @param most the largest usual difference, or {@code Infinity}
     * @param order how often differences are taken; the first {@code order} values are undecided
     * @return the rule
     * @throws IllegalArgumentException if {@code least} is not at most {@code most}, or {@code order} is not from 1 to 100
     */
    public static SeriesRule absoluteChange(double least, double most, int order) {
        return between(Kind.ABSOLUTE_CHANGE, least, most, whole("order", order, 100));
    }

    /**
     * Ratios outside two bounds are unusual: the value divided by the one before. From 0 to another number the ratio is infinite;
     * of 0 to 0 it is undecided.
     *
     * @param least the smallest usual ratio, such as 0.5, or {@code -Infinity}
     * @param most the largest usual ratio, such as 2, or {@code Infinity}
     * @return the rule
     * @throws IllegalArgumentException if {@code least} is not at most {@code most}
     */
    public static SeriesRule relativeChange(double least, double most) {
        return relativeChange(least, most, 1);
    }

    /**
     * Ratios outside two bounds are unusual: the value divided by the one some points before.
     *
     * @param least the smallest usual ratio, or {@code -Infinity}
     * @param most the largest usual ratio, or {@code Infinity}
     * @param lag how many points before; 7 compares days with the same day of the week before
     * @return the rule
     * @throws IllegalArgumentException if {@code least} is not at most {@code most}, or {@code lag} is not from 1 to 10,000
     */
    public static SeriesRule relativeChange(double least, double most, int lag) {
        return between(Kind.RELATIVE_CHANGE, least, most, whole("lag", lag, 10_000));
    }

    /**
     * Changes in a time outside two bounds are unusual: the value less the one before, divided by the time between them. For series
     * whose points are not evenly spaced.
     *
     * @param per the unit of time, such as a day
     * @param least the smallest usual change in that time, or {@code -Infinity}
     * @param most the largest usual change in that time, or {@code Infinity}
     * @return the rule
     * @throws IllegalArgumentException if {@code least} is not at most {@code most}, or the time is not positive
     */
    public static SeriesRule rateOfChange(Duration per, double least, double most) {
        if (per.isNegative() || per.isZero()) {
            throw new IllegalArgumentException("per: " + per + " (expected: > 0)");
        }
        SeriesRule rule = between(Kind.RATE_OF_CHANGE, least, most, 1);
        return new SeriesRule(rule.kind, least, most, 1, per, SKIPPED, false, 0);
    }

    /**
     * Values far from the mean of all values up to and with themselves are unusual.
     *
     * @param deviations how many standard deviations from the mean are usual
     * @return the rule, with the same number below and above
     * @throws IllegalArgumentException if the number is negative or NaN
     */
    public static SeriesRule onlineNormal(double deviations) {
        return onlineNormal(deviations, deviations);
    }

    /**
     * Values far from the mean of all values up to and with themselves are unusual. Mean and (population) standard deviation are
     * updated value by value; an unusual value is taken out of them again, though it still counts as one in their weights, unless the
     * rule is {@link #learningFromAll}. Nothing is unusual in the {@linkplain #skipping first tenth} of a series.
     *
     * <p>A value that is part of the mean is at most √(n − 1) deviations from it: 3 deviations need more than 10 values, and until
     * then values are undecided.
     *
     * @param below how many standard deviations below the mean are usual, {@code Infinity} for any
     * @param above how many above, {@code Infinity} for any
     * @return the rule
     * @throws IllegalArgumentException if a number is negative or NaN
     * @see <a href="https://doi.org/10.1080/00401706.1962.10490022">Welford: Note on a method for calculating corrected sums of
     *     squares and products</a>
     */
    public static SeriesRule onlineNormal(double below, double above) {
        return of(Kind.ONLINE_NORMAL, deviations(below), deviations(above), 0);
    }

    /**
     * Values far from the mean of the values that are not being judged are unusual.
     *
     * @param deviations how many standard deviations from the mean are usual
     * @return the rule, with the same number below and above
     * @throws IllegalArgumentException if the number is negative or NaN
     */
    public static SeriesRule batchNormal(double deviations) {
        return batchNormal(deviations, deviations);
    }

    /**
     * Values far from the mean of the values that are not being judged are unusual; in a {@link MetricHistory} those are all earlier
     * tables. The (sample) standard deviation needs two of them.
     *
     * @param below how many standard deviations below the mean are usual, {@code Infinity} for any
     * @param above how many above, {@code Infinity} for any
     * @return the rule
     * @throws IllegalArgumentException if a number is negative or NaN
     */
    public static SeriesRule batchNormal(double below, double above) {
        return of(Kind.BATCH_NORMAL, deviations(below), deviations(above), 0);
    }

    /**
     * Values far from the exponentially smoothed level of the values before are unusual. The weight of the newest value is the one
     * that would have foretold the values before best, and a standard deviation is the root of the mean square of those errors.
     *
     * @param deviations how many standard deviations from the level are usual; the rule needs three values
     * @return the rule
     * @throws IllegalArgumentException if the number is negative or NaN
     */
    public static SeriesRule smoothed(double deviations) {
        return of(Kind.SMOOTHED, deviations(deviations), deviations, 1);
    }

    /**
     * Values far from what Holt's and Winters' additive method foretells are unusual: level, trend and season, each smoothed with the
     * weight that would have foretold the values before best. A standard deviation is the root of the mean square of those errors.
     *
     * @param period the length of a season in points, such as 7 for a table a day; the rule needs two seasons
     * @param deviations how many standard deviations from the forecast are usual
     * @return the rule
     * @throws IllegalArgumentException if {@code period} is not from 2 to 10,000, or the number is negative or NaN
     * @see <a href="https://otexts.com/fpp2/holt-winters.html">Hyndman, Athanasopoulos: Forecasting, principles and practice</a>
     */
    public static SeriesRule seasonal(int period, double deviations) {
        if (period == 1) {
            throw new IllegalArgumentException("period: 1 (expected: 2 to 10000; see smoothed for series without one)");
        }
        return of(Kind.SEASONAL, deviations(deviations), deviations, whole("period", period, 10_000));
    }

    private static double deviations(double factor) {
        if (!(factor >= 0)) {
            throw new IllegalArgumentException("deviations: " + factor + " (expected: >= 0)");
        }
        return factor;
    }

    private static int whole(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: 1 to " + most + ")");
        }
        return value;
    }

    /**
     * This rule, judging nothing in the first part of a series.
     *
     * @param share how large that part is, from 0 to 1; unless set, 0.1
     * @return a changed copy
     * @throws IllegalArgumentException if the share is not from 0 to 1
     * @throws IllegalStateException if the rule is not {@link #onlineNormal}
     */
    public SeriesRule skipping(double share) {
        if (kind != Kind.ONLINE_NORMAL) {
            throw new IllegalStateException("skipping of " + this + " (expected: onlineNormal)");
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("skipping: " + share + " (expected: 0 to 1)");
        }
        return new SeriesRule(kind, least, most, lag, per, share, learningFromAll, after);
    }

    /**
     * This rule, learning from all values: {@link #onlineNormal} from unusual ones too, {@link #batchNormal} from those that are being
     * judged too.
     *
     * @return a changed copy
     * @throws IllegalStateException if the rule is neither
     */
    public SeriesRule learningFromAll() {
        if (kind != Kind.ONLINE_NORMAL && kind != Kind.BATCH_NORMAL) {
            throw new IllegalStateException("learningFromAll of " + this + " (expected: onlineNormal or batchNormal)");
        }
        return new SeriesRule(kind, least, most, lag, per, skipped, true, after);
    }

    /**
     * This rule, undecided until enough values are known, however few it needs itself.
     *
     * @param points how many values have to come before the one that is judged
     * @return a changed copy
     * @throws IllegalArgumentException if the number is negative
     */
    public SeriesRule after(int points) {
        if (points < 0) {
            throw new IllegalArgumentException("after: " + points + " (expected: >= 0)");
        }
        return new SeriesRule(kind, least, most, lag, per, skipped, learningFromAll, points);
    }

    /**
     * Judges some points of a series.
     *
     * @param series points in the order of time
     * @param from the index of the first point that is judged
     * @param to the index after the last
     * @return a judgement for each, in their order
     * @throws IllegalArgumentException if a point is not later than the one before
     * @throws IndexOutOfBoundsException if the indexes are not those of a part of the series
     */
    public List<Judgement> judge(List<Point> series, int from, int to) {
        Objects.checkFromToIndex(from, to, series.size());
        double[] values = new double[series.size()];
        for (int i = 0; i < values.length; i++) {
            if (i > 0 && !series.get(i).at().isAfter(series.get(i - 1).at())) {
                throw new IllegalArgumentException(
                        "series[" + i + "]: at " + series.get(i).at() + " (expected: later than "
                                + series.get(i - 1).at() + ")");
            }
            values[i] = series.get(i).value();
        }
        List<Judgement> judgements = new ArrayList<>(
                switch (kind) {
                    case THRESHOLD -> bounded(values, from, to);
                    case ABSOLUTE_CHANGE -> bounded(differences(values), from, to);
                    case RELATIVE_CHANGE -> bounded(ratios(values), from, to);
                    case RATE_OF_CHANGE -> bounded(rates(series), from, to);
                    case ONLINE_NORMAL -> online(values, from, to);
                    case BATCH_NORMAL -> batch(values, from, to);
                    case SMOOTHED, SEASONAL -> forecast(values, from, to);
                });
        judgements.replaceAll(judgement -> judgement.index() >= after
                ? judgement
                : new Judgement(
                        judgement.index(),
                        judgement.measured(),
                        judgement.least(),
                        judgement.most(),
                        Verdict.UNDECIDED));
        return List.copyOf(judgements);
    }

    /** Judges the newest point by those before it, all of which the rule may learn from and find unusual. */
    Judgement judgeNewest(List<Point> series) {
        int newest = series.size() - 1;
        List<Judgement> judgements = judge(series, kind == Kind.ONLINE_NORMAL ? 0 : newest, series.size());
        return judgements.get(judgements.size() - 1);
    }

    // ---- values and changes ---------------------------------------------------------------------------------------

    private List<Judgement> bounded(double[] measured, int from, int to) {
        List<Judgement> judgements = new ArrayList<>();
        for (int i = from; i < to; i++) {
            judgements.add(Judgement.of(i, measured[i], least, most));
        }
        return judgements;
    }

    private double[] differences(double[] values) {
        double[] differences = values.clone();
        for (int order = 1; order <= lag; order++) {
            for (int i = differences.length - 1; i >= 0; i--) {
                differences[i] = i < order ? Double.NaN : differences[i] - differences[i - 1];
            }
        }
        return differences;
    }

    private double[] ratios(double[] values) {
        double[] ratios = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            ratios[i] = i < lag ? Double.NaN : values[i] / values[i - lag];
        }
        return ratios;
    }

    private double[] rates(List<Point> series) {
        double[] rates = new double[series.size()];
        for (int i = 0; i < rates.length; i++) {
            rates[i] = i == 0 ? Double.NaN : rate(series.get(i - 1), series.get(i));
        }
        return rates;
    }

    private double rate(Point before, Point point) {
        double units = seconds(Duration.between(before.at(), point.at())) / seconds(per);
        return (point.value() - before.value()) / units;
    }

    private static double seconds(Duration duration) {
        return duration.getSeconds() + duration.getNano() * 1e-9;
    }

    // ---- departures from a mean -----------------------------------------------------------------------------------

    private List<Judgement> online(double[] values, int from, int to) {
        List<Judgement> judgements = new ArrayList<>();
        double mean = 0;
        double squares = 0;
        for (int i = 0; i < to; i++) {
            double off = values[i] - mean;
            double newMean = i == 0 ? values[i] : mean + 1.0 / (i + 1) * off;
            double newSquares = squares + off * (values[i] - newMean);
            double deviation = Math.sqrt(newSquares / (i + 1));
            Judgement judgement = normal(i, values[i], newMean, deviation);
            boolean judged = i >= from && i >= values.length * skipped;
            boolean unusual = judged && judgement.verdict() == Verdict.UNUSUAL;
            if (i >= from) {
                // n values are at most sqrt(n - 1) deviations from their mean, of which they are part
                boolean reachable = i > Math.min(least * least, most * most);
                judgements.add(unusual || (judged && reachable) ? judgement : Judgement.unknown(i, values[i]));
            }
            if (!unusual || learningFromAll) {
                mean = newMean;
                squares = newSquares;
            }
        }
        return judgements;
    }

    private List<Judgement> batch(double[] values, int from, int to) {
        double mean = 0;
        double squares = 0;
        int count = 0;
        for (int i = 0; i < values.length; i++) {
            if (learningFromAll || i < from || i >= to) {
                double off = values[i] - mean;
                mean += off / ++count;
                squares += off * (values[i] - mean);
            }
        }
        double deviation = Math.sqrt(squares / (count - 1));
        List<Judgement> judgements = new ArrayList<>();
        for (int i = from; i < to; i++) {
            judgements.add(count < 2 ? Judgement.unknown(i, values[i]) : normal(i, values[i], mean, deviation));
        }
        return judgements;
    }

    private Judgement normal(int index, double value, double mean, double deviation) {
        return Judgement.of(index, value, below(mean, deviation), above(mean, deviation));
    }

    private double below(double expected, double deviation) {
        return Double.isInfinite(least) ? Double.NEGATIVE_INFINITY : expected - least * deviation;
    }

    private double above(double expected, double deviation) {
        return Double.isInfinite(most) ? Double.POSITIVE_INFINITY : expected + most * deviation;
    }

    // ---- departures from a forecast -------------------------------------------------------------------------------

    private List<Judgement> forecast(double[] values, int from, int to) {
        List<Judgement> judgements = new ArrayList<>();
        boolean known = from >= (kind == Kind.SEASONAL ? 2 * lag : 3);
        Smoothing smoothing = known ? Smoothing.fitted(java.util.Arrays.copyOf(values, from), lag) : null;
        for (int i = from; i < to; i++) {
            judgements.add(
                    smoothing == null
                            ? Judgement.unknown(i, values[i])
                            : normal(i, values[i], smoothing.forecast(i - from), smoothing.deviation()));
        }
        return judgements;
    }

    /** The rule as one line, such as {@code relative change, 0.5 to 2.0}. */
    @Override
    public String toString() {
        String bounds = least + " to " + most;
        return switch (kind) {
            case THRESHOLD -> "threshold, " + bounds;
            case ABSOLUTE_CHANGE -> "absolute change, " + bounds + (lag == 1 ? "" : ", of order " + lag);
            case RELATIVE_CHANGE -> "relative change, " + bounds + (lag == 1 ? "" : ", at lag " + lag);
            case RATE_OF_CHANGE -> "rate of change, " + bounds + " per " + per;
            case ONLINE_NORMAL -> "online normal, " + least + " below, " + most + " above";
            case BATCH_NORMAL -> "batch normal, " + least + " below, " + most + " above";
            case SMOOTHED -> "smoothed, " + least + " deviations";
            case SEASONAL -> "seasonal, " + lag + " points, " + least + " deviations";
        };
    }

    /** The name of the kind of rule, as anomalies have it. */
    String code() {
        return kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
}

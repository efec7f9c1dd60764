package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the rows of a {@link Profile} held for one feature.
 *
 * <p>Every row is in exactly one of these counts: {@link #missing}, {@link #unreadable}, {@link #notANumber},
 * {@link #positiveInfinity}, {@link #negativeInfinity} or {@link #count}. All that follows is about the {@link #count} values.
 *
 * <p>The numbers ({@link #min} to {@link #shareAtMost}) are those of NUMBER and INTEGER features as they are, of BOOLEAN features as 0
 * and 1, so that {@link #mean} is the share of true, and of TIMESTAMP features as milliseconds since 1970-01-01T00:00:00Z. They are NaN
 * for features of other types, for sensitive ones, and when there are no values. Moments come from sums that are never rounded: each
 * is the double nearest to the true one, whatever the mean and the order of the rows. Whole numbers beyond 2<sup>53</sup> enter them
 * rounded to a double.
 *
 * <p>Of a {@linkplain Feature#sensitive() sensitive} feature nothing is known but how many values there were.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class FeatureProfile {

    private static final int MOST_SHOWN = 3;

    private final Feature feature;
    private final States states;
    private final Unreadable.Facts unread;
    private final Facts facts;

    FeatureProfile(Feature feature, States states, Unreadable.Facts unread, Facts facts) {
        this.feature = feature;
        this.states = states;
        this.unread = unread;
        this.facts = facts;
    }

    States states() {
        return states;
    }

    Unreadable.Facts unread() {
        return unread;
    }

    Facts facts() {
        return facts;
    }

    /**
     * The feature.
     *
     * @return the feature as it was declared, or recognised from a table's cells
     */
    public Feature feature() {
        return feature;
    }

    /**
     * The feature's name.
     *
     * @return a name that is not blank
     */
    public String name() {
        return feature.name();
    }

    /**
     * The feature's type.
     *
     * @return the type
     */
    public FeatureType type() {
        return feature.type();
    }

    // ---- rows -------------------------------------------------------------------------------------------------------

    /**
     * How many rows were seen.
     *
     * @return a number >= 0
     */
    public long rows() {
        return states.missing()
                + states.unreadable()
                + states.notANumber()
                + states.positiveInfinity()
                + states.negativeInfinity()
                + facts.count();
    }

    /**
     * How many rows had null or nothing.
     *
     * @return a number >= 0
     */
    public long missing() {
        return states.missing();
    }

    /**
     * The share of rows that had null or nothing.
     *
     * @return 0 to 1, NaN if there are no rows
     */
    public double missingShare() {
        return (double) missing() / rows();
    }

    /**
     * How many rows had something that is no value of the feature's type, such as a word for a number.
     *
     * @return a number >= 0
     */
    public long unreadable() {
        return states.unreadable();
    }

    /**
     * What stood where a value could not be read, with exact counts, the most frequent first.
     *
     * @return an immutable list, at most 64 of them; empty if the feature is sensitive
     */
    public List<ValueCount> unreadableValues() {
        return unread.texts.frequent(Long::toString);
    }

    /**
     * The types of what was seen, as {@code {integer=97, text=3}}.
     *
     * @return an immutable map: the feature's own type with its values, NaN and infinities included, then those that could not be
     *     read: {@code text}, {@code integer}, {@code number}, {@code boolean}, {@code array}, {@code object}, {@code other}
     */
    public Map<String, Long> typesSeen() {
        Map<String, Long> types = new LinkedHashMap<>();
        long own = rows() - missing() - unreadable();
        if (own > 0) {
            types.put(type().name().toLowerCase(Locale.ROOT), own);
        }
        unread.types.frequent(Long::toString).forEach(type -> types.merge(type.value(), type.count(), Long::sum));
        return Collections.unmodifiableMap(types);
    }

    /**
     * How many rows had NaN.
     *
     * @return a number >= 0
     */
    public long notANumber() {
        return states.notANumber();
    }

    /**
     * How many rows had positive infinity.
     *
     * @return a number >= 0
     */
    public long positiveInfinity() {
        return states.positiveInfinity();
    }

    /**
     * How many rows had negative infinity.
     *
     * @return a number >= 0
     */
    public long negativeInfinity() {
        return states.negativeInfinity();
    }

    /**
     * How many rows had a value; for numbers a finite one.
     *
     * @return a number >= 0
     */
    public long count() {
        return facts.count();
    }

    /**
     * How many values were outside the feature's {@linkplain Feature#range range} or {@linkplain Feature#categories() set}.
     *
     * @return a number >= 0; 0 if none was declared, or the feature is sensitive
     */
    public long outside() {
        return facts.outside();
    }

    // ---- numbers ----------------------------------------------------------------------------------------------------

    private boolean hasNumbers() {
        return facts instanceof NumberFacts && facts.count() > 0;
    }

    private NumberFacts numbers() {
        return (NumberFacts) facts;
    }

    /**
     * The smallest value.
     *
     * @return the exact value; NaN if there is none
     */
    public double min() {
        return hasNumbers() ? numbers().min : Double.NaN;
    }

    /**
     * The largest value.
     *
     * @return the exact value; NaN if there is none
     */
    public double max() {
        return hasNumbers() ? numbers().max : Double.NaN;
    }

    /**
     * The sum.
     *
     * @return the nearest double, infinite if it is too large for one; NaN if there are no values
     */
    public double sum() {
        return hasNumbers() ? numbers().sums.sum() : Double.NaN;
    }

    /**
     * The mean.
     *
     * @return the nearest double; NaN if there are no values
     */
    public double mean() {
        return hasNumbers() ? numbers().sums.mean(count()) : Double.NaN;
    }

    /**
     * The sample variance: the sum of squared differences from the mean, divided by one less than the count.
     *
     * @return the nearest double; NaN if there are fewer than two values
     */
    public double variance() {
        return hasNumbers() && count() > 1 ? numbers().sums.secondMoment(count(), count() - 1) : Double.NaN;
    }

    /**
     * The square root of the {@link #variance}.
     *
     * @return a number >= 0; NaN if there are fewer than two values
     */
    public double standardDeviation() {
        return Math.sqrt(variance());
    }

    /**
     * The third standardised moment, without correction for small samples: above 0 if the long tail is that of large values.
     *
     * @return a number; NaN if there are no two different values
     */
    public double skewness() {
        return hasNumbers() ? numbers().sums.skewness(count()) : Double.NaN;
    }

    /**
     * The fourth standardised moment less 3, without correction for small samples: 0 for a normal distribution, above it for heavy
     * tails.
     *
     * @return a number >= -2; NaN if there are no two different values
     */
    public double excessKurtosis() {
        return hasNumbers() ? numbers().sums.excessKurtosis(count()) : Double.NaN;
    }

    /**
     * A quantile: the smallest value that is not smaller than a share of all values.
     *
     * <p>It is exact for shares that ask for the smallest or the largest value, and for all if {@link #isDistinctExact every value is
     * known}. Otherwise it is within {@link #quantileError} of the exact one: a relative error for numbers, milliseconds for
     * times. Numbers below 2.2e-308 are as good as 0.
     *
     * @param share 0 to 1
     * @return the value; NaN if there are no values
     * @throws IllegalArgumentException if the share is not 0 to 1
     */
    public double quantile(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share: " + share + " (expected: 0 to 1)");
        }
        if (!hasNumbers()) {
            return Double.NaN;
        }
        long rank = (long) Math.ceil(share * count());
        return numbers().valueOfRank(rank);
    }

    /**
     * How far a quantile is at most from the exact one: 1/128, which is 0.78 %, unless more than 4,096 different
     * cells of that relative width have values; then twice as much, and so on. For times, half the width of their cells in
     * milliseconds: at most 1/4,096 of the span of time.
     *
     * @return a relative error for numbers, milliseconds for times; 0 if all quantiles are exact, NaN if there are no values
     */
    public double quantileError() {
        if (!hasNumbers()) {
            return Double.NaN;
        }
        return numbers().quantileError();
    }

    /**
     * The share of values that are at most a number.
     *
     * @param x the number
     * @return 0 to 1; exact if {@link #isDistinctExact every value is known}, else with those values of the cell that the number
     *     is in that are not known spread evenly over it; NaN if there are no values or the number is NaN
     */
    public double shareAtMost(double x) {
        return hasNumbers() && !Double.isNaN(x) ? numbers().countAtMost(x) / count() : Double.NaN;
    }

    /**
     * How many values were 0.
     *
     * @return a number >= 0
     */
    public long zeros() {
        return facts instanceof NumberFacts numbers ? numbers.zeros : 0;
    }

    /**
     * How many values were below 0.
     *
     * @return a number >= 0
     */
    public long negatives() {
        return facts instanceof NumberFacts numbers ? numbers.negatives : 0;
    }

    /**
     * The share of values that were whole numbers.
     *
     * @return 0 to 1; NaN if there are no values
     */
    public double wholeShare() {
        return hasNumbers() ? (double) numbers().wholes / count() : Double.NaN;
    }

    /**
     * The most decimals that a value had in decimal notation.
     *
     * @return 0 to 9; 10 if there were more
     */
    public int decimals() {
        return facts instanceof NumberFacts numbers ? numbers.decimals : 0;
    }

    // ---- values -----------------------------------------------------------------------------------------------------

    private KnownValues.Sorted known() {
        if (facts instanceof NumberFacts numbers) {
            return numbers.known;
        }
        return facts instanceof WordFacts words ? words.known : KnownValues.Sorted.NONE;
    }

    /**
     * How many different values there were.
     *
     * @return the number itself if {@link #isDistinctExact}, else an estimate with a standard error of 1.6 %; 0 for tensors and
     *     sensitive features
     */
    public long distinct() {
        return known().distinct();
    }

    /**
     * Whether every value is known: there were at most 256 different numbers, or 1,024 different texts. Then {@link #distinct},
     * {@link #frequent} and {@link #quantile} are exact, and the list has them all.
     *
     * @return true if it is
     */
    public boolean isDistinctExact() {
        return known().isComplete();
    }

    /**
     * The values that are known, the most frequent first.
     *
     * <p>If {@link #isDistinctExact}, these are all, with exact counts. Otherwise:
     *
     * <ul>
     *   <li>Of numbers, the 256 with the fewest significant digits, which are the likely marks, limits and defaults (0, -1, 999, 0.5),
     *       and of times 256 that no one chose; with exact counts.
     *   <li>Of texts, 1,024 that no one chose, with exact counts; and those that make up more than about one in thirty of all others,
     *       with estimates of their counts. These are shortened to 24 bytes of UTF-8.
     * </ul>
     *
     * @return an immutable list; those of equal counts in the order of their texts
     */
    public List<ValueCount> frequent() {
        return known().frequent(this::shownId);
    }

    private String shownId(long id) {
        return switch (feature.type()) {
            case NUMBER -> shown(Double.longBitsToDouble(id));
            case BOOLEAN -> id == 0 ? "false" : "true";
            case TIMESTAMP -> Instant.ofEpochMilli(id).toString();
            default -> Long.toString(id);
        };
    }

    static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /**
     * How many values there were in each hour of the day.
     *
     * @return 24 counts, the first of 00:00 to 01:00 UTC; empty if the feature is no TIMESTAMP
     */
    public long[] hours() {
        return sumsOfHours(24, 1);
    }

    /**
     * How many values there were on each day of the week.
     *
     * @return 7 counts, Monday first, days in UTC; empty if the feature is no TIMESTAMP
     */
    public long[] weekdays() {
        return sumsOfHours(7, 24);
    }

    private long[] sumsOfHours(int parts, int hoursOfPart) {
        if (!(facts instanceof NumberFacts numbers) || numbers.hours == null) {
            return new long[0];
        }
        long[] sums = new long[parts];
        for (int hour = 0; hour < numbers.hours.length; hour++) {
            sums[hour / hoursOfPart % parts] += numbers.hours[hour];
        }
        return sums;
    }

    // ---- parts ------------------------------------------------------------------------------------------------------

    /**
     * Numbers that were computed of each value, summed up like features of their own.
     *
     * <ul>
     *   <li>Of TEXT: {@code length} in characters and {@code tokens} (runs of letters and digits); the shares of {@code letters},
     *       {@code digits}, {@code spaces}, {@code symbols} and {@code emoji} among its characters; {@code unseen tokens}, the share
     *       of tokens that were not in the profile that this one was made {@linkplain Profiler#against against}. Tokens are told
     *       apart by 16 bits of a hash, without regard to case, so some unseen ones pass as seen: 6 % where 4,000 different ones
     *       were seen.
     *   <li>Of TENSOR: {@code size}, the number of elements; how many are {@code not finite}; and of those that are finite, the
     *       Euclidean {@code norm}, the {@code distance} to the mean of the other profile, and {@code projection 1} to
     *       {@code projection 4} onto fixed directions. Of those of two or three dimensions, taken for images (rows, columns,
     *       channels; or channels first): {@code brightness}, the mean; {@code contrast}, the standard deviation; and
     *       {@code sharpness}, the variance of the Laplacian.
     * </ul>
     *
     * @return an immutable list, empty for other types and for sensitive features
     */
    public List<FeatureProfile> parts() {
        if (facts instanceof WordFacts words) {
            return Parts.profiles(Texts.PARTS, words.parts);
        }
        return facts instanceof TensorFacts tensors ? Parts.profiles(TensorTally.PARTS, tensors.parts) : List.of();
    }

    /**
     * One of the {@link #parts}.
     *
     * @param part its name
     * @return its profile
     * @throws IllegalArgumentException if there is no such part
     */
    public FeatureProfile part(String part) {
        List<FeatureProfile> parts = parts();
        return parts.stream()
                .filter(profile -> profile.name().equals(part))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("part of '" + name() + "': '" + part + "' (expected: one of "
                                + parts.stream().map(FeatureProfile::name).toList() + ")"));
    }

    /** The profile on one line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(feature.name() + ": " + rows() + " rows");
        if (missing() > 0) {
            text.append(", ").append(missing()).append(" missing");
        }
        if (hasNumbers()) {
            text.append(", ")
                    .append(min())
                    .append(" to ")
                    .append(max())
                    .append(", mean ")
                    .append(mean());
        }
        if (!known().isEmpty()) {
            text.append(", ").append(distinct()).append(" different");
        }
        if (facts instanceof WordFacts) {
            text.append(", ").append(frequent().stream().limit(MOST_SHOWN).toList());
        }
        return text.toString();
    }
}

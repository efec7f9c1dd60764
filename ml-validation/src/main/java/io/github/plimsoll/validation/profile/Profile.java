package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A summary of rows, feature by feature: how many values were missing, the moments, quantiles, different and frequent values.
 *
 * <pre>{@code
 * Profile monday = Profile.of(Table.csv(Path.of("monday.csv")));
 * Profile tuesday = Profile.of(Table.csv(Path.of("tuesday.csv")));
 * System.out.println(monday.merge(tuesday));
 * double median = monday.feature("fare").quantile(0.5);
 * }</pre>
 *
 * <p>Profiles merge: however rows are split over threads, processes and hosts, and in whatever order the parts are put together, the
 * result is the same to the bit as if one {@link ProfileRecorder} had seen all rows. Values of
 * {@linkplain Feature#sensitive() sensitive} features are counted and not looked at.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Profile {

    private static final Key NOBODYS = new Key(0, 0, 0); // adding up hashes takes no secret

    private final Basis basis;
    private final List<FeatureProfile> features;
    private final List<PairTally.PairFacts> pairs;

    Profile(Basis basis, List<FeatureProfile> features, List<PairTally.PairFacts> pairs) {
        this.basis = basis;
        this.features = List.copyOf(features);
        this.pairs = List.copyOf(pairs);
    }

    /**
     * The profile of a table whose columns' types are recognised from its cells: the table is read twice.
     *
     * <p>Of the cells that are not null, at least nine in ten have to be of a type for the column to have it: INTEGER or NUMBER,
     * BOOLEAN ({@code true} and {@code false}), TIMESTAMP (ISO-8601 with an offset), TENSOR (an array of numbers in JSON or in rows of
     * the host's own); the others are {@linkplain FeatureProfile#unreadable unreadable}. A column of other texts is a CATEGORY if it
     * has at most 1,024 different ones and they come twice or more on average, else TEXT. A column without any value is TEXT.
     *
     * @param table the table; rows of the host's own have to give the same rows each time they are iterated
     * @return the profile, features in the order of the columns
     * @throws TableException if the table cannot be read to its end
     */
    public static Profile of(Table table) {
        return of(table, ColumnTypes.of(table));
    }

    /**
     * The profile of some columns of a table, read by the rules of {@link Schema#ofTable}.
     *
     * @param table the table; its own limits and what it skips hold
     * @param features the columns and what is in them; a column that is not there is missing in all rows
     * @return the profile
     * @throws IllegalArgumentException if two features have the same name
     * @throws TableException if the table cannot be read to its end
     */
    public static Profile of(Table table, List<Feature> features) {
        return of(table, features, Runnable::run, 1);
    }

    /**
     * The same on several threads: the calling one reads, others count. The profile is the same to the bit.
     *
     * @param table the table
     * @param features the columns and what is in them
     * @param executor the host's executor, which is not shut down
     * @param blocks how many blocks of rows may be under way at once; each has a recorder of its own
     * @return the profile
     * @throws IllegalArgumentException if two features have the same name, or there is no block
     * @throws TableException if the table cannot be read to its end
     * @throws CancellationException if the calling thread is interrupted
     */
    public static Profile of(Table table, List<Feature> features, Executor executor, int blocks) {
        return Profiler.of(features).on(executor, blocks).profile(table);
    }

    /**
     * Counts rows of some features.
     *
     * @param features the features
     * @return a recorder that has seen no row
     * @throws IllegalArgumentException if two features have the same name
     */
    public static ProfileRecorder recorder(List<Feature> features) {
        return Profiler.of(features).recorder();
    }

    /**
     * All rows of several profiles of the same features.
     *
     * @param profiles at least one profile
     * @return their sum, the same in any order
     * @throws IllegalArgumentException if there is none, or two are of different features
     */
    public static Profile merged(Collection<Profile> profiles) {
        if (profiles.isEmpty()) {
            throw new IllegalArgumentException("profiles: none (expected: at least one)");
        }
        Profile first = profiles.iterator().next();
        List<Feature> features =
                first.features.stream().map(FeatureProfile::feature).toList();
        ProfileRecorder sum = new ProfileRecorder(
                features,
                first.basis,
                features.stream()
                        .map(feature -> new FeatureTally(feature, null, first.basis.key() == 0 ? null : NOBODYS))
                        .toArray(FeatureTally[]::new),
                first.pairs.stream()
                        .map(pair -> new PairTally(pair.first(), pair.second()))
                        .toList());
        sum.addAll(profiles);
        return sum.profile();
    }

    /**
     * The rows of this profile and of another one.
     *
     * @param other a profile of the same features
     * @return the sum
     * @throws IllegalArgumentException if the other one is of other features
     */
    public Profile merge(Profile other) {
        return merged(List.of(this, other));
    }

    /**
     * The correlations that were {@linkplain Profiler#correlating asked for}, the strongest first.
     *
     * @return an immutable list, empty if none were
     */
    public List<Correlation> correlations() {
        return pairs.stream()
                .map(pair -> new Correlation(
                        features.get(pair.first()).name(),
                        features.get(pair.second()).name(),
                        pair.rows(),
                        pair.correlation()))
                .sorted(Comparator.comparingDouble(
                        (Correlation each) -> Double.isNaN(each.value()) ? 1 : -Math.abs(each.value())))
                .toList();
    }

    List<PairTally.PairFacts> pairs() {
        return pairs;
    }

    Basis basis() {
        return basis;
    }

    /** A number that differs for profiles that differ, and is not 0. */
    long fingerprint() {
        long hash = 0;
        for (byte each : toBytes()) {
            hash = KnownValues.mix(hash ^ each);
        }
        return hash | 1;
    }

    /** What is known of a feature of the same name and type. */
    @Nullable
    FeatureProfile find(Feature wanted) {
        return features.stream()
                .filter(f -> f.name().equals(wanted.name()) && f.type() == wanted.type())
                .findFirst()
                .orElse(null);
    }

    /**
     * How many rows were counted.
     *
     * @return a number >= 0
     */
    public long rows() {
        return features.isEmpty() ? 0 : features.get(0).rows();
    }

    /**
     * What is known of each feature.
     *
     * @return an immutable list in the order in which the features were given
     */
    public List<FeatureProfile> features() {
        return features;
    }

    /**
     * What is known of one feature.
     *
     * @param name the feature's name
     * @return its profile
     * @throws IllegalArgumentException if there is no such feature
     */
    public FeatureProfile feature(String name) {
        for (FeatureProfile feature : features) {
            if (feature.name().equals(name)) {
                return feature;
            }
        }
        throw new IllegalArgumentException("feature: '" + name + "' (expected: one of "
                + features.stream().map(FeatureProfile::name).toList() + ")");
    }

    /**
     * The profile in a compact binary form, with a version and a checksum. Equal profiles have equal bytes.
     *
     * @return the bytes
     * @see #ofBytes
     */
    public byte[] toBytes() {
        return ProfileForm.toBytes(this);
    }

    /**
     * Reads {@link #toBytes}.
     *
     * @param bytes a profile
     * @return the profile
     * @throws ProfileException if it is damaged, cut off, newer than this version, or no profile
     */
    public static Profile ofBytes(byte[] bytes) {
        return ProfileForm.ofBytes(bytes);
    }

    /**
     * The profile as JSON, for other languages and for people who look closely.
     *
     * @return JSON on one line
     * @see #parse
     */
    public String toJson() {
        return ProfileForm.toJson(this);
    }

    /**
     * Reads {@link #toJson}.
     *
     * @param json a profile
     * @return the profile, equal to the one that was written
     * @throws ProfileException if it is newer than this version, or no profile
     */
    public static Profile parse(String json) {
        return ProfileForm.parse(json);
    }

    /**
     * What differs from an earlier profile, in the order of the features: those that are new, gone, of another type or in another
     * place; shares, means, standard deviations and medians that differ by more than four standard errors; values below or above all
     * before; new and lost values, at most five of a feature.
     *
     * <p>Four standard errors are so much that of ten thousand comparisons of rows of the same kind less than one is listed by chance,
     * if rows do not depend on each other. It is a summary to read. An alarm with a budget for false ones is another matter.
     *
     * @param earlier another profile, of any features
     * @return an immutable list, empty if nothing differs
     */
    public List<ProfileChange> changesSince(Profile earlier) {
        return ProfileDifference.between(earlier, this);
    }

    /** The profile as a table with a line for each feature and each of its parts. */
    @Override
    public String toString() {
        return ProfileTable.of(this);
    }

    /** Whether the other object is a profile of the same features that counted the same: to the bit. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Profile that && Arrays.equals(toBytes(), that.toBytes()));
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(toBytes());
    }
}

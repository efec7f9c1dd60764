package io.github.plimsoll.monitoring.profile;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts of rows in the cells of a baseline, at one moment. Profiles of several threads, processes or hosts become one by
 * {@link #merge}, which is addition: in whatever order and grouping, the result is the same to the bit. Immutable.
 *
 * @since 0.1
 */
public final class Profile {

    private final Baseline baseline;
    private final List<FeatureProfile> features;

    Profile(Baseline baseline, List<FeatureProfile> features) {
        this.baseline = baseline;
        this.features = List.copyOf(features);
    }

    /**
     * The baseline in whose cells rows were counted.
     *
     * @return the baseline
     */
    public Baseline baseline() {
        return baseline;
    }

    /**
     * The counts of each feature.
     *
     * @return an immutable list in the order of {@link Baseline#features()}
     */
    public List<FeatureProfile> features() {
        return features;
    }

    /**
     * The counts of one feature.
     *
     * @param name the feature's name
     * @return its profile
     * @throws IllegalArgumentException if there is no such feature
     */
    public FeatureProfile feature(String name) {
        for (FeatureProfile feature : features) {
            if (feature.baseline().name().equals(name)) {
                return feature;
            }
        }
        throw new IllegalArgumentException("feature: '" + name + "' (expected: one of " + baseline.features() + ")");
    }

    /**
     * How many rows were counted.
     *
     * @return a number >= 0
     */
    public long rows() {
        return features.get(0).rows();
    }

    /**
     * This profile and another one as if one recorder had seen all rows.
     *
     * @param other a profile against an equal baseline
     * @return the sum
     * @throws IllegalArgumentException if the baselines differ
     */
    public Profile merge(Profile other) {
        if (!baseline.equals(other.baseline)) {
            throw new IllegalArgumentException(
                    "merge: " + other.baseline + " (expected: one equal to " + baseline + ")");
        }
        List<FeatureProfile> sums = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            sums.add(features.get(i).plus(other.features.get(i)));
        }
        return new Profile(baseline, sums);
    }

    /** Whether the other object is a profile against an equal baseline with equal counts. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Profile that && features.equals(that.features) && baseline.equals(that.baseline);
    }

    @Override
    public int hashCode() {
        return features.hashCode();
    }

    /** The profile in a few words, such as {@code profile of 512 rows, 8 features}. */
    @Override
    public String toString() {
        return "profile of " + rows() + " rows, " + features.size() + " features";
    }
}

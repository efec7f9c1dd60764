package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts rows, one after the other, into a {@link Profile}.
 *
 * <pre>{@code
 * ProfileRecorder recorder = Profile.recorder(schema.features());
 * recorder.record(row);
 * Profile profile = recorder.profile();
 * }</pre>
 *
 * <p>Not thread-safe: have a recorder for each thread, and {@linkplain Profile#merge merge} their profiles; the result is the same
 * to the bit. Memory is bounded: at most 180 KB for a
 * feature of numbers, whole numbers, truth values or times; 1 MB for categories; 3 MB for texts and tensors, whose parts are features of
 * numbers; much less as long as there are few different values. Recording a number or a declared category allocates nothing but
 * when a table has to grow.
 *
 * @since 0.1
 */
public final class ProfileRecorder {

    private final List<Feature> features;
    private final Basis basis;
    private final FeatureTally[] tallies;
    private final List<PairTally> pairs;
    private final int[] places;
    private @Nullable List<Feature> placed; // the rows' features that places belong to

    ProfileRecorder(List<Feature> features, Basis basis, FeatureTally[] tallies, List<PairTally> pairs) {
        this.features = features;
        this.basis = basis;
        this.tallies = tallies;
        this.pairs = pairs;
        places = new int[tallies.length];
    }

    /**
     * Counts a row.
     *
     * @param row a row that has the recorder's features, with the same types; others are left alone
     * @throws IllegalArgumentException if a feature is not there or has another type; then nothing is counted
     */
    public void record(FeatureRow row) {
        if (row.features() != placed) { // one list for all rows of a schema
            place(row);
        }
        for (int i = 0; i < tallies.length; i++) {
            tallies[i].add(row, places[i]);
        }
        for (int i = 0; i < pairs.size(); i++) {
            pairs.get(i).add(row, places);
        }
    }

    private void place(FeatureRow row) {
        int[] found = new int[places.length];
        for (int i = 0; i < found.length; i++) {
            Feature wanted = features.get(i);
            found[i] = row.indexOf(wanted.name());
            if (found[i] < 0 || !isAlike(row.features().get(found[i]), wanted)) {
                throw new IllegalArgumentException("row: "
                        + (found[i] < 0
                                ? "no feature '" + wanted.name() + "'"
                                : row.features().get(found[i]))
                        + " (expected: " + wanted + ")");
            }
        }
        System.arraycopy(found, 0, places, 0, found.length);
        placed = row.features();
    }

    private static boolean isAlike(Feature given, Feature wanted) {
        return given.type() == wanted.type() && given.categories().equals(wanted.categories());
    }

    /**
     * Adds what another recorder counted, as if its rows had been recorded here.
     *
     * @param profile a profile of the same features
     * @throws IllegalArgumentException if it is of other features; then nothing is added
     */
    public void add(Profile profile) {
        addAll(List.of(profile));
    }

    /** A feature at a time, of all profiles, so that what a feature's counts are added to stays near. */
    void addAll(Collection<Profile> profiles) {
        profiles.forEach(this::check);
        for (int i = 0; i < tallies.length; i++) {
            for (Profile profile : profiles) {
                tallies[i].add(profile.features().get(i));
            }
        }
        for (int i = 0; i < pairs.size(); i++) {
            for (Profile profile : profiles) {
                pairs.get(i).add(profile.pairs().get(i));
            }
        }
    }

    private void check(Profile profile) {
        if (!isOfTheFeatures(profile.features())) {
            List<Feature> theirs =
                    profile.features().stream().map(FeatureProfile::feature).toList();
            throw new IllegalArgumentException("profile: of " + theirs + " (expected: of " + features + ")");
        }
        List<String> theirPairs = profile.pairs().stream()
                .map(pair -> pair.first() + " " + pair.second())
                .toList();
        List<String> ourPairs = pairs.stream().map(PairTally::toString).toList();
        if (!theirPairs.equals(ourPairs)) {
            throw new IllegalArgumentException(
                    "profile: with correlations of other features (expected: the same as in the recorder)");
        }
        if (!profile.basis().equals(basis)) {
            throw new IllegalArgumentException(
                    "profile: made with another key, or against another profile (expected: the same as in the recorder)");
        }
    }

    private boolean isOfTheFeatures(List<FeatureProfile> theirs) {
        boolean same = theirs.size() == features.size();
        for (int i = 0; same && i < theirs.size(); i++) {
            same = theirs.get(i).feature().equals(features.get(i));
        }
        return same;
    }

    /**
     * What has been counted so far.
     *
     * @return a profile that does not change when more is recorded
     */
    public Profile profile() {
        return new Profile(
                basis,
                Arrays.stream(tallies).map(FeatureTally::profile).toList(),
                pairs.stream().map(PairTally::facts).toList());
    }
}

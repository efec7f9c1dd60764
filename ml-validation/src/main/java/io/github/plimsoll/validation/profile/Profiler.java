package io.github.plimsoll.validation.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How profiles are made, where the defaults of {@link Profile#of(Table, List)} are not enough.
 *
 * <pre>{@code
 * Profiler profiler = Profiler.of(features).against(training).keyed(secret).on(executor, 4);
 * Profile today = profiler.profile(Table.csv(Path.of("today.csv")));
 * }</pre>
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @since 0.1
 */
public final class Profiler {

    private static final int SHORTEST_KEY = 16;
    private static final int MOST_CORRELATED = 16;
    private static final Set<FeatureType> NUMERIC =
            EnumSet.of(FeatureType.NUMBER, FeatureType.INTEGER, FeatureType.BOOLEAN);

    private final List<Feature> features;
    private final @Nullable Profile baseline;
    private final @Nullable Key key;
    private final List<String> correlated;
    private final Executor executor;
    private final int blocks;

    private Profiler(
            List<Feature> features,
            @Nullable Profile baseline,
            @Nullable Key key,
            List<String> correlated,
            Executor executor,
            int blocks) {
        this.features = features;
        this.baseline = baseline;
        this.key = key;
        this.correlated = correlated;
        this.executor = executor;
        this.blocks = blocks;
    }

    /**
     * Profiles of some features, on the calling thread.
     *
     * @param features the features
     * @return the profiler
     * @throws IllegalArgumentException if two features have the same name
     */
    public static Profiler of(List<Feature> features) {
        if (features.stream().map(Feature::name).distinct().count() != features.size()) {
            throw new IllegalArgumentException("features: " + features + " (expected: no two of the same name)");
        }
        return new Profiler(List.copyOf(features), null, null, List.of(), Runnable::run, 1);
    }

    /**
     * This profiler, comparing each row with an earlier profile: of texts the share of tokens that were never there (part
     * {@code unseen tokens}), of tensors the distance to the mean of those that were there (part {@code distance}).
     *
     * @param earlier the other profile; features that it does not have are compared with nothing
     * @return a changed copy
     */
    public Profiler against(Profile earlier) {
        return new Profiler(features, Objects.requireNonNull(earlier), key, correlated, executor, blocks);
    }

    /**
     * This profiler, counting the different and the frequent values of sensitive features by hashes that only those can recompute who
     * have the key: SipHash-2-4 of the value's text, shown as {@code #0123456789abcdef}. Without a key nothing is known of such values.
     *
     * @param secret at least 16 bytes that are hard to guess; it is in no profile
     * @return a changed copy
     * @throws IllegalArgumentException if it is shorter
     */
    public Profiler keyed(byte[] secret) {
        if (secret.length < SHORTEST_KEY) {
            throw new IllegalArgumentException(
                    "secret: " + secret.length + " bytes (expected: at least " + SHORTEST_KEY + ")");
        }
        return new Profiler(features, baseline, Key.of(secret), correlated, executor, blocks);
    }

    /**
     * This profiler, with the correlations of some features, each with each, see {@link Profile#correlations}. A row costs some tens of
     * nanoseconds more for each pair.
     *
     * @param names two to sixteen features of numbers, whole numbers or truth values
     * @return a changed copy
     * @throws IllegalArgumentException if there are fewer or more, two are the same, or one is not there, of another type, or sensitive
     */
    public Profiler correlating(String... names) {
        List<String> wanted = List.of(names);
        if (wanted.size() < 2
                || wanted.size() > MOST_CORRELATED
                || Set.copyOf(wanted).size() != wanted.size()) {
            throw new IllegalArgumentException(
                    "correlating: " + wanted + " (expected: 2 to " + MOST_CORRELATED + " different features)");
        }
        for (String name : wanted) {
            Feature feature = features.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("correlating: no feature '" + name + "' (expected: one of "
                                    + features.stream().map(Feature::name).toList() + ")"));
            if (!NUMERIC.contains(feature.type()) || feature.isSensitive()) {
                throw new IllegalArgumentException(
                        "correlating: " + feature + " (expected: of type " + NUMERIC + ", not sensitive)");
            }
        }
        return new Profiler(features, baseline, key, wanted, executor, blocks);
    }

    /**
     * This profiler on several threads: the calling one reads a table, others count. The profile is the same to the bit.
     *
     * @param host the host's executor, which is not shut down
     * @param atOnce how many blocks of rows may be under way at once; each has a recorder of its own
     * @return a changed copy
     * @throws IllegalArgumentException if the number is less than 1
     */
    public Profiler on(Executor host, int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("blocks: " + atOnce + " (expected: >= 1)");
        }
        return new Profiler(features, baseline, key, correlated, Objects.requireNonNull(host), atOnce);
    }

    /**
     * A recorder of rows of these features.
     *
     * @return a recorder that has seen no row
     */
    public ProfileRecorder recorder() {
        Profile earlier = baseline;
        Basis basis = new Basis(earlier == null ? 0 : earlier.fingerprint(), key == null ? 0 : key.fingerprint());
        return new ProfileRecorder(
                features,
                basis,
                features.stream()
                        .map(feature -> new FeatureTally(feature, earlier == null ? null : earlier.find(feature), key))
                        .toArray(FeatureTally[]::new),
                pairs());
    }

    private List<PairTally> pairs() {
        List<String> names = features.stream().map(Feature::name).toList();
        List<PairTally> pairs = new ArrayList<>();
        for (int i = 0; i < correlated.size(); i++) {
            for (int j = i + 1; j < correlated.size(); j++) {
                pairs.add(new PairTally(names.indexOf(correlated.get(i)), names.indexOf(correlated.get(j))));
            }
        }
        return pairs;
    }

    /**
     * The profile of a table, whose columns are read by the rules of {@link Schema#ofTable}.
     *
     * @param table the table; its own limits and what it skips hold
     * @return the profile; a column that is not there is missing in all rows
     * @throws TableException if the table cannot be read to its end
     * @throws CancellationException if the calling thread is interrupted
     */
    public Profile profile(Table table) {
        return new TableProfiling(this, features, executor, blocks).profile(table);
    }

    /** The profiler in words. */
    @Override
    public String toString() {
        return "profiler of " + features.stream().map(Feature::name).toList();
    }
}

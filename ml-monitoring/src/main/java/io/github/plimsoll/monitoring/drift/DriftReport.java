package io.github.plimsoll.monitoring.drift;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a look at the live rows says. Immutable.
 *
 * @since 0.1
 */
public final class DriftReport {

    /** With fewer rows, "stable" is not said: half a standard deviation needs about as many to be seen. */
    static final long MIN_ROWS = 100;

    private final long rows;
    private final List<FeatureDrift> features;

    DriftReport(long rows, List<FeatureDrift> features) {
        this.rows = rows;
        this.features = List.copyOf(features);
    }

    /**
     * How many rows were counted since the window began.
     *
     * @return a number >= 0
     */
    public long rows() {
        return rows;
    }

    /**
     * What is said of each feature.
     *
     * @return an immutable list in the order of the baseline's features
     */
    public List<FeatureDrift> features() {
        return features;
    }

    /**
     * What is said of one feature.
     *
     * @param name the feature's name
     * @return what the look says of it
     * @throws IllegalArgumentException if the baseline has no such feature
     */
    public FeatureDrift feature(String name) {
        return features.stream()
                .filter(feature -> feature.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("feature: '" + name + "' (expected: one of "
                        + features.stream().map(FeatureDrift::name).toList() + ")"));
    }

    /**
     * What it comes to.
     *
     * @return {@code Drifted} if any feature has, whatever the number of rows; else {@code NotEnoughData} below 100 rows; else
     *     {@code Stable}
     */
    public DriftVerdict verdict() {
        List<FeatureDrift> drifted = features.stream()
                .filter(FeatureDrift::isDrifted)
                .sorted(Comparator.comparingDouble(FeatureDrift::score).reversed())
                .toList();
        if (!drifted.isEmpty()) {
            return new DriftVerdict.Drifted(drifted);
        }
        return rows < MIN_ROWS ? new DriftVerdict.NotEnoughData(rows, MIN_ROWS) : new DriftVerdict.Stable();
    }

    /** The report as lines of text: the verdict, then each feature. */
    @Override
    public String toString() {
        DriftVerdict verdict = verdict();
        String head = verdict instanceof DriftVerdict.Drifted drifted
                ? drifted.features().size() + " of " + features.size() + " features drifted"
                : verdict instanceof DriftVerdict.NotEnoughData few
                        ? "not enough data (expected: >= " + few.needed() + " rows)"
                        : "stable";
        return rows + " rows: " + head + '\n'
                + features.stream().map(feature -> "  " + feature + '\n').collect(Collectors.joining());
    }
}

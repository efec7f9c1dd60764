package io.github.plimsoll.core.model;

import java.util.Objects;

/**
 * What a host asks of a model package before the model may answer. Immutable; each method returns a changed copy.
 *
 * <p>Whatever the policy, a file that is missing, changed or not listed, and a golden sample that is answered otherwise than
 * when the model was packaged, stop the load.
 *
 * @since 0.1
 * @see io.github.plimsoll.core.ModelSource#with(PackagePolicy)
 */
public final class PackagePolicy {

    /** What to do when the engine at hand promises other answers than the one the model was packaged with. */
    public enum OnDifference {
        /** Log a warning with the reasons. The golden samples decide. */
        WARN,
        /** Refuse to load. */
        REFUSE
    }

    private static final int LARGEST_BATCH = 1 << 16;
    private static final PackagePolicy DEFAULTS = new PackagePolicy(OnDifference.WARN, new int[0]);

    private final OnDifference onDifference;
    private final int[] warmUp;

    private PackagePolicy(OnDifference onDifference, int[] warmUp) {
        this.onDifference = onDifference;
        this.warmUp = warmUp;
    }

    /**
     * Warns of another engine version, asks for no signature, warms up with the golden samples one at a time and all
     * together.
     *
     * @return the defaults
     */
    public static PackagePolicy defaults() {
        return DEFAULTS;
    }

    /**
     * This policy with what to do when the engine {@linkplain EnvironmentMatch.Differs differs}.
     *
     * @param action what to do
     * @return a changed copy
     */
    public PackagePolicy onDifferentEnvironment(OnDifference action) {
        return new PackagePolicy(Objects.requireNonNull(action), warmUp);
    }

    /**
     * This policy with batch sizes to run once while loading, with the golden samples' rows again and again, so that the
     * first large request meets warm code and buffers of its size. A package without golden samples is not warmed up.
     *
     * @param batchSizes sizes from 1 to 65,536; none for no further batch
     * @return a changed copy
     * @throws IllegalArgumentException if a size is out of range
     */
    public PackagePolicy warmUp(int... batchSizes) {
        for (int size : batchSizes) {
            if (size < 1 || size > LARGEST_BATCH) {
                throw new IllegalArgumentException("batch size: " + size + " (expected: 1 to " + LARGEST_BATCH + ")");
            }
        }
        return new PackagePolicy(onDifference, batchSizes.clone());
    }

    /**
     * What to do when the engine differs.
     *
     * @return the action
     */
    public OnDifference onDifferentEnvironment() {
        return onDifference;
    }

    /**
     * The batch sizes to run once while loading.
     *
     * @return a copy
     */
    public int[] warmUp() {
        return warmUp.clone();
    }
}

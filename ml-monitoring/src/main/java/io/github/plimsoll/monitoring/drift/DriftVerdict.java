package io.github.plimsoll.monitoring.drift;

import java.util.List;

/**
 * What a look comes to. A further case would be a breaking change.
 *
 * @since 0.1
 */
public sealed interface DriftVerdict {

    /** There are enough rows to see a change that matters, and no feature has drifted. */
    record Stable() implements DriftVerdict {}

    /**
     * Some features have drifted.
     *
     * @param features those that have, strongest evidence first; not empty
     */
    record Drifted(List<FeatureDrift> features) implements DriftVerdict {

        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if it is empty
         */
        public Drifted {
            features = List.copyOf(features);
            if (features.isEmpty()) {
                throw new IllegalArgumentException("features: none (expected: at least one)");
            }
        }
    }

    /**
     * No feature has drifted as far as can be seen, but there are too few rows to say that none has.
     *
     * @param rows how many rows were counted
     * @param needed how many there must be
     */
    record NotEnoughData(long rows, long needed) implements DriftVerdict {}
}

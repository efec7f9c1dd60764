package io.github.plimsoll.core.model;

import java.util.List;

/**
 * How the engine that runs a model compares with the one that the model was packaged with. A new case is a breaking change.
 *
 * @since 0.1
 */
public sealed interface EnvironmentMatch {

    /** The same engine in the same version, on the same platform. */
    record Same() implements EnvironmentMatch {}

    /**
     * An engine that promises the same answers up to rounding: a newer version of the same major, or another platform.
     *
     * @param reasons what differs; copied, not empty
     */
    record Compatible(List<String> reasons) implements EnvironmentMatch {
        /** Copies. */
        public Compatible {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * An engine that promises nothing of the kind: another one, another major version, or one that is older.
     *
     * @param reasons what differs; copied, not empty
     */
    record Differs(List<String> reasons) implements EnvironmentMatch {
        /** Copies. */
        public Differs {
            reasons = List.copyOf(reasons);
        }
    }
}

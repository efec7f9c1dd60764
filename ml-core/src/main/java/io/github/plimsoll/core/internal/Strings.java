package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.TensorSpec;
import org.jspecify.annotations.Nullable;

/** The guard that every text passes on its way into an engine. */
public final class Strings {

    private Strings() {}

    /** Checks for null, which would end the process in native code. */
    public static void requireAllSet(TensorSpec spec, @Nullable String[] elements, int rows) {
        for (int i = 0; i < elements.length; i++) {
            if (elements[i] == null) {
                int perRow = Math.max(1, elements.length / rows);
                throw new IllegalArgumentException("input '" + spec.name() + "' row " + i / perRow
                        + (perRow == 1 ? "" : " element " + i % perRow) + ": null or not set (expected: a text)");
            }
        }
    }
}

package io.github.plimsoll.core.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model was made with, as far as its package says. Immutable; each method that begins with a noun and takes a value
 * returns a changed copy.
 *
 * <pre>{@code
 * TrainingEnvironment.unknown().opset(17).randomSeed(42).library("scikit-learn", "1.5.2")
 * }</pre>
 *
 * @since 0.1
 */
public final class TrainingEnvironment {

    private static final TrainingEnvironment UNKNOWN = new TrainingEnvironment(null, null, Map.of());

    private final @Nullable Integer opset;
    private final @Nullable Long randomSeed;
    private final Map<String, String> libraries;

    private TrainingEnvironment(@Nullable Integer opset, @Nullable Long randomSeed, Map<String, String> libraries) {
        this.opset = opset;
        this.randomSeed = randomSeed;
        this.libraries = libraries;
    }

    /**
     * Nothing is known.
     *
     * @return an empty environment
     */
    public static TrainingEnvironment unknown() {
        return UNKNOWN;
    }

    /**
     * This environment with the version of the ONNX operators.
     *
     * @param version a number >= 1
     * @return a changed copy
     * @throws IllegalArgumentException if the number is less than 1
     */
    public TrainingEnvironment opset(int version) {
        if (version < 1) {
            throw new IllegalArgumentException("opset: " + version + " (expected: >= 1)");
        }
        return new TrainingEnvironment(version, randomSeed, libraries);
    }

    /**
     * This environment with the seed of the training run.
     *
     * @param seed the seed
     * @return a changed copy
     */
    public TrainingEnvironment randomSeed(long seed) {
        return new TrainingEnvironment(opset, seed, libraries);
    }

    /**
     * This environment with the version of one more library.
     *
     * @param name the library's name
     * @param version its version
     * @return a changed copy
     * @throws IllegalArgumentException if one of them is blank
     */
    public TrainingEnvironment library(String name, String version) {
        if (name.isBlank() || version.isBlank()) {
            throw new IllegalArgumentException(
                    "library: '" + name + "' version '" + version + "' (expected: neither is blank)");
        }
        Map<String, String> more = new LinkedHashMap<>(libraries);
        more.put(name, version);
        return new TrainingEnvironment(opset, randomSeed, Collections.unmodifiableMap(more));
    }

    /**
     * The version of the ONNX operators.
     *
     * @return a number >= 1, or null if not stated
     */
    public @Nullable Integer opset() {
        return opset;
    }

    /**
     * The seed of the training run.
     *
     * @return the seed, or null if not stated
     */
    public @Nullable Long randomSeed() {
        return randomSeed;
    }

    /**
     * The libraries' versions by name.
     *
     * @return an immutable map, in the order they were given
     */
    public Map<String, String> libraries() {
        return libraries;
    }

    /** Whether the other object states the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrainingEnvironment that
                && java.util.Objects.equals(opset, that.opset)
                && java.util.Objects.equals(randomSeed, that.randomSeed)
                && libraries.equals(that.libraries);
    }

    @Override
    public int hashCode() {
        return java.util.Objects.hash(opset, randomSeed, libraries);
    }

    /** The environment as one line. */
    @Override
    public String toString() {
        return "opset " + opset + ", seed " + randomSeed + ", " + libraries;
    }
}

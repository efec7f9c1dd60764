package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.model.TrainingEnvironment;
import io.github.plimsoll.core.schema.Feature;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code plimsoll.json} says. Immutable.
 *
 * @param id the model's name and version
 * @param modelFile the path of the model file
 * @param engine the engine's name
 * @param engineVersion the engine's version when it was packaged
 * @param features what goes in
 * @param outputs what comes out
 * @param files every file but the manifest and the signature
 * @param sha256 the hash of the whole
 * @param training what it was trained on, or null
 * @param environment what it was made with
 * @param parts the named parts' paths
 * @param golden the path of the golden samples, or null
 * @param metrics how good it was
 * @param decisionLog the path of the decision log, or null
 * @param modelCard the path of the model card, or null
 * @param unknown the JSON paths of keys that this version does not know
 */
public record Manifest(
        ModelId id,
        String modelFile,
        String engine,
        String engineVersion,
        List<Feature> features,
        List<DescribedOutput> outputs,
        List<PackagedFile> files,
        String sha256,
        @Nullable TrainingData training,
        TrainingEnvironment environment,
        Map<String, String> parts,
        @Nullable String golden,
        Map<String, Double> metrics,
        @Nullable String decisionLog,
        @Nullable String modelCard,
        List<String> unknown) {

    /** The name of the file. */
    public static final String FILE = "plimsoll.json";

    /** The version of the form that is written. */
    static final String FORMAT = "1.0";

    /** The major version that is read. */
    static final int MAJOR = 1;

    /** Most files of a package. */
    static final int MOST_FILES = 10_000;

    /** Most features of a package. */
    static final int MOST_FEATURES = 20_000;

    /** Most names, labels, parts or metrics in one place. */
    static final int MOST_NAMES = 10_000;

    /** Most outputs of a package. */
    static final int MOST_OUTPUTS = 16;

    /** The largest manifest in bytes. */
    static final int LARGEST = 8 << 20;

    /** How a kind or a type is written. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Copies. */
    public Manifest {
        features = List.copyOf(features);
        outputs = List.copyOf(outputs);
        files = List.copyOf(files);
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        unknown = List.copyOf(unknown);
    }
}

package io.github.plimsoll.core.model;

import io.github.plimsoll.core.internal.pack.PackageWriting;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link ModelPackage} from a model file: the model is loaded and asked for the sample rows, and its answers become
 * the golden ones.
 *
 * <pre>{@code
 * Packager.of(Path.of("model.onnx"), Schema.of(Applicant.class), Output.probability())
 *         .named("credit-risk", "3")
 *         .samples(applicants)
 *         .metric("auc", 0.91)
 *         .write(Path.of("models/credit-risk"));
 * }</pre>
 *
 * <p>Not thread-safe. May write several packages.
 *
 * @param <I> the type of the sample rows
 * @since 0.1
 */
public final class Packager<I> {

    /** The largest difference that another version of an engine, or another processor, usually makes in 32 bits. */
    private static final double ABSOLUTE = 1e-6;

    private static final double RELATIVE = 1e-5;

    private final Path modelFile;
    private final Schema<I> schema;
    private final List<Output<?>> outputs = new ArrayList<>();
    private final List<double[]> tolerances = new ArrayList<>();
    private final Map<String, Path> files = new LinkedHashMap<>();
    private final Map<String, String> parts = new LinkedHashMap<>();
    private final Map<String, Double> metrics = new LinkedHashMap<>();
    private List<? extends I> samples = List.of();
    private boolean synthetic;
    private @Nullable ModelId id;
    private @Nullable String modelCard;
    private @Nullable String decisionLog;
    private TrainingData trainingData = TrainingData.unknown();
    private TrainingEnvironment environment = TrainingEnvironment.unknown();
    private LoadOptions options = LoadOptions.defaults();

    private Packager(Path modelFile, Schema<I> schema) {
        this.modelFile = Objects.requireNonNull(modelFile);
        this.schema = Objects.requireNonNull(schema);
    }

    /**
     * Starts a package.
     *
     * @param modelFile the model file, which is copied under its last name
     * @param schema what goes in
     * @param output what comes out; what it is {@linkplain Output#map mapped} to is not packaged
     * @param <I> the type of the sample rows
     * @return a packager
     */
    public static <I> Packager<I> of(Path modelFile, Schema<I> schema, Output<?> output) {
        return new Packager<>(modelFile, schema).output(output);
    }

    /**
     * Adds one more output of the model, for which golden answers are kept as well.
     *
     * @param output what comes out
     * @return this packager
     */
    public Packager<I> output(Output<?> output) {
        outputs.add(Objects.requireNonNull(output));
        tolerances.add(new double[] {ABSOLUTE, RELATIVE});
        return this;
    }

    /**
     * Sets how far answers may lie from the golden ones, for the output that was added last: by
     * {@code absolute + relative * |golden|}. It is 1e-6 and 1e-5 unless set, which is for 32-bit floating point.
     *
     * @param absolute a number >= 0
     * @param relative a number >= 0
     * @return this packager
     * @throws IllegalArgumentException if a number is negative, NaN or infinite
     */
    public Packager<I> tolerance(double absolute, double relative) {
        if (!(absolute >= 0 && relative >= 0) || absolute + relative == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "tolerance: " + absolute + " and " + relative + " (expected: finite numbers >= 0)");
        }
        tolerances.set(tolerances.size() - 1, new double[] {absolute, relative});
        return this;
    }

    /**
     * Names the model. Without it, name and version are what the model states of itself.
     *
     * @param name the model's name
     * @param version the version's name
     * @return this packager
     * @throws IllegalArgumentException if one of them is blank
     */
    public Packager<I> named(String name, String version) {
        id = new ModelId(name, version);
        return this;
    }

    /**
     * Sets the rows that the model is asked for now and at each load. They are written into the package, in the clear: rows
     * that have a value for a sensitive feature are refused.
     *
     * @param rows at most 1,000; a dozen that cover the model's branches are better than many alike
     * @return this packager
     */
    public Packager<I> samples(List<? extends I> rows) {
        samples = List.copyOf(rows);
        synthetic = false;
        return this;
    }

    /**
     * Sets rows as {@link #samples} does, made up, so that what they say of sensitive features is about nobody.
     *
     * @param rows at most 1,000
     * @return this packager
     */
    public Packager<I> syntheticSamples(List<? extends I> rows) {
        samples = List.copyOf(rows);
        synthetic = true;
        return this;
    }

    /**
     * Adds a file that the model needs beside it, such as weights that it keeps apart.
     *
     * @param path where in the package, with forward slashes
     * @param source the file to copy
     * @return this packager
     * @throws IllegalStateException if there is such a file already
     */
    public Packager<I> file(String path, Path source) {
        if (files.putIfAbsent(path, Objects.requireNonNull(source)) != null) {
            throw new IllegalStateException("file '" + path + "': added twice (expected: paths that differ)");
        }
        return this;
    }

    /**
     * Adds a named part, such as a data contract or a baseline profile, under the file's last name.
     *
     * @param name the part's name, such as {@code contract} or {@code baseline}
     * @param source the file to copy
     * @return this packager
     * @throws IllegalStateException if there is such a part or file already
     */
    public Packager<I> part(String name, Path source) {
        String path = String.valueOf(source.getFileName());
        if (parts.putIfAbsent(name, path) != null) {
            throw new IllegalStateException("part '" + name + "': added twice (expected: names that differ)");
        }
        return file(path, source);
    }

    /**
     * Adds a number that says how good the model is.
     *
     * @param name the metric's name
     * @param value a finite number
     * @return this packager
     * @throws IllegalArgumentException if the number is not finite
     */
    public Packager<I> metric(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("metric '" + name + "': " + value + " (expected: a finite number)");
        }
        metrics.put(name, value);
        return this;
    }

    /**
     * Sets the fingerprint of the training data.
     *
     * @param data the fingerprint
     * @return this packager
     */
    public Packager<I> trainingData(TrainingData data) {
        trainingData = Objects.requireNonNull(data);
        return this;
    }

    /**
     * Sets what the model was made with. The platform is added when it is written.
     *
     * @param made the environment
     * @return this packager
     */
    public Packager<I> environment(TrainingEnvironment made) {
        environment = Objects.requireNonNull(made);
        return this;
    }

    /**
     * Sets the model card, which becomes {@code MODEL_CARD.md}.
     *
     * @param markdown what the model is for, and what it is not for
     * @return this packager
     */
    public Packager<I> modelCard(String markdown) {
        modelCard = Objects.requireNonNull(markdown);
        return this;
    }

    /**
     * Sets the decision log, which becomes {@code DECISIONS.md}.
     *
     * @param markdown why the model is as it is
     * @return this packager
     */
    public Packager<I> decisionLog(String markdown) {
        decisionLog = Objects.requireNonNull(markdown);
        return this;
    }

    /**
     * Sets how the model is loaded to get the golden answers.
     *
     * @param wanted the options
     * @return this packager
     */
    public Packager<I> with(LoadOptions wanted) {
        options = Objects.requireNonNull(wanted);
        return this;
    }

    /**
     * Loads the model, asks it for the samples and writes the package. It appears whole or not at all: it is written beside
     * its place and then renamed.
     *
     * @param folder where it shall be; must not exist
     * @return the package
     * @throws IllegalStateException if the folder exists, or samples have values for sensitive features
     * @throws IllegalArgumentException if the model file is a folder, a path may not be in a package, or there are too
     *     many samples
     * @throws io.github.plimsoll.core.ModelLoadException if the model cannot be loaded, or is not what schema and output say
     * @throws io.github.plimsoll.core.PredictionException if the model fails on a sample
     * @throws java.io.UncheckedIOException if a file cannot be read or written
     */
    public ModelPackage write(Path folder) {
        return PackageWriting.write(
                new PackageWriting.Order<>(
                        modelFile,
                        schema,
                        List.copyOf(outputs),
                        List.copyOf(tolerances),
                        samples,
                        synthetic,
                        id,
                        new LinkedHashMap<>(files),
                        new LinkedHashMap<>(parts),
                        new LinkedHashMap<>(metrics),
                        trainingData,
                        environment,
                        modelCard,
                        decisionLog,
                        options),
                folder);
    }
}

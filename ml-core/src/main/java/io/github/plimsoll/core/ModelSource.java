package io.github.plimsoll.core;

import io.github.plimsoll.core.internal.pack.PackageLoading;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.MlflowSignature;
import io.github.plimsoll.core.model.MlflowSignature.Enforcement;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.PackagePolicy;
import io.github.plimsoll.core.model.Translation;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a model comes from, before it is said what goes in and what comes out. Immutable.
 *
 * @since 0.1
 * @see Plimsoll#load(Path)
 */
public final class ModelSource {

    private final @Nullable Path location;
    private final @Nullable Model shared;
    private final LoadOptions options;
    private final PackagePolicy policy;
    private final Enforcement enforcement;

    private ModelSource(
            @Nullable Path location,
            @Nullable Model shared,
            LoadOptions options,
            PackagePolicy policy,
            Enforcement enforcement) {
        this.location = location;
        this.shared = shared;
        this.options = options;
        this.policy = policy;
        this.enforcement = enforcement;
    }

    static ModelSource of(Path location) {
        return new ModelSource(
                Objects.requireNonNull(location),
                null,
                LoadOptions.defaults(),
                PackagePolicy.defaults(),
                Enforcement.MLFLOW);
    }

    static ModelSource of(Model shared) {
        return new ModelSource(
                null,
                Objects.requireNonNull(shared),
                LoadOptions.defaults(),
                PackagePolicy.defaults(),
                Enforcement.MLFLOW);
    }

    /**
     * This source with options.
     *
     * @param wanted how to load and run the model
     * @return a changed copy
     * @throws IllegalStateException if the model has been opened already by the host
     */
    public ModelSource with(LoadOptions wanted) {
        if (shared != null) {
            throw new IllegalStateException("options: the model is open (expected: options before it is opened)");
        }
        return new ModelSource(location, null, Objects.requireNonNull(wanted), policy, enforcement);
    }

    /**
     * This source with what to ask of it, if it is a {@linkplain io.github.plimsoll.core.model.ModelPackage package}.
     *
     * @param wanted what to check before the model may answer
     * @return a changed copy
     * @throws IllegalStateException if the model has been opened already by the host
     */
    public ModelSource with(PackagePolicy wanted) {
        if (shared != null) {
            throw new IllegalStateException("policy: the model is open (expected: a policy before it is opened)");
        }
        return new ModelSource(location, null, options, Objects.requireNonNull(wanted), enforcement);
    }

    /**
     * This source with another way to hold features and their values to the signature of an MLflow folder. Without this it
     * is {@link MlflowSignature.Enforcement#MLFLOW}; for a model that has no such signature it means nothing.
     *
     * @param wanted how strictly
     * @return a changed copy
     */
    public ModelSource enforcing(Enforcement wanted) {
        return new ModelSource(location, shared, options, policy, Objects.requireNonNull(wanted));
    }

    /**
     * Opens the model, for a host that shares it between predictors or wants to look at its inputs and outputs.
     *
     * @return the model, to be closed by the host; if the host had opened it, that one
     * @throws ModelPackageException if it is in a package that is not sound; it lists every problem
     * @throws ModelLoadException if the model cannot be loaded; its subclasses say why
     */
    public Model open() {
        return shared != null ? shared : PackageLoading.load(Objects.requireNonNull(location), options, policy);
    }

    /**
     * Reads inputs by a schema derived from their class.
     *
     * @param inputs a record, a bean or an enum
     * @param output how to understand the answers
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return a builder
     * @throws IllegalArgumentException if no schema can be derived
     * @see Schema#of(Class)
     */
    public <I, O> PredictorBuilder<I, O> as(Class<I> inputs, Output<O> output) {
        return as(Schema.of(inputs), output);
    }

    /**
     * Reads inputs by a schema.
     *
     * <p>The model's own inputs decide how features get in, and {@link PredictorBuilder#build()} checks that they fit:
     *
     * <ul>
     *   <li>Each model input has the name of a feature: that feature goes there, alone.
     *   <li>The model has one input with a column for each feature: the features go there in the schema's order. If the
     *       model's metadata has an entry {@code feature_names}, a JSON array, names and order must be those.
     *   <li>The model has one input and the schema one tensor: it goes there.
     * </ul>
     *
     * <p>If the model comes from a {@linkplain io.github.plimsoll.core.model.ModelPackage package} that states its features,
     * the schema's names, types, shapes, categories, order (where the model has one input) and units (where both state
     * one) have to be those.
     *
     * <p>Which feature may go into which input: a number into floating point; an integer into integers and floating point; a
     * boolean into booleans, integers and floating point, as 0 or 1; a category or a text into strings; a timestamp into
     * 64-bit integers; a tensor into floating point. A null number, integer or boolean becomes NaN in floating point;
     * nothing else can be null there, so the call fails with an {@link InvalidInputException}, as it does for a number that
     * a 32-bit input would turn into infinity and for an integer that is too large for the input's type. An integer beyond
     * 2<sup>24</sup> is rounded by a 32-bit floating-point input, as it was when the model was trained on such.
     *
     * @param schema what the inputs are
     * @param output how to understand the answers
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return a builder
     */
    public <I, O> PredictorBuilder<I, O> as(Schema<I> schema, Output<O> output) {
        Objects.requireNonNull(schema);
        Objects.requireNonNull(output);
        return new PredictorBuilder<>(() -> TableTerminal.open(this, schema, output), schema);
    }

    /**
     * Leaves the reading of inputs to a translation: for images, tokenized text and whatever is no table row.
     *
     * @param translation how inputs become answers
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return a builder
     * @throws IllegalStateException if the model has been opened already by the host
     */
    public <I, O> PredictorBuilder<I, O> as(Translation<I, O> translation) {
        if (location == null) {
            throw new IllegalStateException(
                    "translation: the model is open (expected: a model that is loaded with it)");
        }
        Path path = location;
        return new PredictorBuilder<>(
                () -> {
                    PackageLoading.Translated<I, O> opened = PackageLoading.open(translation, path, options, policy);
                    return new TranslationTerminal<>(opened.model(), opened.origin());
                },
                null);
    }

    Enforcement enforcement() {
        return enforcement;
    }

    /** Whether a predictor on this source has to close the model. */
    boolean isOwned() {
        return shared == null;
    }
}

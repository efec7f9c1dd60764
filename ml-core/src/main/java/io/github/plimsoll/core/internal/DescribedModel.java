package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model of which the folder it lies in says more than its engine can. */
public final class DescribedModel implements Model {

    private final Model model;
    private final ModelDescription description;
    private final @Nullable ModelPackage origin;

    private DescribedModel(Model model, ModelDescription description, @Nullable ModelPackage origin) {
        this.model = model;
        this.description = description;
        this.origin = origin;
    }

    /** A model under another description. */
    public static DescribedModel as(Model model, ModelDescription description) {
        return new DescribedModel(model, description, null);
    }

    /**
     * A model that remembers the package it came from.
     *
     * @param model the model
     * @param origin the package
     * @return the model with its origin
     */
    public static DescribedModel from(Model model, ModelPackage origin) {
        return new DescribedModel(model, model.description(), origin);
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public InferencePlan plan(List<String> outputs) {
        return model.plan(outputs);
    }

    @Override
    public Optional<ModelPackage> origin() {
        return Optional.ofNullable(origin);
    }

    @Override
    public void close() {
        model.close();
    }
}

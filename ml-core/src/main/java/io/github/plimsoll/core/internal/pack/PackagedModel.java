package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import java.util.List;
import java.util.Optional;

/** A model that remembers the package it came from. */
final class PackagedModel implements Model {

    private final Model model;
    private final ModelPackage origin;

    PackagedModel(Model model, ModelPackage origin) {
        this.model = model;
        this.origin = origin;
    }

    @Override
    public ModelDescription description() {
        return model.description();
    }

    @Override
    public InferencePlan plan(List<String> outputs) {
        return model.plan(outputs);
    }

    @Override
    public Optional<ModelPackage> origin() {
        return Optional.of(origin);
    }

    @Override
    public void close() {
        model.close();
    }
}

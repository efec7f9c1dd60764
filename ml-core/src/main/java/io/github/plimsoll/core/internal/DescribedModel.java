package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import java.util.List;

/** A model under another description. */
final class DescribedModel implements Model {

    private final Model model;
    private final ModelDescription description;

    DescribedModel(Model model, ModelDescription description) {
        this.model = model;
        this.description = description;
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
    public void close() {
        model.close();
    }
}

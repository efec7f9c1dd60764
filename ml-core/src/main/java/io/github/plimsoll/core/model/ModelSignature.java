package io.github.plimsoll.core.model;

import java.util.List;

/**
 * The inputs and outputs of a model as the engine reads them from the model.
 *
 * @param inputs the inputs in the model's order; copied
 * @param outputs the outputs in the model's order; copied
 * @since 0.1
 */
public record ModelSignature(List<TensorSpec> inputs, List<TensorSpec> outputs) {

    /** Copies the lists. */
    public ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}

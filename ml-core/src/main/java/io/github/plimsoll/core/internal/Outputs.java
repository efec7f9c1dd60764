package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What all ways to the engine ask of outputs. */
public final class Outputs {

    private Outputs() {}

    /** The outputs of the names, in their order. */
    public static List<TensorSpec> named(List<String> names, ModelDescription model) {
        if (names.isEmpty()) {
            throw new IllegalArgumentException("outputs: none (expected: at least one of " + all(model) + ")");
        }
        List<TensorSpec> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (!seen.add(name)) {
                throw new IllegalArgumentException("outputs: '" + name + "' twice (expected: each name once)");
            }
            found.add(model.signature().outputs().stream()
                    .filter(output -> output.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("outputs: '" + name + "' (expected: of model "
                            + model.id() + " one of " + all(model) + ")")));
        }
        return List.copyOf(found);
    }

    private static List<String> all(ModelDescription model) {
        return model.signature().outputs().stream().map(TensorSpec::name).toList();
    }

    /** Checks that an output has a row for each row of input. */
    public static void checkRows(ModelId model, TensorSpec output, long[] shape, int rows) {
        long found = shape.length == 0 ? 1 : shape[0];
        if (found != rows) {
            throw new ModelOutputException(
                    "model " + model + ": output '" + output.name() + "' has shape " + Arrays.toString(shape) + " for "
                            + rows + (rows == 1 ? " row" : " rows") + " of input (expected: " + rows
                            + " as its first size)",
                    null);
        }
    }
}

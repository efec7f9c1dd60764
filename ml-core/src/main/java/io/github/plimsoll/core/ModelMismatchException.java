package io.github.plimsoll.core;

import java.util.List;

/**
 * The model's inputs and outputs are not those that the host's schema and output describe. All differences are listed.
 *
 * @since 0.1
 */
public final class ModelMismatchException extends ModelLoadException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> mismatches;

    /**
     * An exception.
     *
     * @param model the model's name and version
     * @param mismatches what differs, each with what was found and what was expected; copied
     */
    public ModelMismatchException(String model, List<String> mismatches) {
        super("model " + model + " does not match: " + String.join("; ", mismatches));
        this.mismatches = List.copyOf(mismatches);
    }

    /**
     * What differs.
     *
     * @return an immutable list, not empty
     */
    public List<String> mismatches() {
        return mismatches;
    }
}

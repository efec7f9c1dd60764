package io.github.plimsoll.core.model;

import java.util.Map;

/**
 * What a loaded model is and what runs it.
 *
 * @param id its name and version
 * @param engine the engine's name, such as {@code OnnxRuntime}
 * @param engineVersion the engine's version as the engine reports it
 * @param execution the way a call takes to the engine, in a few words, such as {@code direct, intra-op threads 1}
 * @param signature its inputs and outputs
 * @param metadata what the model file says of itself, such as its producer; copied
 * @since 0.1
 */
public record ModelDescription(
        ModelId id,
        String engine,
        String engineVersion,
        String execution,
        ModelSignature signature,
        Map<String, String> metadata) {

    /** Copies the metadata. */
    public ModelDescription {
        metadata = Map.copyOf(metadata);
    }

    /**
     * This description under another name and version.
     *
     * @param other the name and version wanted
     * @return a changed copy
     */
    public ModelDescription withId(ModelId other) {
        return new ModelDescription(other, engine, engineVersion, execution, signature, metadata);
    }
}

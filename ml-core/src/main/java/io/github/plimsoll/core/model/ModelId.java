package io.github.plimsoll.core.model;

/**
 * Which model, and which version of it.
 *
 * @param name the model's name, the same for all its versions; not blank
 * @param version the version's name; not blank
 * @since 0.1
 */
public record ModelId(String name, String version) {

    /** The version of a model that states none. */
    public static final String UNVERSIONED = "unversioned";

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if the name or the version is blank
     */
    public ModelId {
        if (name.isBlank() || version.isBlank()) {
            throw new IllegalArgumentException("model: '" + name + "' version '" + version
                    + "' (expected: a name and a version that are not blank)");
        }
    }

    /** The model as {@code name:version}. */
    @Override
    public String toString() {
        return name + ":" + version;
    }
}

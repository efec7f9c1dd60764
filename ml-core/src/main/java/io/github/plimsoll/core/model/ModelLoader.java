package io.github.plimsoll.core.model;

import java.nio.file.Path;

/**
 * Reads models of one format. Found by {@link java.util.ServiceLoader}, so a jar on the class path can add a format.
 *
 * <p>Implementations have a public constructor without parameters that does nothing: in particular, it loads no native
 * library.
 *
 * @since 0.1
 */
public interface ModelLoader {

    /**
     * The format's name for messages, such as {@code ONNX (*.onnx)}.
     *
     * @return the name
     */
    String format();

    /**
     * Whether the path looks like a model of this format, judged by names and, where names do not tell, by the first
     * bytes. Does not load anything.
     *
     * @param location a file or folder that exists
     * @return true if {@link #load} should be tried
     */
    boolean accepts(Path location);

    /**
     * Loads a model.
     *
     * @param location a file or folder that this loader accepts
     * @param options how to load and run it
     * @return the model, to be closed by the caller
     * @throws io.github.plimsoll.core.ModelLoadException if it cannot be loaded; {@link LinkageError}s may be thrown and
     *     are turned into one by the caller
     */
    Model load(Path location, LoadOptions options);
}

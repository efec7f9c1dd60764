package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.PlimsollException;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelLoader;
import io.github.plimsoll.core.model.Translation;
import io.github.plimsoll.core.model.Translation.TranslatedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a path to a model that is safe to share and to close. Thread-safe. */
public final class ModelLoading {

    private static final Logger LOG = LoggerFactory.getLogger(ModelLoading.class);

    private ModelLoading() {}

    /**
     * Loads a model.
     *
     * @param location a file or folder
     * @param options how to load and run it
     * @return a model that may be closed while it runs
     * @throws ModelLoadException if it cannot be loaded, with the path, the reason and the remedy
     */
    public static Model load(Path location, LoadOptions options) {
        Objects.requireNonNull(options, "options");
        return new LeasedModel(
                loadBare(checked(location), options), CpuBudget.of(options).concurrentCalls());
    }

    /** Loads a model whose close frees at once, for a loader that hands a part of its folder to another loader. */
    public static Model loadBare(Path path, LoadOptions options) {
        List<ModelLoader> loaders = loaders();
        for (ModelLoader loader : loaders) {
            if (loader.accepts(path)) {
                return load(loader, path, options);
            }
        }
        throw new ModelLoadException("model " + path + ": " + ForeignFormat.describe(path) + " (expected: "
                + loaders.stream().map(ModelLoader::format).collect(Collectors.joining(", ")) + ")");
    }

    /**
     * Makes a model safe to close while it runs.
     *
     * @param model a model that nobody else closes
     * @return a model that closes the other when its last inference has been closed
     */
    public static Model leased(Model model) {
        return model instanceof LeasedModel ? model : new LeasedModel(model);
    }

    /**
     * Loads a model together with a translation.
     *
     * @param translation how inputs become answers
     * @param location a file or folder
     * @param options how to load and run it
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return the model, to be closed by the caller
     * @throws ModelLoadException if it cannot be loaded, with the path, the reason and the remedy
     */
    public static <I, O> TranslatedModel<I, O> open(Translation<I, O> translation, Path location, LoadOptions options) {
        Objects.requireNonNull(options, "options");
        Path path = checked(location);
        try {
            return Objects.requireNonNull(translation.open(path, options), "model");
        } catch (PlimsollException e) {
            throw e;
        } catch (LinkageError e) {
            throw EngineAdvice.unavailable("model " + path, e);
        } catch (RuntimeException e) {
            throw new ModelLoadException("model " + path + ": the translation failed to open it: " + e, e);
        }
    }

    private static Path checked(Path location) {
        Path path = location.toAbsolutePath();
        if (!Files.exists(path)) {
            throw new ModelLoadException("model " + path + ": no such file or folder" + missing(path));
        }
        if (!Files.isReadable(path)) {
            throw new ModelLoadException(
                    "model " + path + ": may not be read by this process (expected: read permission)");
        }
        return path;
    }

    private static Model load(ModelLoader loader, Path path, LoadOptions options) {
        try {
            return Objects.requireNonNull(loader.load(path, options), "model");
        } catch (PlimsollException e) {
            throw e;
        } catch (LinkageError e) {
            throw EngineAdvice.unavailable("model " + path, e);
        } catch (RuntimeException e) {
            throw new ModelLoadException("model " + path + ": the loader for " + loader.format() + " failed: " + e, e);
        }
    }

    private static List<ModelLoader> loaders() {
        List<ModelLoader> found = new ArrayList<>();
        Set<Class<?>> seen = new HashSet<>();
        // The loader of this class finds the built-in formats wherever the host runs us; the thread's finds the host's
        // own.
        collect(ServiceLoader.load(ModelLoader.class, ModelLoading.class.getClassLoader()), found, seen);
        collect(ServiceLoader.load(ModelLoader.class), found, seen);
        return found;
    }

    private static void collect(ServiceLoader<ModelLoader> services, List<ModelLoader> found, Set<Class<?>> seen) {
        Iterator<ModelLoader> each = services.iterator();
        for (; ; ) {
            try {
                if (!each.hasNext()) {
                    return;
                }
                ModelLoader loader = each.next();
                if (seen.add(loader.getClass())) {
                    found.add(loader);
                }
            } catch (ServiceConfigurationError e) {
                LOG.warn("a model loader is left out: it could not be made", e); // the iterator goes on with the next
            }
        }
    }

    private static String missing(Path path) {
        Path parent = path.getParent();
        while (parent != null && !Files.exists(parent)) {
            parent = parent.getParent();
        }
        return parent == null || parent.equals(path.getParent()) ? "" : "; the path exists up to " + parent;
    }
}

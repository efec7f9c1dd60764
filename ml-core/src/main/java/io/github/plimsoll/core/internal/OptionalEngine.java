package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.EngineUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * An engine that is found by the names of its classes: its jar may be absent, or of another version, and no descriptor can require it.
 * Started when first asked for; why it cannot be had is said each time. Thread-safe.
 *
 * @param <E> what is used of the engine
 */
public final class OptionalEngine<E> {

    /** Finds the engine's classes, which also loads its native library. */
    public interface Start<E> {
        E start(ClassLoader loader) throws ReflectiveOperationException;
    }

    private final String name;
    private final String jar;
    private final String module;
    private final Start<E> start;
    private @Nullable E engine;
    private @Nullable Throwable failure;

    /** An engine with the coordinates of its jar and the name of its module. */
    public OptionalEngine(String name, String jar, String module, Start<E> start) {
        this.name = name;
        this.jar = jar;
        this.module = module;
        this.start = start;
    }

    /** The engine, started. {@code wanted} is such as {@code model /a/b.ubj}. */
    public synchronized E get(String wanted) {
        if (failure != null) {
            throw unavailable(wanted, failure);
        }
        if (engine == null) {
            try {
                engine = start.start(OptionalEngine.class.getClassLoader());
            } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
                failure = e;
                throw unavailable(wanted, e);
            }
        }
        return engine;
    }

    private EngineUnavailableException unavailable(String wanted, Throwable cause) {
        if (cause instanceof ClassNotFoundException) {
            return new EngineUnavailableException(
                    wanted + ": is a model of " + name + ", which is not on the class path (expected: " + jar
                            + ", on the module path with --add-modules " + module + ")",
                    cause);
        }
        return cause instanceof ReflectiveOperationException
                ? new EngineUnavailableException(
                        wanted + ": the jar of " + name + " on the class path is of another version: " + cause
                                + " (expected: " + jar + " or one of its time)",
                        cause)
                : EngineAdvice.unavailable(wanted, cause, name, jar, module);
    }

    /** The property {@code version} of a properties file in the jar of a class. */
    public static String version(Class<?> in, String resource) {
        Properties properties = new Properties();
        try (InputStream file = in.getResourceAsStream(resource)) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            // as if it were not there
        }
        return properties.getProperty("version", "unknown");
    }
}

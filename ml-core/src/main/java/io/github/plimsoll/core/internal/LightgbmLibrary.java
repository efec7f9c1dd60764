package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.EngineUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Properties;

/**
 * What is used of lightgbm4j, found by name: its jar has no module name that a descriptor could require. A booster is an
 * {@link Object} here.
 */
final class LightgbmLibrary {

    static final String JAR = "io.github.metarank:lightgbm4j:4.3.0-1";
    private static final String BOOSTER = "io.github.metarank.lightgbm4j.LGBMBooster";
    private static final String KIND = "com.microsoft.ml.lightgbm.PredictionType";

    final MethodHandle load; // (String) Object
    final MethodHandle features; // (Object) int
    final MethodHandle classes; // (Object) int
    final MethodHandle close; // (Object)
    final MethodHandle predict; // (Object, double[], int, int, boolean, Object, String) double[]
    final Object normal; // the kind of prediction: as the objective has it
    private final String version;

    private LightgbmLibrary(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> booster = Class.forName(BOOSTER, true, loader);
        Class<?> kind = Class.forName(KIND, true, loader);
        load = find(
                booster.getMethod("loadModelFromString", String.class),
                MethodType.methodType(Object.class, String.class));
        features = find(booster.getMethod("getNumFeature"), MethodType.methodType(int.class, Object.class));
        classes = find(booster.getMethod("getNumClasses"), MethodType.methodType(int.class, Object.class));
        close = find(booster.getMethod("close"), MethodType.methodType(void.class, Object.class));
        predict = find(
                booster.getMethod(
                        "predictForMat", double[].class, int.class, int.class, boolean.class, kind, String.class),
                MethodType.methodType(
                        double[].class,
                        Object.class,
                        double[].class,
                        int.class,
                        int.class,
                        boolean.class,
                        Object.class,
                        String.class));
        normal = kind.getField("C_API_PREDICT_NORMAL").get(null);
        version = version(booster);
    }

    private static MethodHandle find(Method method, MethodType type) throws IllegalAccessException {
        method.setAccessible(true); // its module, if it has one, is none that ours reads
        return MethodHandles.lookup().unreflect(method).asType(type);
    }

    private static String version(Class<?> booster) {
        try (InputStream in =
                booster.getResourceAsStream("/META-INF/maven/io.github.metarank/lightgbm4j/pom.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static final class Holder {
        private static final Object STARTED = start();

        private static Object start() {
            try {
                return new LightgbmLibrary(LightgbmLibrary.class.getClassLoader());
            } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
                return e;
            }
        }
    }

    /** The library, loaded. {@code wanted} is such as {@code model /a/b.txt}. */
    static LightgbmLibrary get(String wanted) {
        Object started = Holder.STARTED;
        if (started instanceof LightgbmLibrary library) {
            return library;
        }
        Throwable failure = (Throwable) started;
        throw failure instanceof ClassNotFoundException
                ? new EngineUnavailableException(
                        wanted + ": is a LightGBM model, and LightGBM is not on the class path (expected: " + JAR
                                + ", on the module path with --add-modules lightgbm4j)",
                        failure)
                : failure instanceof ReflectiveOperationException
                        ? new EngineUnavailableException(
                                wanted + ": the lightgbm4j on the class path is of another version: " + failure
                                        + " (expected: " + JAR + ")",
                                failure)
                        : EngineAdvice.unavailable(wanted, failure, "LightGBM", JAR, "lightgbm4j");
    }

    String version() {
        return version;
    }

    /** What the library throws, which is checked: as a failure, or itself if it is an error. */
    static Failure failure(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof Failure failure ? failure : new Failure(Causes.words(e), e);
    }

    /** What the engine says went wrong. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

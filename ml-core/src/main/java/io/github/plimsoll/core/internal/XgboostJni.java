package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelLoadException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Properties;

/**
 * XGBoost's C functions, as the class {@code ml.dmlc.xgboost4j.java.XGBoostJNI} has them. That class is not public, but it is the same
 * in DJL's jar and in XGBoost's own, so that whichever of the two is on the class path will do, and a process that has both
 * works as well.
 */
final class XgboostJni {

    private static final String CLASS = "ml.dmlc.xgboost4j.java.XGBoostJNI";
    static final String JAR = "ai.djl.ml.xgboost:xgboost:0.35.0";

    final MethodHandle create; // (long[] caches, long[] out)
    final MethodHandle free; // (long)
    final MethodHandle setParameter; // (long, String, String)
    final MethodHandle load; // (long, byte[])
    final MethodHandle features; // (long, long[] out)
    final MethodHandle predictDense; // (long, float[], long, long, float, int, int, int, float[], float[][])
    final MethodHandle matrix; // (float[], int, int, float, long[])
    final MethodHandle freeMatrix; // (long)
    final MethodHandle predict; // (long, long, int, int, float[][])
    private final MethodHandle lastError;
    private final String version;

    private XgboostJni(Class<?> jni) throws ReflectiveOperationException {
        create = find(jni, "XGBoosterCreate", int.class, long[].class, long[].class);
        free = find(jni, "XGBoosterFree", int.class, long.class);
        setParameter = find(jni, "XGBoosterSetParam", int.class, long.class, String.class, String.class);
        load = find(jni, "XGBoosterLoadModelFromBuffer", int.class, long.class, byte[].class);
        features = find(jni, "XGBoosterGetNumFeature", int.class, long.class, long[].class);
        predictDense = find(
                jni,
                "XGBoosterPredictFromDense",
                int.class,
                long.class,
                float[].class,
                long.class,
                long.class,
                float.class,
                int.class,
                int.class,
                int.class,
                float[].class,
                float[][].class);
        matrix = find(
                jni,
                "XGDMatrixCreateFromMat",
                int.class,
                float[].class,
                int.class,
                int.class,
                float.class,
                long[].class);
        freeMatrix = find(jni, "XGDMatrixFree", int.class, long.class);
        predict =
                find(jni, "XGBoosterPredict", int.class, long.class, long.class, int.class, int.class, float[][].class);
        lastError = find(jni, "XGBGetLastError", String.class);
        version = version(jni);
    }

    private static MethodHandle find(Class<?> jni, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        Method method = jni.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(result, parameters));
    }

    private static String version(Class<?> jni) {
        try (InputStream in = jni.getResourceAsStream("/xgboost4j-version.properties")) {
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
                return new XgboostJni(Class.forName(CLASS, true, XgboostJni.class.getClassLoader()));
            } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
                return e;
            }
        }
    }

    /** The functions, with their library loaded. {@code wanted} is such as {@code model /a/b.ubj}. */
    static XgboostJni get(String wanted) {
        Object started = Holder.STARTED;
        if (started instanceof XgboostJni jni) {
            return jni;
        }
        Throwable failure = (Throwable) started;
        throw failure instanceof ClassNotFoundException
                ? new EngineUnavailableException(
                        wanted + ": is an XGBoost model, and XGBoost is not on the class path (expected: " + JAR
                                + ", on the module path with --add-modules ai.djl.xgboost)",
                        failure)
                : failure instanceof ReflectiveOperationException
                        ? new EngineUnavailableException(
                                wanted + ": the jar of XGBoost on the class path is of another version: " + failure
                                        + " (expected: " + JAR + " or one of its time)",
                                failure)
                        : EngineAdvice.unavailable(wanted, failure, "XGBoost", JAR, "ai.djl.xgboost");
    }

    String version() {
        return version;
    }

    /** Checks what a function returned. */
    void check(int code) {
        if (code != 0) {
            String message;
            try {
                message = (String) lastError.invokeExact();
            } catch (Throwable e) {
                throw thrown(e);
            }
            throw new Failure(firstLine(message));
        }
    }

    /** The engine's messages go on with the addresses of its stack. */
    private static String firstLine(String message) {
        String text = String.valueOf(message).strip();
        int stack = text.indexOf("Stack trace:");
        return (stack < 0 ? text : text.substring(0, stack)).strip().replace('\n', ' ');
    }

    /** What a native function throws: nothing that is checked, by its declaration. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    static RuntimeException thrown(Throwable e) {
        if (e instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new ModelLoadException("XGBoost: " + e, e);
    }

    /** What the engine says went wrong. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Failure(String message) {
            super(message);
        }
    }
}

package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.internal.OptionalEngine;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/**
 * XGBoost's C functions, as the class {@code ml.dmlc.xgboost4j.java.XGBoostJNI} has them. That class is not public, but it is the same
 * in DJL's jar and in XGBoost's own, so that whichever of the two is on the class path will do, and a process that has both
 * works as well.
 */
final class XgboostJni {

    /** The functions, with their library loaded. */
    static final OptionalEngine<XgboostJni> ENGINE = new OptionalEngine<>(
            "XGBoost",
            "ai.djl.ml.xgboost:xgboost:0.35.0",
            "ai.djl.xgboost",
            loader -> new XgboostJni(Class.forName("ml.dmlc.xgboost4j.java.XGBoostJNI", true, loader)));

    final MethodHandle create; // (long[] caches, long[] out)
    final MethodHandle free; // (long)
    final MethodHandle setParameter; // (long, String, String)
    final MethodHandle load; // (long, byte[])
    final MethodHandle features; // (long, long[] out)
    final MethodHandle predictDense; // (long, float[], long, long, float, int, int, int, float[], float[][])
    final MethodHandle matrix; // (float[], int, int, float, long[])
    final MethodHandle setNumbers; // (long, String, float[])
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
        setNumbers = find(jni, "XGDMatrixSetFloatInfo", int.class, long.class, String.class, float[].class);
        freeMatrix = find(jni, "XGDMatrixFree", int.class, long.class);
        predict =
                find(jni, "XGBoosterPredict", int.class, long.class, long.class, int.class, int.class, float[][].class);
        lastError = find(jni, "XGBGetLastError", String.class);
        version = OptionalEngine.version(jni, "/xgboost4j-version.properties");
    }

    private static MethodHandle find(Class<?> jni, String name, Class<?> result, Class<?>... parameters)
            throws ReflectiveOperationException {
        Method method = jni.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return MethodHandles.lookup().unreflect(method).asType(MethodType.methodType(result, parameters));
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
                throw Booster.Failure.of(e);
            }
            throw new Booster.Failure(firstLine(message));
        }
    }

    /** The engine's messages go on with the addresses of its stack. */
    private static String firstLine(String message) {
        String text = String.valueOf(message).strip();
        int stack = text.indexOf("Stack trace:");
        return (stack < 0 ? text : text.substring(0, stack)).strip().replace('\n', ' ');
    }
}

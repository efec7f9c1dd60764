package io.github.plimsoll.core.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/**
 * What is used of lightgbm4j, found by name: its jar has no module name that a descriptor could require. A booster is an
 * {@link Object} here.
 */
final class LightgbmLibrary {

    /** The library, loaded. */
    static final OptionalEngine<LightgbmLibrary> ENGINE = new OptionalEngine<>(
            "LightGBM", "io.github.metarank:lightgbm4j:4.3.0-1", "lightgbm4j", LightgbmLibrary::new);

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
        version = OptionalEngine.version(booster, "/META-INF/maven/io.github.metarank/lightgbm4j/pom.properties");
    }

    private static MethodHandle find(Method method, MethodType type) throws IllegalAccessException {
        method.setAccessible(true); // its module, if it has one, is none that ours reads
        return MethodHandles.lookup().unreflect(method).asType(type);
    }

    String version() {
        return version;
    }
}

package io.github.plimsoll.core.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;

/**
 * LightGBM's C functions, as lightgbm4j's class {@code lightgbmlib} has them, found by name: its jar has no module name that a
 * descriptor could require. A pointer is an {@link Object} here. lightgbm4j's own {@code LGBMBooster} only unpacks the native library:
 * its predictions have room for two numbers a row, and a model of three classes writes past that.
 */
final class LightgbmLibrary {

    /** The functions, with their library loaded. */
    static final OptionalEngine<LightgbmLibrary> ENGINE = new OptionalEngine<>(
            "LightGBM", "io.github.metarank:lightgbm4j:4.3.0-1", "lightgbm4j", LightgbmLibrary::new);

    private static final String UNPACKING = "io.github.metarank.lightgbm4j.LGBMBooster";
    private static final String FUNCTIONS = "com.microsoft.ml.lightgbm.lightgbmlib";

    final MethodHandle load; // (String, int*, void**) int
    final MethodHandle free; // (void*) int
    final MethodHandle features; // (void*, int*) int
    final MethodHandle classes; // (void*, int*) int
    final MethodHandle predict; // (void*, void* in, int, int, int, int, int, int, int, String, long*, double* out) int
    final MethodHandle predictRow; // (double[] in, void*, int, int, int, int, int, int, String, long*, double* out) int
    final MethodHandle newPointer; // () void**
    final MethodHandle pointer; // (void**) void*
    final MethodHandle deletePointer; // (void**)
    final MethodHandle newInt; // () int*
    final MethodHandle intValue; // (int*) int
    final MethodHandle deleteInt; // (int*)
    final MethodHandle newLong; // () long*
    final MethodHandle longValue; // (long*) long
    final MethodHandle deleteLong; // (long*)
    final MethodHandle newDoubles; // (long) double*
    final MethodHandle getDouble; // (double*, long) double
    final MethodHandle setDouble; // (double*, long, double)
    final MethodHandle doubles; // (double*) void*
    final MethodHandle deleteDoubles; // (double*)
    final int float64;
    final int normal; // the kind of prediction: as the objective has it
    private final MethodHandle lastError;
    private final String version;

    private LightgbmLibrary(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> unpacking = Class.forName(UNPACKING, true, loader);
        try {
            unpacking.getMethod("loadNative").invoke(null);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
        Class<?> functions = Class.forName(FUNCTIONS, true, loader);
        load = find(functions, "LGBM_BoosterLoadModelFromString");
        free = find(functions, "LGBM_BoosterFree");
        features = find(functions, "LGBM_BoosterGetNumFeature");
        classes = find(functions, "LGBM_BoosterGetNumClasses");
        predict = find(functions, "LGBM_BoosterPredictForMat");
        predictRow = find(functions, "LGBM_BoosterPredictForMatSingle");
        newPointer = find(functions, "new_voidpp");
        pointer = find(functions, "voidpp_value");
        deletePointer = find(functions, "delete_voidpp");
        newInt = find(functions, "new_intp");
        intValue = find(functions, "intp_value");
        deleteInt = find(functions, "delete_intp");
        newLong = find(functions, "new_int64_tp");
        longValue = find(functions, "int64_tp_value");
        deleteLong = find(functions, "delete_int64_tp");
        newDoubles = find(functions, "new_doubleArray");
        getDouble = find(functions, "doubleArray_getitem");
        setDouble = find(functions, "doubleArray_setitem");
        doubles = find(functions, "double_to_voidp_ptr");
        deleteDoubles = find(functions, "delete_doubleArray");
        lastError = find(functions, "LGBM_GetLastError");
        float64 = functions.getField("C_API_DTYPE_FLOAT64").getInt(null);
        normal = functions.getField("C_API_PREDICT_NORMAL").getInt(null);
        version = OptionalEngine.version(unpacking, "/META-INF/maven/io.github.metarank/lightgbm4j/pom.properties");
    }

    /** A function, of which there is one of the name, with its pointers as objects. */
    private static MethodHandle find(Class<?> functions, String name) throws ReflectiveOperationException {
        Method method = Arrays.stream(functions.getMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchMethodException(name));
        MethodHandle handle = MethodHandles.lookup().unreflect(method);
        MethodType type = handle.type();
        for (int i = 0; i < type.parameterCount(); i++) {
            if (isPointer(type.parameterType(i))) {
                type = type.changeParameterType(i, Object.class);
            }
        }
        return handle.asType(isPointer(type.returnType()) ? type.changeReturnType(Object.class) : type);
    }

    private static boolean isPointer(Class<?> type) {
        return type.getSimpleName().startsWith("SWIGTYPE");
    }

    String version() {
        return version;
    }

    /** Checks what a function returned. */
    void check(int code) {
        if (code != 0) {
            try {
                throw new Booster.Failure((String) lastError.invokeExact());
            } catch (Throwable e) {
                throw Booster.Failure.of(e);
            }
        }
    }
}

package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.internal.OptionalEngine;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * LightGBM's C functions, as lightgbm4j's class {@code lightgbmlib} has them, found by name: its jar has no module name that a
 * descriptor could require. A pointer is an {@link Object} here.
 *
 * <p>lightgbm4j's own {@code LGBMBooster} is left alone. Its predictions have room for two numbers a row, and a model of three classes
 * writes past that. It unpacks the native library to a fixed path, over the file that another process may be running from, which then
 * dies; here every process has a folder of its own.
 */
final class LightgbmLibrary {

    /** The functions, with their library loaded. */
    static final OptionalEngine<LightgbmLibrary> ENGINE = new OptionalEngine<>(
            "LightGBM", "io.github.metarank:lightgbm4j:4.3.0-1", "lightgbm4j", LightgbmLibrary::new);

    private static final List<String> LIBRARIES =
            List.of("lib_lightgbm", "lib_lightgbm_swig"); // each wants those before it
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
        Class<?> functions = Class.forName(FUNCTIONS, false, loader);
        try {
            loadNative(loader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        version = OptionalEngine.version(functions, "/META-INF/maven/io.github.metarank/lightgbm4j/pom.properties");
    }

    private static void loadNative(ClassLoader loader) throws IOException {
        String given = System.getenv("LIGHTGBM_NATIVE_LIB_PATH"); // as lightgbm4j has it
        if (given != null) {
            for (String library : LIBRARIES) {
                System.load(Path.of(given, library + ending()).toAbsolutePath().toString());
            }
            return;
        }
        Path folder = Files.createTempDirectory("lightgbm");
        List<Path> unpacked = new ArrayList<>();
        try {
            for (String library : LIBRARIES) {
                String name = library + ending();
                String resource = "lightgbm4j/" + platform() + "/" + name;
                Path file = folder.resolve(name);
                unpacked.add(file);
                try (InputStream in = loader.getResourceAsStream(resource)) {
                    if (in == null) {
                        throw new FileNotFoundException("no " + resource + " in the jar");
                    }
                    Files.copy(in, file);
                }
                System.load(file.toString());
            }
        } finally {
            unpacked.add(folder);
            unpacked.forEach(LightgbmLibrary::remove);
        }
    }

    /** Deletes at once what a system lets go of while it is in use, and the rest when the process ends. */
    private static void remove(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }

    private static String platform() {
        String arch = System.getProperty("os.arch");
        return (isWindows() ? "windows" : isMac() ? "osx" : "linux")
                + (arch.equals("aarch64") || arch.equals("arm64") ? "/aarch64" : "/x86_64");
    }

    private static String ending() {
        return isWindows() ? ".dll" : isMac() ? ".dylib" : ".so";
    }

    private static boolean isWindows() {
        return System.getProperty("os.name").startsWith("Windows");
    }

    private static boolean isMac() {
        return System.getProperty("os.name").startsWith("Mac");
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

package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.EngineUnavailableException;
import org.jspecify.annotations.Nullable;

/** Turns the errors that the JVM throws when an engine's jar or native library is missing into advice. */
final class EngineAdvice {

    private static final int MAX_DEPTH = 20; // of causes, which may form a ring

    private EngineAdvice() {}

    /** An exception for an error, with what was wanted, such as {@code model /a/b.onnx}. */
    static EngineUnavailableException unavailable(String wanted, LinkageError error) {
        return new EngineUnavailableException(wanted + ": " + advice(error), error);
    }

    /** The same for another engine, with its name, its jar's coordinates and its module's name. */
    static EngineUnavailableException unavailable(
            String wanted, Throwable error, String engine, String jar, String module) {
        String reason = mentions(error, "IllegalCallerException") || mentions(error, "Illegal native access")
                ? "the JVM does not let " + engine
                        + " load its native library (expected: java --enable-native-access=ALL-UNNAMED, or =" + module
                        + " if it is on the module path)"
                : mentions(error, "libgomp")
                        ? "the native library of " + engine + " needs OpenMP: " + Causes.words(error)
                                + " (expected: the system's package libgomp1, or libgomp)"
                        : "the native library of " + engine + " could not be loaded for "
                                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ": "
                                + Causes.words(error) + " (expected: " + jar
                                + " not stripped by a shading step, and a folder java.io.tmpdir="
                                + System.getProperty("java.io.tmpdir") + " that may be written to and executed from)";
        return new EngineUnavailableException(wanted + ": " + reason, error);
    }

    private static String advice(LinkageError error) {
        if (mentions(error, "IllegalCallerException") || mentions(error, "Illegal native access")) {
            return "the JVM does not let ONNX Runtime load its native library (expected: java --enable-native-access=ALL-UNNAMED,"
                    + " or =com.microsoft.onnxruntime if it is on the module path)";
        }
        if (mentions(error, "UnsatisfiedLinkError") || mentions(error, "Failed to load onnx-runtime library")) {
            String path = System.getProperty("onnxruntime.native.path");
            return "the native library of ONNX Runtime could not be loaded for " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch")
                    + (path == null
                            ? " (expected: a com.microsoft.onnxruntime:onnxruntime jar that holds it for this platform, not"
                                    + " stripped by a shading step, and a folder java.io.tmpdir="
                                    + System.getProperty("java.io.tmpdir")
                                    + " that may be written to and executed from)"
                            : " from onnxruntime.native.path=" + path
                                    + " (expected: both onnxruntime and onnxruntime4j_jni libraries in that folder, or the"
                                    + " property not set)");
        }
        if (mentions(error, "Could not initialize class")) {
            return "the engine failed to start earlier in this process: " + error.getMessage()
                    + " (expected: see the first error, which says why; another library may have had it)";
        }
        String missing = missingClass(error);
        if (missing != null && missing.startsWith("ai.onnxruntime")) {
            return "ONNX Runtime is not on the class path (expected: com.microsoft.onnxruntime:onnxruntime, on the module path with --add-modules com.microsoft.onnxruntime; it also comes with"
                    + " ai.djl.onnxruntime:onnxruntime-engine)";
        }
        if (missing != null && missing.startsWith("ai.djl")) {
            return "DJL is not on the class path (expected: ai.djl:api and an engine such as"
                    + " ai.djl.onnxruntime:onnxruntime-engine)";
        }
        if (missing != null) {
            return "class " + missing + " is not on the class path (expected: all jars that the engine needs)";
        }
        return "the engine could not be started: " + error
                + " (expected: engine jars whose versions fit together and a native library for "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch") + ")";
    }

    // After the first failure the JVM only reports "Could not initialize class X", with the first error as text in the
    // cause's message: so the text is searched as well as the types.
    private static boolean mentions(Throwable error, String word) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            if (at.toString().contains(word)) {
                return true;
            }
            at = at.getCause();
        }
        return false;
    }

    private static @Nullable String missingClass(Throwable error) {
        Throwable at = error;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++) {
            String message = at.getMessage();
            if ((at instanceof NoClassDefFoundError || at instanceof ClassNotFoundException)
                    && message != null
                    && message.indexOf(' ') < 0) {
                return message.replace('/', '.');
            }
            at = at.getCause();
        }
        return null;
    }
}

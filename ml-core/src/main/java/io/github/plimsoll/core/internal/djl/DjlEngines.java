package io.github.plimsoll.core.internal.djl;

import ai.djl.engine.Engine;

/** The engines that DJL finds on the class path. Links only where DJL's API is present. */
public final class DjlEngines {

    public static final String ONNX_RUNTIME = "OnnxRuntime";

    private DjlEngines() {}

    /** Whether an engine is on the class path; it is not started. */
    static boolean has(String name) {
        return Engine.hasEngine(name);
    }

    /** Starts an engine. False if it is not on the class path; a failure to start is thrown, often as an error. */
    public static boolean start(String name) {
        if (!Engine.hasEngine(name)) {
            return false;
        }
        return Engine.getEngine(name) != null;
    }

    /** Whether an engine can do array arithmetic of its own or borrows another's: ONNX Runtime alone cannot. */
    public static boolean canCompute(String name) {
        return !name.equals(ONNX_RUNTIME) || Engine.getEngine(name).getAlternativeEngine() != null;
    }

    public static String version(String name) {
        return Engine.getEngine(name).getVersion();
    }
}

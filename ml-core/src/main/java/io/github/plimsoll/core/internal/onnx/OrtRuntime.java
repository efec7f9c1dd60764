package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.internal.DeepStack;
import io.github.plimsoll.core.internal.OfflineByDefault;
import io.github.plimsoll.core.internal.djl.DjlEngines;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one ONNX Runtime environment of the process, shared with DJL and with whoever else uses it.
 *
 * <p>DJL insists on creating the environment: its engine fails for good if another library was first. So where DJL's engine is
 * on the class path, it is started before anything here touches ONNX Runtime; and where it was too late for that, the direct
 * way goes on with the environment that exists, and the way through DJL is refused with the remedy.
 */
public final class OrtRuntime {

    /** How DJL's ONNX Runtime engine is. */
    public enum Djl {
        /** Its jars are not on the class path. */
        ABSENT,
        /** It runs. */
        READY,
        /** Another library created the environment before it could. */
        CLASH,
        /** It could not be started for another reason. */
        BROKEN
    }

    private static final Logger LOG = LoggerFactory.getLogger(OrtRuntime.class);

    private final OrtEnvironment environment;
    private final Djl djl;
    private final @Nullable Throwable djlFailure;

    private static @Nullable OrtRuntime started;
    private static @Nullable LinkageError firstFailure;

    private OrtRuntime(OrtEnvironment environment, Djl djl, @Nullable Throwable djlFailure) {
        this.environment = environment;
        this.djl = djl;
        this.djlFailure = djlFailure;
    }

    /**
     * Starts the engines, once. What fails for want of a jar or native library throws a {@link LinkageError}, and is tried
     * anew at the next call.
     */
    public static synchronized OrtRuntime start() {
        OrtRuntime runtime = started;
        if (runtime == null) {
            runtime = DeepStack.call(OrtRuntime::startHere);
            started = runtime;
        }
        return runtime;
    }

    private static OrtRuntime startHere() {
        OfflineByDefault.apply();
        Djl djl = Djl.READY;
        Throwable failure = null;
        try {
            if (!DjlEngines.start(DjlEngines.ONNX_RUNTIME)) {
                djl = Djl.ABSENT;
            }
        } catch (NoClassDefFoundError e) {
            // Without DJL's API the class above cannot be linked; any other class missing is DJL's own trouble.
            djl = String.valueOf(e.getMessage()).startsWith("ai/djl/") ? Djl.ABSENT : Djl.BROKEN;
            failure = e;
        } catch (LinkageError | RuntimeException e) {
            djl = isClash(e) ? Djl.CLASH : Djl.BROKEN;
            failure = e;
        }
        OrtEnvironment environment;
        try {
            environment = OrtEnvironment.getEnvironment();
        } catch (LinkageError e) {
            throw first(djl == Djl.BROKEN && failure instanceof LinkageError before ? before : e);
        }
        if (djl == Djl.CLASH) {
            LOG.warn("ONNX Runtime was started by another library before DJL, so DJL cannot use it in this process;"
                    + " models that take the direct way are not affected");
        } else {
            quiet(environment);
        }
        return new OrtRuntime(environment, djl, failure);
    }

    /** The environment as {@link #start} left it, null if it has not been called. */
    public static synchronized @Nullable OrtRuntime ifStarted() {
        return started;
    }

    /** The first failure, which says why: the JVM then only tells that there was one. */
    @SuppressWarnings("StaticAssignmentOfThrowable") // nobody else will ever make one that knows why
    private static LinkageError first(LinkageError error) {
        LinkageError before = firstFailure;
        if (before != null && String.valueOf(error.getMessage()).startsWith("Could not initialize class")) {
            return before;
        }
        firstFailure = error;
        return error;
    }

    /** The official Windows builds report usage unless told not to; on other systems this does nothing. */
    private static void quiet(OrtEnvironment environment) {
        try {
            environment.setTelemetry(false);
        } catch (OrtException e) {
            LOG.debug("ONNX Runtime's telemetry could not be turned off", e);
        }
    }

    private static boolean isClash(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String text = at.toString(); // of a second failure, the first is only there as text
            if (text.contains("thread pool") && text.contains("OrtEnvironment")) {
                return true;
            }
        }
        return false;
    }

    OrtEnvironment environment() {
        return environment;
    }

    public Djl djl() {
        return djl;
    }

    /** What to add to a description of a model that takes the direct way, empty if there is nothing to say. */
    String note() {
        return djl == Djl.CLASH ? ", environment started by another library" : "";
    }

    /** Makes sure that DJL can run ONNX models; {@code wanted} is such as {@code model /a/b.onnx}. */
    public void requireDjl(String wanted) {
        switch (djl) {
            case READY -> {}
            case ABSENT ->
                throw new EngineUnavailableException(
                        wanted + ": DJL's ONNX Runtime engine is not on the class path (expected:"
                                + " ai.djl.onnxruntime:onnxruntime-engine, or the direct way to the engine)",
                        djlFailure);
            case CLASH ->
                throw new EngineUnavailableException(
                        wanted
                                + ": another library of this process started ONNX Runtime before DJL, and DJL then refuses to use it"
                                + " (expected: load a model through this library, which starts DJL, before the other library is"
                                + " touched; or the direct way to the engine, which shares)",
                        djlFailure);
            case BROKEN ->
                throw new EngineUnavailableException(
                        wanted + ": DJL's ONNX Runtime engine could not be started: " + djlFailure
                                + " (expected: versions of ai.djl:api and onnxruntime-engine that fit together)",
                        djlFailure);
        }
    }
}

package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.internal.CpuBudget;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.ExecutionProvider;
import io.github.plimsoll.core.model.LoadOptions.MemoryArena;
import io.github.plimsoll.core.model.LoadOptions.Optimization;
import java.util.List;
import java.util.stream.Collectors;

/** A session's options in ONNX Runtime's terms and in words. */
final class OnnxSession {

    private OnnxSession() {}

    /** Sets all that is not the engine's default. {@code wanted} is such as {@code model /a/b.onnx}. */
    static void configure(SessionOptions session, LoadOptions options, String wanted) throws OrtException {
        int threads = CpuBudget.of(options).intraOpThreads();
        session.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        session.setInterOpNumThreads(1);
        session.setIntraOpNumThreads(threads);
        if (threads == 1) {
            session.addConfigEntry("session.intra_op.allow_spinning", "0"); // the caller's thread does all
        }
        session.setOptimizationLevel(
                switch (options.optimization()) {
                    case NONE -> SessionOptions.OptLevel.NO_OPT;
                    case BASIC -> SessionOptions.OptLevel.BASIC_OPT;
                    case EXTENDED -> SessionOptions.OptLevel.EXTENDED_OPT;
                    case ALL -> SessionOptions.OptLevel.ALL_OPT;
                });
        session.setCPUArenaAllocator(options.arena() == MemoryArena.ON);
        // What fails comes back as an exception; the engine's own log would put it on the host's console as well.
        session.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        for (ExecutionProvider provider : options.providers()) {
            add(session, provider, wanted);
        }
    }

    private static void add(SessionOptions session, ExecutionProvider provider, String wanted) throws OrtException {
        OrtProvider needed = switch (provider) {
            case CPU -> OrtProvider.CPU;
            case CUDA -> OrtProvider.CUDA;
            case TENSOR_RT -> OrtProvider.TENSOR_RT;
            case CORE_ML -> OrtProvider.CORE_ML;
        };
        if (!OrtEnvironment.getAvailableProviders().contains(needed)) {
            throw new EngineUnavailableException(
                    wanted + ": the provider " + provider + " is not in this ONNX Runtime, which has "
                            + OrtEnvironment.getAvailableProviders() + " (expected: "
                            + (provider == ExecutionProvider.CORE_ML
                                    ? "macOS"
                                    : "com.microsoft.onnxruntime:onnxruntime_gpu in place of onnxruntime")
                            + ", or one of these)",
                    null);
        }
        switch (provider) {
            case CPU -> {} // always there, as the last
            case CUDA -> session.addCUDA(0);
            case TENSOR_RT -> session.addTensorrt(0);
            case CORE_ML -> session.addCoreML();
        }
    }

    /** Such as {@code intra-op threads 1, optimisation BASIC}: what is not the default is named. */
    static String words(LoadOptions options) {
        List<ExecutionProvider> providers = options.providers();
        return CpuBudget.of(options)
                + (options.optimization() == Optimization.ALL ? "" : ", optimisation " + options.optimization())
                + (options.arena() == MemoryArena.ON ? "" : ", no arena")
                + (providers.equals(List.of(ExecutionProvider.CPU))
                        ? ""
                        : ", on "
                                + providers.stream()
                                        .map(ExecutionProvider::toString)
                                        .collect(Collectors.joining(" before ")));
    }
}

package io.github.plimsoll.core.internal.onnx;

import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.LoadOptions.Execution;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens an ONNX file: reads what it is and chooses the way to the engine. */
public final class OnnxOpening {

    private static final Logger LOG = LoggerFactory.getLogger(OnnxOpening.class);

    private OnnxOpening() {}

    static Model open(Path file, LoadOptions options) {
        OrtRuntime runtime = OrtRuntime.start();
        Opened opened = openSession(runtime, file, options);
        boolean kept = false;
        try {
            OnnxSignature signature = opened.signature();
            Execution wanted = options.execution();
            if (wanted == Execution.DIRECT && !signature.indirect().isEmpty()) {
                throw new ModelLoadException(
                        "model " + file + ": cannot take the direct way: " + String.join("; ", signature.indirect())
                                + " (expected: LoadOptions.Execution.AUTOMATIC or DJL)");
            }
            if (wanted == Execution.DJL || !signature.indirect().isEmpty()) {
                opened.close(); // DJL opens a session of its own and does not let anyone see it
                kept = true;
                runtime.requireDjl("model " + file
                        + (wanted == Execution.DJL
                                ? ""
                                : ", which only DJL can run: " + String.join("; ", signature.indirect())));
                return DjlOnnxModel.open(file, opened.description("through DJL", options), signature, options);
            }
            Model model = new OnnxModel(
                    runtime.environment(),
                    opened.session(),
                    opened.options(),
                    opened.description("direct", options, runtime.note()));
            kept = true;
            return model;
        } finally {
            if (!kept) {
                opened.close();
            }
        }
    }

    /** What an ONNX file is, for a model that someone else will run. */
    public static ModelDescription describe(Path file, String execution, LoadOptions options) {
        Opened opened = openSession(OrtRuntime.start(), file, options);
        try {
            return opened.description(execution, options);
        } finally {
            opened.close();
        }
    }

    private static Opened openSession(OrtRuntime runtime, Path file, LoadOptions options) {
        SessionOptions sessionOptions = new SessionOptions();
        OrtSession session = null;
        boolean opened = false;
        try {
            OnnxSession.configure(sessionOptions, options, "model " + file);
            session = runtime.environment().createSession(file.toString(), sessionOptions);
            OnnxSignature signature = OnnxSignature.read(file, session);
            Opened result = new Opened(
                    file,
                    session,
                    sessionOptions,
                    signature,
                    session.getMetadata(),
                    runtime.environment().getVersion());
            opened = true;
            return result;
        } catch (OrtException e) {
            throw new ModelLoadException(
                    "model " + file + " (" + size(file) + "): ONNX Runtime cannot load it: " + e.getMessage()
                            + " (expected: a whole ONNX model that this version of ONNX Runtime supports)",
                    e);
        } finally {
            if (!opened) {
                closeAll(session, sessionOptions);
            }
        }
    }

    static void closeAll(@Nullable OrtSession session, SessionOptions options) {
        try {
            if (session != null) {
                session.close();
            }
        } catch (OrtException e) {
            LOG.warn("an ONNX Runtime session could not be closed", e);
        } finally {
            options.close(); // after the session, which may use what the options hold
        }
    }

    private static String size(Path file) {
        try {
            return Files.size(file) + " bytes";
        } catch (IOException e) {
            return "size unknown";
        }
    }

    private record Opened(
            Path file,
            OrtSession session,
            SessionOptions options,
            OnnxSignature signature,
            OnnxModelMetadata metadata,
            String engineVersion) {

        ModelDescription description(String way, LoadOptions loadOptions, String... notes) {
            Map<String, String> custom = metadata.getCustomMetadata();
            ModelId given = loadOptions.id();
            ModelId id = given != null
                    ? given
                    : new ModelId(OnnxFiles.modelName(file), OnnxFiles.modelVersion(custom, metadata.getVersion()));
            Map<String, String> facts = new HashMap<>(custom);
            put(facts, "producer", metadata.getProducerName());
            put(facts, "graph", metadata.getGraphName());
            put(facts, "domain", metadata.getDomain());
            put(facts, "description", metadata.getDescription());
            String left = String.join("; ", signature.leftOut());
            put(facts, "leftOut", left);
            return new ModelDescription(
                    id,
                    "OnnxRuntime",
                    engineVersion,
                    way + ", " + OnnxSession.words(loadOptions) + String.join("", notes),
                    signature.signature(),
                    facts);
        }

        private static void put(Map<String, String> facts, String key, String value) {
            if (value != null && !value.isBlank()) {
                facts.putIfAbsent(key, value);
            }
        }

        void close() {
            closeAll(session, options);
        }
    }
}

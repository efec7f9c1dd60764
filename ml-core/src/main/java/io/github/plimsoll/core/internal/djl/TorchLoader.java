package io.github.plimsoll.core.internal.djl;

import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.CpuBudget;
import io.github.plimsoll.core.internal.ModelFiles;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelLoader;
import io.github.plimsoll.core.model.ModelSignature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * Reads TorchScript models: archives with code in them. What {@code torch.save} writes is a pickle, which is never read.
 *
 * <p>TorchScript does not state its inputs and outputs, so {@link LoadOptions#signature} must; the model is run once with them when
 * it is loaded.
 */
public final class TorchLoader implements ModelLoader {

    static final String JARS =
            "ai.djl:api, ai.djl.pytorch:pytorch-engine:0.35.1, ai.djl.pytorch:pytorch-jni:2.7.1-0.35.1 and"
                    + " ai.djl.pytorch:pytorch-native-cpu:2.7.1 with the classifier of the platform, such as linux-x86_64";
    private static final int MAX_ENTRIES = 100_000;
    private static final ModelFiles FILES = new ModelFiles(
            List.of(".pt", ".pth", ".torchscript", ".ts"), head -> head.length > 2 && head[0] == 'P' && head[1] == 'K');

    /** For {@link java.util.ServiceLoader}. */
    public TorchLoader() {}

    @Override
    public String format() {
        return "TorchScript (*.pt)";
    }

    @Override
    public boolean accepts(Path location) {
        return FILES.accepts(location) && isTorchScript(FILES.resolve(location));
    }

    private static boolean isTorchScript(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            boolean code = zip.stream()
                    .limit(MAX_ENTRIES)
                    .anyMatch(entry -> entry.getName().contains("/code/"));
            return code
                    && zip.stream()
                            .limit(MAX_ENTRIES)
                            .anyMatch(entry -> entry.getName().endsWith("/constants.pkl"));
        } catch (IOException | RuntimeException e) {
            return false; // cut short: the engine is not needed to know
        }
    }

    @Override
    public Model load(Path location, LoadOptions options) {
        Path path = FILES.resolve(location);
        String wanted = "model " + path;
        CpuBudget.requireProcessor(options, wanted, "PyTorch");
        ModelSignature signature = options.signature();
        if (signature == null
                || signature.inputs().isEmpty()
                || signature.outputs().isEmpty()) {
            throw new ModelLoadException(wanted
                    + ": is TorchScript, which does not state its inputs and outputs (expected: them declared, such as"
                    + " LoadOptions.defaults().signature(new ModelSignature("
                    + "List.of(TensorSpec.of(\"features\", ElementType.FLOAT32, -1, 20)), "
                    + "List.of(TensorSpec.of(\"probabilities\", ElementType.FLOAT32, -1, 2)))))");
        }
        try {
            return TorchModel.open(
                    ModelFiles.read(path), FILES.id(path, options), signature, CpuBudget.of(options), wanted);
        } catch (NoClassDefFoundError e) {
            if (String.valueOf(e.getMessage()).startsWith("ai/djl/")) {
                throw absent(wanted, e);
            }
            throw e;
        }
    }

    private static EngineUnavailableException absent(String wanted, NoClassDefFoundError cause) {
        return new EngineUnavailableException(
                wanted + ": is a TorchScript model, and DJL is not on the class path (expected: " + JARS + ")", cause);
    }
}

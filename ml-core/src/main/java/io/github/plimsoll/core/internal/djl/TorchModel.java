package io.github.plimsoll.core.internal.djl;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.plimsoll.core.EngineUnavailableException;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.internal.Causes;
import io.github.plimsoll.core.internal.CpuBudget;
import io.github.plimsoll.core.internal.OfflineByDefault;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A TorchScript model in DJL's PyTorch engine, with the inputs and outputs that the host has declared. */
final class TorchModel extends DjlModel {

    static final String ENGINE = "PyTorch";

    private static final String THREADS = "ai.djl.pytorch.num_threads";
    private static final String INTER_OP_THREADS = "ai.djl.pytorch.num_interop_threads";
    private static final int WARM_UPS = 2; // PyTorch watches the first run and compiles in the second

    private TorchModel(ai.djl.Model model, ModelDescription description) {
        super(model, description, model::close);
    }

    static Model open(byte[] bytes, ModelId id, ModelSignature signature, CpuBudget budget, String wanted) {
        start(budget, wanted);
        ai.djl.Model model = ai.djl.Model.newInstance(id.name(), ENGINE);
        TorchModel opened = null;
        boolean loaded = false;
        try {
            model.load(new ByteArrayInputStream(bytes), Map.of());
            opened = new TorchModel(
                    model,
                    new ModelDescription(
                            id,
                            ENGINE,
                            DjlEngines.version(ENGINE),
                            "through DJL, " + new CpuBudget(Integer.getInteger(THREADS, 1), budget.concurrentCalls()),
                            signature,
                            Map.of()));
            opened.tryOut(wanted);
            loaded = true;
            return opened;
        } catch (IOException | MalformedModelException | RuntimeException e) {
            if (e instanceof ModelLoadException known) {
                throw known;
            }
            throw new ModelLoadException(
                    wanted + " (" + bytes.length + " bytes): PyTorch cannot load it: " + firstLine(e)
                            + " (expected: a whole file that torch.jit.save has written)",
                    e);
        } finally {
            if (opened == null) {
                model.close();
            } else if (!loaded) {
                opened.close();
            }
        }
    }

    private static void start(CpuBudget budget, String wanted) {
        OfflineByDefault.apply();
        // The engine takes them once, when it starts, for the whole process.
        if (Integer.getInteger(THREADS) == null) {
            System.setProperty(THREADS, Integer.toString(budget.intraOpThreads()));
        }
        if (Integer.getInteger(INTER_OP_THREADS) == null) {
            System.setProperty(INTER_OP_THREADS, "1");
        }
        boolean present;
        try {
            present = DjlEngines.start(ENGINE);
        } catch (LinkageError | RuntimeException e) {
            throw new EngineUnavailableException(
                    wanted + ": is a TorchScript model, and PyTorch could not be started: " + Causes.words(e)
                            + " (expected: " + TorchLoader.JARS
                            + "; versions that fit together, since nothing is downloaded while ai.djl.offline is true)",
                    e);
        }
        if (!present) {
            throw new EngineUnavailableException(
                    wanted + ": is a TorchScript model, and PyTorch is not on the class path (expected: "
                            + TorchLoader.JARS + ")",
                    null);
        }
    }

    private static String firstLine(Throwable e) {
        String words = Causes.words(e).strip();
        int end = words.indexOf('\n');
        return end < 0 ? words : words.substring(0, end);
    }

    /** Runs the model on a row of zeros, so that a declaration that does not fit fails here, and the first call finds it warm. */
    private void tryOut(String wanted) {
        List<TensorSpec> outputs = description().signature().outputs();
        if (description().signature().inputs().stream().anyMatch(input -> input.elementsPerRow() < 0)) {
            return;
        }
        InferencePlan plan = plan(outputs.stream().map(TensorSpec::name).toList());
        try {
            for (int i = 0; i < WARM_UPS; i++) {
                try (Inference inference = plan.begin(1)) {
                    inference.run();
                    for (int o = 0; o < outputs.size(); o++) {
                        check(outputs.get(o), inference.output(o), wanted);
                    }
                }
            }
        } catch (PredictionException e) {
            throw new ModelLoadException(
                    wanted + ": does not run with the declared " + description().signature() + ": " + e.getMessage()
                            + " (expected: inputs and outputs as the model's forward has them)",
                    e);
        }
    }

    private static void check(TensorSpec declared, Tensor found, String wanted) {
        long[] shape = declared.shape();
        long[] actual = found.shape();
        boolean fits = shape.length == actual.length;
        for (int d = 1; fits && d < shape.length; d++) {
            fits = shape[d] < 0 || shape[d] == actual[d];
        }
        if (!fits) {
            throw new ModelLoadException(wanted + ": output '" + declared.name() + "' has shape "
                    + Arrays.toString(actual) + " for one row (expected: " + declared + ", as declared)");
        }
    }

    @Override
    @Nullable
    protected NDArray output(NDList results, TensorSpec output) {
        int index =
                description().signature().outputs().indexOf(output); // what forward returns has an order and no names
        NDArray array = index < results.size() ? results.get(index) : null;
        if (array != null
                && !array.getDataType().name().equals(output.type().name())
                && !(output.type() == ElementType.BOOL && array.getDataType().isBoolean())) {
            throw new IllegalStateException("output '" + output.name() + "' is " + array.getDataType() + " (expected: "
                    + output + ", as declared)");
        }
        return array;
    }
}

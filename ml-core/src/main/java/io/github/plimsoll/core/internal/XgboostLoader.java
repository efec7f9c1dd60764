package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelLoader;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads XGBoost models that {@code save_model} has written, as JSON or as UBJSON. What the file is shows in its content, not in
 * its ending.
 *
 * <p>One input, {@code features}, of 32-bit numbers, NaN for what is missing; one output, whose name and type follow from the
 * objective: {@code probability}, {@code probabilities}, {@code label} or {@code prediction}.
 */
public final class XgboostLoader implements ModelLoader {

    private static final ModelFiles FILES =
            new ModelFiles(List.of(".ubj", ".json", ".xgb", ".model", ".bst"), XgboostFile::isModel);

    /** For {@link java.util.ServiceLoader}. */
    public XgboostLoader() {}

    @Override
    public String format() {
        return "XGBoost (*.ubj, *.json)";
    }

    @Override
    public boolean accepts(Path location) {
        return FILES.accepts(location);
    }

    @Override
    public Model load(Path location, LoadOptions options) {
        Path path = FILES.resolve(location);
        String wanted = "model " + path;
        CpuBudget.requireProcessor(options, wanted, "XGBoost");
        byte[] bytes = ModelFiles.read(path);
        XgboostFile file = XgboostFile.read(bytes, wanted);
        XgboostJni jni = XgboostJni.get(wanted);
        XgboostBooster booster;
        try {
            booster =
                    XgboostBooster.load(jni, bytes, file, CpuBudget.of(options).intraOpThreads());
        } catch (XgboostJni.Failure | IllegalStateException e) {
            throw new ModelLoadException(
                    wanted + " (" + bytes.length + " bytes, written by XGBoost " + file.writtenBy() + "): XGBoost "
                            + jni.version() + " cannot load it: " + e.getMessage()
                            + " (expected: a model of this version or an older one)",
                    e);
        }
        TensorSpec input = TensorSpec.of("features", ElementType.FLOAT32, -1, file.features());
        TensorSpec output = BoosterModel.output(output(file, booster), booster.type(), booster.columns());
        return new BoosterModel(
                booster,
                new ModelDescription(
                        FILES.id(path, options),
                        "XGBoost",
                        jni.version(),
                        "native, " + CpuBudget.of(options),
                        new ModelSignature(List.of(input), List.of(output)),
                        metadata(file)));
    }

    private static String output(XgboostFile file, XgboostBooster booster) {
        return switch (file.objective()) {
            case "binary:logistic", "reg:logistic" -> booster.columns() == 1 ? "probability" : "probabilities";
            case "multi:softprob" -> "probabilities";
            case "multi:softmax" -> "label";
            default -> "prediction";
        };
    }

    private static Map<String, String> metadata(XgboostFile file) {
        Map<String, String> facts = new HashMap<>();
        facts.put("objective", file.objective());
        facts.put("booster", file.booster());
        facts.put("trees", Integer.toString(file.trees()));
        facts.put("producer", "XGBoost " + file.writtenBy());
        if (!file.featureNames().isEmpty()) {
            facts.put("feature_names", Json.array(file.featureNames()));
        }
        if (!file.featureTypes().isEmpty()) {
            facts.put("feature_types", Json.array(file.featureTypes()));
        }
        return facts;
    }
}

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
 * Reads LightGBM text models.
 *
 * <p>One input, {@code features}, of 64-bit numbers, NaN for what is missing; one output of 64-bit numbers, named by the objective:
 * {@code probability}, {@code probabilities} or {@code prediction}.
 */
public final class LightgbmLoader implements ModelLoader {

    private static final ModelFiles FILES = new ModelFiles(List.of(".txt", ".lgb", ".model"), LightgbmFile::isModel);

    /** For {@link java.util.ServiceLoader}. */
    public LightgbmLoader() {}

    @Override
    public String format() {
        return "LightGBM (*.txt)";
    }

    @Override
    public boolean accepts(Path location) {
        return FILES.accepts(location);
    }

    @Override
    public Model load(Path location, LoadOptions options) {
        Path path = FILES.resolve(location);
        String wanted = "model " + path;
        CpuBudget.requireProcessor(options, wanted, "LightGBM");
        LightgbmFile file = LightgbmFile.read(ModelFiles.read(path), wanted);
        LightgbmLibrary library = LightgbmLibrary.get(wanted);
        Booster booster;
        try {
            booster = LightgbmBooster.load(library, file, CpuBudget.of(options).intraOpThreads());
        } catch (LightgbmLibrary.Failure e) {
            throw new ModelLoadException(
                    wanted + " (" + file.text().length() + " characters): LightGBM cannot load it: " + e.getMessage()
                            + " (expected: a text model of version 4.3 or an older one)",
                    e);
        } catch (LinkageError e) {
            throw EngineAdvice.unavailable(wanted, e, "LightGBM", LightgbmLibrary.JAR, "lightgbm4j");
        }
        TensorSpec input = TensorSpec.of("features", ElementType.FLOAT64, -1, file.features());
        TensorSpec output = BoosterModel.output(output(file), ElementType.FLOAT64, file.classes());
        return new BoosterModel(
                booster,
                new ModelDescription(
                        FILES.id(path, options),
                        "LightGBM",
                        library.version(),
                        "native, " + CpuBudget.of(options),
                        new ModelSignature(List.of(input), List.of(output)),
                        metadata(file)));
    }

    private static String output(LightgbmFile file) {
        String objective = file.objective().split(" ", 2)[0];
        return switch (objective) {
            case "binary", "cross_entropy" -> "probability";
            case "multiclass", "multiclassova" -> "probabilities";
            default -> "prediction";
        };
    }

    private static Map<String, String> metadata(LightgbmFile file) {
        Map<String, String> facts = new HashMap<>();
        facts.put("objective", file.objective());
        facts.put("trees", Integer.toString(file.trees()));
        facts.put("format", file.formatVersion());
        if (file.isNamed()) {
            facts.put("feature_names", Json.array(file.featureNames()));
        }
        if (!file.pandasCategories().isEmpty()) {
            facts.put("pandas_categorical", file.pandasCategories());
        }
        return facts;
    }
}

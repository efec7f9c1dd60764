package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.ModelFiles;
import java.util.List;

/**
 * Reads XGBoost models that {@code save_model} has written, as JSON or as UBJSON. What the file is shows in its content, not in
 * its ending.
 *
 * <p>One input, {@code features}, of 32-bit numbers, NaN for what is missing; one output, whose name and type follow from the
 * objective: {@code probability}, {@code probabilities}, {@code label} or {@code prediction}.
 */
public final class XgboostLoader extends BoosterLoader {

    /** For {@link java.util.ServiceLoader}. */
    public XgboostLoader() {
        super("XGBoost", new ModelFiles(List.of(".ubj", ".json", ".xgb", ".model", ".bst"), XgboostFile::isModel));
    }

    @Override
    public String format() {
        return "XGBoost (*.ubj, *.json)";
    }

    @Override
    Booster read(byte[] bytes, int threads, String wanted) {
        XgboostFile file = XgboostFile.read(bytes, wanted);
        XgboostJni jni = XgboostJni.ENGINE.get(wanted);
        try {
            return XgboostBooster.load(jni, bytes, file, threads);
        } catch (Booster.Failure e) {
            throw new ModelLoadException(
                    wanted + " (" + bytes.length + " bytes, written by XGBoost " + file.writtenBy() + "): XGBoost "
                            + jni.version() + " cannot load it: " + e.getMessage()
                            + " (expected: a model of this version or an older one)",
                    e);
        }
    }
}

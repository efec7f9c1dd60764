package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.ModelFiles;
import java.util.List;

/**
 * Reads LightGBM text models.
 *
 * <p>One input, {@code features}, of 64-bit numbers, NaN for what is missing; one output of 64-bit numbers, named by the objective:
 * {@code probability}, {@code probabilities} or {@code prediction}.
 */
public final class LightgbmLoader extends BoosterLoader {

    /** For {@link java.util.ServiceLoader}. */
    public LightgbmLoader() {
        super("LightGBM", new ModelFiles(List.of(".txt", ".lgb", ".model"), LightgbmFile::isModel));
    }

    @Override
    public String format() {
        return "LightGBM (*.txt)";
    }

    @Override
    Booster read(byte[] bytes, int threads, String wanted) {
        LightgbmFile file = LightgbmFile.read(bytes, wanted);
        LightgbmLibrary library = LightgbmLibrary.ENGINE.get(wanted);
        try {
            return LightgbmBooster.load(library, file, threads);
        } catch (Booster.Failure e) {
            throw new ModelLoadException(
                    wanted + " (" + bytes.length + " bytes): LightGBM cannot load it: " + e.getMessage()
                            + " (expected: a text model of version 4.3 or an older one)",
                    e);
        }
    }
}

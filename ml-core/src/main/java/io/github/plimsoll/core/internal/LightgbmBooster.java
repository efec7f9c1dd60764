package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.Tensor;
import java.nio.DoubleBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in LightGBM. */
final class LightgbmBooster implements Booster {

    private static final Logger LOG = LoggerFactory.getLogger(LightgbmBooster.class);

    private final LightgbmLibrary library;
    private final Object booster;
    private final int features;
    private final String parameters;

    private LightgbmBooster(LightgbmLibrary library, Object booster, int features, int threads) {
        this.library = library;
        this.booster = booster;
        this.features = features;
        parameters = "num_threads=" + threads + " verbosity=-1";
    }

    /** Loads a model and runs it once. */
    static Booster load(LightgbmLibrary library, LightgbmFile file, int threads) {
        LightgbmBooster made = null;
        boolean loaded = false;
        try {
            made = new LightgbmBooster(
                    library, (Object) library.load.invokeExact(file.text()), file.features(), threads);
            require("features", (int) library.features.invokeExact(made.booster), file.features());
            require("classes", (int) library.classes.invokeExact(made.booster), file.classes());
            require("numbers a row", made.compute(new double[file.features()], 1).length, file.classes());
            loaded = true;
            return made;
        } catch (Throwable e) {
            throw LightgbmLibrary.failure(e);
        } finally {
            if (!loaded && made != null) {
                made.close();
            }
        }
    }

    private static void require(String what, int found, int stated) {
        if (found != stated) {
            throw new IllegalStateException(found + " " + what + " where the file has " + stated);
        }
    }

    private double[] compute(double[] elements, int rows) {
        try {
            return (double[])
                    library.predict.invokeExact(booster, elements, rows, features, true, library.normal, parameters);
        } catch (Throwable e) {
            throw LightgbmLibrary.failure(e);
        }
    }

    @Override
    public Matrix matrix(int rows) {
        double[] elements = new double[Math.multiplyExact(rows, features)];
        Tensor input = Tensor.of(DoubleBuffer.wrap(elements), rows, features);
        return new Matrix() {
            @Override
            public Tensor input() {
                return input;
            }

            @Override
            public Tensor predict() {
                double[] values = compute(elements, rows);
                return Tensor.of(
                        DoubleBuffer.wrap(values), BoosterModel.shape(rows, Math.max(1, values.length / rows)));
            }
        };
    }

    @Override
    public void close() {
        try {
            library.close.invokeExact(booster);
        } catch (Throwable e) {
            LOG.warn("a LightGBM model could not be freed", LightgbmLibrary.failure(e));
        }
    }
}

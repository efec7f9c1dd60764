package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.DoubleBuffer;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in LightGBM. */
final class LightgbmBooster implements Booster {

    private static final Logger LOG = LoggerFactory.getLogger(LightgbmBooster.class);

    private final LightgbmLibrary library;
    private final Object booster;
    private final LightgbmFile file;
    private final int features;
    private final TensorSpec output;
    private final String parameters;

    private LightgbmBooster(LightgbmLibrary library, Object booster, LightgbmFile file, int threads) {
        this.library = library;
        this.booster = booster;
        this.file = file;
        features = file.features();
        output = file.output();
        parameters = "num_threads=" + threads + " verbosity=-1";
    }

    /** Loads a model and runs it once. */
    static Booster load(LightgbmLibrary library, LightgbmFile file, int threads) {
        LightgbmBooster made = null;
        boolean loaded = false;
        try {
            made = new LightgbmBooster(library, (Object) library.load.invokeExact(file.text()), file, threads);
            require("features", (int) library.features.invokeExact(made.booster), file.features());
            require("classes", (int) library.classes.invokeExact(made.booster), file.classes());
            require("numbers a row", made.compute(new double[file.features()], 1).length, file.classes());
            loaded = true;
            return made;
        } catch (Throwable e) {
            throw Failure.of(e);
        } finally {
            if (!loaded && made != null) {
                made.close();
            }
        }
    }

    private static void require(String what, int found, int stated) {
        if (found != stated) {
            throw new Failure("it finds " + found + " " + what + " where the file has " + stated);
        }
    }

    @Override
    public String version() {
        return library.version();
    }

    @Override
    public TensorSpec input() {
        return TensorSpec.of("features", ElementType.FLOAT64, -1, features);
    }

    @Override
    public TensorSpec output() {
        return output;
    }

    @Override
    public Map<String, String> metadata() {
        return file.metadata();
    }

    private double[] compute(double[] elements, int rows) {
        try {
            return (double[])
                    library.predict.invokeExact(booster, elements, rows, features, true, library.normal, parameters);
        } catch (Throwable e) {
            throw Failure.of(e);
        }
    }

    @Override
    public Matrix matrix(int rows) {
        double[] elements = new double[Math.multiplyExact(rows, features)];
        return new Matrix(Tensor.of(DoubleBuffer.wrap(elements), rows, features), () -> {
            double[] values = compute(elements, rows);
            return Tensor.of(DoubleBuffer.wrap(values), Booster.shape(output, rows, values.length));
        });
    }

    @Override
    public void close() {
        try {
            library.close.invokeExact(booster);
        } catch (Throwable e) {
            LOG.warn("a LightGBM model could not be freed", Failure.of(e));
        }
    }
}

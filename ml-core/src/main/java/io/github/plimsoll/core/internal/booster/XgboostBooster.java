package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.internal.Release;
import io.github.plimsoll.core.internal.Shapes;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in XGBoost. */
final class XgboostBooster implements Booster {

    private static final Logger LOG = LoggerFactory.getLogger(XgboostBooster.class);

    private static final Release LATEST_KNOWN = new Release(3, 2);
    private static final Release LISTS_BASE_SCORES = new Release(3, 1);

    private final XgboostJni jni;
    private final long handle;
    private final XgboostFile file;
    private final int features;
    private final boolean linear;
    private final TensorSpec output;
    private final float[]
            margins; // for each output, added in place of the base score; empty if the base score is right

    /** Takes over an empty model and fills it; it is freed if that fails. */
    private XgboostBooster(XgboostJni jni, long handle, byte[] model, XgboostFile file, int threads) {
        this.jni = jni;
        this.handle = handle;
        this.file = file;
        features = file.features();
        linear = file.booster().equals("gblinear");
        boolean loaded = false;
        try {
            jni.check((int) jni.load.invokeExact(handle, model));
            jni.check((int) jni.setParameter.invokeExact(handle, "nthread", Integer.toString(threads)));
            jni.check((int) jni.setParameter.invokeExact(handle, "verbosity", "0"));
            requireKnown();
            margins = setBaseScore();
            long[] stated = new long[1];
            jni.check((int) jni.features.invokeExact(handle, stated));
            if (stated[0] != features) {
                throw new Failure("it finds " + stated[0] + " features where the file has " + features);
            }
            // The first run also readies what the first call would have to.
            output = file.output(compute(new float[features], 1).length);
            loaded = true;
        } catch (Throwable e) {
            throw Failure.of(e);
        } finally {
            if (!loaded) {
                close();
            }
        }
    }

    /** Loads a model and runs it once. */
    static Booster load(XgboostJni jni, byte[] model, XgboostFile file, int threads) {
        long[] handle = new long[1];
        try {
            jni.check((int) jni.create.invokeExact(new long[0], handle));
        } catch (Throwable e) {
            throw Failure.of(e);
        }
        return new XgboostBooster(jni, handle[0], model, file, threads);
    }

    /** Refuses a file that is later than what the engine or this class knows: it may mean something else to them. */
    private void requireKnown() {
        Release wrote = Release.of(file.writtenBy());
        if (wrote.compareTo(LATEST_KNOWN) > 0 && wrote.compareTo(Release.of(jni.version())) > 0) {
            throw new Failure("the file's version is later");
        }
    }

    /**
     * Since 3.1 a file has the base score as a list, which an engine from before takes for none: it would answer from its default. One
     * number is set again, as a number. Several go with the rows, as margins.
     */
    private float[] setBaseScore() throws Throwable {
        float[] scores = file.baseScores();
        if (scores.length == 0 || Release.of(jni.version()).compareTo(LISTS_BASE_SCORES) >= 0) {
            return new float[0];
        }
        if (scores.length == 1 || linear) { // of several, gblinear takes the first for all outputs
            jni.check((int) jni.setParameter.invokeExact(handle, "base_score", Float.toString(scores[0])));
            return new float[0];
        }
        float[] several = file.baseMargins();
        if (several == null) {
            throw new Failure("the file has " + scores.length + " base scores, and " + file.objective()
                    + " is none of the objectives with which an engine before " + LISTS_BASE_SCORES.major() + "."
                    + LISTS_BASE_SCORES.minor() + " can be given them");
        }
        return several;
    }

    @Override
    public Facts facts() {
        return new Facts(
                jni.version(), TensorSpec.of("features", ElementType.FLOAT32, -1, features), output, file.metadata());
    }

    private float[] compute(float[] elements, int rows) {
        if (linear) {
            synchronized (this) { // XGBoost promises more than one thread for trees only
                return computeFromMatrix(elements, rows);
            }
        }
        return margins.length == 0 ? computeInPlace(elements, rows) : computeFromMatrix(elements, rows);
    }

    private float[] computeInPlace(float[] elements, int rows) {
        float[][] out = new float[1][];
        try {
            jni.check((int) jni.predictDense.invokeExact(
                    handle, elements, (long) rows, (long) features, Float.NaN, 0, 0, 0, (float[]) null, out));
        } catch (Throwable e) {
            throw Failure.of(e);
        }
        return out[0];
    }

    /** What takes a matrix of XGBoost's own: a linear model, and rows with margins. */
    private float[] computeFromMatrix(float[] elements, int rows) {
        long[] matrix = new long[1];
        float[][] out = new float[1][];
        try {
            jni.check((int) jni.matrix.invokeExact(elements, rows, features, Float.NaN, matrix));
            try {
                if (margins.length > 0) {
                    jni.check((int) jni.setNumbers.invokeExact(matrix[0], "base_margin", marginsOf(rows)));
                }
                jni.check((int) jni.predict.invokeExact(handle, matrix[0], 0, 0, out));
            } finally {
                jni.check((int) jni.freeMatrix.invokeExact(matrix[0]));
            }
        } catch (Throwable e) {
            throw Failure.of(e);
        }
        return out[0];
    }

    private float[] marginsOf(int rows) {
        float[] repeated = new float[Math.multiplyExact(rows, margins.length)];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = margins[i % margins.length];
        }
        return repeated;
    }

    @Override
    public Matrix matrix(int rows) {
        float[] elements = new float[Math.multiplyExact(rows, features)];
        return new Matrix(Tensor.of(FloatBuffer.wrap(elements), rows, features), () -> {
            float[] values = compute(elements, rows);
            Booster.requireValues(values.length, rows, output);
            long[] shape = Shapes.withRows(output.shape(), rows);
            return output.type() == ElementType.INT64
                    ? Tensor.of(LongBuffer.wrap(integers(values)), shape)
                    : Tensor.of(FloatBuffer.wrap(values), shape);
        });
    }

    private static long[] integers(float[] values) {
        long[] integers = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            integers[i] = (long) values[i];
        }
        return integers;
    }

    @Override
    public void close() {
        try {
            jni.check((int) jni.free.invokeExact(handle));
        } catch (Throwable e) {
            LOG.warn("an XGBoost model could not be freed", Failure.of(e));
        }
    }
}

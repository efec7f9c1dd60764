package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Tensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in XGBoost. */
final class XgboostBooster implements Booster {

    private static final Logger LOG = LoggerFactory.getLogger(XgboostBooster.class);

    private final XgboostJni jni;
    private final long handle;
    private final int features;
    private final boolean inPlace;
    private int columns;
    private boolean integers;

    private XgboostBooster(XgboostJni jni, long handle, XgboostFile file) {
        this.jni = jni;
        this.handle = handle;
        features = file.features();
        inPlace = !file.booster().equals("gblinear"); // which XGBoost only computes from a matrix of its own
    }

    /** Loads a model and runs it once, which also readies what the first call would have to. */
    static XgboostBooster load(XgboostJni jni, byte[] model, XgboostFile file, int threads) {
        long[] out = new long[1];
        XgboostBooster booster = null;
        boolean loaded = false;
        try {
            jni.check((int) jni.create.invokeExact(new long[0], out));
            booster = new XgboostBooster(jni, out[0], file);
            jni.check((int) jni.load.invokeExact(out[0], model));
            jni.check((int) jni.setParameter.invokeExact(out[0], "nthread", Integer.toString(threads)));
            jni.check((int) jni.setParameter.invokeExact(out[0], "verbosity", "0"));
            long[] stated = new long[1];
            jni.check((int) jni.features.invokeExact(out[0], stated));
            if (stated[0] != file.features()) {
                throw new IllegalStateException(
                        "XGBoost finds " + stated[0] + " features where the file has " + file.features());
            }
            booster.integers = file.objective().equals("multi:softmax");
            booster.columns = booster.compute(new float[file.features()], 1).length;
            loaded = true;
            return booster;
        } catch (Throwable e) {
            throw XgboostJni.thrown(e);
        } finally {
            if (!loaded && booster != null) {
                booster.close();
            }
        }
    }

    /** How many numbers it gives for a row. */
    int columns() {
        return columns;
    }

    ElementType type() {
        return integers ? ElementType.INT64 : ElementType.FLOAT32;
    }

    private float[] compute(float[] elements, int rows) {
        if (!inPlace) {
            synchronized (this) { // XGBoost promises more than one thread for trees only
                return computeFromMatrix(elements, rows);
            }
        }
        float[][] out = new float[1][];
        try {
            jni.check((int) jni.predictDense.invokeExact(
                    handle, elements, (long) rows, (long) features, Float.NaN, 0, 0, 0, (float[]) null, out));
        } catch (Throwable e) {
            throw XgboostJni.thrown(e);
        }
        return out[0];
    }

    private float[] computeFromMatrix(float[] elements, int rows) {
        long[] matrix = new long[1];
        float[][] out = new float[1][];
        try {
            jni.check((int) jni.matrix.invokeExact(elements, rows, features, Float.NaN, matrix));
            try {
                jni.check((int) jni.predict.invokeExact(handle, matrix[0], 0, 0, out));
            } finally {
                jni.check((int) jni.freeMatrix.invokeExact(matrix[0]));
            }
        } catch (Throwable e) {
            throw XgboostJni.thrown(e);
        }
        return out[0];
    }

    @Override
    public Matrix matrix(int rows) {
        float[] elements = new float[Math.multiplyExact(rows, features)];
        Tensor input = Tensor.of(FloatBuffer.wrap(elements), rows, features);
        return new Matrix() {
            @Override
            public Tensor input() {
                return input;
            }

            @Override
            public Tensor predict() {
                float[] values = compute(elements, rows);
                int width = Math.max(1, values.length / rows);
                long[] shape = BoosterModel.shape(rows, width);
                return integers
                        ? Tensor.of(LongBuffer.wrap(integers(values)), shape)
                        : Tensor.of(FloatBuffer.wrap(values), shape);
            }
        };
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
            LOG.warn("an XGBoost model could not be freed", XgboostJni.thrown(e));
        }
    }
}

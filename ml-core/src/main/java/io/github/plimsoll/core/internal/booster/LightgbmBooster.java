package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.internal.Shapes;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.lang.invoke.MethodHandle;
import java.nio.DoubleBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model in LightGBM. */
final class LightgbmBooster implements Booster {

    private static final Logger LOG = LoggerFactory.getLogger(LightgbmBooster.class);
    private static final int ROW_AFTER_ROW = 1;
    private static final int ALL_ROUNDS = -1;

    private final LightgbmLibrary library;
    private final Object handle;
    private final LightgbmFile file;
    private final int features;
    private final TensorSpec output;
    private final String parameters;

    /** Takes over a model, which is freed if it is not what the file says. */
    private LightgbmBooster(LightgbmLibrary library, Object handle, LightgbmFile file, int threads) {
        this.library = library;
        this.handle = handle;
        this.file = file;
        features = file.features();
        output = file.output();
        parameters = "num_threads=" + threads + " verbosity=-1";
        boolean sound = false;
        try {
            require("features", number(library.features), file.features());
            require("classes", number(library.classes), file.classes());
            compute(new double[features], 1); // which checks how many numbers come out
            sound = true;
        } catch (Throwable e) {
            throw Failure.of(e);
        } finally {
            if (!sound) {
                close();
            }
        }
    }

    /** Loads a model and runs it once. */
    static Booster load(LightgbmLibrary library, LightgbmFile file, int threads) {
        Object handle;
        try {
            Object pointer = (Object) library.newPointer.invokeExact();
            Object rounds = (Object) library.newInt.invokeExact();
            try {
                library.check((int) library.load.invokeExact(file.text(), rounds, pointer));
                handle = (Object) library.pointer.invokeExact(pointer);
            } finally {
                library.deleteInt.invokeExact(rounds);
                library.deletePointer.invokeExact(pointer);
            }
        } catch (Throwable e) {
            throw Failure.of(e);
        }
        return new LightgbmBooster(library, handle, file, threads);
    }

    private int number(MethodHandle of) throws Throwable {
        Object number = (Object) library.newInt.invokeExact();
        try {
            library.check((int) of.invokeExact(handle, number));
            return (int) library.intValue.invokeExact(number);
        } finally {
            library.deleteInt.invokeExact(number);
        }
    }

    private static void require(String what, int found, int stated) {
        if (found != stated) {
            throw new Failure("it finds " + found + " " + what + " where the file has " + stated);
        }
    }

    @Override
    public Facts facts() {
        return new Facts(
                library.version(),
                TensorSpec.of("features", ElementType.FLOAT64, -1, features),
                output,
                file.metadata());
    }

    private double[] compute(double[] elements, int rows) {
        double[] values = new double[rows * file.classes()];
        try {
            Object written = (Object) library.newLong.invokeExact();
            Object out = (Object) library.newDoubles.invokeExact((long) values.length);
            try {
                if (rows == 1) {
                    predictRow(elements, written, out);
                } else {
                    predict(elements, rows, written, out);
                }
                Booster.requireValues((long) library.longValue.invokeExact(written), rows, output);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (double) library.getDouble.invokeExact(out, (long) i);
                }
            } finally {
                library.deleteDoubles.invokeExact(out);
                library.deleteLong.invokeExact(written);
            }
        } catch (Throwable e) {
            throw Failure.of(e);
        }
        return values;
    }

    private void predictRow(double[] elements, Object written, Object out) throws Throwable {
        library.check((int) library.predictRow.invokeExact(
                elements,
                handle,
                library.float64,
                features,
                ROW_AFTER_ROW,
                library.normal,
                0,
                ALL_ROUNDS,
                parameters,
                written,
                out));
    }

    private void predict(double[] elements, int rows, Object written, Object out) throws Throwable {
        Object in = (Object) library.newDoubles.invokeExact((long) elements.length);
        try {
            for (int i = 0; i < elements.length; i++) {
                library.setDouble.invokeExact(in, (long) i, elements[i]);
            }
            library.check((int) library.predict.invokeExact(
                    handle,
                    (Object) library.doubles.invokeExact(in),
                    library.float64,
                    rows,
                    features,
                    ROW_AFTER_ROW,
                    library.normal,
                    0,
                    ALL_ROUNDS,
                    parameters,
                    written,
                    out));
        } finally {
            library.deleteDoubles.invokeExact(in);
        }
    }

    @Override
    public Matrix matrix(int rows) {
        double[] elements = new double[Math.multiplyExact(rows, features)];
        return new Matrix(
                Tensor.of(DoubleBuffer.wrap(elements), rows, features),
                () -> Tensor.of(DoubleBuffer.wrap(compute(elements, rows)), Shapes.withRows(output.shape(), rows)));
    }

    @Override
    public void close() {
        try {
            library.check((int) library.free.invokeExact(handle));
        } catch (Throwable e) {
            LOG.warn("a LightGBM model could not be freed", Failure.of(e));
        }
    }
}

package io.github.plimsoll.benchmarks;

import com.microsoft.ml.lightgbm.PredictionType;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a call of one row costs for boosted trees: the engine's native call bare, with one thread, and through Plimsoll with nothing on.
 *
 * <p>The row is of standard normal numbers; every call changes one. {@code raw} is the baseline: for XGBoost its in-place
 * prediction, found by reflection since its class is not public; for LightGBM lightgbm4j's prediction of a matrix of one row.
 *
 * <pre>
 * java -jar samples/benchmarks/target/benchmarks.jar BoosterBenchmark -prof gc
 * </pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 8, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx1g"})
public class BoosterBenchmark {

    private static final String FOLDER = System.getProperty("plimsoll.models", "ml-core/src/test/resources/models");

    /** The model asked. */
    @Param({"breastcancer-xgb", "credit20-lgbm"})
    public String model = "breastcancer-xgb";

    private double[] row;
    private double next;
    private Raw raw;
    private Predictor<double[], Double> bare;

    /** An engine without anything around it. */
    private interface Raw {
        double predict(double[] features) throws Throwable;

        void close() throws Throwable;
    }

    /** Opens the model in both ways. */
    @Setup
    public void open() throws Throwable {
        Path folder = Path.of(FOLDER, model);
        try (Model opened = Plimsoll.load(folder).open()) {
            row = new double
                    [(int) opened.description().signature().inputs().get(0).elementsPerRow()];
        }
        Random random = new Random(20);
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextGaussian();
        }
        raw = model.endsWith("xgb") ? new RawXgboost(folder) : new RawLightgbm(folder);
        bare = Plimsoll.load(folder)
                .as(Schema.ofDoubles(row.length), Output.probability())
                .build();
        if (Math.abs(raw.predict(row) - bare.predict(row)) > 1e-6) {
            throw new IllegalStateException(raw.predict(row) + " raw, " + bare.predict(row) + " through Plimsoll");
        }
    }

    private double[] vary() {
        next = next < 1e-1 ? next + 1e-7 : 0;
        row[0] = next;
        return row;
    }

    /** The native call: 1.00 in all ratios. */
    @Benchmark
    public double raw() throws Throwable {
        return raw.predict(vary());
    }

    /** Plimsoll, nothing else on. */
    @Benchmark
    public double plimsollBare() {
        return bare.predict(vary());
    }

    /** Closes both. */
    @TearDown
    public void close() throws Throwable {
        bare.close();
        raw.close();
    }

    private static final class RawXgboost implements Raw {
        private static final Class<?> FUNCTIONS = functions();

        private final MethodHandle predict = find(
                "XGBoosterPredictFromDense",
                long.class,
                float[].class,
                long.class,
                long.class,
                float.class,
                int.class,
                int.class,
                int.class,
                float[].class,
                float[][].class);
        private final long handle;

        RawXgboost(Path folder) throws Throwable {
            long[] created = new long[1];
            check((int) find("XGBoosterCreate", long[].class, long[].class).invokeExact(new long[0], created));
            handle = created[0];
            byte[] bytes = Files.readAllBytes(folder.resolve("model.ubj"));
            check((int) find("XGBoosterLoadModelFromBuffer", long.class, byte[].class)
                    .invokeExact(handle, bytes));
            check((int) find("XGBoosterSetParam", long.class, String.class, String.class)
                    .invokeExact(handle, "nthread", "1"));
        }

        private static Class<?> functions() {
            try {
                return Class.forName("ml.dmlc.xgboost4j.java.XGBoostJNI");
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(e);
            }
        }

        private static MethodHandle find(String name, Class<?>... parameters) {
            try {
                Method method = FUNCTIONS.getDeclaredMethod(name, parameters);
                method.setAccessible(true);
                return MethodHandles.lookup().unreflect(method);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        private static void check(int code) {
            if (code != 0) {
                throw new IllegalStateException("XGBoost failed with code " + code);
            }
        }

        @Override
        public double predict(double[] features) throws Throwable {
            float[] narrow = new float[features.length];
            for (int i = 0; i < narrow.length; i++) {
                narrow[i] = (float) features[i];
            }
            float[][] out = new float[1][];
            check((int) predict.invokeExact(
                    handle, narrow, 1L, (long) narrow.length, Float.NaN, 0, 0, 0, (float[]) null, out));
            return out[0][0];
        }

        @Override
        public void close() throws Throwable {
            check((int) find("XGBoosterFree", long.class).invokeExact(handle));
        }
    }

    private static final class RawLightgbm implements Raw {
        private final LGBMBooster booster;

        RawLightgbm(Path folder) throws Exception {
            booster = LGBMBooster.loadModelFromString(Files.readString(folder.resolve("model.txt")));
        }

        @Override
        public double predict(double[] features) throws Exception {
            return booster.predictForMat(
                            features,
                            1,
                            features.length,
                            true,
                            PredictionType.C_API_PREDICT_NORMAL,
                            "num_threads=1 verbosity=-1")[0];
        }

        @Override
        public void close() throws Exception {
            booster.close();
        }
    }
}

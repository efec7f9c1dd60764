package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleUnaryOperator;

/** A model of one feature that remembers its runs and can be held in the middle of one. Nothing here waits by the clock. */
final class GatedModel {

    final List<List<Double>> runs = new ArrayList<>();
    final FakeModel model;
    private final Semaphore gate = new Semaphore(0);
    private volatile boolean held;
    private volatile boolean closed;
    private int inside;
    private final ConcurrentHashMap<String, Measurement> measurements = new ConcurrentHashMap<>();

    private GatedModel(DoubleUnaryOperator function) {
        ModelSignature signature = new ModelSignature(
                List.of(TensorSpec.of("features", ElementType.FLOAT64, -1, 1)),
                List.of(TensorSpec.of("prediction", ElementType.FLOAT64, -1, 1)));
        model = FakeModel.of(new ModelId("gated", "1"), signature, (inputs, outputs) -> run(inputs, outputs, function));
    }

    /** Doubles. */
    static GatedModel doubling() {
        return of(x -> 2 * x);
    }

    static GatedModel of(DoubleUnaryOperator function) {
        return new GatedModel(function);
    }

    private void run(List<Tensor> inputs, List<Tensor> outputs, DoubleUnaryOperator function) {
        List<Double> rows = new ArrayList<>();
        for (int row = 0; row < inputs.get(0).rows(); row++) {
            rows.add(inputs.get(0).number(row));
        }
        synchronized (this) {
            runs.add(rows);
            inside++;
            notifyAll();
        }
        if (held) {
            gate.acquireUninterruptibly();
        }
        synchronized (this) {
            inside--;
        }
        for (int row = 0; row < rows.size(); row++) {
            outputs.get(0).number(row, function.applyAsDouble(rows.get(row)));
        }
    }

    PredictorBuilder<double[], Double> as() {
        Capability<Object, Object> reader = new Capability<>() {
            @Override
            public void attach(Assembly<Object, Object> assembly) {
                assembly.onClose(() -> closed = true);
                assembly.readMeasurements(
                        measurement -> measurements.put(measurement.toString().replaceAll(" [^ ]*$", ""), measurement));
            }
        };
        return Plimsoll.use(model).as(Schema.ofDoubles(1), Output.number()).with(reader);
    }

    /** From now on runs wait inside the model until they are let go. */
    void hold() {
        held = true;
    }

    /** Lets runs go on, and later ones pass. */
    void letGo() {
        held = false;
        gate.release(1_000_000);
    }

    /** Lets one run that is held go on. */
    void letOneGo() {
        gate.release();
    }

    /** Whether a predictor that uses the model has let go of it. */
    boolean isClosed() {
        return closed;
    }

    synchronized void awaitInside(int count) throws InterruptedException {
        while (inside != count) {
            wait();
        }
    }

    /** The value of a number that the predictor keeps, such as {@code ml.shed{reason=dropped}}. */
    int measured(String name) {
        return (int) measurements.get(name).value().getAsDouble();
    }

    void awaitWaiting(int rows) {
        while (measured("ml.waiting{stage=batch}") != rows) {
            Thread.onSpinWait();
        }
    }

    List<Integer> sizes() {
        return runs.stream().map(List::size).toList();
    }

    /** A caller on a thread of its own. */
    static Caller call(Predictor<double[], Double> predictor, double x) {
        return new Caller(predictor, x);
    }

    /** A thread that asks one question. */
    static final class Caller {

        final CompletableFuture<Double> answer = new CompletableFuture<>();
        final Thread thread;
        volatile boolean interruptedAfter;

        private Caller(Predictor<double[], Double> predictor, double x) {
            thread = new Thread(() -> {
                try {
                    double value = predictor.predict(new double[] {x});
                    interruptedAfter = Thread.interrupted();
                    answer.complete(value);
                } catch (Throwable failure) {
                    interruptedAfter = Thread.interrupted();
                    answer.completeExceptionally(failure);
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        double answer() throws Exception {
            return answer.get(2, TimeUnit.MINUTES); // a bound for a test that hangs, not a measurement
        }

        Throwable failure() throws Exception {
            return answer.handle((value, failure) -> failure).get(2, TimeUnit.MINUTES);
        }
    }
}

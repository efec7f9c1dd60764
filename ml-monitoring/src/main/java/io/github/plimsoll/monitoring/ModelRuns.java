package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Counts what the model is given, behind everything else. Thread-safe. */
final class ModelRuns implements Interceptor<Object, Object> {

    private static final int LARGEST_POWER = 9; // 512

    private final LongAdder rows = new LongAdder();
    private final LongAdder[] runs = new LongAdder[LARGEST_POWER + 2]; // by the power of two, then all that are larger

    ModelRuns() {
        Arrays.setAll(runs, power -> new LongAdder());
    }

    @Override
    public Stage.Position position() {
        return Stage.BATCH.after();
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        rows.add(calls.size());
        int power = Integer.SIZE - Integer.numberOfLeadingZeros(calls.size() - 1);
        runs[Math.min(power, LARGEST_POWER + 1)].increment();
        next.proceed(calls);
    }

    void measurements(Consumer<Measurement> reader) {
        reader.accept(new Measurement(PredictionMeter.ROWS, Map.of(), rows::sum));
        for (int power = 0; power < runs.length; power++) {
            String size = power > LARGEST_POWER ? "more" : Integer.toString(1 << power);
            reader.accept(new Measurement(
                    PredictionMeter.EXECUTIONS, Map.of(PredictionMeter.Tag.SIZE, size), runs[power]::sum));
        }
    }

    @Override
    public String summary() {
        return "counts what the model is given";
    }
}

package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts inputs that have come in and are not over, around everything else. Thread-safe. */
final class CallsUnderWay implements Interceptor<Object, Object> {

    private final LongAdder calls = new LongAdder();

    @Override
    public Stage.Position position() {
        return Stage.VALIDATE.before();
    }

    @Override
    public void intercept(CallBatch<Object, Object> batch, Next<Object, Object> next) {
        calls.add(batch.size());
        try {
            next.proceed(batch);
        } finally {
            calls.add(-batch.size());
        }
    }

    Measurement measurement() {
        return new Measurement(PredictionMeter.ACTIVE, Map.of(), calls::sum);
    }

    @Override
    public String summary() {
        return "counts calls under way";
    }
}

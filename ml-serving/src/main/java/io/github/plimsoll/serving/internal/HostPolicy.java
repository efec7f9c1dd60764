package io.github.plimsoll.serving.internal;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.DeadlineExceededException;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.ModelExecutionException;
import io.github.plimsoll.core.ModelOutputException;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.serving.RejectedException;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A stage that asks an object of another library whether a call may pass, and tells it what became of the call. Immutable.
 *
 * @param position where it stands
 * @param reason why it refuses
 * @param name what it is, for people
 * @param permits whom it asks; thread-safe
 */
public record HostPolicy(Stage.Position position, Reason reason, String name, Permits permits)
        implements Capability<Object, Object> {

    /** What the other library has. Each permit that was given is ended by exactly one of the last three methods. */
    public interface Permits {

        /**
         * Asks for a permit.
         *
         * @param inputs how many inputs the call has
         * @return whether it may pass
         */
        boolean tryAcquire(int inputs);

        /**
         * When it may be worth to ask again.
         *
         * @return zero if there is no telling
         */
        default Duration retryAfter() {
            return Duration.ZERO;
        }

        /**
         * The model answered.
         *
         * @param nanos how long it took
         */
        void answered(long nanos);

        /**
         * The model failed.
         *
         * @param nanos how long it took
         * @param failure why
         */
        void failed(long nanos, Throwable failure);

        /** There is nothing to be said about the model. */
        void withoutOutcome();
    }

    /** {@inheritDoc} */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        LongAdder shed = new LongAdder();
        assembly.add(new Asking(this, assembly.time(), shed));
        assembly.measure(
                new Measurement(PredictionMeter.SHED, Map.of(Tag.REASON, reason.toString()), shed::doubleValue));
    }

    /** What it is. */
    @Override
    public String toString() {
        return name;
    }

    private record Asking(HostPolicy policy, TimeSource time, LongAdder shed) implements Interceptor<Object, Object> {

        @Override
        public Stage.Position position() {
            return policy.position;
        }

        @Override
        public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
            if (!policy.permits.tryAcquire(calls.size())) {
                refuse(calls);
                return;
            }
            long start = time.nanoTime();
            Throwable broken = null;
            try {
                next.proceed(calls);
            } catch (RuntimeException | Error thrown) {
                broken = thrown;
                throw thrown;
            } finally {
                tell(calls, time.nanoTime() - start, broken);
            }
        }

        private void tell(CallBatch<Object, Object> calls, long nanos, @Nullable Throwable broken) {
            Throwable failure = broken;
            for (int i = 0; i < calls.size(); i++) {
                Call<Object, Object> call = calls.get(i);
                if (call.value() != null) {
                    policy.permits.answered(nanos);
                    return;
                }
                failure = failure == null && isModels(call.failure()) ? call.failure() : failure;
            }
            if (failure != null) {
                policy.permits.failed(nanos, failure);
            } else {
                policy.permits.withoutOutcome();
            }
        }

        private static boolean isModels(@Nullable PredictionException failure) {
            return failure instanceof ModelExecutionException
                    || failure instanceof ModelOutputException
                    || failure instanceof DeadlineExceededException;
        }

        private void refuse(CallBatch<Object, Object> calls) {
            shed.add(calls.size());
            RejectedException refusal = new RejectedException(
                    policy.reason, policy.name + ": no permit (expected: one)", policy.permits.retryAfter());
            for (int i = 0; i < calls.size(); i++) {
                calls.get(i).fail(refusal);
            }
        }

        @Override
        public String summary() {
            return policy.name;
        }
    }
}

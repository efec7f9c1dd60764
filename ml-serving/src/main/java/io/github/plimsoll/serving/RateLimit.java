package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.meter.PredictionMeter.Tag;
import io.github.plimsoll.serving.RejectedException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Bounds how many inputs a model is given in a period, and refuses the others.
 *
 * <pre>{@code
 * .with(RateLimit.of(1_000, Duration.ofSeconds(1)).burst(50))
 * }</pre>
 *
 * <p>In any span of time {@code t}, at most {@code burst + t / interval} inputs get through, where the interval is the period
 * divided by the number of calls, rounded up to a nanosecond. A predictor begins with the whole burst. Each input of a batch
 * counts: if there is room for some of them, the first get through and the others fail alone. Who is refused gets a
 * {@link RejectedException} whose hint is exact: after that time, and not before, one input gets through if nobody else has come.
 *
 * <p>Stands before {@link Stage#LIMIT}, outside of a {@link ConcurrencyLimit}: what is refused here takes no permit; what is
 * refused there has been counted here. Priorities make no difference. One number is kept, changed by compare-and-set and
 * measured by the predictor's ticker: no lock, no thread, no allocation, and a wall clock that jumps does not matter. Immutable
 * and thread-safe; each predictor has a rate of its own.
 *
 * @since 0.1
 * @see <a href="https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm">Generic cell rate algorithm</a>
 */
public final class RateLimit implements Capability<Object, Object> {

    private final int calls;
    private final Duration period;
    private final int burst;
    private final long interval;

    private RateLimit(int calls, Duration period, int burst) {
        this.calls = calls;
        this.period = period;
        this.burst = burst;
        interval = (period.toNanos() + calls - 1) / calls;
        if (interval > Long.MAX_VALUE / 4 / burst) {
            throw new IllegalArgumentException("burst: " + burst + " calls, one in " + Duration.ofNanos(interval)
                    + " (expected: at most 73 years)");
        }
    }

    /**
     * Lets a number of calls through in a period, with a burst of all of them at once.
     *
     * @param calls how many inputs
     * @param period in how much time
     * @return the capability
     * @throws IllegalArgumentException if there are no calls, the period is not positive or more than 36500 days, or a call
     *     would have less than a nanosecond
     */
    public static RateLimit of(int calls, Duration period) {
        Checks.atLeast("calls", calls, 1);
        if (Checks.positiveNanos("period", period) < calls) {
            throw new IllegalArgumentException(
                    "period: " + period + " for " + calls + " calls (expected: at least 1 ns a call)");
        }
        return new RateLimit(calls, period, calls);
    }

    /**
     * Sets how many inputs may come at once after a quiet time.
     *
     * @param size 1 for calls that keep their distance
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     */
    public RateLimit burst(int size) {
        return new RateLimit(calls, period, Checks.atLeast("burst", size, 1));
    }

    /**
     * Adds a limit to a predictor.
     *
     * @throws IllegalStateException if the predictor has another rate limit
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        Running running = new Running(assembly.time());
        assembly.add(running);
        assembly.measure(new Measurement(
                PredictionMeter.SHED, Map.of(Tag.REASON, Reason.RATE_LIMIT.toString()), running.shed::doubleValue));
    }

    /** The limit in words, such as {@code at most 1000 inputs in PT1S, 50 of them at once}. */
    @Override
    public String toString() {
        return "at most " + calls + " inputs in " + period + ", " + burst + " of them at once";
    }

    private final class Running implements Interceptor<Object, Object> {

        private final TimeSource time;
        private final AtomicLong paidUntil; // the moment when what got through will have been paid off at the rate
        private final LongAdder shed = new LongAdder();
        private final String refusal = "rate limit: no room for one more input (expected: " + RateLimit.this + ")";

        Running(TimeSource time) {
            this.time = time;
            paidUntil = new AtomicLong(time.nanoTime());
        }

        @Override
        public Stage.Position position() {
            return Stage.LIMIT.before();
        }

        @Override
        public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
            int through = take(calls.size());
            if (through < calls.size()) {
                refuse(calls, through);
                if (through == 0) {
                    return;
                }
            }
            next.proceed(calls.range(0, through));
        }

        private int take(int wanted) {
            long now = time.nanoTime(); // once: an earlier moment only lets less through
            long paid = paidUntil.get();
            while (true) {
                long debt = Math.max(0, paid - now);
                int through = (int) Math.min(wanted, (burst * interval - debt) / interval);
                if (through <= 0) {
                    return 0;
                }
                long witness = paidUntil.compareAndExchange(paid, now + debt + through * interval);
                if (witness == paid) {
                    return through;
                }
                paid = witness;
            }
        }

        private void refuse(CallBatch<Object, Object> calls, int from) {
            shed.add(calls.size() - from);
            long wait = Math.max(1, paidUntil.get() - time.nanoTime() - (burst - 1) * interval);
            RejectedException failure = new RejectedException(Reason.RATE_LIMIT, refusal, Duration.ofNanos(wait));
            for (int i = from; i < calls.size(); i++) {
                calls.get(i).fail(failure);
            }
        }

        @Override
        public String summary() {
            return RateLimit.this.toString();
        }
    }
}

package io.github.plimsoll.serving;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** A deadline that nothing is started after, and that waits for what was started. Thread-safe. */
final class TimeoutInterceptor implements Interceptor<Object, Object> {

    private final Duration timeout;
    private final TimeSource time;
    private final LongAdder overruns;

    TimeoutInterceptor(Duration timeout, TimeSource time, LongAdder overruns) {
        this.timeout = timeout;
        this.time = time;
        this.overruns = overruns;
    }

    @Override
    public Stage.Position position() {
        return Stage.DEADLINE.at();
    }

    @Override
    public String summary() {
        return Timeout.words(timeout, false);
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        Deadline end = Deadline.after(timeout, time);
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).tighten(end);
        }
        next.proceed(calls);
        for (int i = 0; i < calls.size(); i++) {
            if (isOverrun(calls.get(i))) {
                overruns.increment();
            }
        }
    }

    /** Whether an answer came after the deadline that its call has by now. */
    static boolean isOverrun(Call<Object, Object> call) {
        Deadline end = call.deadline();
        return call.value() != null && end != null && end.isOver();
    }
}

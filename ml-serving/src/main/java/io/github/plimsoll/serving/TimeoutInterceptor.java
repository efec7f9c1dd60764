package io.github.plimsoll.serving;

import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Stage;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** A deadline that nothing is started after, and that waits for what was started. Thread-safe. */
final class TimeoutInterceptor implements Interceptor<Object, Object> {

    private final Duration timeout;
    private final LongAdder overruns;

    TimeoutInterceptor(Duration timeout, LongAdder overruns) {
        this.timeout = timeout;
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
        Deadline end = calls.get(0).deadlineAfter(timeout); // one for all: stages keep calls of one deadline together
        for (int i = 0; i < calls.size(); i++) {
            calls.get(i).tighten(end);
        }
        next.proceed(calls);
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).isLate()) {
                overruns.increment();
            }
        }
    }
}

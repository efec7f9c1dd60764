package io.github.plimsoll.monitoring.log;

import java.util.concurrent.atomic.LongAdder;

/** What became of the predictions of all predictors with the same log. */
final class LogCounters {

    final LongAdder written = new LongAdder();
    final LongAdder dropped = new LongAdder();
    final LongAdder failed = new LongAdder();
}

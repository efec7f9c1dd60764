package io.github.plimsoll.monitoring.alert;

import java.util.concurrent.atomic.LongAdder;

/** What became of the messages of one model for one sink: accepted = sent + dropped + those that wait. */
final class SinkCounters {

    final LongAdder accepted = new LongAdder();
    final LongAdder sent = new LongAdder();
    final LongAdder failed = new LongAdder(); // attempts
    final LongAdder dropped = new LongAdder();

    long waiting() {
        return Math.max(0, accepted.sum() - sent.sum() - dropped.sum()); // read one after the other
    }
}

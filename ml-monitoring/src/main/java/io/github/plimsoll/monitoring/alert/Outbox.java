package io.github.plimsoll.monitoring.alert;

import io.github.plimsoll.core.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages that wait for one sink, in order and bounded, and the one task that hands them over. Thread-safe.
 *
 * <p>A message stays at the head while it is being sent: who saves the state meanwhile saves it with them, so it is sent again
 * rather than lost. It leaves the queue exactly once: taken, or dropped.
 */
final class Outbox implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Alerting.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** A message and where to count what becomes of it. */
    record Message(Alert alert, SinkCounters counters) {}

    private final String name;
    private final AlertSink sink;
    private final int capacity;
    private final TimeSource time;
    private final Deque<Message> waiting = new ArrayDeque<>();
    private boolean running;
    private boolean sending;
    private int failures;
    private long notBefore;
    private boolean warnedOfDrops;

    Outbox(String name, AlertSink sink, int capacity, TimeSource time) {
        this.name = name;
        this.sink = sink;
        this.capacity = capacity;
        this.time = time;
    }

    String name() {
        return name;
    }

    /** Adds a message; when there is no room, the oldest goes that is not being sent. */
    synchronized void add(Message message) {
        message.counters.accepted.increment();
        if (waiting.size() == capacity) {
            Message head = sending ? waiting.poll() : null;
            Message oldest = waiting.poll();
            if (head != null) {
                waiting.addFirst(head);
            }
            if (oldest == null) { // the only place is taken by what is being sent
                drop(message);
                return;
            }
            drop(oldest);
        }
        waiting.addLast(message);
    }

    private void drop(Message message) {
        message.counters.dropped.increment();
        if (!warnedOfDrops) {
            warnedOfDrops = true;
            LOG.warn("alerts: the queue of sink '{}' is full, dropped: {}", name, message.alert);
        }
    }

    synchronized List<Alert> waiting() {
        return waiting.stream().map(Message::alert).toList();
    }

    /** Starts the task if there is something to send now and it does not run yet. */
    void deliver(Executor executor) {
        if (!claim()) {
            return;
        }
        boolean started = false;
        try {
            executor.execute(this);
            started = true;
        } catch (RejectedExecutionException busy) {
            LOG.debug("alerts: the executor takes no task for sink '{}'; tried again later", name, busy);
        } finally {
            if (!started) {
                release();
            }
        }
    }

    private synchronized boolean claim() {
        if (running || !isDue()) {
            return false;
        }
        running = true;
        return true;
    }

    private boolean isDue() {
        return !waiting.isEmpty() && (failures == 0 || time.nanoTime() - notBefore >= 0);
    }

    private synchronized void release() {
        running = false;
    }

    @Override
    public void run() {
        Message message = next();
        while (message != null) {
            boolean settled = false;
            try {
                settle(message, attempt(message.alert));
                settled = true;
            } finally {
                if (!settled) { // an Error: the message stays
                    abandon();
                }
            }
            message = next();
        }
    }

    /** The head of the queue; null, and the task is over, if there is nothing to send now. */
    private synchronized @Nullable Message next() {
        if (!isDue()) {
            running = false;
            return null;
        }
        sending = true;
        return waiting.peek();
    }

    private @Nullable Exception attempt(Alert alert) {
        try {
            sink.send(alert);
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return interrupted;
        } catch (Exception failure) {
            return failure;
        }
    }

    private synchronized void settle(Message message, @Nullable Exception failure) {
        sending = false;
        if (failure == null) {
            failures = 0;
            waiting.remove();
            message.counters.sent.increment();
            return;
        }
        message.counters.failed.increment();
        if (failure instanceof DeliveryException refused && refused.isFinal()) {
            waiting.remove();
            message.counters.dropped.increment();
            LOG.error("alerts: sink '{}' will not take a message, dropped: {}", name, message.alert, failure);
            return;
        }
        if (failures == 0) {
            LOG.warn("alerts: sink '{}' failed, {} wait to be sent again", name, waiting.size(), failure);
        } else {
            LOG.debug("alerts: sink '{}' failed again", name, failure);
        }
        failures++;
        notBefore = time.nanoTime() + pause(failure).toNanos();
    }

    /** Doubled with each failure in a row; longer if the receiver wants to be left alone. */
    private Duration pause(Exception failure) {
        Duration pause = LONGEST_PAUSE;
        if (failures < 10) {
            Duration doubled = FIRST_PAUSE.multipliedBy(1L << (failures - 1));
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        }
        return failure instanceof DeliveryException delivery ? delivery.pauseOf(pause) : pause;
    }

    private synchronized void abandon() {
        sending = false;
        running = false;
    }
}

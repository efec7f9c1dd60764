package io.github.plimsoll.monitoring.log;

import io.github.plimsoll.core.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes entries from the ring and writes them, on a thread of its own. {@link #offer} is for any thread; {@link #drain} and
 * {@link #finish} are for the writing thread, or for a test that has not started one.
 */
final class LogWriter implements AutoCloseable, Runnable {

    // The thread polls instead of being woken by each entry: to wake a thread costs the caller microseconds. A caller
    // wakes
    // it only with the entry that completes a quarter of the ring, so a burst is met in time and pays once a quarter.
    //
    // An entry is counted once: as dropped when the ring refuses it; as written when the batch it is in has been
    // written;
    // as failed when that batch failed, when it could not be rendered, or when it is left over at the end.

    static final Duration RETRY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PredictionLog.class);
    private static final long NAP_NANOS = Duration.ofMillis(50).toNanos();

    private final EntryRing ring;
    private final LogLine encoder;
    private final LineSink sink;
    private final LogCounters counters;
    private final TimeSource time;
    private final String name;
    private final long quarterMask;
    private final LongAdder droppedHere = new LongAdder();
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int batchEntries;
    private long batchDrops;
    private long reported;
    private @Nullable LogEntry held;
    private long nextAttempt;
    private boolean attempted;
    private boolean warnedOfFailure;
    private boolean warnedOfDrops;
    private volatile boolean closing;
    private volatile boolean abandoned;
    private @Nullable Thread thread;
    private long closingNanos;

    LogWriter(EntryRing ring, LogLine encoder, LineSink sink, LogCounters counters, TimeSource time, String model) {
        this.ring = ring;
        this.encoder = encoder;
        this.sink = sink;
        this.counters = counters;
        this.time = time;
        this.quarterMask = (ring.capacity() >> 2) - 1L;
        this.name = "plimsoll-prediction-log-" + model;
    }

    /** Starts the thread; {@code closingTime} is how long {@link #close} waits for it. */
    void start(Duration closingTime) {
        closingNanos = closingTime.toNanos();
        Thread writing = new Thread(this, name);
        writing.setDaemon(true);
        thread = writing;
        writing.start();
    }

    void offer(LogEntry entry) {
        long position = ring.offer(entry);
        if (position < 0) {
            droppedHere.increment();
            counters.dropped.increment();
        } else if (((position + 1) & quarterMask) == 0) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        try {
            while (!closing) {
                drain();
                LockSupport.parkNanos(this, NAP_NANOS);
                Thread.interrupted(); // nobody has a reason to interrupt; a set flag would keep the thread from parking
            }
        } finally { // also if an error ends the thread: from then on everything is counted
            ring.seal();
            finish();
        }
    }

    /** Writes what is in the ring, as long as the sink takes it. */
    void drain() {
        while (isReady() && fill()) {
            write();
        }
    }

    private boolean isReady() {
        if (sink.isOpen()) {
            return true;
        }
        if (ring.size() == 0 && held == null) {
            return false; // a file is made when there is something to write
        }
        long now = time.nanoTime();
        if (attempted && now - nextAttempt < 0 && !closing) {
            return false;
        }
        try {
            sink.open();
            attempted = false;
            return true;
        } catch (IOException | RuntimeException failure) {
            lose(0, failure);
            tryLater();
            return false;
        }
    }

    /** Fills the batch; false if there is nothing to write. */
    private boolean fill() {
        batch.reset();
        batchEntries = 0;
        batchDrops = droppedHere.sum() - reported;
        if (batchDrops > 0) {
            encoder.dropped(time.currentTimeMillis(), batchDrops, batch);
            reported += batchDrops;
            warnOfDrops();
        }
        while (!abandoned) {
            LogEntry entry = next();
            if (entry == null) {
                break;
            }
            line.reset();
            try {
                encoder.entry(entry, line);
            } catch (IOException
                    | RuntimeException
                    | StackOverflowError failure) { // a value's own toString may do anything
                lose(1, failure);
                continue;
            }
            if (batch.size() > 0 && batch.size() + line.size() > sink.batchSize()) {
                held = entry; // opens the next batch
                break;
            }
            batch.writeBytes(line.toByteArray());
            batchEntries++;
        }
        return batch.size() > 0;
    }

    private @Nullable LogEntry next() {
        LogEntry first = held;
        held = null;
        return first != null ? first : ring.poll();
    }

    private void write() {
        try {
            sink.write(batch.toByteArray(), batch.size());
            counters.written.add(batchEntries);
        } catch (IOException | RuntimeException failure) {
            lose(batchEntries, failure);
            if (!closing) {
                reported -= batchDrops; // the next file will say it
            }
            tryLater();
            closeSink(); // whatever was written of the batch stays the end of a file
        }
    }

    private void tryLater() {
        attempted = true;
        nextAttempt = time.nanoTime() + RETRY.toNanos();
    }

    private void lose(int entries, Throwable failure) {
        counters.failed.add(entries);
        if (warnedOfFailure) {
            LOG.debug("{}: cannot write", name, failure);
        } else {
            warnedOfFailure = true;
            LOG.warn("{}: cannot write; further failures are counted and logged at debug", name, failure);
        }
    }

    private void warnOfDrops() {
        if (!warnedOfDrops) {
            warnedOfDrops = true;
            LOG.warn(
                    "{}: the queue of {} was full; the log says how many predictions are missing",
                    name,
                    ring.capacity());
        }
    }

    /** Writes out what was accepted before the ring was sealed, counts what cannot be written, closes the sink. */
    void finish() {
        while (!abandoned && (ring.size() > 0 || held != null || droppedHere.sum() > reported)) {
            if (!isReady()) {
                break;
            }
            if (fill()) {
                write();
            } else {
                Thread.onSpinWait(); // an entry is on its way in
            }
        }
        int left = held == null ? 0 : 1;
        held = null;
        while (ring.size() > 0) {
            if (ring.poll() != null) {
                left++;
            } else {
                Thread.onSpinWait();
            }
        }
        counters.failed.add(left);
        closeSink();
    }

    private void closeSink() {
        try {
            sink.close();
        } catch (IOException | RuntimeException failure) {
            lose(0, failure);
        }
    }

    /**
     * Lets nothing in any more and waits for the thread to write out what is in, up to the closing time, even if the calling
     * thread is interrupted: at a shutdown it often is.
     */
    @Override
    public void close() {
        ring.seal();
        closing = true;
        Thread writing = thread;
        if (writing == null) {
            return;
        }
        LockSupport.unpark(writing);
        boolean interrupted = false;
        long deadline = System.nanoTime() + closingNanos;
        for (long left = closingNanos; writing.isAlive() && left > 0; left = deadline - System.nanoTime()) {
            try {
                writing.join(Math.max(1, left / 1_000_000));
            } catch (InterruptedException interruption) {
                interrupted = true;
            }
        }
        if (writing.isAlive()) {
            abandoned = true;
            LOG.warn(
                    "{}: still writing after {} ms; {} predictions are given up",
                    name,
                    closingNanos / 1_000_000,
                    ring.size());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is closed with the predictor, for its log. */
    @Override
    public String toString() {
        return name;
    }
}

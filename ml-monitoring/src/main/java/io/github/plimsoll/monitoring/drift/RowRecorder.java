package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.FeatureRow;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows from predicting threads, to be counted later by others. Any number of threads may record: none waits for another,
 * and once the blocks that are needed have been made, nothing is allocated. Thread-safe.
 */
final class RowRecorder {

    // A stripe is a lock, taken with one compare-and-set a row, and the block that rows are copied to. A thread tries
    // the stripes, beginning with one derived from its id. Full blocks are left to whoever counts, and come back empty.
    //
    // States of a block, each change of which is a hand-over: FREE, TAKEN (by a stripe or by whoever counts it), FULL.
    // Blocks are made when they are needed. If all are full, or all stripes are taken again and again, which takes as
    // many threads stopped in the middle of a row, a row is dropped and counted as such: nobody waits, and memory is
    // bounded.

    private static final VarHandle LOCK;
    private static final int FREE = 0;
    private static final int TAKEN = 1;
    private static final int FULL = 2;
    private static final int STRIPES = 32;
    private static final int SPARE_BLOCKS = 64;
    private static final int VALUES_IN_BLOCK = 4_096;
    private static final int MAX_ROWS_IN_BLOCK = 256;
    private static final int MIN_ROWS_IN_BLOCK = 8;
    private static final int ATTEMPTS = 8;
    private static final long MAX_KEPT = 64L * RowBlock.MAX_KEPT;

    static {
        try {
            LOCK = MethodHandles.lookup().findVarHandle(Stripe.class, "lock", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Padded on both sides, so that no two stripes share a cache line. */
    @SuppressWarnings("unused") // the padding
    private static final class Stripe {
        private long p0, p1, p2, p3, p4, p5, p6, p7;
        private int lock;
        private @Nullable RowBlock block;
        private int index;
        private long q0, q1, q2, q3, q4, q5, q6, q7;
    }

    private final RowEncoder encoder;
    private final int capacity;
    private final Stripe[] stripes;
    private final @Nullable RowBlock[] blocks;
    private final AtomicIntegerArray states;
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicLong kept = new AtomicLong(); // bytes of texts and tensors in full blocks, about
    private final LongAdder dropped = new LongAdder();

    /**
     * With blocks of no more rows than given. The stripes are as many whatever the processors are: a thread that is stopped in the
     * middle of a row holds one, and rows would be dropped as soon as all are held, with no block full.
     */
    RowRecorder(RowEncoder encoder, int mostRows) {
        this(encoder, mostRows, STRIPES);
    }

    /** With a number of stripes that is a power of two. */
    RowRecorder(RowEncoder encoder, int mostRows, int stripes) {
        this.encoder = encoder;
        int rows = Math.min(MAX_ROWS_IN_BLOCK, VALUES_IN_BLOCK / encoder.columns());
        capacity = Math.max(1, Math.min(mostRows, Math.max(MIN_ROWS_IN_BLOCK, rows)));
        this.stripes = new Stripe[stripes];
        for (int i = 0; i < stripes; i++) {
            this.stripes[i] = new Stripe();
        }
        blocks = new RowBlock[stripes + SPARE_BLOCKS];
        states = new AtomicIntegerArray(blocks.length);
    }

    /** Copies a row, or drops it; tells whether there is a block to be counted now. */
    boolean record(
            RowReader reader, FeatureRow row, double score, @Nullable String label, double fallback, long millis) {
        int mask = stripes.length - 1;
        int first = (int) ((Thread.currentThread().getId() * 0x9E37_79B9_7F4A_7C15L) >>> 32);
        for (int i = 0; i < ATTEMPTS * stripes.length; i++) {
            Stripe stripe = stripes[(first + i) & mask];
            if ((int) LOCK.getOpaque(stripe) == 0 && LOCK.compareAndSet(stripe, 0, 1)) {
                try {
                    return record(stripe, reader, row, score, label, fallback, millis);
                } finally {
                    LOCK.setRelease(stripe, 0);
                }
            }
        }
        dropped.increment();
        return false;
    }

    private boolean record(
            Stripe stripe,
            RowReader reader,
            FeatureRow row,
            double score,
            @Nullable String label,
            double fallback,
            long millis) {
        RowBlock block = stripe.block;
        if (block == null) {
            block = freeBlock(stripe);
            if (block == null) {
                dropped.increment();
                return true; // for whoever counts is late
            }
        }
        if (block.add(reader, row, score, label, fallback, millis)) {
            leave(stripe, block);
            return true;
        }
        return false;
    }

    private @Nullable RowBlock freeBlock(Stripe stripe) {
        if (kept.get() >= MAX_KEPT) {
            return null;
        }
        for (int i = 0; i < blocks.length; i++) {
            if (states.get(i) == FREE && states.compareAndSet(i, FREE, TAKEN)) {
                RowBlock block = blocks[i];
                if (block == null) {
                    block = new RowBlock(encoder, capacity);
                    blocks[i] = block;
                }
                stripe.block = block;
                stripe.index = i;
                return block;
            }
        }
        return null;
    }

    private void leave(Stripe stripe, RowBlock block) {
        block.sequence = sequence.getAndIncrement();
        stripe.block = null;
        if (block.keptBytes() > 0) {
            kept.addAndGet(block.keptBytes());
        }
        states.set(stripe.index, FULL);
    }

    /** Leaves the rows that were recorded so far to be counted, full block or not. */
    void seal() {
        for (Stripe stripe : stripes) {
            while (!LOCK.compareAndSet(stripe, 0, 1)) {
                LockSupport.parkNanos(this, 1_000); // whoever has it is in the middle of a row
            }
            try {
                RowBlock block = stripe.block;
                if (block != null && block.size > 0) {
                    leave(stripe, block);
                }
            } finally {
                LOCK.setRelease(stripe, 0);
            }
        }
    }

    /** The index of the block that has waited longest to be counted, now the caller's; -1 if none waits. */
    int take() {
        while (true) {
            int oldest = -1;
            for (int i = 0; i < blocks.length; i++) {
                if (states.get(i) == FULL && (oldest < 0 || block(i).sequence < block(oldest).sequence)) {
                    oldest = i;
                }
            }
            if (oldest < 0 || states.compareAndSet(oldest, FULL, TAKEN)) {
                return oldest;
            }
        }
    }

    RowBlock block(int index) {
        RowBlock block = blocks[index];
        if (block == null) {
            throw new IllegalStateException("block " + index + ": never used (expected: one that was taken)");
        }
        return block;
    }

    /** Gives a block back that was taken. */
    void free(int index) {
        RowBlock block = block(index);
        if (block.keptBytes() > 0) {
            kept.addAndGet(-block.keptBytes());
        }
        block.clear();
        states.set(index, FREE);
    }

    /** How many rows were neither kept nor counted. */
    long dropped() {
        return dropped.sum();
    }
}

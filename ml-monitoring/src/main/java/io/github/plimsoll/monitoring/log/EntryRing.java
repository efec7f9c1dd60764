package io.github.plimsoll.monitoring.log;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue from many threads to one. To offer is lock-free: no thread waits for another, and none is woken.
 */
final class EntryRing {

    // Positions count up for ever; position p is in slot p & mask.
    // 1. Slots at positions from head to tail are taken: full or, for a moment, claimed by a thread that is about to
    // fill
    //    them. All others are null.
    // 2. A thread claims position tail by moving tail on, and only while tail - head < capacity: with 1, its slot is
    // null.
    // 3. The reader empties the slot before it moves head on.
    // 4. Sealing adds SEAL to tail: from then on tail - head is never less than the capacity, so every offer is
    // refused,
    //    and what was accepted before is exactly what lies between head and the tail of that moment.
    // An ArrayBlockingQueue takes a lock and may park a caller behind another: see docs/decisions/0021.

    private static final long SEAL = 1L << 62;

    private final AtomicReferenceArray<@Nullable LogEntry> slots;
    private final int mask;
    private final AtomicLong head = new AtomicLong(); // written by the reader only
    private final AtomicLong tail = new AtomicLong();

    EntryRing(int atLeast) {
        int capacity = atLeast <= 1 ? 1 : Integer.highestOneBit(atLeast - 1) << 1;
        slots = new AtomicReferenceArray<>(capacity);
        mask = capacity - 1;
    }

    int capacity() {
        return mask + 1;
    }

    /** Takes the entry in. Returns its position, or -1 if the ring is full or sealed. */
    long offer(LogEntry entry) {
        while (true) {
            long position = tail.get();
            if (position - head.get() >= capacity()) {
                return -1;
            }
            if (tail.compareAndSet(position, position + 1)) {
                slots.setRelease((int) position & mask, entry);
                return position;
            }
        }
    }

    /** The entry that has waited longest, or null if there is none or it is still on its way in. For one thread. */
    @Nullable
    LogEntry poll() {
        long position = head.get();
        int slot = (int) position & mask;
        LogEntry entry = slots.getAcquire(slot);
        if (entry != null) {
            slots.setPlain(slot, null);
            head.setRelease(position + 1);
        }
        return entry;
    }

    /** Lets nothing in any more. */
    void seal() {
        tail.getAndUpdate(position -> position | SEAL);
    }

    /** How many entries are in, or on their way in. */
    long size() {
        return (tail.get() & ~SEAL) - head.get();
    }
}

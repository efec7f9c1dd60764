package io.github.plimsoll.serving;

import io.github.plimsoll.core.Priority;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bounded line of waiters: higher priorities first, first come first served within one. Guarded by its user's lock. */
final class PermitLine {

    private final int places;
    private final Deque<Waiter> low = new ArrayDeque<>();
    private final Deque<Waiter> normal = new ArrayDeque<>();
    private final Deque<Waiter> high = new ArrayDeque<>();

    PermitLine(int places) {
        this.places = places;
    }

    private Deque<Waiter> of(Priority priority) {
        return switch (priority) {
            case LOW -> low;
            case NORMAL -> normal;
            case HIGH -> high;
        };
    }

    /** Adds a waiter, in place of the newest of the lowest priority below its own if the line is full: false if there is none. */
    boolean add(Waiter waiter) {
        if (size() == places && !displaceBelow(waiter.priority)) {
            return false;
        }
        of(waiter.priority).addLast(waiter);
        return true;
    }

    private boolean displaceBelow(Priority priority) {
        Deque<Waiter> lowest = low.isEmpty() ? normal : low;
        if (lowest.isEmpty() || lowest.getLast().priority.compareTo(priority) >= 0) {
            return false;
        }
        lowest.removeLast().end(Waiter.State.DISPLACED);
        return true;
    }

    @Nullable
    Waiter first() {
        for (Deque<Waiter> line : List.of(high, normal, low)) {
            if (!line.isEmpty()) {
                return line.getFirst();
            }
        }
        return null;
    }

    /** Whether the waiter was there. */
    boolean remove(Waiter waiter) {
        return of(waiter.priority).remove(waiter);
    }

    int size() {
        return low.size() + normal.size() + high.size();
    }
}

package io.github.plimsoll.serving;

import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Callers that wait for a run of the model, in the order in which they are to be taken. Guarded by its owner's lock.
 *
 * <p>One list for each priority, first in, first out. A list from which {@value #PATIENCE} batches in a row took nobody comes
 * first in the next: no priority waits for ever.
 */
final class WaitingLine {

    static final int PATIENCE = 16;

    private final Lane[] lanes = {new Lane(), new Lane(), new Lane()}; // by priority, the highest first
    private final int[] tensors;
    private final AtomicInteger rows = new AtomicInteger(); // changed under the lock, read by metrics without

    /** A line of nobody; {@code tensors} are the features whose number of elements may differ from row to row. */
    WaitingLine(int... tensors) {
        this.tensors = tensors;
    }

    /** The number of rows that wait. */
    int rows() {
        return rows.get();
    }

    private Lane lane(Priority priority) {
        return lanes[index(priority)];
    }

    private static int index(Priority priority) {
        return switch (priority) {
            case HIGH -> 0;
            case NORMAL -> 1;
            case LOW -> 2;
        };
    }

    void add(Waiting waiting) {
        lane(waiting.priority).add(waiting);
        rows.addAndGet(waiting.rows());
    }

    void remove(Waiting waiting) {
        lane(waiting.priority).remove(waiting);
        rows.addAndGet(-waiting.rows());
    }

    /** Drops what is useless from one of those in the line, or takes it out as well if nothing is left of it. */
    boolean dropUseless(Waiting waiting, TimeSource time) {
        int before = waiting.rows();
        waiting.dropUseless(time);
        int dropped = before - waiting.rows();
        rows.addAndGet(-dropped);
        lane(waiting.priority).rows -= dropped;
        if (waiting.rows() > 0) {
            return false;
        }
        lane(waiting.priority).remove(waiting);
        return true;
    }

    /** The first, or null if nobody waits. */
    @Nullable
    Waiting first() {
        for (Lane lane : order()) {
            if (lane.first != null) {
                return lane.first;
            }
        }
        return null;
    }

    /** Who wants to go first, whatever its priority, or null if nobody waits. */
    @Nullable
    Waiting mostUrgent() {
        Waiting most = null;
        for (Lane lane : lanes) {
            for (Waiting waiting = lane.first; waiting != null; waiting = waiting.after) {
                if (most == null || waiting.goBy - most.goBy < 0) {
                    most = waiting;
                }
            }
        }
        return most;
    }

    /** The oldest of the lowest priority, or null if nobody waits. */
    @Nullable
    Waiting leastImportant() {
        for (int i = lanes.length - 1; i >= 0; i--) {
            if (lanes[i].first != null) {
                return lanes[i].first;
            }
        }
        return null;
    }

    /** How many rows wait that are more important than a priority. */
    int rowsAbove(Priority priority) {
        int sum = 0;
        for (int i = 0; i < index(priority); i++) {
            sum += lanes[i].rows;
        }
        return sum;
    }

    /** Everybody, in whatever order; what is done to them while looking, even taking them out, does not matter. */
    void forEach(Consumer<Waiting> action) {
        for (Lane lane : lanes) {
            for (Waiting waiting = lane.first; waiting != null; ) {
                Waiting after = waiting.after;
                action.accept(waiting);
                waiting = after;
            }
        }
    }

    /**
     * Who would be in the next batch, without taking them: in order whoever has rows of a shape, as long as there is room. Within a
     * priority nobody of the same shape overtakes; who does not fit comes first in a later batch.
     */
    List<Waiting> next(int maxRows, Waiting shape) {
        List<Waiting> batch = new ArrayList<>();
        int room = maxRows;
        for (Lane lane : order()) {
            for (Waiting waiting = lane.first; waiting != null && room > 0; waiting = waiting.after) {
                if (isSameShape(shape, waiting)) {
                    if (!batch.isEmpty() && waiting.rows() > room) {
                        break;
                    }
                    batch.add(waiting);
                    room -= waiting.rows();
                }
            }
        }
        return batch;
    }

    /** Takes a batch out of the line. */
    void take(List<Waiting> batch) {
        for (Lane lane : lanes) {
            lane.passedOver = lane.first == null ? 0 : lane.passedOver + 1;
        }
        for (Waiting waiting : batch) {
            remove(waiting);
            lane(waiting.priority).passedOver = 0;
        }
    }

    private boolean isSameShape(Waiting a, Waiting b) {
        if (tensors.length == 0) {
            return true;
        }
        return isSameShape(
                Objects.requireNonNull(a.calls().get(0).features()),
                Objects.requireNonNull(b.calls().get(0).features()));
    }

    /** Whether two rows may go to the model together. */
    boolean isSameShape(FeatureRow a, FeatureRow b) {
        for (int feature : tensors) {
            if (a.tensorLength(feature) != b.tensorLength(feature)) {
                return false;
            }
        }
        return true;
    }

    boolean hasShapes() {
        return tensors.length > 0;
    }

    private Lane[] order() {
        for (int i = 1; i < lanes.length; i++) {
            if (lanes[i].passedOver >= PATIENCE) {
                Lane[] order = new Lane[lanes.length];
                order[0] = lanes[i];
                int next = 1;
                for (Lane lane : lanes) {
                    if (lane != lanes[i]) {
                        order[next++] = lane;
                    }
                }
                return order;
            }
        }
        return lanes;
    }

    /** Those of one priority. */
    private static final class Lane {

        @Nullable
        Waiting first;

        @Nullable
        Waiting last;

        int rows;
        int passedOver; // batches in a row that took nobody from here, though somebody waited

        void add(Waiting waiting) {
            waiting.before = last;
            if (last == null) {
                first = waiting;
            } else {
                last.after = waiting;
            }
            last = waiting;
            rows += waiting.rows();
        }

        void remove(Waiting waiting) {
            if (waiting.before == null) {
                first = waiting.after;
            } else {
                waiting.before.after = waiting.after;
            }
            if (waiting.after == null) {
                last = waiting.before;
            } else {
                waiting.after.before = waiting.before;
            }
            waiting.before = null;
            waiting.after = null;
            rows -= waiting.rows();
        }
    }
}

package io.github.plimsoll.serving;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallCancelledException;
import io.github.plimsoll.core.Deadline;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Prediction.Source;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.schema.FeatureRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The inputs that are under way, in a table of slots that are found by hash. Thread-safe.
 *
 * <p>A slot holds nothing, or the one {@link Call} that leads there and that nobody waits for, which is the common case and
 * takes no object; or else an array of {@link Flight}s, one for each input with that hash, which is never changed but
 * replaced. A leader enters before its call goes on and leaves after it: if the slot still holds its call alone, nobody has
 * to be told. Every change is a compare-and-set of the slot, so an equal input finds the leader or becomes it, and there is
 * one leader for an input unless the slot is full.
 *
 * <p>Nobody waits while leading: a batch first sends on all inputs that it leads, and leaves, and only then waits for others.
 * So batches cannot wait for each other in a circle.
 */
final class CoalesceInterceptor implements Interceptor<Object, Object> {

    static final int SLOTS = 1024;
    static final int FLIGHTS_OF_A_SLOT = 16;
    static final String SUMMARY =
            "equal inputs under way run once, at most " + SLOTS * FLIGHTS_OF_A_SLOT + " remembered";
    private static final long FOREVER = Long.MAX_VALUE / 2; // beyond it, differences of tickers overflow

    private final AtomicReferenceArray<@Nullable Object> slots = new AtomicReferenceArray<>(SLOTS);
    private final LongAdder joined = new LongAdder();
    private final TimeSource time;

    CoalesceInterceptor(TimeSource time) {
        this.time = time;
    }

    Measurement measurement() {
        return new Measurement(PredictionMeter.COALESCED, Map.of(), joined::sum);
    }

    @Override
    public Stage.Position position() {
        return Stage.COALESCE.at();
    }

    @Override
    public String summary() {
        return SUMMARY;
    }

    @Override
    public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        if (calls.size() == 1) {
            single(calls, next);
        } else {
            several(calls, next);
        }
    }

    private void single(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        Call<Object, Object> call = calls.get(0);
        FeatureRow row = features(call);
        while (call.isOpen()) {
            Flight flight = enter(call, row);
            if (flight == null) {
                lead(calls, next);
                return;
            }
            follow(flight, call);
        }
    }

    private record Following(Flight flight, Call<Object, Object> call) {}

    private record Twin(Call<Object, Object> call, Call<Object, Object> first) {}

    private void several(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        Map<FeatureRow, Call<Object, Object>> firsts = new HashMap<>();
        List<Call<Object, Object>> leading = new ArrayList<>(calls.size());
        List<Following> following = new ArrayList<>();
        List<Twin> twins = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            Call<Object, Object> call = calls.get(i);
            FeatureRow row = features(call);
            Call<Object, Object> first = firsts.putIfAbsent(row, call);
            if (first != null) {
                twins.add(new Twin(call, first));
                continue;
            }
            Flight flight = enter(call, row);
            if (flight == null) {
                leading.add(call);
            } else {
                following.add(new Following(flight, call));
            }
        }
        if (!leading.isEmpty()) {
            lead(leading.size() == calls.size() ? calls : CallBatch.of(leading), next);
        }
        for (Following each : following) {
            follow(each.flight, each.call);
            if (each.call.isOpen()) {
                single(CallBatch.of(each.call), next);
            }
        }
        for (Twin twin : twins) {
            Call<Object, Object> first = twin.first;
            Object value = first.value();
            if (value != null) {
                answer(twin.call, Answers.apart(value), first.source());
            } else if (first.failure() != null) {
                twin.call.fail(first.failure());
            }
        }
    }

    private void lead(CallBatch<Object, Object> calls, Next<Object, Object> next) {
        try {
            next.proceed(calls);
        } finally { // after an error as well, or those that wait would wait for ever
            for (int i = 0; i < calls.size(); i++) {
                leave(calls.get(i));
            }
        }
    }

    private static FeatureRow features(Call<Object, Object> call) {
        return Objects.requireNonNull(call.features());
    }

    private static int slot(FeatureRow row) {
        return row.hashCode() & (SLOTS - 1);
    }

    /** The flight to wait for, or null if the call leads, or has to run by itself. */
    private @Nullable Flight enter(Call<Object, Object> call, FeatureRow row) {
        int slot = slot(row);
        while (true) {
            Object there = slots.get(slot);
            if (there == null) {
                if (slots.compareAndSet(slot, null, call)) {
                    return null;
                }
            } else if (there instanceof Flight[] flights) {
                for (Flight flight : flights) {
                    if (flight.row.equals(row)) {
                        return flight;
                    }
                }
                if (flights.length == FLIGHTS_OF_A_SLOT) {
                    return null;
                }
                Flight[] more = Arrays.copyOf(flights, flights.length + 1);
                more[flights.length] = new Flight(call, row);
                if (slots.compareAndSet(slot, there, more)) {
                    return null;
                }
            } else {
                Flight other = flightOf(there);
                boolean isEqual = other.row.equals(row);
                Flight[] flights = isEqual ? new Flight[] {other} : new Flight[] {other, new Flight(call, row)};
                if (slots.compareAndSet(slot, there, flights)) {
                    return isEqual ? other : null;
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // a slot holds nothing else
    private static Flight flightOf(Object leader) {
        Call<Object, Object> call = (Call<Object, Object>) leader;
        return new Flight(call, features(call));
    }

    private void leave(Call<Object, Object> leader) {
        int slot = slot(features(leader));
        while (true) {
            Object there = slots.get(slot);
            if (there == leader) {
                if (slots.compareAndSet(slot, leader, null)) {
                    return;
                }
            } else if (there instanceof Flight[] flights) {
                int index = indexOf(leader, flights);
                if (index < 0) {
                    return; // it found the slot full
                }
                if (slots.compareAndSet(slot, there, without(index, flights))) {
                    flights[index].end();
                    return;
                }
            } else {
                return; // as above, and those that filled the slot have left
            }
        }
    }

    private static int indexOf(Call<Object, Object> leader, Flight[] flights) {
        for (int i = 0; i < flights.length; i++) {
            if (flights[i].leader == leader) {
                return i;
            }
        }
        return -1;
    }

    private static Flight @Nullable [] without(int index, Flight[] flights) {
        if (flights.length == 1) {
            return null;
        }
        Flight[] rest = Arrays.copyOf(flights, flights.length - 1);
        System.arraycopy(flights, index + 1, rest, index, rest.length - index);
        return rest;
    }

    /** Waits for a flight's end; leaves the call open if it has to be tried again. */
    private void follow(Flight flight, Call<Object, Object> call) {
        long begun = time.nanoTime();
        flight.await(call, time);
        call.queued(time.nanoTime() - begun);
        if (!call.isOpen()) {
            return;
        }
        Object value = flight.value;
        PredictionException failure = flight.failure;
        if (value != null) {
            answer(call, Answers.apart(value), flight.source);
        } else if (failure != null && !flight.wasGivenUpAlone(failure, call.priority())) {
            call.fail(failure);
        }
    }

    private void answer(Call<Object, Object> call, Object value, @Nullable Source from) {
        joined.increment();
        call.answer(value, from == Source.FALLBACK ? Source.FALLBACK : Source.COALESCED);
    }

    /** An input under way that somebody waits for, or that shares its slot with another. */
    private static final class Flight {

        private final Call<Object, Object> leader;
        private final FeatureRow row;
        private final Queue<Thread> waiting = new ConcurrentLinkedQueue<>();

        // Written by the leader's thread before ended, read by the others after it.
        private @Nullable Object value;
        private @Nullable Source source;
        private @Nullable PredictionException failure;
        private volatile boolean ended;

        private Flight(Call<Object, Object> leader, FeatureRow row) {
            this.leader = leader;
            this.row = row;
        }

        /** Keeps what became of the leader, whose own answer goes on to somebody who may change it, and wakes the others. */
        private void end() {
            Object answer = leader.value();
            value = answer == null ? null : Answers.apart(answer);
            source = leader.source();
            failure = leader.failure();
            ended = true;
            for (Thread thread : waiting) { // who enters now sees that it has ended
                LockSupport.unpark(thread);
            }
        }

        private void await(Call<Object, Object> call, TimeSource time) {
            Thread self = Thread.currentThread();
            waiting.add(self);
            call.unparkIfCancelled(self);
            try {
                while (!ended && !call.failIfUseless()) {
                    if (self.isInterrupted()) {
                        call.fail(new CallCancelledException(
                                "call " + call.id() + ": interrupted while it waited for an equal one"));
                        return;
                    }
                    Deadline deadline = call.deadline();
                    time.parkUntil(this, deadline == null ? time.nanoTime() + FOREVER : deadline.nanoTime());
                }
            } finally {
                waiting.remove(self);
            }
        }

        private boolean wasGivenUpAlone(PredictionException reason, Priority ofAnother) {
            return Answers.isOfOneCall(reason)
                    && (!(reason instanceof RejectedException) || ofAnother.compareTo(leader.priority()) > 0);
        }
    }
}

package io.github.plimsoll.core.fake;

import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionListener;
import java.util.ArrayList;
import java.util.List;

/**
 * A listener that keeps all it is told, for a test to look at. Thread-safe; grows without bound.
 *
 * @param <I> the type of the inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public final class RecordingListener<I, O> implements PredictionListener<I, O> {

    private final List<PredictionEvent<I, O>> events = new ArrayList<>();

    /** A listener that has been told nothing. */
    public RecordingListener() {}

    @Override
    public synchronized void onPrediction(PredictionEvent<I, O> event) {
        events.add(event);
    }

    /**
     * What the listener was told.
     *
     * @return a copy, in the order of telling
     */
    public synchronized List<PredictionEvent<I, O>> events() {
        return List.copyOf(events);
    }

    /** Forgets everything. */
    public synchronized void clear() {
        events.clear();
    }
}

package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.micrometer.observation.ObservationRegistry;
import java.util.Objects;

/**
 * Tells the host's own Micrometer {@link ObservationRegistry} of each call, so that a prediction becomes a span of the request
 * that asked for it, if the host traces.
 *
 * <pre>{@code
 * var demand = Plimsoll.load(path).as(Ride.class, Output.number())
 *         .with(PredictionObservation.to(observationRegistry))
 *         .build();
 * }</pre>
 *
 * <p>There is one observation for each call of the predictor, also for one with many inputs; it is named {@code ml.call} and
 * open around everything that the call goes through, so that what a stage observes is inside it. The keys of low cardinality
 * are {@code ml.model}, {@code ml.model.version}, {@code ml.engine}, {@code outcome} and {@code source}, as for metrics: a
 * call with several inputs has the outcome {@code partial} if some failed, and the source {@code several} if they differ. The
 * keys of high cardinality are {@code ml.prediction.id}, that of the first input, by which a trace and the prediction log
 * find each other, and {@code ml.inputs}, their number. Features and answers are in none of them.
 *
 * <p>An observation costs some microseconds and some hundred bytes, where {@link PredictionMetrics} costs some tens of
 * nanoseconds: it is for traces, not for counting. A registry without handlers costs nothing. A handler that throws fails no
 * call. Immutable and thread-safe. Needs {@code io.micrometer:micrometer-observation} on the class path.
 *
 * @since 0.1
 */
public final class PredictionObservation implements Capability<Object, Object> {

    private final ObservationRegistry registry;

    private PredictionObservation(ObservationRegistry registry) {
        this.registry = registry;
    }

    /**
     * Observations that go to a registry of the host.
     *
     * @param registry the host's registry, with its handlers
     * @return the capability
     */
    @SuppressWarnings("exports") // whoever has a registry reads its module; others must compile without it
    public static PredictionObservation to(ObservationRegistry registry) {
        return new PredictionObservation(Objects.requireNonNull(registry));
    }

    /** Adds what observes each call, outermost; nothing, if the registry has no handler now. */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (!registry.isNoop()) {
            assembly.add(new CallObserver(registry, assembly.model()));
        }
    }
}

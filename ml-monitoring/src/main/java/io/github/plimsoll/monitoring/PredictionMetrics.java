package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * Measures predictions with the host's own Micrometer registry: how many, how long, what became of them, what was wrong with
 * their inputs, and what the stages around the model did. The meters and their tags are those of {@link PredictionMeter}.
 *
 * <pre>{@code
 * var demand = Plimsoll.load(path).as(Ride.class, Output.number())
 *         .with(PredictionMetrics.to(meterRegistry))
 *         .build();
 * }</pre>
 *
 * <p>Feature names and rule names become tag values, inputs and answers never do. Tag values are bounded: at most 16 reasons
 * of failure, 64 rules and 1,024 combinations of rule and feature a predictor; what comes later is counted as {@code other}.
 *
 * <p>Timers are registered when the predictor is built, those of rare failures when they first happen, and kept in arrays:
 * an answer costs one {@code Timer.record}, an answer of the model three or four, with no tags built and no look-up. The
 * numbers that stages keep anyway are read when the registry asks.
 *
 * <p>Predictors of the same model and version share their meters, which show the sum. Counters and timers stay when a
 * predictor is closed and go on with the next one of the version: they never go back. Gauges vanish with the last predictor.
 * Of versions without a predictor, the meters of those closed last are kept, see {@link #closedVersions}; so a service that
 * loads a new version every hour has no more meters next year.
 *
 * <p>Immutable; thread-safe.
 *
 * @since 0.1
 */
public final class PredictionMetrics implements Capability<Object, Object> {

    private static final int CLOSED_VERSIONS = 16;

    private final MeterRegistry registry;
    private final int closedVersions;
    private final Duration[] objectives;

    private PredictionMetrics(MeterRegistry registry, int closedVersions, Duration... objectives) {
        this.registry = registry;
        this.closedVersions = closedVersions;
        this.objectives = objectives;
    }

    /**
     * Metrics that go to a registry of the host. No other registry is touched, the global one neither.
     *
     * @param registry the host's registry
     * @return the capability
     */
    @SuppressWarnings("exports") // whoever has a registry reads its module; others must compile without it
    public static PredictionMetrics to(MeterRegistry registry) {
        return new PredictionMetrics(Objects.requireNonNull(registry), CLOSED_VERSIONS);
    }

    /**
     * Counts as well how many predictions took at most a given time, in a bucket for each: what a service-level objective is
     * measured by. Without this, {@link PredictionMeter#PREDICT} has count, sum and maximum; a filter of the registry may ask
     * for more.
     *
     * @param limits how long a prediction should take at most
     * @return a changed copy
     * @throws IllegalArgumentException if there are none, or one is not positive
     */
    public PredictionMetrics objectives(Duration... limits) {
        if (limits.length == 0 || Arrays.stream(limits).anyMatch(limit -> limit.isNegative() || limit.isZero())) {
            throw new IllegalArgumentException("objectives: " + Arrays.toString(limits) + " (expected: times > 0)");
        }
        return new PredictionMetrics(registry, closedVersions, limits.clone());
    }

    /**
     * Of how many model versions without an open predictor the meters stay in the registry, to be scraped once more and to go
     * on if the version comes back. Unless told otherwise, 16, over all models.
     *
     * @param max how many; those closed longest ago go first
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative
     */
    public PredictionMetrics closedVersions(int max) {
        if (max < 0) {
            throw new IllegalArgumentException("closed versions: " + max + " (expected: >= 0)");
        }
        return new PredictionMetrics(registry, max, objectives);
    }

    /** Registers the meters of the predictor's model and adds what feeds them. */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        PulledMeters.Feed feed = PulledMeters.of(registry).open(assembly.model().id());
        assembly.onClose(() -> feed.close(closedVersions));
        CallsUnderWay underWay = new CallsUnderWay();
        ModelRuns runs = new ModelRuns();
        assembly.add(new MeterListener(registry, assembly.model(), assembly.features(), objectives));
        assembly.add(underWay);
        assembly.add(runs);
        feed.add(underWay.measurement());
        runs.measurements(feed::add);
        assembly.readMeasurements(feed::add);
    }

    /** The capability in words, such as {@code metrics, objectives [PT0.01S], 16 closed versions kept}. */
    @Override
    public String toString() {
        return "metrics, " + (objectives.length == 0 ? "no objectives" : "objectives " + Arrays.toString(objectives))
                + ", " + closedVersions + " closed versions kept";
    }
}

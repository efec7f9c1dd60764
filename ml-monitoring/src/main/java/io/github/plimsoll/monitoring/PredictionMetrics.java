package io.github.plimsoll.monitoring;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;

/**
 * Measures predictions with the host's own Micrometer registry: how many, how long, what became of them, and what was wrong
 * with their inputs. The meters and their tags are those of {@link PredictionMeter}.
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
 * <p>Meters are registered when the predictor is built, those of rare failures when they first happen, and kept in arrays:
 * an answer costs one {@code Timer.record}, with no tags built and no look-up. They stay in the registry when the predictor
 * is closed, because what was counted since the last scrape would be lost with them. A predictor that is built later for the
 * same model, version and engine goes on with the same meters.
 *
 * <p>Immutable; thread-safe.
 *
 * @since 0.1
 */
public final class PredictionMetrics implements Capability<Object, Object> {

    private final MeterRegistry registry;

    private PredictionMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /**
     * Metrics that go to a registry of the host. No other registry is touched, the global one neither.
     *
     * @param registry the host's registry
     * @return the capability
     */
    @SuppressWarnings("exports") // whoever has a registry reads its module; others must compile without it
    public static PredictionMetrics to(MeterRegistry registry) {
        return new PredictionMetrics(Objects.requireNonNull(registry));
    }

    /** Registers the meters of the predictor's model and adds a listener that feeds them. */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        assembly.add(new MeterListener(registry, assembly.model(), assembly.features()));
    }
}

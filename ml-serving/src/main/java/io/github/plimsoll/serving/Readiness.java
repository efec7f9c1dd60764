package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/**
 * Whether a service may be sent requests, as far as its models are concerned: what a readiness probe asks. One object for all
 * predictors of a service.
 *
 * <pre>{@code
 * Readiness readiness = Readiness.of("credit-risk", "fraud");
 *
 * var risk = Plimsoll.load(riskModel).as(Applicant.class, Output.probability()).with(readiness).build();
 * var fraud = Plimsoll.load(fraudModel).as(Payment.class, Output.probability()).with(readiness).build();
 *
 * readiness.report().isReady(); // for the health endpoint
 * }</pre>
 *
 * <p>A model is ready when a predictor for it has been built, which includes its {@link WarmUp}, and has not been closed. Of
 * several predictors for one model one is enough, so a new version may warm up while the old one answers, and the old one may
 * be closed then. A service is ready if
 *
 * <ul>
 *   <li>every model that was named is, or, if none was named, at least one predictor has been built and every model for which
 *       there is a predictor is;
 *   <li>everything else that was {@linkplain #require required} holds;
 *   <li>it is not {@linkplain #drain draining}.
 * </ul>
 *
 * <p>Each predictor also offers {@link PredictionMeter#READY}. Costs calls nothing. Thread-safe.
 *
 * @since 0.1
 */
public final class Readiness implements Capability<Object, Object> {

    private record Condition(String what, BooleanSupplier holds) {}

    /** One predictor. */
    private static final class Part {
        private final ModelId model;
        private final List<DoubleSupplier> openBreakers = new ArrayList<>();
        private volatile boolean isOpen;

        private Part(ModelId model) {
            this.model = model;
        }

        private boolean isReady() {
            return isOpen && !isBroken();
        }

        private boolean isBroken() {
            return openBreakers.stream().anyMatch(state -> state.getAsDouble() > 0);
        }

        private String state() {
            return (!isOpen ? "starting" : isBroken() ? "circuit breaker open" : "ready") + ", version "
                    + model.version();
        }
    }

    private final Set<String> named;
    private final List<Condition> conditions;
    private final boolean breakersCount;
    private final List<Part> parts = new ArrayList<>(); // these two guarded by this
    private final Map<String, String> gone = new HashMap<>(); // of those named, what became of the last predictor
    private volatile boolean isDraining;

    private Readiness(Set<String> named, List<Condition> conditions, boolean breakersCount) {
        this.named = named;
        this.conditions = conditions;
        this.breakersCount = breakersCount;
    }

    /**
     * The readiness of a service with certain models.
     *
     * @param models the names of the models that have to be ready, so that the service is not ready before all of them have
     *     been loaded; others are shown but do not matter. None to ask of every model that has a predictor.
     * @return a readiness that no predictor belongs to yet
     */
    public static Readiness of(String... models) {
        return new Readiness(Collections.unmodifiableSet(new LinkedHashSet<>(List.of(models))), List.of(), false);
    }

    /**
     * Requires something else of the host's.
     *
     * @param what a name for the report
     * @param holds asked for each report, quick and thread-safe; if it throws, it does not hold
     * @return a changed copy that no predictor belongs to yet
     */
    public Readiness require(String what, BooleanSupplier holds) {
        List<Condition> more = new ArrayList<>(conditions);
        more.add(new Condition(Objects.requireNonNull(what), Objects.requireNonNull(holds)));
        return new Readiness(named, List.copyOf(more), breakersCount);
    }

    /**
     * Requires that the circuit breakers of the predictors are not open. Take care: if a fault opens the breakers of all
     * instances of a service, all of them are taken out of traffic, where a fallback could have answered.
     *
     * @return a changed copy that no predictor belongs to yet
     */
    public Readiness requireClosedBreakers() {
        return new Readiness(named, conditions, true);
    }

    /**
     * Makes the service not ready for good, before it is shut down: requests that are sent until the probe is heard are still
     * answered.
     */
    public void drain() {
        isDraining = true;
    }

    /**
     * Whether requests may be sent, and why not.
     *
     * @return the answer at this moment
     */
    public Report report() {
        Map<String, String> details = new LinkedHashMap<>();
        boolean isReady = !isDraining;
        synchronized (this) {
            Set<String> models = new LinkedHashSet<>(named);
            parts.forEach(part -> models.add(part.model.name()));
            for (String model : models) {
                List<Part> ofModel = parts.stream()
                        .filter(part -> part.model.name().equals(model))
                        .toList();
                details.put(model, state(model, ofModel));
                isReady &= ofModel.stream().anyMatch(Part::isReady) || (!named.isEmpty() && !named.contains(model));
            }
            if (models.isEmpty()) {
                details.put("models", "none");
                isReady = false;
            }
        }
        for (Condition condition : conditions) {
            String failure = failure(condition);
            details.put(condition.what, failure.isEmpty() ? "holds" : failure);
            isReady &= failure.isEmpty();
        }
        if (isDraining) {
            details.put("service", "draining");
        }
        return new Report(isReady, details);
    }

    private String state(String model, List<Part> ofModel) {
        return ofModel.isEmpty()
                ? gone.getOrDefault(model, "not built")
                : String.join("; ", ofModel.stream().map(Part::state).toList());
    }

    private static String failure(Condition condition) {
        try {
            return condition.holds.getAsBoolean() ? "" : "does not hold";
        } catch (RuntimeException failure) {
            return "does not hold: " + failure;
        }
    }

    /** Makes the predictor one that counts: not ready until it has been built, and gone when it is closed. */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        Part part = new Part(assembly.model().id());
        assembly.measure(new Measurement(PredictionMeter.READY, Map.of(), () -> part.isReady() ? 1 : 0));
        if (breakersCount) {
            assembly.readMeasurements(measurement -> {
                if (measurement.meter() == PredictionMeter.BREAKER_STATE
                        && "open".equals(measurement.tags().get(PredictionMeter.Tag.STATE))) {
                    part.openBreakers.add(measurement.value());
                }
            });
        }
        synchronized (this) {
            parts.add(part);
        }
        assembly.onClose(() -> remove(part));
        assembly.whenOpen(() -> part.isOpen = true);
    }

    private synchronized void remove(Part part) {
        if (named.contains(part.model.name())) {
            gone.put(part.model.name(), part.isOpen ? "closed" : "build failed");
        }
        part.isOpen = false;
        parts.remove(part);
    }

    /** The report as one line. */
    @Override
    public String toString() {
        return report().toString();
    }

    /**
     * Whether requests may be sent, and what it depends on.
     *
     * @param isReady whether they may
     * @param details by model or requirement, its state in words, such as {@code ready, version 3}; copied, in a fixed order
     * @since 0.1
     */
    public record Report(boolean isReady, Map<String, String> details) {

        /** Copies the details. */
        public Report {
            details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
        }

        /** The report as one line, such as {@code not ready: {credit-risk=starting, version 3}}. */
        @Override
        public String toString() {
            return (isReady ? "ready: " : "not ready: ") + details;
        }
    }
}

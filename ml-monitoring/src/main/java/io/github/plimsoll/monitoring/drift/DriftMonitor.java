package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.monitoring.profile.Baseline;
import io.github.plimsoll.monitoring.profile.Profile;
import io.github.plimsoll.monitoring.profile.ProfileRecorder;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether the features that a predictor sees are still what they were in the baseline.
 *
 * <pre>{@code
 * DriftMonitor drift = DriftMonitor.against(baseline);
 * var demand = Plimsoll.load(path).as(Ride.class, Output.number()).with(drift).build();
 * ...
 * if (drift.look().verdict() instanceof DriftVerdict.Drifted drifted) {
 *     LOG.warn("{}", drifted.features());
 * }
 * }</pre>
 *
 * <p>There is one knob: the probability that any feature ever counts as drifted, in one window, although nothing has changed.
 * It holds however often one looks. It does so exactly for independent rows with continuous numbers, whatever their law and
 * however few rows the baseline has; nearly, for numbers with ties and for categories. Rows that depend on each other, as the
 * weather of one day does, look like drift to it: give such a stream a window of its own length and a baseline that covers
 * its seasons.
 *
 * <p>Predicting threads only count: some nanoseconds a row and a few more for each feature, no allocation, no waiting. Every
 * row counts that could be read at all: of failed calls, of cache hits, and with features that are null or could not be read,
 * which are cells of their own. What counts is what the model was given, after repairs. Memory is fixed, see
 * {@link ProfileRecorder}. {@link #look} costs tens of microseconds a feature on the thread of whoever calls it; nothing runs
 * by itself.
 *
 * <p>Several predictors may share a monitor; it then sees their rows as one stream. The configuration is immutable: the
 * methods that change it return another monitor with a window of its own. Thread-safe.
 *
 * @since 0.1
 */
public final class DriftMonitor implements Capability<Object, Object> {

    private static final double DEFAULT_PROBABILITY = 0.001;

    private final ProfileRecorder recorder;
    private final double probability;
    private final @Nullable DriftGauges gauges;
    private final DriftTest test;

    private DriftMonitor(Baseline baseline, double probability, @Nullable DriftGauges gauges) {
        this.recorder = baseline.recorder();
        this.probability = probability;
        this.gauges = gauges;
        test = new DriftTest(baseline, probability);
    }

    /**
     * A monitor that compares with a baseline, at a false-alarm probability of 0.001.
     *
     * @param baseline what the features looked like when all was well
     * @return the monitor
     */
    public static DriftMonitor against(Baseline baseline) {
        return new DriftMonitor(Objects.requireNonNull(baseline), DEFAULT_PROBABILITY, null);
    }

    /**
     * This monitor with another probability of a false alarm on any feature while a window lasts, whatever the number of
     * looks. Ten times less costs a few more rows until a drift is seen, not ten times more.
     *
     * @param alpha the probability
     * @return another monitor with an empty window
     * @throws IllegalArgumentException if it is not above 0 and below 1
     */
    public DriftMonitor falseAlarmProbability(double alpha) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException(
                    "false-alarm probability: " + alpha + " (expected: above 0 and below 1)");
        }
        return new DriftMonitor(recorder.baseline(), alpha, gauges == null ? null : gauges.anew());
    }

    /**
     * This monitor with a gauge for each feature,
     * {@link io.github.plimsoll.core.meter.PredictionMeter#DRIFT_SCORE ml.drift.score}, that shows the score of the last look
     * and NaN before it. The registry does not keep the monitor alive: when that is gone, the gauges show NaN.
     *
     * @param registry the host's registry
     * @return another monitor with an empty window
     */
    @SuppressWarnings("exports") // whoever has a registry reads its module; others must compile without it
    public DriftMonitor metrics(MeterRegistry registry) {
        return new DriftMonitor(
                recorder.baseline(),
                probability,
                new DriftGauges(Objects.requireNonNull(registry), recorder.baseline()));
    }

    /**
     * Adds a listener that counts the predictor's rows.
     *
     * @throws IllegalStateException if the predictor has no schema or its features are not those of the baseline; features
     *     that only the predictor has are not watched
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (assembly.features().isEmpty()) {
            throw new IllegalStateException(
                    "drift: the predictor has no schema (expected: one, see PredictorBuilder.features)");
        }
        recorder.check(assembly.features());
        if (gauges != null) {
            gauges.register(assembly.model().id());
        }
        assembly.add(new DriftListener(recorder));
    }

    /**
     * Compares what was counted since the window began with the baseline, on the calling thread.
     *
     * @return what can be said now
     */
    public DriftReport look() {
        return look(recorder.snapshot());
    }

    /**
     * Compares a profile with the baseline, such as one merged from several processes.
     *
     * @param profile counts against this monitor's baseline
     * @return what can be said of it; the same to the bit for equal counts
     * @throws IllegalArgumentException if it is a profile against another baseline
     */
    public DriftReport look(Profile profile) {
        if (!profile.baseline().equals(recorder.baseline())) {
            throw new IllegalArgumentException(
                    "profile against " + profile.baseline() + " (expected: against " + recorder.baseline() + ")");
        }
        DriftReport report = test.apply(profile);
        if (gauges != null) {
            gauges.show(report);
        }
        return report;
    }

    /**
     * What was counted since the window began, to merge it with what others counted.
     *
     * @return the counts
     */
    public Profile profile() {
        return recorder.snapshot();
    }

    /**
     * Ends the window and begins a new one, with its own probability of a false alarm: after a drift has been dealt with, or
     * at regular times, since a drift that begins after a long quiet time is seen the later the more quiet rows are in the
     * window.
     *
     * @return what was counted in the window that ended
     */
    public Profile reset() {
        return recorder.reset();
    }

    /** The monitor in a few words. */
    @Override
    public String toString() {
        return "drift monitor against " + recorder.baseline() + ", false-alarm probability " + probability;
    }
}

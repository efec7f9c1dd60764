package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.PredictorBuilder;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.PredictionMetrics;
import io.github.plimsoll.monitoring.PredictionObservation;
import io.github.plimsoll.serving.Caching;
import io.github.plimsoll.serving.Coalescing;
import io.github.plimsoll.serving.Readiness;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What cache, coalescing, metrics and observation add to a call, each apart and together.
 *
 * <p>The model is a function that costs nothing, with 20 numbers as its features, so what is measured is Plimsoll's own work:
 * {@code bare} is the floor. A hit asks for the same row again and again; a miss never asks for a row twice, with room for
 * 10,000 answers, so it evicts as well. Metrics go to a Prometheus registry.
 *
 * <pre>java -jar samples/benchmarks/target/benchmarks.jar StageBenchmark -prof gc</pre>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class StageBenchmark {

    private static final int FEATURES = 20;

    private Predictor<double[], Double> bare;
    private Predictor<double[], Double> metrics;
    private Predictor<double[], Double> cache;
    private Predictor<double[], Double> cacheMetrics;
    private Predictor<double[], Double> cacheAll;
    private Predictor<double[], Double> coalescing;
    private Predictor<double[], Double> cacheCoalescingMetrics;
    private Predictor<double[], Double> readiness;
    private Predictor<double[], Double> observation;
    private final double[] row = new double[FEATURES];
    private double next;

    private static PredictorBuilder<double[], Double> model() {
        return Plimsoll.<double[], Double>function(new ModelId("nothing", "1"), input -> 0.5)
                .features(Schema.ofDoubles(FEATURES));
    }

    private static PredictionMetrics newMetrics() {
        return PredictionMetrics.to(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    /** Builds the predictors. */
    @Setup
    public void build() {
        Caching entries = Caching.entries(10_000).expireAfterWrite(Duration.ofMinutes(10));
        ObservationRegistry observations = ObservationRegistry.create();
        observations
                .observationConfig()
                .observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
        bare = model().build();
        metrics = model().with(newMetrics()).build();
        cache = model().with(entries).build();
        cacheMetrics = model().with(entries).with(newMetrics()).build();
        cacheAll = model().with(entries.refreshAhead(Duration.ofMinutes(9), Runnable::run)
                        .staleIfError(Duration.ofHours(1)))
                .with(newMetrics())
                .build();
        coalescing = model().with(Coalescing.ofEqualInputs()).build();
        cacheCoalescingMetrics = model().with(entries)
                .with(Coalescing.ofEqualInputs())
                .with(newMetrics())
                .build();
        readiness = model().with(Readiness.of("nothing")).build();
        observation = model().with(PredictionObservation.to(observations)).build();
        for (int i = 0; i < FEATURES; i++) {
            row[i] = i + 0.5;
        }
    }

    /** Closes the predictors. */
    @TearDown
    public void close() {
        List.of(
                        bare,
                        metrics,
                        cache,
                        cacheMetrics,
                        cacheAll,
                        coalescing,
                        cacheCoalescingMetrics,
                        readiness,
                        observation)
                .forEach(Predictor::close);
    }

    private double[] newRow() {
        row[0] = next++;
        return row;
    }

    /** Reading the row, the function, and the answer: the floor. */
    @Benchmark
    public double bare() {
        return bare.predict(row);
    }

    /** As bare, with four timers and three counters. */
    @Benchmark
    public double metrics() {
        return metrics.predict(row);
    }

    /** An answer that the cache has. */
    @Benchmark
    public double hit() {
        return cache.predict(row);
    }

    /** An answer that the cache has, with metrics. */
    @Benchmark
    public double hitMetrics() {
        return cacheMetrics.predict(row);
    }

    /** An answer that the cache has, with refresh ahead, stale answers and metrics. */
    @Benchmark
    public double hitAll() {
        return cacheAll.predict(row);
    }

    /** An answer that the cache does not have, and then has. */
    @Benchmark
    public double miss() {
        return cache.predict(newRow());
    }

    /** An answer that the cache does not have, with coalescing and metrics. */
    @Benchmark
    public double missCoalescingMetrics() {
        return cacheCoalescingMetrics.predict(newRow());
    }

    /** An input that is equal to no other under way. */
    @Benchmark
    public double coalescingIdle() {
        return coalescing.predict(row);
    }

    /** A predictor whose readiness is known. */
    @Benchmark
    public double readiness() {
        return readiness.predict(row);
    }

    /** With a handler that times observations. */
    @Benchmark
    public double observation() {
        return observation.predict(row);
    }
}

package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.meter.Measurement;
import io.github.plimsoll.core.meter.PredictionMeter;
import io.github.plimsoll.core.model.ModelId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Has the model answer sample inputs before anybody can call the predictor, so that no caller pays for the first runs, in
 * which engines reserve memory, choose algorithms and are compiled.
 *
 * <pre>{@code
 * var risk = Plimsoll.load(Path.of("models/credit-risk"))
 *         .as(Applicant.class, Output.probabilityOf("default"))
 *         .with(WarmUp.of(List.of(typical, rich, poor)).batchSizes(1, 8, 64))
 *         .build();
 * }</pre>
 *
 * <p>The samples go to the model in batches of each size, again and again if there are fewer samples than rows, on the thread
 * that builds the predictor. They go through no cache and no limit, and no listener is told, so they are in no metric but
 * {@link PredictionMeter#WARM_UP}. Name every size that {@code predictAll} or a batching stage will give to the model: to an
 * engine each may be news. A sample that is not answered fails the build: a model that cannot answer what is typical must not
 * take calls.
 *
 * <p>A {@linkplain io.github.plimsoll.core.model.PackagePolicy#warmUp package} with golden samples and an MLflow folder with
 * an input example are asked those while they are loaded, which is before this. Immutable and thread-safe.
 *
 * @param <I> the type of the inputs
 * @since 0.1
 * @see Readiness
 */
public final class WarmUp<I> implements Capability<I, Object> {

    private static final int LARGEST_BATCH = 65_536;
    private static final int ROUNDS = 10;

    private final List<I> samples;
    private final int[] sizes;
    private final int rounds;

    private WarmUp(List<I> samples, int[] sizes, int rounds) {
        this.samples = samples;
        this.sizes = sizes;
        this.rounds = rounds;
    }

    /**
     * Warms up with samples of the host, one at a time, 10 times.
     *
     * @param samples typical inputs; copied
     * @param <I> the type of the inputs
     * @return the capability
     * @throws IllegalArgumentException if there are none
     * @throws NullPointerException if one is null
     */
    public static <I> WarmUp<I> of(List<? extends I> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples: none (expected: at least one)");
        }
        return new WarmUp<>(List.copyOf(samples), new int[] {1}, ROUNDS);
    }

    /**
     * Warms up with batches of other sizes.
     *
     * @param rows the sizes, in the order in which they are run
     * @return a changed copy
     * @throws IllegalArgumentException if there are none, or one is not from 1 to 65,536
     */
    public WarmUp<I> batchSizes(int... rows) {
        if (rows.length == 0 || Arrays.stream(rows).anyMatch(size -> size < 1 || size > LARGEST_BATCH)) {
            throw new IllegalArgumentException(
                    "batch sizes: " + Arrays.toString(rows) + " (expected: from 1 to " + LARGEST_BATCH + ")");
        }
        return new WarmUp<>(samples, rows.clone(), rounds);
    }

    /**
     * Warms up with another number of rounds. A few let an engine reserve its memory; it takes thousands until the JVM has
     * compiled what stands around a fast model.
     *
     * @param times how often all samples and all sizes are run
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     */
    public WarmUp<I> rounds(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("rounds: " + times + " (expected: >= 1)");
        }
        return new WarmUp<>(samples, sizes, times);
    }

    /** Has the samples answered when everything else of the predictor is there. */
    @Override
    public void attach(Assembly<I, Object> assembly) {
        AtomicLong nanos = new AtomicLong();
        ModelId model = assembly.model().id();
        TimeSource time = assembly.time();
        assembly.measure(new Measurement(PredictionMeter.WARM_UP, Map.of(), () -> nanos.get() * 1e-9));
        assembly.beforeFirstCall(bare -> {
            long begun = time.nanoTime();
            for (int round = 0; round < rounds; round++) {
                for (int size : sizes) {
                    run(bare, size, model);
                }
            }
            nanos.set(time.nanoTime() - begun);
        });
    }

    /** Every sample once, in batches of a size. */
    private void run(Predictor<I, Object> bare, int size, ModelId model) {
        for (int first = 0; first < samples.size(); first += size) {
            List<I> rows = new ArrayList<>(size);
            for (int row = 0; row < size; row++) {
                rows.add(samples.get((first + row) % samples.size()));
            }
            List<Outcome<Object>> outcomes = bare.predictEach(rows);
            for (int row = 0; row < size; row++) {
                if (outcomes.get(row) instanceof Outcome.Failed<Object> failed) {
                    throw new ModelLoadException(
                            "model " + model + ": warm-up failed at sample " + (first + row) % samples.size()
                                    + " in a batch of " + size + ": "
                                    + failed.failure().getMessage() + " (expected: an answer to every sample)",
                            failed.failure());
                }
            }
        }
    }

    /** The capability in words, such as {@code warm-up with 3 samples in batches of [1, 8, 64], 10 rounds}. */
    @Override
    public String toString() {
        return "warm-up with " + samples.size() + " samples in batches of " + Arrays.toString(sizes) + ", " + rounds
                + " rounds";
    }
}

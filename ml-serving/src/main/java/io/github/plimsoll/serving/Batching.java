package io.github.plimsoll.serving;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Joins the inputs of callers that come at the same time into one run of the model, for models that answer many rows in hardly
 * more time than one.
 *
 * <pre>{@code
 * var risk = Plimsoll.load(Path.of("models/credit-risk"))
 *         .as(Applicant.class, Output.probabilityOf("default"))
 *         .with(Batching.rows(64))
 *         .build();
 * }</pre>
 *
 * <p>There is no thread behind it. A caller that finds a run free asks the model at once, on its own thread, and takes along
 * everybody who waits; a caller that finds none free waits, and is answered by one of those who do. So without load nothing
 * waits and nothing changes threads, and under load batches form by themselves and grow with it. A caller works for others only
 * in the run that answers its own input.
 *
 * <p>What holds for every call:
 *
 * <ul>
 *   <li>Inputs are taken first in, first out within a {@linkplain io.github.plimsoll.core.Priority priority}, higher priorities
 *       first; a priority that 16 batches in a row passed over comes first in the next, so that none waits for ever. Rows
 *       whose tensors differ in size never share a run, so they may overtake each other.
 *   <li>A deadline that passes, a thread that is interrupted or a future that is cancelled while the call waits takes it out
 *       of the queue: the model never sees it. What has begun runs to its end.
 *   <li>A bad row fails alone: what an engine failed on together is run again in halves until the row is found, within
 *       {@linkplain #isolatingFailures a budget}. So the model may see a row more than once.
 *   <li>If the model answers with a wrong number of rows, all of that run fail with a
 *       {@link io.github.plimsoll.core.ModelOutputException}.
 *   <li>An answer may differ in its last digits from that of a run alone, as engines compute batches in another order: see
 *       {@link BatchEquivalence}.
 *   <li>Listeners of a call run on its own thread, so a slow one holds up nobody else. An {@link Error} is thrown to the caller on
 *       whose thread the model ran; the others of its batch fail with it as the cause.
 *   <li>Closing the predictor answers those who wait, then closes the model; later calls fail with a
 *       {@link io.github.plimsoll.core.ModelClosedException}.
 * </ul>
 *
 * <p>A {@code predictAll} with more rows than a run may have is split; what its last run has room for, others fill. Time spent
 * waiting is the call's queue time. Stands at {@link Stage#BATCH}, innermost: limits and caches see calls, not batches.
 * Immutable; each predictor has a queue of its own. A model that takes inputs one at a time, as a function does, gains nothing.
 *
 * @since 0.1
 */
public final class Batching implements Capability<Object, Object> {

    private static final int QUEUED_BATCHES = 16;
    private static final int EXTRA_RUNS = 16; // finds one bad row among 256
    private static final int MOST_ROWS = 1 << 16;

    /** What happens to a call that finds the queue full. What is expired or cancelled has been taken out before. */
    public enum WhenFull {
        /** It fails with a {@link RejectedException} that says when to try again. */
        REJECT,
        /** It asks the model on its own, beyond the number of runs that are allowed. */
        RUN_ALONE,
        /**
         * The oldest of the lowest priority make room for it and fail with a {@link RejectedException}. A call that is itself
         * less important than all who wait is refused.
         */
        DROP_OLDEST
    }

    private record Values(
            int rows,
            List<Integer> sizes,
            int runs,
            Duration delay,
            @Nullable Duration objective,
            int queueRows,
            WhenFull whenFull,
            int extraRuns) {}

    private final Values is;

    private Batching(Values values) {
        is = values;
    }

    /**
     * Batches that form while the model is busy: as many runs at once as there are processors, no waiting for more rows, a
     * queue of 16 batches.
     *
     * @param max how many rows a run may have at most, 1 to 65536
     * @return the capability
     * @throws IllegalArgumentException if the number is out of that range
     */
    public static Batching rows(int max) {
        checkRange("rows", max, 1, MOST_ROWS);
        return new Batching(new Values(
                max,
                List.of(),
                Runtime.getRuntime().availableProcessors(),
                Duration.ZERO,
                null,
                max * QUEUED_BATCHES,
                WhenFull.REJECT,
                EXTRA_RUNS));
    }

    private static void checkRange(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }

    /**
     * With a number of runs that may be under way at once. Fewer make larger batches, more make shorter waits; what the model
     * itself {@linkplain io.github.plimsoll.core.model.LoadOptions#concurrentCalls computes at once} is the most that is of
     * use.
     *
     * @param atOnce 1 to 1000; the number of processors unless said
     * @return a changed copy
     * @throws IllegalArgumentException if the number is out of that range
     */
    public Batching runs(int atOnce) {
        checkRange("runs", atOnce, 1, 1000);
        return new Batching(
                new Values(is.rows, is.sizes, atOnce, is.delay, is.objective, is.queueRows, is.whenFull, is.extraRuns));
    }

    /**
     * With waiting for more rows even when a run is free, for a model so slow to start that few large runs are better than
     * many small ones. A batch that is full goes at once, and so does one with a call whose deadline would come before.
     *
     * @param delay how long a call may wait for others at most; zero, as unless said, for not at all
     * @return a changed copy
     * @throws IllegalArgumentException if the time is negative
     */
    public Batching maxDelay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("maxDelay: " + delay + " (expected: >= 0)");
        }
        return new Batching(
                new Values(is.rows, is.sizes, is.runs, delay, is.objective, is.queueRows, is.whenFull, is.extraRuns));
    }

    /**
     * With only as many rows in a run as keep it within half of a time, so that a call which comes while the model is busy waits for
     * that run and has its own answered in time. How long a run takes is learnt from the last 50 runs as a line, {@code a * rows + b},
     * by least squares; there is no training, the size doubles at most from what was tried. Where not even one row is that
     * quick, a run has as many rows as double its cost. It sizes runs; it refuses nobody: give calls a {@link Timeout} for
     * that. Costs two readings of the clock a run.
     *
     * @param objective how long waiting for the run before and the own run may take together
     * @return a changed copy
     * @throws IllegalArgumentException if the time is not positive
     */
    public Batching latencyObjective(Duration objective) {
        if (objective.isZero() || objective.isNegative()) {
            throw new IllegalArgumentException("latencyObjective: " + objective + " (expected: > 0)");
        }
        return new Batching(
                new Values(is.rows, is.sizes, is.runs, is.delay, objective, is.queueRows, is.whenFull, is.extraRuns));
    }

    /**
     * With a bound on the rows that wait.
     *
     * @param rows how many may wait, those of a run not counted: at least as many as a run may have; 16 times that unless said
     * @param whenFull what happens to a call for which there is no room; {@link WhenFull#REJECT} unless said
     * @return a changed copy
     * @throws IllegalArgumentException if the number is less than the rows of a run, or more than 1048576
     */
    public Batching queue(int rows, WhenFull whenFull) {
        checkRange("queue", rows, is.rows, MOST_ROWS * QUEUED_BATCHES);
        return new Batching(new Values(
                is.rows,
                is.sizes,
                is.runs,
                is.delay,
                is.objective,
                rows,
                Objects.requireNonNull(whenFull),
                is.extraRuns));
    }

    /**
     * With runs of certain sizes only, for an engine that prepares itself for each size it meets. A batch of another size is filled
     * up with copies of its last row, whose answers nobody is given; interceptors that stand inside this stage see them as
     * calls.
     *
     * @param sizes the allowed sizes, each larger than the one before, and all less than the most rows, which are always
     *     allowed
     * @return a changed copy
     * @throws IllegalArgumentException if the sizes do not grow or are out of range
     */
    public Batching paddedTo(int... sizes) {
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1 || sizes[i] >= is.rows || (i > 0 && sizes[i] <= sizes[i - 1])) {
                throw new IllegalArgumentException("paddedTo: " + Arrays.toString(sizes)
                        + " (expected: growing sizes from 1 to " + (is.rows - 1) + ")");
            }
        }
        List<Integer> all = IntStream.concat(IntStream.of(sizes), IntStream.of(is.rows))
                .boxed()
                .toList();
        return new Batching(
                new Values(is.rows, all, is.runs, is.delay, is.objective, is.queueRows, is.whenFull, is.extraRuns));
    }

    /**
     * With a number of extra runs of the model that a batch may take to find the rows that make it fail. One row among
     * {@code n} takes {@code 2 * log2(n)}. Rows that were not told apart when the budget is used up fail together.
     *
     * @param extraRuns 0 for none: then all rows of a run that fails fail; 16 unless said
     * @return a changed copy
     * @throws IllegalArgumentException if the number is negative or more than 1000
     */
    public Batching isolatingFailures(int extraRuns) {
        checkRange("isolatingFailures", extraRuns, 0, 1000);
        return new Batching(
                new Values(is.rows, is.sizes, is.runs, is.delay, is.objective, is.queueRows, is.whenFull, extraRuns));
    }

    /**
     * Adds a queue of its own to a predictor.
     *
     * @throws IllegalStateException if there is batching already
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        List<Feature> features = assembly.features();
        int[] tensors = IntStream.range(0, features.size())
                .filter(i -> features.get(i).type() == FeatureType.TENSOR
                        && features.get(i).shape()[0] < 0)
                .toArray();
        BatchingInterceptor batches =
                new BatchingInterceptor(this, tensors, assembly.model().id().toString(), assembly.time());
        assembly.add(batches);
        batches.measure(assembly);
        assembly.beforeClose(batches::close);
    }

    int maxRows() {
        return is.rows;
    }

    int runsAtOnce() {
        return is.runs;
    }

    Duration delay() {
        return is.delay;
    }

    @Nullable
    Duration objective() {
        return is.objective;
    }

    int queueRows() {
        return is.queueRows;
    }

    WhenFull whenFull() {
        return is.whenFull;
    }

    int extraRuns() {
        return is.extraRuns;
    }

    /** How many rows the model is given for a number of them. */
    int paddedSize(int rows) {
        for (int i = 0; i < is.sizes.size(); i++) {
            if (is.sizes.get(i) >= rows) {
                return is.sizes.get(i);
            }
        }
        return rows;
    }

    /** The capability in words, such as {@code batches of at most 64 rows, 2 runs at once, ...}. */
    @Override
    public String toString() {
        StringBuilder text =
                new StringBuilder("batches of at most ").append(is.rows).append(is.rows == 1 ? " row" : " rows");
        if (!is.sizes.isEmpty()) {
            text.append(", padded to ").append(is.sizes);
        }
        text.append(", ")
                .append(is.runs)
                .append(is.runs == 1 ? " run" : " runs")
                .append(" at once");
        text.append(is.delay.isZero() ? ", no delay" : ", a delay of at most " + is.delay);
        if (is.objective != null) {
            text.append(", sized for ").append(is.objective);
        }
        return text.append(", a queue of ")
                .append(is.queueRows)
                .append(" rows, when full ")
                .append(is.whenFull.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
                .append(", ")
                .append(is.extraRuns)
                .append(" extra runs to find bad rows")
                .toString();
    }
}

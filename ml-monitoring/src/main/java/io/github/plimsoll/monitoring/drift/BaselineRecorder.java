package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.schema.FeatureRow;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the rows and predictions of live traffic, to make a {@link Baseline} of a time in which all is well.
 *
 * <pre>{@code
 * BaselineRecorder recorder = BaselineRecorder.rows(20_000);
 * var demand = Plimsoll.load(path).as(Ride.class, Output.number()).with(recorder).build();
 * ...                                                        // some days later
 * recorder.baseline(500).write(file);
 * }</pre>
 *
 * <p>Outcomes are not known, so nothing is learned of them. A baseline of too short a time knows too few seasons: take at least
 * one of each that the traffic has, as a whole week, {@code BaselineRecorder.rows(20_000).during(Duration.ofDays(7))}.
 *
 * <p>Predicting threads copy rows as with a {@link DriftMonitor}; whoever fills a block files its rows. The first rows are kept,
 * as many as asked for, or a sample of a {@linkplain #during time}, at 8 bytes a value, which are taken when the predictor is
 * built; later ones are not looked at. Rows are in about the order in which they came. Predictors that share a recorder have
 * to read the features of the first. Rows of sensitive features are kept without values, texts and tensors as what is computed
 * of them. Thread-safe.
 *
 * @since 0.1
 */
public final class BaselineRecorder implements Capability<Object, Object> {

    private final int most;
    private final @Nullable Duration time; // null for the first rows, however long they take
    private final ToDoubleFunction<Object> score;
    private final @Nullable String segmentFeature;
    private final @Nullable ZoneId zone; // of hours of the week
    private final ReentrantLock filing = new ReentrantLock(); // guards what is filed
    private Baseline.@Nullable Builder rows;
    private @Nullable RunSample sample; // of a time
    private long until = Long.MIN_VALUE; // none before the first row
    private volatile @Nullable RowRecorder recorder; // null before the first predictor and when all rows are there

    private BaselineRecorder(
            int most,
            @Nullable Duration time,
            ToDoubleFunction<Object> score,
            @Nullable String segmentFeature,
            @Nullable ZoneId zone) {
        this.most = most;
        this.time = time;
        this.score = score;
        this.segmentFeature = segmentFeature;
        this.zone = zone;
    }

    /**
     * A recorder.
     *
     * @param most how many rows to keep
     * @return a recorder without rows
     * @throws IllegalArgumentException if a baseline needs more
     */
    public static BaselineRecorder rows(int most) {
        if (most < Baseline.MIN_ROWS) {
            throw new IllegalArgumentException("rows: " + most + " (expected: >= " + Baseline.MIN_ROWS + ")");
        }
        return new BaselineRecorder(most, null, DriftRecording::number, null, null);
    }

    /**
     * This recorder, for the rows of some time from the first call on, by the predictor's clock. If there are more than were asked
     * for, those that are kept are a sample that is spread over all of the time: from 32 to 64 runs of consecutive rows, one of
     * each stretch of traffic, chosen at random with a fixed seed. They are runs because rows far apart would not show how much
     * each depends on those before it; so windows of the monitor should not have more rows than such a run, a 64th of all.
     *
     * @param period how long, such as a week
     * @return another recorder without rows
     * @throws IllegalArgumentException if it is not longer than none
     */
    public BaselineRecorder during(Duration period) {
        if (period.toMillis() < 1) {
            throw new IllegalArgumentException("during: " + period + " (expected: at least a millisecond)");
        }
        return new BaselineRecorder(most, period, score, segmentFeature, zone);
    }

    /**
     * This recorder, taking for a prediction the number that a function makes of an answer, as {@link DriftMonitor#score} does.
     *
     * @param function called on predicting threads with each answer; NaN for one that has no number
     * @return another recorder without rows
     */
    public BaselineRecorder score(ToDoubleFunction<Object> function) {
        return new BaselineRecorder(most, time, Objects.requireNonNull(function), segmentFeature, zone);
    }

    /**
     * This recorder, for a baseline with segments, see {@link Baseline.Builder#segmentBy}.
     *
     * @param feature the name of a category or boolean that is not sensitive; it is looked up when a predictor is built
     * @return another recorder without rows
     */
    public BaselineRecorder segmentBy(String feature) {
        return new BaselineRecorder(most, time, score, Objects.requireNonNull(feature), zone);
    }

    /**
     * This recorder, for a baseline that compares rows with those of the same time of the week, see {@link
     * Baseline.Builder#hoursOfWeek}, at the times of the calls. Rows of at least two weeks are needed.
     *
     * @param place by whose clock the hours are
     * @return another recorder without rows
     */
    public BaselineRecorder hoursOfWeek(ZoneId place) {
        return new BaselineRecorder(most, time, score, segmentFeature, Objects.requireNonNull(place));
    }

    /**
     * Adds a listener that copies the predictor's rows.
     *
     * @throws IllegalStateException if the predictor reads no features, or not those of the first, or none that makes segments
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        if (assembly.features().isEmpty()) {
            throw new IllegalStateException(
                    "BaselineRecorder: the predictor reads no features (expected: a schema, given to as or features)");
        }
        filing.lock();
        try {
            Baseline.Builder known = rows;
            if (known == null) {
                known = new Baseline.Builder(assembly.features(), most);
                if (segmentFeature != null) {
                    known.segmentBy(segmentFeature);
                }
                if (zone != null) {
                    known.hoursOfWeek(zone);
                }
                rows = known;
                sample = time == null ? null : new RunSample(most);
                recorder = new RowRecorder(known.encoder, Integer.MAX_VALUE);
            }
            assembly.add(new Listener(this, known.encoder.reader(assembly.features())));
        } catch (IllegalArgumentException mismatch) {
            throw new IllegalStateException("BaselineRecorder: " + mismatch.getMessage(), mismatch);
        } finally {
            filing.unlock();
        }
    }

    /** Copies the rows of one predictor. */
    private record Listener(BaselineRecorder owner, RowReader reader) implements PredictionListener<Object, Object> {

        @Override
        public void onPrediction(PredictionEvent<Object, Object> event) {
            FeatureRow row = event.features();
            RowRecorder recorder = owner.recorder;
            if (row == null || recorder == null) {
                return;
            }
            Object value = event.value();
            double prediction = value == null ? Double.NaN : owner.score.applyAsDouble(value);
            String label = DriftRecording.label(value);
            if (recorder.record(
                            reader,
                            row,
                            prediction,
                            label,
                            DriftRecording.fallback(event),
                            event.time().toEpochMilli())
                    && owner.filing.tryLock()) {
                try {
                    owner.file(recorder);
                } finally {
                    owner.filing.unlock();
                }
            }
        }
    }

    private void file(RowRecorder from) {
        if (fileFull(from)) {
            from.seal(); // there may be earlier rows in blocks of other threads
            fileFull(from);
            recorder = null;
        }
    }

    /** Files the rows of full blocks; tells whether no more are wanted. */
    private boolean fileFull(RowRecorder from) {
        Baseline.Builder into = Objects.requireNonNull(rows);
        boolean isOver = false;
        for (int index = from.take(); index >= 0; index = from.take()) {
            RowBlock block = from.block(index);
            for (int row = 0; row < block.size; row++) {
                isOver |= file(block, row, into);
            }
            from.free(index);
        }
        return isOver;
    }

    /** Files a row, unless it is one too many or the time is over; tells whether no more rows are wanted. */
    private boolean file(RowBlock block, int row, Baseline.Builder into) {
        RunSample ofTime = sample;
        if (time == null || ofTime == null) {
            if (into.rows() < most) {
                block.file(row, into);
            }
            return into.rows() == most;
        }
        long millis = block.time(row);
        if (until == Long.MIN_VALUE) {
            until = millis + time.toMillis();
        }
        if (millis < until) {
            ofTime.offer(block, row, into);
            return false;
        }
        return true;
    }

    /**
     * How many rows are kept by now, those included that are still on their way.
     *
     * @return a number from 0 to what was asked for; of a time it may fall, when all that is kept is thinned out
     */
    public int recorded() {
        filing.lock();
        try {
            fileAll();
            return rows == null ? 0 : rows.rows();
        } finally {
            filing.unlock();
        }
    }

    private void fileAll() {
        RowRecorder from = recorder;
        if (from != null) {
            from.seal();
            file(from);
        }
    }

    /**
     * The baseline of the rows that are kept by now. Costs some microseconds a value, on this thread; predicting threads are not
     * held up.
     *
     * @param windowRows about how many rows a window of the monitor will have, see {@link Baseline.Builder#windowRows}
     * @return the baseline
     * @throws IllegalStateException if there are fewer than 100 rows or less than two windows of rows; or if hours of the week
     *     are wanted and the rows are of less than two weeks
     * @throws IllegalArgumentException if there are fewer than 20 rows in a window
     */
    public Baseline baseline(int windowRows) {
        filing.lock();
        try {
            fileAll();
            Baseline.Builder kept = rows;
            if (kept == null) {
                throw new IllegalStateException(
                        "baseline: no predictor (expected: one that was built with this recorder)");
            }
            return kept.windowRows(windowRows).build();
        } finally {
            filing.unlock();
        }
    }

    /** The recorder in a few words. */
    @Override
    public String toString() {
        return "baseline recorder of at most " + most + " rows" + (time == null ? "" : " during " + time);
    }
}

package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import io.github.plimsoll.core.PredictionEvent;
import io.github.plimsoll.core.PredictionListener;
import io.github.plimsoll.core.schema.FeatureRow;
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
 * one of each that the traffic has, as a whole week.
 *
 * <p>Predicting threads copy rows as with a {@link DriftMonitor}; whoever fills a block files its rows. The first rows are kept,
 * as many as asked for, at 8 bytes a value, which are taken when the predictor is built; later ones are not looked at. Rows
 * are in about the order in which they came. Predictors that share a recorder have to read the features of the first. Rows of
 * sensitive features, texts and tensors are kept without values. Thread-safe.
 *
 * @since 0.1
 */
public final class BaselineRecorder implements Capability<Object, Object> {

    private final int most;
    private final ToDoubleFunction<Object> score;
    private final @Nullable String segmentFeature;
    private final ReentrantLock filing = new ReentrantLock(); // guards what is filed
    private Baseline.@Nullable Builder rows;
    private volatile @Nullable RowRecorder recorder; // null before the first predictor and when all rows are there

    private BaselineRecorder(int most, ToDoubleFunction<Object> score, @Nullable String segmentFeature) {
        this.most = most;
        this.score = score;
        this.segmentFeature = segmentFeature;
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
        return new BaselineRecorder(most, DriftRecording::number, null);
    }

    /**
     * This recorder, taking for a prediction the number that a function makes of an answer, as {@link DriftMonitor#score} does.
     *
     * @param function called on predicting threads with each answer; NaN for one that has no number
     * @return another recorder without rows
     */
    public BaselineRecorder score(ToDoubleFunction<Object> function) {
        return new BaselineRecorder(most, Objects.requireNonNull(function), segmentFeature);
    }

    /**
     * This recorder, for a baseline with segments, see {@link Baseline.Builder#segmentBy}.
     *
     * @param feature the name of a category or boolean that is not sensitive; it is looked up when a predictor is built
     * @return another recorder without rows
     */
    public BaselineRecorder segmentBy(String feature) {
        return new BaselineRecorder(most, score, Objects.requireNonNull(feature));
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
                rows = known;
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
            if (recorder.record(reader, row, prediction, 0) && owner.filing.tryLock()) {
                try {
                    owner.file(recorder);
                } finally {
                    owner.filing.unlock();
                }
            }
        }
    }

    private void file(RowRecorder from) {
        Baseline.Builder into = Objects.requireNonNull(rows);
        for (int index = from.take(); index >= 0; index = from.take()) {
            RowBlock block = from.block(index);
            for (int row = 0; row < block.size && into.rows() < most; row++) {
                block.file(row, into);
            }
            from.free(index);
        }
        if (into.rows() == most) {
            recorder = null;
        }
    }

    /**
     * How many rows are kept by now, those included that are still on their way.
     *
     * @return a number from 0 to what was asked for
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
     * @throws IllegalStateException if there are fewer than 100 rows or less than two windows of rows
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
        return "baseline recorder of at most " + most + " rows";
    }
}

package io.github.plimsoll.monitoring.log;

import io.github.plimsoll.core.Assembly;
import io.github.plimsoll.core.Capability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;

/**
 * Writes a line of JSON for each prediction, answered or failed, without making the caller wait.
 *
 * <pre>{@code
 * var demand = Plimsoll.load(path).as(Ride.class, Output.number())
 *         .with(PredictionLog.jsonLines(Path.of("predictions")).features("temperature", "season"))
 *         .build();
 * }</pre>
 *
 * <p>A line says when, which id, which model and version, what became of the input, the answer's value, how long it took, and
 * the rules that were broken, by name and place. <b>It has no inputs unless they are asked for by name</b> or with
 * {@link #allFeatures()}, and a {@linkplain io.github.plimsoll.core.schema.Feature#isSensitive() sensitive} feature is
 * written as {@code "***"} even then, {@code null} as null. Messages of failures are not written, since they may quote an
 * input. Numbers that JSON does not have are strings: {@code "NaN"}, {@code "Infinity"}, {@code "-Infinity"}. The form of a
 * line has a version, {@code "v":1}, and fields are only ever added to it.
 *
 * <p><b>What a call pays:</b> it copies what will be written to a queue, well under a microsecond, without lock or I/O. One
 * daemon thread for each predictor, {@code plimsoll-prediction-log-<model>}, writes; it wakes 20 times a second, or when a
 * quarter of the queue has been filled, and flushes whenever it has emptied the queue.
 *
 * <p><b>What is lost, and when:</b> a prediction that finds the queue full is dropped and counted in {@link #dropped()}, and
 * a line {@code {"v":1,"time":...,"dropped":n}} says so as soon as there is room. What could not be written is counted in
 * {@link #failed()} and warned of once. While the file cannot be opened, it is tried again every second and predictions wait
 * in the queue. A killed process loses what is in the queue. Closing the predictor writes the queue out, for at most five
 * seconds; what is left then is counted as failed. So every prediction is in exactly one of {@link #written()},
 * {@link #dropped()} and {@link #failed()} in the end.
 *
 * <p>A value of type {@code double[]} or {@code float[]} is copied on the calling thread. A value of another type is
 * rendered on the writing thread and should be immutable; what is neither a number, a boolean, a text, an array of the above,
 * {@code ClassProbabilities} nor a {@code Ranking} is written as its {@code toString}. Texts are cut after 4,096 characters.
 *
 * <p>Immutable but for its counters, which start anew in each changed copy and sum up over all predictors that were built
 * with it; thread-safe.
 *
 * @since 0.1
 */
public final class PredictionLog implements Capability<Object, Object> {

    static final int DEFAULT_CAPACITY = 8_192;
    static final long DEFAULT_FILE_SIZE = 64L << 20;
    static final int DEFAULT_FILES = 16;
    private static final Duration CLOSING_TIME = Duration.ofSeconds(5);

    private final Target target;
    private final int capacity;
    private final FeatureChoice features;
    private final Duration closingTime;
    private final LogCounters counters = new LogCounters();

    private PredictionLog(Target target, int capacity, FeatureChoice features, Duration closingTime) {
        this.target = target;
        this.capacity = capacity;
        this.features = features;
        this.closingTime = closingTime;
    }

    /** Where lines go. */
    private sealed interface Target {
        record Files(Path folder, long fileSize, int keep) implements Target {}

        record Log(Logger logger) implements Target {}
    }

    /**
     * A log to files in a folder, in UTF-8, one JSON object a line.
     *
     * <p>The folder is made when a predictor is built. Files are called {@code predictions-<model>-<time>-<number>.jsonl},
     * never overwritten, and a new one is begun at 64 MiB ({@link #fileSize}). <b>Of one model's files the latest 16 stay,
     * older ones are deleted</b> ({@link #keepFiles}), so that the log takes at most 1 GiB. Give each process a folder of its
     * own.
     *
     * @param folder the folder
     * @return the capability
     */
    public static PredictionLog jsonLines(Path folder) {
        return new PredictionLog(
                new Target.Files(Objects.requireNonNull(folder), DEFAULT_FILE_SIZE, DEFAULT_FILES),
                DEFAULT_CAPACITY,
                FeatureChoice.NONE,
                CLOSING_TIME);
    }

    /**
     * A log to a logger of the host, at level {@code INFO}, with the JSON as the message.
     *
     * @param logger the logger, called on the writing thread; what it does with a line that it cannot write, it does silently
     * @return the capability
     */
    public static PredictionLog to(Logger logger) {
        return new PredictionLog(
                new Target.Log(Objects.requireNonNull(logger)), DEFAULT_CAPACITY, FeatureChoice.NONE, CLOSING_TIME);
    }

    /**
     * This log with some of the features in each line, sensitive ones masked. A feature that could not be read is listed in
     * {@code "invalid"}, without what was given for it.
     *
     * @param names the features' names; building a predictor that lacks one is an {@link IllegalStateException}
     * @return a changed copy
     */
    public PredictionLog features(String... names) {
        return new PredictionLog(target, capacity, new FeatureChoice.Named(List.of(names)), closingTime);
    }

    /**
     * This log with all features in each line, sensitive ones masked.
     *
     * @return a changed copy
     * @see #features
     */
    public PredictionLog allFeatures() {
        return new PredictionLog(target, capacity, FeatureChoice.ALL, closingTime);
    }

    /**
     * This log with another bound on the predictions that wait to be written. Each holds its value, about 200 bytes, and
     * its features if they are written.
     *
     * @param predictions how many, rounded up to a power of two; 8,192 unless stated otherwise
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 4 or more than 2<sup>24</sup>
     */
    public PredictionLog queueCapacity(int predictions) {
        if (predictions < 4 || predictions > 1 << 24) {
            throw new IllegalArgumentException(
                    "queue capacity: " + predictions + " (expected: 4 to " + (1 << 24) + ")");
        }
        return new PredictionLog(target, predictions, features, closingTime);
    }

    /**
     * This log with another bound on the size of a file. Only a file with a single line may exceed it.
     *
     * @param bytes the size at which a new file is begun; 64 MiB unless stated otherwise
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1,024
     * @throws IllegalStateException if this log does not write files
     */
    public PredictionLog fileSize(long bytes) {
        if (bytes < 1_024) {
            throw new IllegalArgumentException("file size: " + bytes + " (expected: >= 1024 bytes)");
        }
        Target.Files files = files("file size");
        return new PredictionLog(new Target.Files(files.folder, bytes, files.keep), capacity, features, closingTime);
    }

    /**
     * This log with another bound on the number of files of one model in the folder. When a new one is begun, the oldest are
     * deleted.
     *
     * @param number how many files stay; 16 unless stated otherwise, {@code Integer.MAX_VALUE} for all
     * @return a changed copy
     * @throws IllegalArgumentException if it is less than 1
     * @throws IllegalStateException if this log does not write files
     */
    public PredictionLog keepFiles(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("files: " + number + " (expected: >= 1)");
        }
        Target.Files files = files("files");
        return new PredictionLog(
                new Target.Files(files.folder, files.fileSize, number), capacity, features, closingTime);
    }

    /** This log with another bound on how long the closing of a predictor waits for it. */
    PredictionLog closingTime(Duration time) {
        return new PredictionLog(target, capacity, features, time);
    }

    private Target.Files files(String what) {
        if (target instanceof Target.Files files) {
            return files;
        }
        throw new IllegalStateException(what + ": this log goes to a logger (expected: one made by jsonLines)");
    }

    /**
     * How many predictions have been written and flushed.
     *
     * @return a number that only grows
     */
    public long written() {
        return counters.written.sum();
    }

    /**
     * How many predictions found the queue full, or came after the predictor was closed, and were not written.
     *
     * @return a number that only grows
     */
    public long dropped() {
        return counters.dropped.sum();
    }

    /**
     * How many predictions were taken from the queue and could not be written.
     *
     * @return a number that only grows
     */
    public long failed() {
        return counters.failed.sum();
    }

    /**
     * Starts the writing thread and adds a listener that feeds it; both end with the predictor.
     *
     * @throws IllegalStateException if the predictor lacks a feature that is to be written, or has no schema
     * @throws UncheckedIOException if the folder cannot be made
     */
    @Override
    public void attach(Assembly<Object, Object> assembly) {
        LogLine line = new LogLine(features.resolve(assembly.features()));
        LineSink sink = sink(assembly);
        LogWriter writer = new LogWriter(
                new EntryRing(capacity),
                line,
                sink,
                counters,
                assembly.time(),
                assembly.model().id().name());
        writer.start(closingTime);
        assembly.onClose(writer);
        assembly.add(new LogListener(writer, line.writesFeatures()));
    }

    private LineSink sink(Assembly<Object, Object> assembly) {
        if (target instanceof Target.Files files) {
            try {
                return new RollingFiles(
                        files.folder, assembly.model().id().name(), files.fileSize, files.keep, assembly.time());
            } catch (IOException failure) {
                throw new UncheckedIOException("prediction log: cannot make the folder " + files.folder, failure);
            }
        }
        return new LoggerSink(((Target.Log) target).logger);
    }
}

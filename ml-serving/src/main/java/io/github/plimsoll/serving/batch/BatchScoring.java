package io.github.plimsoll.serving.batch;

import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Scores a table: every row is put to a predictor, and the answers are written to a file in the order of the rows.
 *
 * <pre>{@code
 * BatchSummary summary = BatchScoring.of(risk, Table.csv(Path.of("applicants.csv")))
 *         .carrying("id")
 *         .column("risk", Prediction::value)
 *         .progress(BatchProgress.printer(System.err))
 *         .toCsv(Path.of("scores.csv"));
 * }</pre>
 *
 * <p><b>Nothing is lost or done twice.</b> From time to time the run writes a checkpoint, and whenever it stops, killed or not, the
 * next run with the same output goes on there: it cuts the output to the checkpoint and reads the input from it. The output is
 * then the same, byte for byte, as that of a run that was never stopped, if the predictor gives equal answers to equal rows and
 * no column is a prediction's id. Before it goes on, it looks whether the settings and the input are the same: the size, and the
 * SHA-256 of the first and the last MiB, so that a change in between that keeps the size is not noticed. An answer
 * of a model that had not answered before the stop ends the run. Rows of the host's own are counted, not compared.
 *
 * <p><b>Files.</b> For an output {@code scores.csv} the run writes {@code scores.csv.part}, {@code scores.csv.checkpoint} and, once a
 * row is rejected, {@code scores.csv.rejects.jsonl.part}. At the end the parts get their final names, and the checkpoint goes: a file
 * {@code scores.csv} is always whole. It is UTF-8; CSV has commas, quotes where they are needed, line feeds, and nothing for null.
 *
 * <p><b>A row that cannot be answered stays alone.</b> It goes to the rejects, a JSON object a line: the line's number and offset
 * in the input, the reasons (codes of violations, with the features, or {@link io.github.plimsoll.core.PredictionException#reason()}, or
 * of a {@link io.github.plimsoll.core.table.TableProblem}), a message, and the record itself, which may be personal data:
 * {@link #withoutRecords()} leaves it out. The run stops when more than half of at least 1,000 records were rejected, unless
 * {@link #rejecting} says otherwise. Whether a record can be read at all is this run's to deal with, whatever the table says of
 * skipping.
 *
 * <p><b>Threads.</b> The calling thread reads, scores and writes. {@link #executor} lets threads of the host score beside it; rows
 * in memory stay within two batches a thread. To stop a run, interrupt the calling thread: it writes a checkpoint, and throws.
 *
 * <p>Immutable and thread-safe, as far as the predictor and the functions are; each method but {@code to...} returns a changed
 * copy.
 *
 * @param <I> the type of the predictor's inputs
 * @param <O> the type of the answers
 * @since 0.1
 */
public final class BatchScoring<I, O> {

    final Predictor<I, O> predictor;
    final Table table;
    final Function<? super TableRow, ? extends I> input;
    final Settings<O> settings;

    private BatchScoring(
            Predictor<I, O> predictor,
            Table table,
            Function<? super TableRow, ? extends I> input,
            Settings<O> settings) {
        this.predictor = predictor;
        this.table = table;
        this.input = input;
        this.settings = settings;
    }

    /**
     * Scores a table with a predictor that takes its rows as they are.
     *
     * @param predictor the predictor, whose schema is a
     *     {@link io.github.plimsoll.core.schema.Schema#ofTable(java.util.List) Schema.ofTable}
     * @param table the table
     * @param <O> the type of the answers
     * @return what to score
     */
    public static <O> BatchScoring<TableRow, O> of(Predictor<TableRow, O> predictor, Table table) {
        return of(predictor, table, row -> row);
    }

    /**
     * Scores a table with a predictor of any inputs.
     *
     * @param predictor the predictor
     * @param table the table
     * @param input makes an input of a row; thread-safe if there is an {@link #executor}. What it throws rejects the row
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return what to score
     */
    public static <I, O> BatchScoring<I, O> of(
            Predictor<I, O> predictor, Table table, Function<? super TableRow, ? extends I> input) {
        return new BatchScoring<>(
                Objects.requireNonNull(predictor),
                Objects.requireNonNull(table),
                Objects.requireNonNull(input),
                new Settings<>());
    }

    // ---- what is written ----------------------------------------------------------------------------------------

    /**
     * With columns of the input carried along, before the others.
     *
     * @param names the columns
     * @return a changed copy
     * @throws IllegalArgumentException if the output would have two columns of one name
     */
    public BatchScoring<I, O> carrying(String... names) {
        return with(s -> s.carried = joined(s.carried, List.of(names)));
    }

    /**
     * With a column made of the prediction. Without this there is one, {@code prediction}, with its value.
     *
     * <pre>{@code
     * scoring.column("label", p -> p.value().top())
     *         .column("p_default", p -> p.value().of("default"))
     *         .column("id", Prediction::id)
     *         .column("source", Prediction::source)
     *         .column("model", Prediction::model)
     * }</pre>
     *
     * @param name the column's name
     * @param value gives its value: a number, a boolean, text, an enum, arrays, lists, class probabilities or a ranking, which
     *     JSON has forms for and which are JSON in a cell of CSV; of anything else, its {@code toString}. Called on
     *     the scoring threads; what it throws rejects the row
     * @return a changed copy
     * @throws IllegalArgumentException if the output would have two columns of one name
     */
    public BatchScoring<I, O> column(String name, Function<? super Prediction<O>, ?> value) {
        Column<O> column = new Column<>(Objects.requireNonNull(name), Objects.requireNonNull(value));
        return with(s -> s.columns = joined(s.columns, List.of(column)));
    }

    /**
     * With rejected rows in the output too, their columns of the prediction empty, and a last column that says why: the codes of the
     * reasons, separated by spaces, and nothing for rows that were answered. Records that cannot be read are in the rejects alone.
     *
     * @param name the column's name
     * @return a changed copy
     * @throws IllegalArgumentException if the output would have two columns of one name
     */
    public BatchScoring<I, O> errorColumn(String name) {
        Objects.requireNonNull(name);
        return with(s -> s.errorColumn = name);
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private BatchScoring<I, O> with(Consumer<Settings<O>> change) {
        Settings<O> changed = settings.copy();
        change.accept(changed);
        List<String> names = changed.names();
        if (new HashSet<>(names).size() != names.size()) {
            throw new IllegalArgumentException("columns: " + names + " (expected: names that differ)");
        }
        return new BatchScoring<>(predictor, table, input, changed);
    }

    // ---- how ----------------------------------------------------------------------------------------------------

    /**
     * With another number of rows that are put to the predictor at once than 1,024.
     *
     * @param rows how many
     * @return a changed copy
     * @throws IllegalArgumentException if there is none, or more than 1,000,000
     */
    public BatchScoring<I, O> batches(int rows) {
        if (rows < 1 || rows > 1_000_000) {
            throw new IllegalArgumentException("batches: " + rows + " rows (expected: 1 to 1000000)");
        }
        return with(s -> s.batchRows = rows);
    }

    /**
     * With threads of the host's that score beside the calling one. What the executor refuses the calling thread does itself, so
     * that a full or closed executor makes a run slow, not wrong.
     *
     * @param host the executor, which is not shut down
     * @param threads how many batches to score at once, that of the calling thread among them
     * @return a changed copy
     * @throws IllegalArgumentException if there are less than 1 or more than 1,024
     */
    public BatchScoring<I, O> executor(Executor host, int threads) {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: 1 to 1024)");
        }
        Objects.requireNonNull(host);
        return with(s -> {
            s.executor = host;
            s.threads = threads;
        });
    }

    /**
     * With another limit of rejected records than half of all.
     *
     * @param most how many may be rejected; the run stops at the end of the batch with the next one
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative
     */
    public BatchScoring<I, O> rejecting(long most) {
        if (most < 0) {
            throw new IllegalArgumentException("rejecting: " + most + " (expected: >= 0)");
        }
        return with(s -> {
            s.mostRejects = most;
            s.mostRejectShare = 1;
        });
    }

    /**
     * With another limit of rejected records than half of all.
     *
     * @param most the share of the records so far that may be rejected, looked at from the 1,000th record on and at the end
     * @return a changed copy
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public BatchScoring<I, O> rejectingShare(double most) {
        if (!(most >= 0 && most <= 1)) {
            throw new IllegalArgumentException("rejectingShare: " + most + " (expected: 0 to 1)");
        }
        return with(s -> {
            s.mostRejects = Long.MAX_VALUE;
            s.mostRejectShare = most;
        });
    }

    /**
     * Without the records themselves in the file of rejects: they may be personal data. The line and the offset are still there,
     * and the message, which shows the values that were refused, unless their features are
     * {@linkplain io.github.plimsoll.core.schema.Feature#isSensitive() sensitive}.
     *
     * @return a changed copy
     */
    public BatchScoring<I, O> withoutRecords() {
        return with(s -> s.keepsRecords = false);
    }

    /**
     * From the beginning: what a stopped run has left is dropped, and what a finished one has written is replaced at the end.
     *
     * @return a changed copy
     */
    public BatchScoring<I, O> startingOver() {
        return with(s -> s.startsOver = true);
    }

    /**
     * With another time between checkpoints than 10 seconds.
     *
     * @param time the time after which the next batch is followed by a checkpoint; zero for one after each batch
     * @return a changed copy
     * @throws IllegalArgumentException if it is negative
     */
    public BatchScoring<I, O> checkpointEvery(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("checkpointEvery: " + time + " (expected: >= 0)");
        }
        return with(s -> s.checkpointEvery = time);
    }

    /**
     * Tells of progress, about once a second and at the end.
     *
     * @param listener told on the calling thread; what it throws stops the run at a checkpoint
     * @return a changed copy
     */
    public BatchScoring<I, O> progress(Consumer<? super BatchProgress> listener) {
        return progress(Duration.ofSeconds(1), listener);
    }

    /**
     * Tells of progress.
     *
     * @param every how long to be silent; zero to tell after each batch
     * @param listener told on the calling thread, and at the end; what it throws stops the run at a checkpoint
     * @return a changed copy
     * @throws IllegalArgumentException if the time is negative
     */
    public BatchScoring<I, O> progress(Duration every, Consumer<? super BatchProgress> listener) {
        if (every.isNegative()) {
            throw new IllegalArgumentException("progress every: " + every + " (expected: >= 0)");
        }
        Objects.requireNonNull(listener);
        return with(s -> {
            s.progressEvery = every;
            s.progress = listener;
        });
    }

    /**
     * Takes the time from a source of the host.
     *
     * @param source the time source
     * @return a changed copy
     */
    public BatchScoring<I, O> time(TimeSource source) {
        Objects.requireNonNull(source);
        return with(s -> s.time = source);
    }

    // ---- running ------------------------------------------------------------------------------------------------

    /**
     * Scores the table into a CSV file, or goes on where a run into that file has stopped.
     *
     * @param output the file to be, in a folder that is there, on the default file system
     * @return what became of the table
     * @throws BatchException if it was not scored to its end; {@link BatchException#reason()} says why
     * @throws io.github.plimsoll.core.table.TableException if the input is not there or ends before its end
     * @throws IllegalArgumentException if the table lacks a column that is to be carried
     */
    public BatchSummary toCsv(Path output) {
        return new BatchRun<>(this, OutputForm.CSV, output, OutputFile::new).run();
    }

    /**
     * Scores the table into a file with a JSON object a line, or goes on where a run into that file has stopped.
     *
     * @param output the file to be, in a folder that is there, on the default file system
     * @return what became of the table
     * @throws BatchException if it was not scored to its end; {@link BatchException#reason()} says why
     * @throws io.github.plimsoll.core.table.TableException if the input is not there or ends before its end
     * @throws IllegalArgumentException if the table lacks a column that is to be carried
     */
    public BatchSummary toJsonLines(Path output) {
        return new BatchRun<>(this, OutputForm.JSON_LINES, output, OutputFile::new).run();
    }

    /** A column of the output and what gives its value. */
    record Column<O>(String name, Function<? super Prediction<O>, ?> value) {}

    /** What the methods above change, always in a copy of their own. */
    static final class Settings<O> {

        List<String> carried = List.of();
        List<Column<O>> columns = List.of();

        @Nullable
        String errorColumn;

        int batchRows = 1024;

        @Nullable
        Executor executor;

        int threads = 1;
        long mostRejects = Long.MAX_VALUE;
        double mostRejectShare = 0.5;
        boolean keepsRecords = true;
        boolean startsOver;
        Duration checkpointEvery = Duration.ofSeconds(10);
        Duration progressEvery = Duration.ofSeconds(1);
        Consumer<? super BatchProgress> progress = told -> {};
        TimeSource time = TimeSource.system();

        private Settings<O> copy() {
            Settings<O> copy = new Settings<>();
            copy.carried = carried;
            copy.columns = columns;
            copy.errorColumn = errorColumn;
            copy.batchRows = batchRows;
            copy.executor = executor;
            copy.threads = threads;
            copy.mostRejects = mostRejects;
            copy.mostRejectShare = mostRejectShare;
            copy.keepsRecords = keepsRecords;
            copy.startsOver = startsOver;
            copy.checkpointEvery = checkpointEvery;
            copy.progressEvery = progressEvery;
            copy.progress = progress;
            copy.time = time;
            return copy;
        }

        /** The columns made of the prediction. */
        List<Column<O>> predicted() {
            return columns.isEmpty() ? List.of(new Column<>("prediction", Prediction::value)) : columns;
        }

        /** The names of all columns of the output. */
        List<String> names() {
            List<String> names = new ArrayList<>(carried);
            predicted().forEach(column -> names.add(column.name()));
            if (errorColumn != null) {
                names.add(errorColumn);
            }
            return names;
        }
    }
}

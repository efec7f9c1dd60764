package io.github.plimsoll.serving.batch;

import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.serving.batch.BatchException.Reason;
import io.github.plimsoll.serving.batch.BatchScoring.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** One run over a table. Confined to the calling thread; only {@link Scored} goes to others. */
final class BatchRun<I, O> {

    // The order of things is what makes a run resumable:
    // 1. Batches are cut by the number of their rows, counted from the first, and written in order. So the rows of a
    // batch
    //    are the same in every run.
    // 2. A checkpoint is written after the files it speaks of have reached the disk, and replaces the last one whole.
    // 3. A run that goes on cuts the files to the checkpoint: what was written later is written again, the same.
    // 4. The last checkpoint says that all is written. Only then are the parts renamed, and only then does it go.

    /** How many records there have to be before their share of rejects says anything. */
    private static final int ENOUGH = 1000;

    /** Opens an output file; another one in tests, whose disk is full. */
    interface Opener {
        OutputFile open(Path path) throws IOException;
    }

    private final BatchScoring<I, O> scoring;
    private final Settings<O> settings;
    private final OutputForm form;
    private final Opener opener;
    private final Path output;
    private final Path outputPart;
    private final Path rejects;
    private final Path rejectsPart;
    private final Path checkpointFile;
    private final String agreed;
    private final List<TableProblem> problems = new ArrayList<>();
    private final Deque<Scored<I, O>> inFlight = new ArrayDeque<>();

    private boolean isOurs; // whether no other run writes the output
    private @Nullable Fingerprint input;
    private Checkpoint.Tally tally = new Checkpoint.Tally();
    private Set<ModelId> earlierModels = Set.of(); // empty unless an earlier run had answers
    private TablePosition written = new TablePosition(0, 1);
    private long outputBytes;
    private long rejectBytes;
    private long earlierRows;
    private long startNanos;
    private long checkpointNanos;
    private long progressNanos;
    private long firstBytesRead;

    BatchRun(BatchScoring<I, O> scoring, OutputForm form, Path output, Opener opener) {
        this.scoring = scoring;
        this.form = form;
        this.opener = opener;
        settings = scoring.settings;
        if (output.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(
                    "output: " + output.toUri() + " (expected: a path of the default file system)");
        }
        this.output = output.toAbsolutePath();
        outputPart = beside(".part");
        rejects = beside(".rejects.jsonl");
        rejectsPart = beside(".rejects.jsonl.part");
        checkpointFile = beside(".checkpoint");
        agreed = form + "; columns " + settings.names() + ", carried " + settings.carried.size() + ", errors "
                + (settings.errorColumn != null) + ", records " + settings.keepsRecords + "; batches of "
                + settings.batchRows + "; " + scoring.table.dialect();
    }

    private Path beside(String suffix) {
        return output.resolveSibling(output.getFileName() + suffix);
    }

    // ---- the whole run ------------------------------------------------------------------------------------------

    BatchSummary run() {
        startNanos = settings.time.nanoTime();
        checkpointNanos = startNanos;
        progressNanos = startNanos;
        if (!settings.startsOver && !Files.exists(checkpointFile) && (Files.exists(output) || Files.exists(rejects))) {
            throw new BatchException(
                    Reason.OUTPUT_EXISTS,
                    (Files.exists(output) ? output : rejects)
                            + ": is there (expected: no such file, or startingOver())",
                    null);
        }
        try (OutputFile out = opener.open(outputPart)) {
            if (!out.lock()) {
                throw new BatchException(
                        Reason.OUTPUT_IN_USE, output + ": another run writes it (expected: one at a time)", null);
            }
            isOurs = true;
            run(out);
        } catch (IOException failure) {
            throw cannotWrite(failure);
        } finally {
            if (isOurs) {
                tidyUp();
            }
        }
        finish();
        return new BatchSummary(
                output,
                tally.rejected() > 0 ? Optional.of(rejects) : Optional.empty(),
                tally.rows,
                tally.answered,
                tally.rejected(),
                tally.reasons,
                tally.models,
                earlierRows,
                elapsed());
    }

    private void run(OutputFile out) throws IOException {
        Checkpoint before =
                settings.startsOver || !Files.exists(checkpointFile) ? null : Checkpoint.read(checkpointFile);
        if (before != null) {
            checkSettings(before);
            takeOver(before);
            if (before.isComplete()) {
                return;
            }
        }
        input = fingerprint();
        if (before != null) {
            checkInput(before);
        }
        try (OutputFile rejected = opener.open(rejectsPart);
                TableReader reader =
                        scoring.table.skipping(Long.MAX_VALUE, problems::add).open(written)) {
            checkCarried(reader);
            checkSize(outputPart, out, outputBytes);
            checkSize(rejectsPart, rejected, rejectBytes);
            out.cut(outputBytes);
            rejected.cut(rejectBytes);
            if (before == null) {
                byte[] header = form.header(settings.names());
                out.write(header);
                outputBytes = header.length;
                written = reader.position();
                checkpoint(out, rejected, false);
            }
            firstBytesRead = reader.bytesRead();
            score(reader, out, rejected);
            checkInputAgain();
            checkpoint(out, rejected, true);
            tell(reader, true);
        }
    }

    private void takeOver(Checkpoint before) {
        tally = before.tally();
        earlierRows = tally.rows;
        earlierModels = new HashSet<>(tally.models);
        written = before.position();
        outputBytes = before.outputBytes();
        rejectBytes = before.rejectBytes();
    }

    /** A run that did not get to its first checkpoint leaves nothing behind. */
    private void tidyUp() {
        if (!Files.exists(checkpointFile)) {
            try {
                Files.deleteIfExists(outputPart);
                Files.deleteIfExists(rejectsPart);
            } catch (IOException e) {
                // Two empty files that the next run takes over.
            }
        }
    }

    /** Gives the parts their names; what an earlier run did of it is not there to be done. */
    private void finish() {
        try {
            if (Files.exists(outputPart)) {
                if (tally.rejected() > 0) {
                    Files.move(rejectsPart, rejects, StandardCopyOption.REPLACE_EXISTING);
                } else {
                    Files.deleteIfExists(rejectsPart);
                    Files.deleteIfExists(rejects);
                }
                Files.move(outputPart, output, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.deleteIfExists(checkpointFile);
        } catch (IOException failure) {
            throw cannotWrite(failure);
        }
    }

    // ---- scoring ------------------------------------------------------------------------------------------------

    private void score(TableReader reader, OutputFile out, OutputFile rejected) throws IOException {
        boolean atEnd = false;
        try {
            while (true) {
                stopIfInterrupted(null);
                while (!atEnd && inFlight.size() < settings.threads * 2 - 1) {
                    atEnd = !submit(reader);
                }
                Scored<I, O> next = inFlight.peek();
                if (next == null) {
                    break;
                }
                next.run();
                next.await();
                stopIfInterrupted(null); // before its rows are written: an interrupt may have made them fail
                write(next, out, rejected);
                inFlight.remove();
                long now = settings.time.nanoTime();
                if (now - checkpointNanos >= settings.checkpointEvery.toNanos()) {
                    checkpoint(out, rejected, false);
                    checkpointNanos = now;
                }
                if (now - progressNanos >= settings.progressEvery.toNanos()) {
                    tell(reader, false);
                    progressNanos = now;
                }
                checkRejects(ENOUGH);
            }
            checkRejects(1);
        } catch (WriteFailure failure) {
            throw failure.cause; // no checkpoint: it would have to be written too
        } catch (InterruptedException failure) {
            BatchException stopped = interrupted(failure);
            stop(out, rejected, stopped);
            Thread.currentThread().interrupt();
            throw stopped;
        } catch (RuntimeException | Error failure) {
            stop(out, rejected, failure);
            if (failure instanceof BatchException stopped && stopped.reason() == Reason.INTERRUPTED) {
                Thread.currentThread().interrupt();
            }
            throw failure;
        }
    }

    /** Reads a batch and hands it to the host's threads; false if the table has ended. */
    private boolean submit(TableReader reader) {
        List<TableRow> rows;
        try {
            rows = reader.next(settings.batchRows);
        } catch (TableException failure) {
            if (failure.getCause() instanceof ClosedByInterruptException) {
                stopIfInterrupted(failure);
            }
            throw failure;
        }
        if (!rows.isEmpty() || !problems.isEmpty()) {
            Scored<I, O> batch = new Scored<>(scoring, form, rows, List.copyOf(problems), reader.position());
            problems.clear();
            inFlight.add(batch);
            if (settings.executor != null && settings.threads > 1) {
                try {
                    settings.executor.execute(batch);
                } catch (RejectedExecutionException e) {
                    // The calling thread scores every batch that nobody has taken.
                }
            }
        }
        return rows.size() == settings.batchRows;
    }

    private void write(Scored<I, O> batch, OutputFile out, OutputFile rejected) throws WriteFailure {
        Throwable failure = batch.failure;
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure != null) {
            throw new BatchException(
                    Reason.PREDICTOR_FAILED,
                    "rows from line " + written.line() + " on: the predictor failed: " + failure
                            + " (expected: an outcome for each row)",
                    failure);
        }
        for (ModelId model : batch.tally.models) {
            if (!earlierModels.isEmpty() && !earlierModels.contains(model)) {
                throw new BatchException(
                        Reason.MODEL_CHANGED,
                        output + ": an answer of " + model + " (expected: one of " + earlierModels
                                + ", as before the run stopped; or startingOver())",
                        null);
            }
        }
        try {
            out.write(batch.output.toByteArray());
            rejected.write(batch.rejects.toByteArray());
        } catch (IOException e) {
            throw new WriteFailure(cannotWrite(e));
        }
        outputBytes += batch.output.size();
        rejectBytes += batch.rejects.size();
        tally.add(batch.tally);
        written = batch.after;
    }

    /** Ends what is running, and keeps what is written. */
    private void stop(OutputFile out, OutputFile rejected, Throwable reason) {
        inFlight.forEach(Scored::cancel);
        boolean interrupted = false;
        for (Scored<I, O> batch : inFlight) {
            for (boolean isOver = false; !isOver; ) {
                try {
                    batch.await(); // the host may close the predictor as soon as this run has returned
                    isOver = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            checkpoint(out, rejected, false);
        } catch (IOException failure) {
            reason.addSuppressed(failure); // the checkpoint before is still there
        }
    }

    private void checkpoint(OutputFile out, OutputFile rejected, boolean isComplete) throws IOException {
        out.sync();
        rejected.sync();
        new Checkpoint(agreed, input, written, outputBytes, rejectBytes, tally, isComplete).write(checkpointFile);
    }

    private void tell(TableReader reader, boolean isLast) {
        settings.progress.accept(new BatchProgress(
                tally.rows,
                tally.rejected(),
                tally.rows - earlierRows,
                reader.bytesRead(),
                input == null ? 0 : input.size(),
                reader.bytesRead() - firstBytesRead,
                elapsed(),
                isLast));
    }

    private Duration elapsed() {
        return Duration.ofNanos(settings.time.nanoTime() - startNanos);
    }

    // ---- what stops a run ---------------------------------------------------------------------------------------

    private void checkSettings(Checkpoint before) {
        if (!before.settings().equals(agreed)) {
            throw new BatchException(
                    Reason.SETTINGS_CHANGED,
                    output + ": begun with [" + before.settings() + "], now [" + agreed
                            + "] (expected: the same; or startingOver())",
                    null);
        }
    }

    private @Nullable Fingerprint fingerprint() {
        Table table = scoring.table;
        if (table.path().isEmpty()) {
            return null;
        }
        try {
            return Fingerprint.of(table.path().get());
        } catch (IOException e) {
            table.open().close(); // says what is wrong with it
            throw new UncheckedIOException(e);
        }
    }

    private void checkInput(Checkpoint before) {
        if (!Objects.equals(before.input(), input)) {
            throw new BatchException(
                    Reason.INPUT_CHANGED,
                    scoring.table + ": " + input + " (expected: " + before.input()
                            + ", as before the run stopped; or startingOver())",
                    null);
        }
    }

    private void checkInputAgain() {
        Fingerprint now = fingerprint();
        if (!Objects.equals(now, input)) {
            throw new BatchException(
                    Reason.INPUT_CHANGED,
                    scoring.table + ": " + now + " at the end (expected: " + input + ", as at the beginning)",
                    null);
        }
    }

    private void checkCarried(TableReader reader) {
        List<String> columns = reader.columns();
        for (String name : settings.carried) {
            if (!columns.isEmpty() && !columns.contains(name)) {
                throw new IllegalArgumentException("carried column: '" + name + "' (expected: one of " + columns + ")");
            }
        }
    }

    private static void checkSize(Path path, OutputFile file, long least) throws IOException {
        if (file.size() < least) {
            throw new BatchException(
                    Reason.OUTPUT_CHANGED,
                    path + ": " + file.size() + " bytes (expected: at least " + least
                            + ", as the checkpoint says; or startingOver())",
                    null);
        }
    }

    private void checkRejects(int enough) {
        long rejected = tally.rejected();
        boolean isTooMany = rejected > settings.mostRejects;
        boolean isTooLarge = tally.rows >= enough && rejected > settings.mostRejectShare * tally.rows;
        if (isTooMany || isTooLarge) {
            throw new BatchException(
                    Reason.TOO_MANY_REJECTS,
                    scoring.table + ": " + rejected + " of " + tally.rows + " records rejected " + tally.reasons
                            + " (expected: at most "
                            + (isTooMany ? Long.toString(settings.mostRejects) : settings.mostRejectShare * 100 + " %")
                            + "); see " + rejectsPart,
                    null);
        }
    }

    private void stopIfInterrupted(@Nullable Throwable cause) {
        if (Thread.interrupted()) { // cleared, so that the checkpoint can be written; set again before the run ends
            throw interrupted(cause);
        }
    }

    private BatchException interrupted(@Nullable Throwable cause) {
        return new BatchException(
                Reason.INTERRUPTED,
                output + ": interrupted after " + tally.rows
                        + " records (expected: to run to the end; run again to go on)",
                cause);
    }

    private BatchException cannotWrite(IOException failure) {
        return new BatchException(
                Reason.WRITE_FAILED,
                output + ": cannot be written: " + failure
                        + " (expected: a folder with enough space; run again to go on from the last checkpoint)",
                failure);
    }

    /** Carries a failure past the place where others are answered with a checkpoint. */
    private static final class WriteFailure extends Exception {

        private static final long serialVersionUID = 1L;

        private final BatchException cause;

        private WriteFailure(BatchException cause) {
            super(cause);
            this.cause = cause;
        }
    }
}

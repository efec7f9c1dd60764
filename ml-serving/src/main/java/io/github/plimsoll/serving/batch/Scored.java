package io.github.plimsoll.serving.batch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.InvalidInputException;
import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.PredictionException;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.table.TablePosition;
import io.github.plimsoll.core.table.TableProblem;
import io.github.plimsoll.core.table.TableRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One batch: scored and turned into bytes by whichever thread comes first, written by the one that reads. */
final class Scored<I, O> implements Runnable {

    private final BatchScoring<I, O> scoring;
    private final OutputForm form;
    private final List<TableRow> rows;
    private final List<TableProblem> problems;
    private final List<BatchScoring.Column<O>> columns;
    private final List<String> names;

    /** Where the table goes on after this batch. */
    final TablePosition after;

    private final AtomicBoolean taken = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    // What comes of it, for who has awaited it.
    final ByteArrayOutputStream output = new ByteArrayOutputStream();
    final ByteArrayOutputStream rejects = new ByteArrayOutputStream();
    final Checkpoint.Tally tally = new Checkpoint.Tally();

    @Nullable
    Throwable failure;

    Scored(
            BatchScoring<I, O> scoring,
            OutputForm form,
            List<TableRow> rows,
            List<TableProblem> problems,
            TablePosition after) {
        this.scoring = scoring;
        this.form = form;
        this.rows = rows;
        this.problems = problems;
        columns = scoring.settings.predicted();
        names = scoring.settings.names();
        this.after = after;
    }

    /** Scores the batch, unless another thread does or it was cancelled. */
    @Override
    public void run() {
        if (taken.compareAndSet(false, true)) {
            try {
                score();
            } catch (Throwable thrown) { // an error too: whoever awaits this must learn of it
                failure = thrown;
            } finally {
                done.countDown();
            }
        }
    }

    /** Keeps the batch from being scored if nobody has begun. */
    void cancel() {
        if (taken.compareAndSet(false, true)) {
            done.countDown();
        }
    }

    void await() throws InterruptedException {
        done.await();
    }

    private void score() {
        PredictionException[] unmade = new PredictionException[rows.size()];
        List<I> inputs = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            try {
                inputs.add(Objects.requireNonNull(scoring.input.apply(rows.get(i)), "input"));
            } catch (PredictionException e) {
                unmade[i] = e;
            } catch (RuntimeException e) {
                unmade[i] = new PredictionException("no input could be made of the row: " + e, e);
            }
        }
        List<Outcome<O>> outcomes = inputs.isEmpty() ? List.of() : scoring.predictor.predictEach(inputs);
        int problem = 0;
        int answer = 0;
        for (int i = 0; i < rows.size(); i++) {
            TableRow row = rows.get(i);
            while (problem < problems.size() && problems.get(problem).offset() < row.offset()) {
                reject(problems.get(problem++));
            }
            PredictionException failed = unmade[i];
            write(row, failed == null ? outcomes.get(answer++) : new Outcome.Failed<>(failed));
        }
        while (problem < problems.size()) {
            reject(problems.get(problem++));
        }
    }

    private void write(TableRow row, Outcome<O> outcome) {
        PredictionException failed;
        if (outcome instanceof Outcome.Answered<O> answered) {
            List<@Nullable Object> values = carried(row);
            try {
                for (BatchScoring.Column<O> column : columns) {
                    values.add(column.value().apply(answered.prediction()));
                }
                answered(values, answered.prediction());
                return;
            } catch (RuntimeException e) {
                failed = new PredictionException("no column could be made of the prediction: " + e, e);
            }
        } else {
            failed = ((Outcome.Failed<O>) outcome).failure();
        }
        rejected(row, failed);
    }

    private List<@Nullable Object> carried(TableRow row) {
        List<@Nullable Object> values = new ArrayList<>();
        for (String column : scoring.settings.carried) {
            values.add(row.value(column));
        }
        return values;
    }

    private void answered(List<@Nullable Object> values, Prediction<O> prediction) {
        if (scoring.settings.errorColumn != null) {
            values.add(null);
        }
        form.row(output, names, values);
        tally.rows++;
        tally.answered++;
        tally.models.add(prediction.model());
    }

    private void rejected(TableRow row, PredictionException failed) {
        Map<String, List<String>> reasons = new TreeMap<>();
        if (failed instanceof InvalidInputException invalid) {
            for (Violation violation : invalid.violations()) {
                reasons.computeIfAbsent(violation.code(), code -> new ArrayList<>())
                        .add(violation.path());
            }
        } else {
            reasons.put(failed.reason(), List.of());
        }
        if (scoring.settings.errorColumn != null) {
            List<@Nullable Object> values = carried(row);
            columns.forEach(column -> values.add(null));
            values.add(String.join(" ", reasons.keySet()));
            form.row(output, names, values);
        }
        reject(row.line(), row.offset(), reasons, String.valueOf(failed.getMessage()), row.raw());
    }

    private void reject(TableProblem problem) {
        reject(
                problem.line(),
                problem.offset(),
                new LinkedHashMap<>(Map.of(problem.kind().code(), List.of())),
                problem.message(),
                problem.raw());
    }

    private void reject(long line, long offset, Map<String, List<String>> reasons, String message, String record) {
        ObjectNode json = OutputForm.JSON.createObjectNode();
        json.put("line", line).put("offset", offset);
        ArrayNode list = json.putArray("reasons");
        reasons.forEach((code, features) -> {
            ObjectNode reason = list.addObject().put("code", code);
            if (!features.isEmpty()) {
                ArrayNode names = reason.putArray("features");
                features.forEach(names::add);
            }
            tally.add(code, 1);
        });
        json.put("message", message);
        if (scoring.settings.keepsRecords) {
            json.put("record", record);
        }
        try {
            rejects.writeBytes(OutputForm.JSON.writeValueAsBytes(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        rejects.write('\n');
        tally.rows++;
    }
}

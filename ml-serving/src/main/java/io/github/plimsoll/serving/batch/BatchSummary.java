package io.github.plimsoll.serving.batch;

import io.github.plimsoll.core.model.ModelId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What became of a table that was scored to its end. Numbers are those of the whole table, also of runs before this one.
 *
 * @param output the file with the predictions
 * @param rejects the file with the rejected rows; empty if there are none
 * @param rows the records of the table, sound or not
 * @param answered the rows with a prediction
 * @param rejected the records without one: {@code rows} less {@code answered}
 * @param reasons how many records were rejected for each reason, the code of a violation or of a problem of the table; one with
 *     several reasons counts for each of them
 * @param models the models that answered
 * @param resumedRows the records that runs before this one had dealt with
 * @param elapsed how long this run took
 * @since 0.1
 */
public record BatchSummary(
        Path output,
        Optional<Path> rejects,
        long rows,
        long answered,
        long rejected,
        Map<String, Long> reasons,
        Set<ModelId> models,
        long resumedRows,
        Duration elapsed) {

    /** Copies the collections. */
    public BatchSummary {
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(rejects, "rejects");
        Objects.requireNonNull(elapsed, "elapsed");
        reasons = Collections.unmodifiableMap(new LinkedHashMap<>(reasons));
        models = Collections.unmodifiableSet(new LinkedHashSet<>(models));
    }

    /** The summary in one line. */
    @Override
    public String toString() {
        return BatchProgress.count(rows) + " rows, " + BatchProgress.count(answered) + " answered, "
                + BatchProgress.count(rejected) + " rejected" + (reasons.isEmpty() ? "" : " " + reasons) + " by "
                + models
                + " in " + elapsed.toMillis() / 1000.0 + " s"
                + (resumedRows == 0 ? "" : " (" + BatchProgress.count(resumedRows) + " of them before)") + ": "
                + output;
    }
}

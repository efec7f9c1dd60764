package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.profile.Profile;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds whole tables against a contract: every rule, every row, in one pass.
 *
 * <pre>{@code
 * TableReport report = TableValidation.of(contract)
 *         .in(Environment.TRAINING)
 *         .on(executor, 4)
 *         .validate(Table.csv(Path.of("rides.csv")));
 * System.out.println(report);
 * }</pre>
 *
 * <p>Values are read by the rules of {@link Schema#ofTable}. A column that is not in the table's header is one anomaly, not one a
 * row, and so is a column that the contract does not know. Of each rule that rows break, the rows are counted and the first
 * ten shown. Reactions of the contract decide whether an anomaly is an error or a warning; nothing is repaired:
 * {@link Reaction#REPAIR} counts as a warning here.
 *
 * <p>Memory is bounded: a few blocks of rows, and for each column that has to be {@linkplain ColumnContract#unique unique} or
 * whose {@linkplain ColumnContract#distinct different values} are counted, each key and the duplicates, at most four million
 * 64-bit hashes; a table with more of them gets a warning that says what could not be checked to its end. A {@linkplain #profiling
 * profile} costs at most 250 KB a column and block under way.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @since 0.1
 */
public final class TableValidation {

    private static final int BLOCK = 2048;

    private final Settings settings;

    private TableValidation(Settings settings) {
        this.settings = settings;
    }

    /**
     * A validation of training data on the calling thread.
     *
     * @param contract what tables have to keep to
     * @return the validation
     */
    public static TableValidation of(DataContract contract) {
        return new TableValidation(new Settings(Objects.requireNonNull(contract)));
    }

    /**
     * This validation for data of an environment, which decides what columns are to be there.
     *
     * @param where the environment
     * @return a changed copy
     */
    public TableValidation in(Environment where) {
        Settings changed = settings.copy();
        changed.environment = Objects.requireNonNull(where);
        return new TableValidation(changed);
    }

    /**
     * This validation with another clock, for {@linkplain DataContract#fresh freshness}.
     *
     * @param source the time source
     * @return a changed copy
     */
    public TableValidation time(TimeSource source) {
        Settings changed = settings.copy();
        changed.time = Objects.requireNonNull(source);
        return new TableValidation(changed);
    }

    /**
     * This validation on several threads: the calling one reads, others check. The report is the same to the last digit.
     *
     * @param host the host's executor, which is not shut down
     * @param blocks how many blocks of rows may be under way at once
     * @return a changed copy
     * @throws IllegalArgumentException if the number is less than 1
     */
    public TableValidation on(Executor host, int blocks) {
        if (blocks < 1) {
            throw new IllegalArgumentException("blocks: " + blocks + " (expected: >= 1)");
        }
        Settings changed = settings.copy();
        changed.executor = Objects.requireNonNull(host);
        changed.parallelism = blocks;
        return new TableValidation(changed);
    }

    /**
     * This validation, telling of each row that is rejected, with everything that is wrong with it: for a file of rejects.
     *
     * @param listener called in the order of the rows, on the thread that called {@link #validate}; what it throws ends the
     *     validation
     * @return a changed copy
     */
    public TableValidation rejects(BiConsumer<? super TableRow, ? super List<Violation>> listener) {
        Settings changed = settings.copy();
        changed.rejects = Objects.requireNonNull(listener);
        return new TableValidation(changed);
    }

    /**
     * This validation, holding columns that have a limit of {@linkplain ColumnContract#skew skew} to what they were when training. A
     * column that the profile does not have, or does not know the values of, breaks its limit. Without a profile, limits of skew are not
     * checked.
     *
     * @param training the profile of the training data
     * @return a changed copy
     */
    public TableValidation skewAgainst(Profile training) {
        Settings changed = settings.copy();
        changed.training = Objects.requireNonNull(training);
        return new TableValidation(changed);
    }

    /**
     * This validation, holding columns that have a limit of {@linkplain ColumnContract#drift drift} to what they were in an earlier
     * table. A column that the profile does not have, or does not know the values of, breaks its limit. Without a profile, limits of
     * drift are not checked.
     *
     * @param previous the profile of the earlier table, such as the one of the day before
     * @return a changed copy
     */
    public TableValidation driftSince(Profile previous) {
        Settings changed = settings.copy();
        changed.previous = Objects.requireNonNull(previous);
        return new TableValidation(changed);
    }

    /**
     * This validation, making a profile of the table in the same pass: for {@link #driftSince} the next day, or a history of metrics. A
     * comparison makes one anyway.
     *
     * @return a changed copy
     * @see TableReport#profile
     */
    public TableValidation profiling() {
        Settings changed = settings.copy();
        changed.profiling = true;
        return new TableValidation(changed);
    }

    /**
     * Validates a table.
     *
     * @param table the table; its own limits and what it skips hold
     * @return the report
     * @throws TableException if the table cannot be read to its end
     * @throws CancellationException if the calling thread is interrupted
     */
    public TableReport validate(Table table) {
        DataContract contract = settings.contract;
        Environment environment = settings.environment;
        try (TableReader reader = table.open()) {
            Set<String> header = new LinkedHashSet<>(reader.columns());
            List<ColumnContract> present = contract.columns().stream()
                    .filter(column -> column.isCheckedIn(environment))
                    .filter(column -> header.isEmpty() || header.contains(column.name()))
                    .toList();
            List<Feature> features =
                    present.stream().map(ColumnContract::feature).toList();
            TableTally total =
                    new TableTally(contract, environment, features, !header.isEmpty(), settings.makesProfile());
            if (!features.isEmpty()) {
                readAll(reader, total, Schema.ofTable(features));
            }
            List<Anomaly> anomalies = new ArrayList<>(TableStructure.anomalies(contract, environment, header));
            anomalies.addAll(total.anomalies(settings.time, settings.training, settings.previous));
            return new TableReport(
                    table.toString(),
                    contract.name(),
                    total.rows(),
                    total.rejected(),
                    reader.skipped(),
                    anomalies,
                    total.profile());
        } catch (TableException failure) {
            throw Thread.currentThread().isInterrupted() ? interrupted(failure) : failure;
        }
    }

    private void readAll(TableReader reader, TableTally total, Schema<TableRow> schema) {
        Queue<CompletableFuture<TableTally>> underWay = new ArrayDeque<>();
        for (List<TableRow> block = reader.next(BLOCK); !block.isEmpty(); block = reader.next(BLOCK)) {
            List<TableRow> rows = block;
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(null);
            }
            if (settings.executor == null) {
                total.add(total.ofRows(rows, schema), settings.rejects);
            } else {
                underWay.add(CompletableFuture.supplyAsync(() -> total.ofRows(rows, schema), settings.executor));
                if (underWay.size() >= settings.parallelism) {
                    total.add(ended(underWay.remove()), settings.rejects);
                }
            }
        }
        while (!underWay.isEmpty()) {
            total.add(ended(underWay.remove()), settings.rejects);
        }
    }

    private CancellationException interrupted(@Nullable Throwable cause) {
        CancellationException cancelled =
                new CancellationException("validation of " + settings.contract.name() + ": interrupted");
        if (cause != null) {
            cancelled.initCause(cause);
        }
        return cancelled;
    }

    private static TableTally ended(CompletableFuture<TableTally> block) {
        try {
            return block.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failure;
        }
    }

    /** The validation in words. */
    @Override
    public String toString() {
        return "validation of " + settings.environment.name().toLowerCase(java.util.Locale.ROOT) + " data against "
                + settings.contract;
    }

    /** The severity of an anomaly, null if it is none. */
    static @Nullable Severity severity(Reaction reaction) {
        return switch (reaction) {
            case ACCEPT -> null;
            case REPAIR, WARN -> Severity.WARNING;
            case REJECT -> Severity.ERROR;
        };
    }

    /** The settings of a validation; changed only while a copy is being made. */
    private static final class Settings {

        private final DataContract contract;
        private Environment environment = Environment.TRAINING;
        private TimeSource time = TimeSource.system();
        private @Nullable Executor executor;
        private int parallelism = 1;
        private BiConsumer<? super TableRow, ? super List<Violation>> rejects = (row, violations) -> {};
        private @Nullable Profile training;
        private @Nullable Profile previous;
        private boolean profiling;

        private Settings(DataContract contract) {
            this.contract = contract;
        }

        private boolean makesProfile() {
            return profiling || training != null || previous != null;
        }

        private Settings copy() {
            Settings copy = new Settings(contract);
            copy.environment = environment;
            copy.time = time;
            copy.executor = executor;
            copy.parallelism = parallelism;
            copy.rejects = rejects;
            copy.training = training;
            copy.previous = previous;
            copy.profiling = profiling;
            return copy;
        }
    }
}

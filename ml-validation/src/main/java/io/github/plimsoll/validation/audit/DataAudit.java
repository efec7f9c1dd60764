package io.github.plimsoll.validation.audit;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import io.github.plimsoll.validation.audit.Sample.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks a data set over, before a model is fitted to it: what is missing, repeated or mixed up, what tells the label that should
 * not, and which labels are probably wrong.
 *
 * <pre>{@code
 * AuditReport report = DataAudit.of(Table.csv(Path.of("train.csv")))
 *         .label("defaulted")
 *         .identifier("customer_id")
 *         .time("applied_at")
 *         .testing(Table.csv(Path.of("test.csv")))
 *         .run();
 * System.out.println(report);
 * }</pre>
 *
 * <p>Nothing has to be said of the columns: a column is numbers, times or texts, whichever most of its values are. What is looked for,
 * and when it is an error, a warning or information, is said at {@link Finding.Kind}. A finding is a reason to look, not a proof.
 *
 * <p>The table is read once, and so are the test rows. What can be counted is counted in all rows; what compares rows or columns with each
 * other uses rows drawn at random: 20,000 unless {@link #sampling} says otherwise, and no more than two million cells.
 * Repeated rows are told by 64-bit hashes of the first million different rows, texts that look alike by up to 10,000 different values of a
 * column and a million of all, correlations by the first 150 columns and 5,000 rows. Memory is bounded by these numbers, at about 350 MB; where a
 * bound was met, {@link AuditReport#limits()} says so. The report depends on nothing but the tables, the settings and the seed.
 *
 * <p>Immutable and thread-safe; each method returns a changed copy.
 *
 * @since 0.1
 */
public final class DataAudit {

    private static final int SAMPLED = 20_000;
    private static final int MOST_SAMPLED = 1_000_000;
    private static final int FEW_NUMBERS = 20; // a label with up to so many different numbers names classes

    private final Table table;
    private final @Nullable String label;
    private final @Nullable FeatureType labelType;
    private final @Nullable String time;
    private final Set<String> identifiers;
    private final Set<String> sensitive;
    private final @Nullable Table testing;
    private final int sampled;
    private final long seed;
    private final @Nullable Executor executor;

    private DataAudit(Changed with) {
        table = with.table;
        label = with.label;
        labelType = with.labelType;
        time = with.time;
        identifiers = with.identifiers;
        sensitive = with.sensitive;
        testing = with.testing;
        sampled = with.sampled;
        seed = with.seed;
        executor = with.executor;
    }

    /** The settings of a copy, while it is made. */
    private static final class Changed {
        private final Table table;
        private @Nullable String label;
        private @Nullable FeatureType labelType;
        private @Nullable String time;
        private Set<String> identifiers = Set.of();
        private Set<String> sensitive = Set.of();
        private @Nullable Table testing;
        private int sampled = SAMPLED;
        private long seed;
        private @Nullable Executor executor;

        private Changed(Table table) {
            this.table = Objects.requireNonNull(table);
        }

        private Changed(DataAudit audit) {
            table = audit.table;
            label = audit.label;
            labelType = audit.labelType;
            time = audit.time;
            identifiers = audit.identifiers;
            sensitive = audit.sensitive;
            testing = audit.testing;
            sampled = audit.sampled;
            seed = audit.seed;
            executor = audit.executor;
        }
    }

    /**
     * An audit of a table, without a label, on the calling thread.
     *
     * @param table the rows that a model will be fitted to; its own limits and what it skips hold
     * @return the audit
     */
    public static DataAudit of(Table table) {
        return new DataAudit(new Changed(table));
    }

    /**
     * This audit, told which column is foretold. It names classes if it holds texts, or up to {@value #FEW_NUMBERS} different numbers; otherwise it
     * is a number.
     *
     * @param column the column's name
     * @return a changed copy
     */
    public DataAudit label(String column) {
        Changed changed = new Changed(this);
        changed.label = Objects.requireNonNull(column);
        changed.labelType = null;
        return new DataAudit(changed);
    }

    /**
     * This audit, told which column is foretold and what it is.
     *
     * @param column a feature of type category for classes, or of type number; also its {@linkplain Feature#isSensitive() sensitivity} counts
     * @return a changed copy
     * @throws IllegalArgumentException if the feature is of another type
     */
    public DataAudit label(Feature column) {
        if (column.type() != FeatureType.CATEGORY && column.type() != FeatureType.NUMBER) {
            throw new IllegalArgumentException("label '" + column.name() + "': " + column.type()
                    + " (expected: a category for classes, or a number)");
        }
        Changed changed = new Changed(column.isSensitive() ? sensitive(column.name()) : this);
        changed.label = column.name();
        changed.labelType = column.type();
        return new DataAudit(changed);
    }

    /**
     * This audit, told when each row was: what other columns tell of a later time could not be known then, and test rows should be later than
     * the training rows.
     *
     * @param column the name of a column of times, or of numbers that grow with time
     * @return a changed copy
     */
    public DataAudit time(String column) {
        Changed changed = new Changed(this);
        changed.time = Objects.requireNonNull(column);
        return new DataAudit(changed);
    }

    /**
     * This audit, told which columns name a row or whom it is about. They are no features: rows that differ in nothing else are repeats, and
     * an identifier that tells the label is a leak.
     *
     * @param columns the columns' names, added to those named before
     * @return a changed copy
     */
    public DataAudit identifier(String... columns) {
        Changed changed = new Changed(this);
        changed.identifiers = joined(identifiers, columns);
        return new DataAudit(changed);
    }

    /**
     * This audit, showing no values of some columns.
     *
     * @param columns the columns' names, added to those named before
     * @return a changed copy
     */
    public DataAudit sensitive(String... columns) {
        Changed changed = new Changed(this);
        changed.sensitive = joined(sensitive, columns);
        return new DataAudit(changed);
    }

    private static Set<String> joined(Set<String> names, String... more) {
        Set<String> all = new LinkedHashSet<>(names);
        all.addAll(List.of(more));
        return all;
    }

    /**
     * This audit, comparing the rows that the model will be tested on with those that it is fitted to.
     *
     * @param rows the test rows
     * @return a changed copy
     */
    public DataAudit testing(Table rows) {
        Changed changed = new Changed(this);
        changed.testing = Objects.requireNonNull(rows);
        return new DataAudit(changed);
    }

    /**
     * This audit with another number of rows that are compared with each other.
     *
     * @param rows how many rows are drawn at most
     * @param randomSeed decides which; 0 unless given
     * @return a changed copy
     * @throws IllegalArgumentException if the number is not from 100 to {@value #MOST_SAMPLED}
     */
    public DataAudit sampling(int rows, long randomSeed) {
        if (rows < 100 || rows > MOST_SAMPLED) {
            throw new IllegalArgumentException("sampling: " + rows + " (expected: 100 to " + MOST_SAMPLED + ")");
        }
        Changed changed = new Changed(this);
        changed.sampled = rows;
        changed.seed = randomSeed;
        return new DataAudit(changed);
    }

    /**
     * This audit, comparing on the host's threads; the calling one reads and waits. The report is the same to the last digit.
     *
     * @param host the host's executor, which is not shut down
     * @return a changed copy
     */
    public DataAudit on(Executor host) {
        Changed changed = new Changed(this);
        changed.executor = Objects.requireNonNull(host);
        return new DataAudit(changed);
    }

    // ---- at work ------------------------------------------------------------------------------------------------

    /**
     * Reads the table and looks it over.
     *
     * @return the report
     * @throws TableException if a table cannot be read to its end
     * @throws IllegalStateException if label, time or an identifier is no column of the table, or one column is two of them
     * @throws CancellationException if the calling thread is interrupted
     */
    public AuditReport run() {
        TableScan.Plan plan = new TableScan.Plan(label, time, identifiers, sensitive, sampled, seed);
        TableScan scan = new TableScan(plan);
        scan.read(table);
        checkNames(scan);
        List<Finding> found = new ArrayList<>();
        List<String> limits = new ArrayList<>();
        if (scan.rows() > 0) {
            for (List<Finding> part : all(parts(plan, scan, limits))) {
                found.addAll(part);
            }
        }
        if (testing != null) {
            found.addAll(new TestingScan(plan, scan).read(testing));
        }
        scan.limits(limits);
        long sampledRows = scan.sample().size();
        return new AuditReport(table.toString(), scan.rows(), scan.unreadable(), sampledRows, found, limits);
    }

    private void checkNames(TableScan scan) {
        Map<String, String> roles = new LinkedHashMap<>();
        identifiers.forEach(name -> roles.put(name, "identifier"));
        checkName("label", label, roles, scan);
        checkName("time", time, roles, scan);
        identifiers.forEach(name -> checkName("identifier", name, Map.of(), scan));
    }

    private void checkName(String role, @Nullable String name, Map<String, String> others, TableScan scan) {
        if (name == null) {
            return;
        }
        if (others.containsKey(name) || (role.equals("time") && name.equals(label))) {
            throw new IllegalStateException(role + ": '" + name + "' (expected: no column that is something else)");
        }
        if (scan.find(name) == null && !(scan.rows() == 0 && scan.columns().isEmpty())) {
            List<String> names =
                    scan.columns().stream().map(column -> column.name).limit(20).toList();
            throw new IllegalStateException(role + ": '" + name + "' is no column of " + table + " (expected: one of "
                    + names + (scan.columns().size() > names.size() ? " and more" : "") + ")");
        }
    }

    /** What can be looked for independently of each other, in the order in which it is reported. */
    private List<Supplier<List<Finding>>> parts(TableScan.Plan plan, TableScan scan, List<String> limits) {
        Sample sample = new Sample(scan);
        List<Supplier<List<Finding>>> parts = new ArrayList<>();
        parts.add(() -> RowFindings.ofRepeats(scan));
        List<Column> features = new ArrayList<>();
        for (Column column : sample.columns()) {
            boolean isFeature = plan.isFeature(column.name()) && !column.name().equals(time);
            if (!identifiers.contains(column.name())) {
                parts.add(() -> new ColumnFindings(scan).of(column, isFeature));
            }
            if (isFeature && column.present() > 0) {
                features.add(column);
            }
        }
        if (features.size() > Association.MOST_COLUMNS) {
            limits.add("pairs were compared of the first " + Association.MOST_COLUMNS + " features");
        }
        List<Column> paired = features.subList(0, Math.min(Association.MOST_COLUMNS, features.size()));
        for (int i = 0; i < paired.size(); i++) {
            int first = i;
            parts.add(() -> Association.of(paired, first, sample.rows()));
        }
        Column timed = time == null ? null : sample.find(time);
        if (timed != null) {
            parts.add(() -> RowFindings.ofTimes(sample, timed));
        }
        Label told = label(sample, scan);
        if (told != null) {
            if (!told.isNumber()) {
                parts.add(() -> RowFindings.ofClasses(told.column().scan(), scan.rows()));
            }
            if (told.classCount() > Label.MOST_CLASSES) {
                limits.add("the label has more than " + Label.MOST_CLASSES
                        + " classes: nothing was looked for that foretells them");
            }
            if (told.isEnough()) {
                parts.add(() -> ofLabel(sample, told, features));
                for (String name : identifiers) {
                    Column column = sample.find(name);
                    if (column != null) {
                        parts.add(() -> Leaks.ofIdentifier(column, told));
                    }
                }
            }
        }
        return parts;
    }

    private @Nullable Label label(Sample sample, TableScan scan) {
        Column column = label == null ? null : sample.find(label);
        if (column == null) {
            return null;
        }
        Map<Object, ColumnScan.Occurrences> values = column.scan().values();
        boolean isNumber = labelType == null
                ? column.isNumber() && (values == null || values.size() > FEW_NUMBERS)
                : labelType == FeatureType.NUMBER;
        if (isNumber == column.isNumber()) {
            return new Label(column, seed);
        }
        Object[] cells = scan.sample().stream()
                .map(row -> row.value(column.scan().index))
                .toArray();
        return new Label(isNumber ? Sample.number(column.scan(), cells) : Sample.category(column.scan(), cells), seed);
    }

    private static List<Finding> ofLabel(Sample sample, Label label, List<Column> features) {
        List<Finding> found = new ArrayList<>();
        List<Map.Entry<Column, Double>> strengths = new ArrayList<>();
        for (Column feature : features) {
            TableScan.checkInterrupt();
            boolean isText = feature.scan().type() == CellType.TEXT;
            if (!(isText && feature.isNearlyUnique())) {
                double strength = Leaks.strength(feature, label);
                strengths.add(Map.entry(feature, strength));
                found.addAll(Leaks.ofFeature(feature, label, strength));
            }
        }
        found.addAll(Leaks.ofPairs(strengths, label));
        if (!label.isNumber()) {
            List<Column> telling = strengths.stream()
                    .sorted(Map.Entry.<Column, Double>comparingByValue().reversed())
                    .map(Map.Entry::getKey)
                    .toList();
            LabelErrors errors = new LabelErrors(label, telling);
            if (errors.isPossible()) {
                found.addAll(errors.find(sample));
            }
        }
        return found;
    }

    private List<List<Finding>> all(List<Supplier<List<Finding>>> parts) {
        Executor host = executor;
        List<List<Finding>> found = new ArrayList<>();
        if (host == null) {
            for (Supplier<List<Finding>> part : parts) {
                TableScan.checkInterrupt();
                found.add(part.get());
            }
            return found;
        }
        List<CompletableFuture<List<Finding>>> underWay = new ArrayList<>();
        for (Supplier<List<Finding>> part : parts) {
            underWay.add(CompletableFuture.supplyAsync(part, host));
        }
        for (CompletableFuture<List<Finding>> part : underWay) {
            TableScan.checkInterrupt();
            try {
                found.add(part.join());
            } catch (CompletionException failure) {
                if (failure.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw failure;
            }
        }
        return found;
    }

    /** What is looked over, in words. */
    @Override
    public String toString() {
        return "audit of " + table + (label == null ? "" : ", label " + label)
                + (testing == null ? "" : ", testing " + testing);
    }
}

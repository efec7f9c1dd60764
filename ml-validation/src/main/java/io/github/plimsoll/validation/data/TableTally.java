package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.TimeSource;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.data.Anomaly.Example;
import io.github.plimsoll.validation.profile.FeatureProfile;
import io.github.plimsoll.validation.profile.Profile;
import io.github.plimsoll.validation.profile.ProfileRecorder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What has been counted of some rows. A block of rows is counted on any thread, with no state but the rules; blocks are then
 * added up in the order of the table, so that the sum does not depend on the threads.
 */
final class TableTally {

    /** What all tallies of one validation have in common. Immutable. */
    private record Plan(
            DataContract contract,
            Set<String> known,
            boolean columnsOfRowsMatter,
            List<Feature> features,
            Map<String, Integer> indexes,
            List<ColumnContract> columns,
            List<Integer> massed,
            List<Integer> ordered,
            RowRules rules,
            Map<String, Part> parts,
            @Nullable Queue<ProfileRecorder> recorders) {

        /** Columns whose different values have to be told apart, each alone. */
        List<Integer> hashed() {
            List<Integer> indexes = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                ColumnContract column = columns.get(i);
                if (column.isUnique() || column.minDistinct() > 0 || column.maxDistinct() < Long.MAX_VALUE) {
                    indexes.add(i);
                }
            }
            return indexes;
        }
    }

    /**
     * Rows that a rule is asked of which need not hold for all of them.
     *
     * @param index where such rows are counted
     * @param has whether a row is one of them
     * @param least the smallest share that keeps to the rule
     */
    private record Part(int index, Predicate<FeatureRow> has, double least) {

        /** The parts by path and code of the rule. */
        static Map<String, Part> of(DataContract contract, List<Feature> features) {
            Map<String, Part> parts = new LinkedHashMap<>();
            List<String> names = features.stream().map(Feature::name).toList();
            for (int i = 0; i < features.size(); i++) {
                int index = i;
                String name = names.get(i);
                contract.column(name).mostly().forEach((check, least) -> {
                    if (least < 1) {
                        Part part = new Part(parts.size(), row -> isThere(row, index), least);
                        parts.put(key(name, check.code()), part);
                    }
                });
            }
            for (RowRule rule : contract.rowRules()) {
                if (rule.mostly() < 1 && names.containsAll(rule.columns())) {
                    Part part = new Part(parts.size(), rule.bindKnown(features), rule.mostly());
                    parts.put(key(ROW, rule.name()), part);
                }
            }
            return parts;
        }

        /** Whether there is a value, be it a wrong one. */
        private static boolean isThere(FeatureRow row, int index) {
            if (!row.isInvalid(index)) {
                return !row.isNull(index);
            }
            String name = row.features().get(index).name();
            return row.violations().stream()
                    .noneMatch(violation -> violation.path().equals(name)
                            && (violation.code().equals(Violation.NULL)
                                    || violation.code().equals(Violation.MISSING)));
        }
    }

    /** How often one rule was broken by rows, and where first. */
    private static final class Broken {

        private final String code;
        private final String path;
        private final String expected;
        private final Severity severity;
        private final List<Example> examples = new ArrayList<>();
        private long count;

        private Broken(String code, String path, String expected, Severity severity) {
            this.code = code;
            this.path = path;
            this.expected = expected;
            this.severity = severity;
        }

        private void add(long rows, List<Example> more) {
            count += rows;
            for (int i = 0; i < more.size() && examples.size() < Anomaly.MOST_EXAMPLES; i++) {
                examples.add(more.get(i));
            }
        }
    }

    /** Values that are to be told apart: those of a column, of a key, or whole rows. */
    private static final class Repeats {

        private final int[] indexes;
        private long[] hashes = new long[0]; // of a block, until it is added
        private long[] lines = new long[0];
        private int size;
        private final LongHashes seen = new LongHashes(); // of all blocks added
        private long repeated;
        private final List<Example> examples = new ArrayList<>();

        private Repeats(int[] indexes) {
            this.indexes = indexes;
        }

        private void room(int rows) {
            hashes = new long[rows];
            lines = new long[rows];
        }

        /** Takes a row that has a value in each of the columns. */
        private void take(FeatureRow row, long line) {
            for (int index : indexes) {
                if (row.isNull(index) || row.isInvalid(index)) {
                    return;
                }
            }
            take(LongHashes.of(row, indexes), line);
        }

        private void take(long hash, long line) {
            hashes[size] = hash;
            lines[size++] = line;
        }

        private void add(Repeats block) {
            for (int i = 0; i < block.size; i++) {
                if (!seen.add(block.hashes[i])) {
                    repeated++;
                    if (examples.size() < Anomaly.MOST_EXAMPLES) {
                        examples.add(new Example(block.lines[i], "a repeat"));
                    }
                }
            }
        }
    }

    /** The order of one column's values so far. */
    private static final class Sequence {

        private @Nullable Object first;
        private @Nullable Object last;
        private long firstLine;
        private long broken;
        private final List<Example> examples = new ArrayList<>();
    }

    private static final int MOST_UNEXPECTED = 1_000;
    private static final String OTHERS = "other columns";
    private static final String ROW = "input"; // the path of rules between columns

    private final Plan plan;
    private int unexpected;
    private final Map<String, Broken> broken = new LinkedHashMap<>();
    private final long[] values;
    private final long[] known;
    private final long[] parts; // rows that each part is a share of
    private final Sequence[] sequences;
    private final List<Repeats> columnRepeats = new ArrayList<>();
    private final List<Repeats> keyRepeats = new ArrayList<>();
    private final @Nullable Repeats rowRepeats;
    private final List<TableRow> rejectedRows = new ArrayList<>(); // of a block
    private final List<List<Violation>> rejectedFor = new ArrayList<>();
    private long rows;
    private long rejected;
    private final int freshness; // the index of the column of timestamps that must be new, or -1
    private long newest = Long.MIN_VALUE;

    /**
     * An empty tally.
     *
     * @param hasHeader whether all rows have the columns of a header, which has been looked at
     * @param profiling whether to make a profile of the rows
     */
    TableTally(
            DataContract contract,
            Environment environment,
            List<Feature> features,
            boolean hasHeader,
            boolean profiling) {
        this(new Plan(
                contract,
                contract.columns().stream()
                        .filter(column -> column.environments().contains(environment))
                        .map(ColumnContract::name)
                        .collect(Collectors.toSet()),
                !hasHeader && contract.reaction(Check.UNEXPECTED) != Reaction.ACCEPT,
                features,
                indexesByName(features),
                features.stream()
                        .map(feature -> contract.column(feature.name()))
                        .toList(),
                where(contract, features, column -> column.mass() < 1),
                where(contract, features, column -> column.order() != ColumnContract.Order.NONE),
                new RowRules(features, Set.of(), contract, environment),
                Part.of(contract, features),
                profiling ? new ConcurrentLinkedQueue<>() : null));
    }

    private static List<Integer> where(DataContract contract, List<Feature> features, Predicate<ColumnContract> which) {
        return IntStream.range(0, features.size())
                .filter(i -> which.test(contract.column(features.get(i).name())))
                .boxed()
                .toList();
    }

    private TableTally(Plan plan) {
        this.plan = plan;
        int count = plan.features.size();
        values = new long[count];
        known = new long[count];
        parts = new long[plan.parts.size()];
        sequences = new Sequence[count];
        for (int i = 0; i < count; i++) {
            sequences[i] = new Sequence();
        }
        plan.hashed().forEach(index -> columnRepeats.add(new Repeats(new int[] {index})));
        for (List<String> key : plan.contract.keys()) {
            int[] indexes = indexes(key);
            if (indexes.length == key.size()) {
                keyRepeats.add(new Repeats(indexes));
            }
        }
        DataContract.Freshness fresh = plan.contract.freshness();
        freshness = fresh == null ? -1 : index(fresh.column());
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = i;
        }
        rowRepeats = plan.contract.duplicates() < 1 ? new Repeats(all) : null;
    }

    private int[] indexes(List<String> names) {
        return names.stream().mapToInt(this::index).filter(index -> index >= 0).toArray();
    }

    private int index(String name) {
        return plan.indexes.getOrDefault(name, -1);
    }

    private static Map<String, Integer> indexesByName(List<Feature> features) {
        Map<String, Integer> indexes = new HashMap<>();
        features.forEach(feature -> indexes.put(feature.name(), indexes.size()));
        return indexes;
    }

    long rows() {
        return rows;
    }

    long rejected() {
        return rejected;
    }

    // ---- one block ------------------------------------------------------------------------------------------------

    /** A tally of some rows, by the rules of this one. */
    TableTally ofRows(List<TableRow> block, Schema<TableRow> schema) {
        TableTally tally = new TableTally(plan);
        tally.columnRepeats.forEach(repeats -> repeats.room(block.size()));
        tally.keyRepeats.forEach(repeats -> repeats.room(block.size()));
        if (tally.rowRepeats != null) {
            tally.rowRepeats.room(block.size());
        }
        ProfileRecorder recorder = recorder();
        for (TableRow row : block) {
            FeatureRow features = schema.read(row);
            tally.count(row, features);
            if (recorder != null) {
                recorder.record(features);
            }
        }
        if (recorder != null) {
            java.util.Objects.requireNonNull(plan.recorders).add(recorder);
        }
        return tally;
    }

    /** A recorder that no other block has at the time: which rows it has counted before makes no difference to their sum. */
    private @Nullable ProfileRecorder recorder() {
        if (plan.recorders == null) {
            return null;
        }
        ProfileRecorder idle = plan.recorders.poll();
        return idle == null ? Profile.recorder(plan.features) : idle;
    }

    /** The profile of all rows, null if none was asked for. */
    @Nullable
    Profile profile() {
        if (plan.recorders == null) {
            return null;
        }
        return plan.recorders.isEmpty()
                ? Profile.recorder(plan.features).profile()
                : Profile.merged(
                        plan.recorders.stream().map(ProfileRecorder::profile).toList());
    }

    private void count(TableRow source, FeatureRow row) {
        rows++;
        long line = source.line();
        List<Violation> surplus = plan.columnsOfRowsMatter ? surplus(source) : List.of();
        if (!surplus.isEmpty() || !row.violations().isEmpty() || !plan.rules.isClean(row)) {
            judge(source, row, surplus);
        }
        for (int i = 0; i < values.length; i++) {
            values[i] += has(row, i) ? 1 : 0;
        }
        for (int i : plan.massed) {
            known[i] += isKnown(row, i) ? 1 : 0;
        }
        for (int i : plan.ordered) {
            if (has(row, i)) {
                follow(i, row.value(i), line);
            }
        }
        for (Part part : plan.parts.values()) {
            if (part.has.test(row)) {
                parts[part.index]++;
            }
        }
        columnRepeats.forEach(repeats -> repeats.take(row, line));
        keyRepeats.forEach(repeats -> repeats.take(row, line));
        if (rowRepeats != null) {
            rowRepeats.take(LongHashes.with(LongHashes.of(row, rowRepeats.indexes), others(source)), line);
        }
        if (freshness >= 0 && !row.isNull(freshness) && !row.isInvalid(freshness)) {
            newest = Math.max(newest, row.integer(freshness));
        }
    }

    /** The hash of the values in columns that are not checked, in any order of the columns. */
    private long others(TableRow source) {
        long hash = 0;
        for (String name : source.columns()) {
            if (!plan.indexes.containsKey(name)) {
                hash += LongHashes.with(LongHashes.of(name), LongHashes.of(String.valueOf(source.value(name))));
            }
        }
        return hash;
    }

    private static boolean has(FeatureRow row, int i) {
        return !row.isNull(i) && !row.isInvalid(i);
    }

    private boolean isKnown(FeatureRow row, int i) {
        return has(row, i) && plan.features.get(i).type() == FeatureType.CATEGORY && row.categoryCode(i) >= 0;
    }

    private List<Violation> surplus(TableRow source) {
        List<Violation> surplus = new ArrayList<>();
        for (String name : source.columns()) {
            if (!plan.known.contains(name)) {
                surplus.add(new Violation(
                        Violation.UNEXPECTED,
                        name,
                        "a field of this name",
                        "no column but those of the contract",
                        Severity.ERROR));
            }
        }
        return surplus;
    }

    /** Counts what is wrong with a row, each rule once a row and column. */
    private void judge(TableRow source, FeatureRow row, List<Violation> surplus) {
        List<Violation> found = new ArrayList<>();
        for (Violation violation : surplus) {
            take(violation, found);
        }
        for (Violation violation : row.violations()) {
            take(violation, found);
        }
        for (Violation violation : plan.rules.checkAll(row, Severity.ERROR)) {
            take(violation, found);
        }
        Set<String> counted = new HashSet<>();
        List<Violation> rejecting = new ArrayList<>();
        boolean reject = false;
        for (Violation violation : found) {
            String path = column(violation.path());
            String key = key(path, violation.code());
            if (!plan.parts.containsKey(key)) { // of the others, it is the share that counts
                reject |= violation.severity() == Severity.ERROR;
                rejecting.add(violation);
            }
            Broken rule = rule(violation.code(), path, violation.expected(), violation.severity());
            if (counted.add(key(rule.path, rule.code))) {
                rule.add(1, List.of(new Example(source.line(), violation.observed())));
            }
        }
        if (reject) {
            rejected++;
            rejectedRows.add(source);
            rejectedFor.add(rejecting);
        }
    }

    private static String key(String path, String code) {
        return path + ' ' + code;
    }

    /** The count of a rule; columns that nobody knows have one each until there are too many. */
    private Broken rule(String code, String path, String expected, Severity severity) {
        boolean room = !code.equals(Violation.UNEXPECTED) || unexpected < MOST_UNEXPECTED;
        String where = room || broken.containsKey(key(path, code)) ? path : OTHERS;
        return broken.computeIfAbsent(key(where, code), unseen -> {
            if (code.equals(Violation.UNEXPECTED) && !where.equals(OTHERS)) {
                unexpected++;
            }
            return new Broken(code, where, expected, severity);
        });
    }

    /** Keeps a violation as the contract sees it. */
    private void take(Violation violation, List<Violation> found) {
        int index = index(column(violation.path()));
        boolean between =
                index < 0 && violation.path().equals(ROW) && !violation.code().equals(Violation.UNEXPECTED);
        Check check = between ? null : check(violation.code());
        if (check == null) {
            found.add(violation); // of a rule between columns, which has a reaction of its own
            return;
        }
        if (check == Check.UNKNOWN_CATEGORY
                && index >= 0
                && plan.columns.get(index).mass() < 1
                && plan.columns.get(index).reaction(check) == Reaction.REJECT) {
            return; // it is the share that counts
        }
        Reaction reaction = index >= 0 ? plan.columns.get(index).reaction(check) : plan.contract.reaction(check);
        Severity severity = TableValidation.severity(reaction);
        if (severity != null) {
            found.add(violation.withSeverity(severity));
        }
    }

    private static @Nullable Check check(String code) {
        for (Check check : Check.values()) {
            if (check.code().equals(code)) {
                return check;
            }
        }
        return null;
    }

    private static String column(String path) {
        int bracket = path.indexOf('[');
        return bracket < 0 ? path : path.substring(0, bracket);
    }

    private void follow(int i, @Nullable Object value, long line) {
        Sequence sequence = sequences[i];
        if (sequence.last == null) {
            sequence.first = value;
            sequence.firstLine = line;
        } else {
            compare(i, sequence, sequence.last, value, line);
        }
        sequence.last = value;
    }

    @SuppressWarnings("unchecked") // values of one column are of one type
    private void compare(int i, Sequence sequence, @Nullable Object before, @Nullable Object value, long line) {
        int order = ((Comparable<Object>) java.util.Objects.requireNonNull(before))
                .compareTo(java.util.Objects.requireNonNull(value));
        boolean inOrder = switch (plan.columns.get(i).order()) {
            case NONE -> true;
            case ASCENDING -> order <= 0;
            case STRICTLY_ASCENDING -> order < 0;
            case DESCENDING -> order >= 0;
            case STRICTLY_DESCENDING -> order > 0;
        };
        if (!inOrder) {
            sequence.broken++;
            if (sequence.examples.size() < Anomaly.MOST_EXAMPLES) {
                boolean hidden = plan.features.get(i).isSensitive();
                sequence.examples.add(new Example(line, hidden ? "(sensitive)" : value + " after " + before));
            }
        }
    }

    // ---- all blocks -----------------------------------------------------------------------------------------------

    /** Adds the block that comes next. */
    void add(TableTally block, BiConsumer<? super TableRow, ? super List<Violation>> rejects) {
        rows += block.rows;
        rejected += block.rejected;
        newest = Math.max(newest, block.newest);
        block.broken
                .values()
                .forEach(rule ->
                        rule(rule.code, rule.path, rule.expected, rule.severity).add(rule.count, rule.examples));
        for (int i = 0; i < values.length; i++) {
            values[i] += block.values[i];
            known[i] += block.known[i];
            add(i, block.sequences[i]);
        }
        for (int i = 0; i < parts.length; i++) {
            parts[i] += block.parts[i];
        }
        for (int i = 0; i < columnRepeats.size(); i++) {
            columnRepeats.get(i).add(block.columnRepeats.get(i));
        }
        for (int i = 0; i < keyRepeats.size(); i++) {
            keyRepeats.get(i).add(block.keyRepeats.get(i));
        }
        if (rowRepeats != null) {
            rowRepeats.add(java.util.Objects.requireNonNull(block.rowRepeats));
        }
        for (int i = 0; i < block.rejectedRows.size(); i++) {
            rejects.accept(block.rejectedRows.get(i), block.rejectedFor.get(i));
        }
    }

    private void add(int i, Sequence next) {
        if (next.last == null) {
            return;
        }
        Sequence sequence = sequences[i];
        if (sequence.last != null) {
            compare(i, sequence, sequence.last, next.first, next.firstLine);
        }
        sequence.broken += next.broken;
        for (Example example : next.examples) {
            if (sequence.examples.size() < Anomaly.MOST_EXAMPLES) {
                sequence.examples.add(example);
            }
        }
        sequence.last = next.last;
    }

    // ---- what it comes to -----------------------------------------------------------------------------------------

    List<Anomaly> anomalies(TimeSource time, @Nullable Profile training, @Nullable Profile previous) {
        Profile profile = profile();
        Map<String, FeatureProfile> whenTraining = byName(training);
        Map<String, FeatureProfile> before = byName(previous);
        List<Anomaly> all = new ArrayList<>();
        table(all, time);
        Map<String, List<Broken>> byPath = broken.values().stream()
                .collect(Collectors.groupingBy(rule -> rule.path, LinkedHashMap::new, Collectors.toList()));
        @Nullable Repeats[] repeats = new Repeats[plan.features.size()];
        columnRepeats.forEach(column -> repeats[column.indexes[0]] = column);
        for (int i = 0; i < plan.features.size(); i++) {
            List<Broken> rules = byPath.remove(plan.features.get(i).name());
            if (rules != null) {
                rules.forEach(rule -> anomaly(all, rule));
            }
            column(all, i);
            if (repeats[i] != null) {
                distinct(all, plan.columns.get(i), repeats[i]);
            }
            if (profile != null) {
                ColumnContract column = plan.columns.get(i);
                FeatureProfile current = profile.features().get(i);
                compare(all, Check.SKEW, column, column.skew(), whenTraining, current);
                compare(all, Check.DRIFT, column, column.drift(), before, current);
            }
        }
        byPath.values().forEach(rules -> rules.forEach(rule -> anomaly(all, rule)));
        return all;
    }

    private void anomaly(List<Anomaly> all, Broken rule) {
        Part part = plan.parts.get(key(rule.path, rule.code));
        String observed = rule.count + " of " + rows + " rows";
        String expected = rule.expected;
        if (part != null) {
            long there = parts[part.index];
            if ((double) (there - rule.count) / there >= part.least) {
                return;
            }
            observed = rule.count + " of " + there + " that are not null";
            expected += ", at least " + part.least + " of those that are not null";
        }
        all.add(new Anomaly(
                rule.code, rule.path, rule.count, share(rule.count), observed, expected, rule.severity, rule.examples));
    }

    private double share(long count) {
        return rows == 0 ? 0 : (double) count / rows;
    }

    private void table(List<Anomaly> all, TimeSource time) {
        DataContract contract = plan.contract;
        if (rows < contract.minRows() || rows > contract.maxRows()) {
            String expected = contract.maxRows() == Long.MAX_VALUE
                    ? "at least " + contract.minRows()
                    : contract.minRows() + " to " + contract.maxRows();
            add(
                    all,
                    Check.ROW_COUNT,
                    "table",
                    0,
                    rows + " rows",
                    expected,
                    contract.reaction(Check.ROW_COUNT),
                    List.of());
        }
        for (Repeats key : keyRepeats) {
            String names = String.join(", ", names(key.indexes));
            repeats(all, Check.KEY, names, key, "no two rows with the same " + names, contract.reaction(Check.KEY));
        }
        if (rowRepeats != null && share(rowRepeats.repeated) > contract.duplicates()) {
            repeats(
                    all,
                    Check.DUPLICATES,
                    "table",
                    rowRepeats,
                    "at most " + contract.duplicates() + " of the rows",
                    contract.reaction(Check.DUPLICATES));
        }
        DataContract.Freshness fresh = contract.freshness();
        if (fresh != null && freshness >= 0) {
            Duration age = newest == Long.MIN_VALUE ? null : Duration.ofMillis(time.currentTimeMillis() - newest);
            if (age == null || age.compareTo(fresh.within()) > 0) {
                String observed = age == null ? "no timestamp" : "the newest is " + Instant.ofEpochMilli(newest);
                add(
                        all,
                        Check.FRESHNESS,
                        fresh.column(),
                        0,
                        observed,
                        "one within " + fresh.within() + " of " + Instant.ofEpochMilli(time.currentTimeMillis()),
                        contract.reaction(Check.FRESHNESS),
                        List.of());
            }
        }
    }

    private List<String> names(int[] indexes) {
        List<String> names = new ArrayList<>();
        for (int index : indexes) {
            names.add(plan.features.get(index).name());
        }
        return names;
    }

    private void column(List<Anomaly> all, int i) {
        ColumnContract column = plan.columns.get(i);
        String name = column.name();
        if (column.feature().isNullable() && rows > 0 && share(values[i]) < column.presence()) {
            add(
                    all,
                    Check.PRESENCE,
                    name,
                    rows - values[i],
                    "a value in " + values[i] + " of " + rows + " rows",
                    "in at least " + column.presence() + " of them",
                    column.reaction(Check.PRESENCE),
                    List.of());
        }
        if (column.mass() < 1 && values[i] > 0 && (double) known[i] / values[i] < column.mass()) {
            add(
                    all,
                    Check.MASS,
                    name,
                    values[i] - known[i],
                    known[i] + " of " + values[i] + " values known",
                    "at least " + column.mass() + " of them",
                    column.reaction(Check.MASS),
                    List.of());
        }
        Sequence sequence = sequences[i];
        if (sequence.broken > 0) {
            add(
                    all,
                    Check.ORDER,
                    name,
                    sequence.broken,
                    sequence.broken + " out of order",
                    column.order().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '),
                    column.reaction(Check.ORDER),
                    sequence.examples);
        }
    }

    private void distinct(List<Anomaly> all, ColumnContract column, Repeats repeats) {
        if (column.isUnique()) {
            repeats(all, Check.UNIQUE, column.name(), repeats, "no value twice", column.reaction(Check.UNIQUE));
        }
        long different = repeats.seen.size();
        boolean tooFew = different < column.minDistinct();
        if (tooFew || different > column.maxDistinct()) {
            String expected = column.maxDistinct() == Long.MAX_VALUE
                    ? "at least " + column.minDistinct()
                    : column.minDistinct() + " to " + column.maxDistinct();
            add(
                    all,
                    Check.DISTINCT,
                    column.name(),
                    0,
                    different + " different values",
                    expected,
                    column.reaction(Check.DISTINCT),
                    List.of());
        }
    }

    private static @Nullable Map<String, FeatureProfile> byName(@Nullable Profile profile) {
        return profile == null
                ? null
                : profile.features().stream().collect(Collectors.toMap(FeatureProfile::name, feature -> feature));
    }

    private void compare(
            List<Anomaly> all,
            Check check,
            ColumnContract column,
            ColumnContract.@Nullable Limit limit,
            @Nullable Map<String, FeatureProfile> reference,
            FeatureProfile current) {
        if (limit == null || reference == null) {
            return;
        }
        String distance = ContractJson.Words.of(limit.distance()) + " distance ";
        String expected = distance + "at most " + limit.most();
        FeatureProfile before = reference.get(column.name());
        String observed;
        if (before == null) {
            observed = "no such column in the profile";
        } else if (before.feature().isSensitive() || before.type() == FeatureType.TENSOR) {
            observed = "the profile does not know its values";
        } else {
            CommonCells cells = CommonCells.of(before, current);
            double moved = cells.distance(limit.distance());
            if (limit.allows(moved)) {
                return;
            }
            observed = distance + moved + ": " + cells.moved();
        }
        add(all, check, column.name(), 0, observed, expected, column.reaction(check), List.of());
    }

    private void repeats(
            List<Anomaly> all, Check check, String path, Repeats repeats, String expected, Reaction reaction) {
        if (repeats.repeated > 0) {
            add(
                    all,
                    check,
                    path,
                    repeats.repeated,
                    repeats.repeated + " repeats",
                    expected,
                    reaction,
                    repeats.examples);
        }
        if (repeats.seen.isFull()) {
            add(
                    all,
                    check,
                    path,
                    0,
                    "more than " + LongHashes.MOST + " different values",
                    "at most as many, to be checked to the end",
                    reaction == Reaction.ACCEPT ? Reaction.ACCEPT : Reaction.WARN,
                    List.of());
        }
    }

    private void add(
            List<Anomaly> all,
            Check check,
            String path,
            long count,
            String observed,
            String expected,
            Reaction reaction,
            List<Example> examples) {
        Severity severity = TableValidation.severity(reaction);
        if (severity != null) {
            all.add(new Anomaly(check.code(), path, count, share(count), observed, expected, severity, examples));
        }
    }
}

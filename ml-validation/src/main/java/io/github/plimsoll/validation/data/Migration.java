package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.validation.data.ContractChange.Kind;
import io.github.plimsoll.validation.data.ContractUpdate.Open;
import io.github.plimsoll.validation.data.InferredContract.Hint;
import io.github.plimsoll.validation.data.InferredContract.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Brings the columns of a contract up to date with those of a table. */
final class Migration {

    private final DataContract contract;
    private final Environment environment;
    private final Set<String> labels;
    private final Map<String, ColumnFacts> facts = new LinkedHashMap<>();
    private final Map<String, ColumnContract> columns;
    private final Map<String, String> renamed = new LinkedHashMap<>(); // from old to new
    private final List<ContractChange> changes = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    private final List<Rule> rules = new ArrayList<>();

    Migration(DataContract contract, Environment environment, Set<String> labels, TableReading reading) {
        this.contract = contract;
        this.environment = environment;
        this.labels = labels;
        this.columns = new LinkedHashMap<>(contract.byName());
        reading.columns().forEach(column -> facts.put(column.name(), column));
    }

    ContractUpdate run(
            Map<String, String> stated, @Nullable Table table, Lifecycle stage, Promise promise, int mostCategories) {
        rename(stated, table);
        for (ColumnFacts column : facts.values()) {
            ColumnContract known = columns.get(column.name());
            boolean awaited =
                    known != null && known.lifecycle() == Lifecycle.PLANNED && column.kind() != ColumnFacts.Kind.EMPTY;
            if (known == null || awaited) {
                introduce(column, awaited, stage, new ColumnInference(column, promise, mostCategories));
            }
        }
        for (ColumnContract column : List.copyOf(columns.values())) {
            if (column.isCheckedIn(environment) && !facts.containsKey(column.name())) {
                columns.put(column.name(), column.lifecycle(Lifecycle.DEPRECATED));
                changes.add(new ContractChange(
                        Kind.LOOSER,
                        column.name(),
                        "lifecycle deprecated, was "
                                + column.lifecycle().name().toLowerCase(Locale.ROOT)
                                + ": the table has no such column; it is no longer checked"));
            }
        }
        if (contract.isOrdered() && !changes.isEmpty()) {
            open.add(new Open("table", "columns are to be in order: put those that are new in their places"));
        }
        return new ContractUpdate(with(columns), changes, open, rules);
    }

    private void introduce(ColumnFacts column, boolean awaited, Lifecycle stage, ColumnInference inference) {
        ColumnContract inferred = inference.contract();
        ColumnContract introduced = inferred.lifecycle() == Lifecycle.PRODUCTION ? inferred.lifecycle(stage) : inferred;
        columns.put(
                column.name(), labels.contains(column.name()) ? introduced.onlyIn(Environment.TRAINING) : introduced);
        String lifecycle =
                introduced.lifecycle().name().toLowerCase(Locale.ROOT).replace('_', '-');
        changes.add(new ContractChange(
                Kind.TIGHTER,
                column.name(),
                (awaited ? "planned column that has values now, " : "new column, ")
                        + introduced
                        + String.format(Locale.ROOT, ", %s: inferred from %,d values", lifecycle, column.values())));
        rules.addAll(inference.rules());
        for (Hint hint : inference.hints()) {
            open.add(new Open(hint.column(), hint.text()));
        }
    }

    // ---- renaming ---------------------------------------------------------------------------------------------------

    private void rename(Map<String, String> stated, @Nullable Table table) {
        for (Map.Entry<String, String> pair : stated.entrySet()) {
            contract.column(pair.getKey()); // is there
            if (!facts.containsKey(pair.getValue())) {
                throw new IllegalArgumentException("renamed: no column '" + pair.getValue()
                        + "' in the table (expected: one of " + facts.keySet() + ")");
            }
            rename(pair.getKey(), pair.getValue(), "as stated");
        }
        for (ColumnContract column : contract.columns()) {
            String old = column.name();
            if (column.isCheckedIn(environment) && !facts.containsKey(old) && columns.containsKey(old)) {
                List<String> alike = facts.keySet().stream()
                        .filter(name ->
                                !columns.containsKey(name) && letters(name).equals(letters(old)))
                        .toList();
                if (alike.size() == 1) {
                    spelledAlike(column, alike.get(0), table);
                }
            }
        }
    }

    private void spelledAlike(ColumnContract column, String name, @Nullable Table table) {
        if (table == null || keepsTo(named(column, name), table)) {
            rename(column.name(), name, "spelled alike, and its values keep to the rules");
        } else {
            open.add(new Open(name, "spelled like " + column.name() + ", whose rules its values do not keep to"));
        }
    }

    private boolean keepsTo(ColumnContract column, Table table) {
        DataContract alone = DataContract.of("column", column).on(Check.UNEXPECTED, Reaction.ACCEPT);
        return TableValidation.of(alone).in(environment).validate(table).isAccepted();
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    private static ColumnContract named(ColumnContract column, String name) {
        return column.feature(column.feature().named(name));
    }

    private void rename(String old, String name, String reason) {
        Map<String, ColumnContract> changed = new LinkedHashMap<>();
        columns.forEach((key, column) -> {
            if (key.equals(old)) {
                changed.put(name, named(column, name));
            } else if (!key.equals(name)) {
                changed.put(key, column);
            }
        });
        renamed.put(old, name);
        try {
            with(changed);
        } catch (IllegalArgumentException rule) { // that speaks of the old name
            renamed.remove(old);
            open.add(new Open(old, "not renamed to " + name + ": " + rule.getMessage()));
            return;
        }
        columns.clear();
        columns.putAll(changed);
        changes.add(new ContractChange(Kind.OTHER, name, "renamed from " + old + ": " + reason));
    }

    private DataContract with(Map<String, ColumnContract> changed) {
        DataContract.TableRules table = contract.tableRules();
        DataContract.Freshness fresh = table.freshness();
        DataContract.TableRules named = table.keys(table.keys().stream()
                .map(key -> key.stream()
                        .map(column -> renamed.getOrDefault(column, column))
                        .toList())
                .toList());
        if (fresh != null) {
            named = named.freshness(new DataContract.Freshness(
                    Objects.requireNonNull(renamed.getOrDefault(fresh.column(), fresh.column())), fresh.within()));
        }
        return new DataContract(
                contract.name(), Collections.unmodifiableMap(new LinkedHashMap<>(changed)), contract.rowRules(), named);
    }
}

package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import io.github.plimsoll.core.schema.Violation;
import io.github.plimsoll.core.schema.Violation.Severity;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Changes rows as a contract says, and notes each change. Immutable and thread-safe. */
final class Repairs {

    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?");
    private static final int LONGEST_NUMBER = 64;

    private final RowRules rules;
    private final int[] repairable;
    private final List<Map<String, String>> spellings = new ArrayList<>(); // of each feature: plain form to category

    Repairs(RowRules rules) {
        this.rules = rules;
        List<Integer> indexes = new ArrayList<>();
        for (int i = 0; i < rules.features().size(); i++) {
            ColumnContract column = rules.column(i);
            boolean any = column != null && column.reactions().containsValue(Reaction.REPAIR);
            if (any) {
                indexes.add(i);
            }
            spellings.add(any ? spellings(rules.feature(i).categories()) : Map.of());
        }
        repairable = indexes.stream().mapToInt(Integer::intValue).toArray();
    }

    boolean isEmpty() {
        return repairable.length == 0;
    }

    /** Category names without case, surrounding blanks and Unicode form; those that two names share stand for neither. */
    private static Map<String, String> spellings(List<String> categories) {
        Map<String, String> spellings = new HashMap<>();
        for (String category : categories) {
            if (spellings.put(plain(category), category) != null) {
                spellings.put(plain(category), "");
            }
        }
        spellings.values().removeIf(String::isEmpty);
        return spellings;
    }

    private static String plain(String name) {
        return Normalizer.normalize(name.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }

    /** The row with all repairs that the contract asks for; what was done is added to the notes. */
    FeatureRow repair(FeatureRow row, List<Violation> notes) {
        FeatureRow repaired = row;
        for (int i : repairable) {
            Repair repair = repair(row, i);
            if (repair != null) {
                repaired = repaired.with(i, repair.value);
                notes.add(note(row, i, repair));
            }
        }
        return repaired;
    }

    /** What is wrong with a value, and the value to put in its place. */
    private record Repair(Check check, Object value) {}

    private @Nullable Repair repair(FeatureRow row, int i) {
        if (row.isInvalid(i)) {
            return unreadable(row, i);
        }
        if (row.isNull(i)) {
            return rules.feature(i).isNullable() ? null : imputed(i, Check.NULL);
        }
        return switch (rules.feature(i).type()) {
            case NUMBER -> number(row.number(i), i);
            case INTEGER -> integer(row.integer(i), i);
            case CATEGORY -> category(row.text(i), i);
            case BOOLEAN, TEXT, TIMESTAMP, TENSOR -> null;
        };
    }

    private @Nullable Repair unreadable(FeatureRow row, int i) {
        String name = rules.feature(i).name();
        for (Violation violation : row.violations()) {
            if (violation.path().equals(name)) {
                for (Check check : List.of(Check.TYPE, Check.MISSING, Check.NULL)) {
                    if (check.code().equals(violation.code())) {
                        Object parsed =
                                check == Check.TYPE && isAsked(i, check) ? parsed(row.invalidValue(i), i) : null;
                        return parsed == null ? imputed(i, check) : new Repair(check, parsed);
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Object parsed(@Nullable Object given, int i) {
        if (!(given instanceof String text)) {
            return null;
        }
        String bare = text.strip();
        FeatureType type = rules.feature(i).type();
        if (type == FeatureType.BOOLEAN) {
            return bare.equalsIgnoreCase("true") ? Boolean.TRUE : bare.equalsIgnoreCase("false") ? Boolean.FALSE : null;
        }
        if (bare.length() > LONGEST_NUMBER || !NUMBER.matcher(bare).matches()) {
            return null;
        }
        if (type == FeatureType.NUMBER) {
            double value = Double.parseDouble(bare);
            return Double.isFinite(value) ? value : null;
        }
        if (type == FeatureType.INTEGER) {
            try {
                return Long.parseLong(bare);
            } catch (NumberFormatException notWhole) {
                return null;
            }
        }
        return null;
    }

    private @Nullable Repair number(double value, int i) {
        if (!Double.isFinite(value) && !rules.isNotFiniteAllowed(i)) {
            return imputed(i, Check.NOT_FINITE);
        }
        Feature feature = rules.feature(i);
        double clipped = Math.max(feature.min(), Math.min(feature.max(), value));
        return isAsked(i, Check.RANGE) && clipped != value && !Double.isNaN(value)
                ? new Repair(Check.RANGE, clipped)
                : null;
    }

    private @Nullable Repair integer(long value, int i) {
        Feature feature = rules.feature(i);
        boolean below = value < feature.min();
        boolean above = value > feature.max();
        if (!isAsked(i, Check.RANGE) || (!below && !above)) {
            return null;
        }
        double end = below ? Math.ceil(feature.min()) : Math.floor(feature.max());
        return new Repair(Check.RANGE, (long) end);
    }

    private @Nullable Repair category(@Nullable String name, int i) {
        List<String> categories = rules.feature(i).categories();
        if (name == null || categories.isEmpty() || categories.contains(name) || !isAsked(i, Check.UNKNOWN_CATEGORY)) {
            return null;
        }
        String known =
                name.length() <= Violation.OBSERVED_LIMIT ? spellings.get(i).get(plain(name)) : null;
        return known == null ? imputed(i, Check.UNKNOWN_CATEGORY) : new Repair(Check.UNKNOWN_CATEGORY, known);
    }

    private @Nullable Repair imputed(int i, Check check) {
        ColumnContract column = rules.column(i);
        Object value = column == null ? null : column.imputed();
        return value != null && isAsked(i, check) ? new Repair(check, value) : null;
    }

    private boolean isAsked(int i, Check check) {
        ColumnContract column = rules.column(i);
        return column != null && column.reaction(check) == Reaction.REPAIR;
    }

    private Violation note(FeatureRow row, int i, Repair repair) {
        Feature feature = rules.feature(i);
        boolean hidden = feature.isSensitive();
        Object observed = row.isInvalid(i) ? row.invalidValue(i) : row.value(i);
        return Violation.of(
                        repair.check.code(),
                        feature,
                        observed instanceof String ? "'" + observed + "'" : observed,
                        feature + "; repaired" + (hidden ? "" : " to " + repair.value))
                .withSeverity(Severity.WARNING);
    }
}

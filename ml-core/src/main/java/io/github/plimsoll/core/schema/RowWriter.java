package io.github.plimsoll.core.schema;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fills one {@link FeatureRow}. Each feature is written once, by the method for its type or by one that says why there is
 * no value. Confined to one thread and of no use after {@link #finish}.
 */
final class RowWriter {

    // Invariants:
    // 1. A feature that is null or invalid has NaN (NUMBER), -1 (CATEGORY) or 0 in its slot, so that rows in the same
    //    state have the same bits.
    // 2. objects, nulls, invalid and violations stay null until something is put in: a sound row of numbers costs its
    //    slots.
    // 3. violations never exceeds LIMIT. What does not fit is counted: unexpected fields in droppedFields, and
    //    features of which no violation could be listed in droppedFeatures. The second number follows from the row's
    //    state, which is what lets FeatureRow.with repair a row with hundreds of broken features down to none.

    /** The most violations that are listed in a row; up to two more say what was left out. */
    static final int LIMIT = 100;

    /** The path of a violation that concerns the input as a whole. */
    static final String INPUT = "input";

    /** The code of the violation that counts the features whose violations are not listed. */
    static final String MORE = "more";

    private static final long NAN = Double.doubleToLongBits(Double.NaN);
    private static final int FIELD_NAME_LIMIT = 80;

    private final SchemaLayout layout;
    private final long[] slots;
    private @Nullable Object @Nullable [] objects;
    private long @Nullable [] nulls;
    private long @Nullable [] invalid;
    private @Nullable List<Violation> violations;
    private int droppedFields;
    private int droppedFeatures;

    RowWriter(SchemaLayout layout) {
        this.layout = layout;
        slots = new long[layout.size()];
    }

    SchemaLayout layout() {
        return layout;
    }

    FeatureType type(int index) {
        return layout.type(index);
    }

    // ---- values -------------------------------------------------------------------------------------------------

    /** A NUMBER. Every NaN becomes the same NaN. */
    void number(int index, double value) {
        slots[index] = Double.doubleToLongBits(value);
    }

    /** An INTEGER, or a TIMESTAMP's milliseconds. */
    void integer(int index, long value) {
        slots[index] = value;
    }

    void bool(int index, boolean value) {
        slots[index] = value ? 1 : 0;
    }

    void category(int index, String name) {
        category(index, layout.code(index, name), name);
    }

    /** A CATEGORY whose code is known, -1 if its name is not in the declared set. */
    void category(int index, int code, String name) {
        slots[index] = code;
        if (code < 0) {
            keep(index, name);
        }
    }

    /** A CATEGORY whose name is an enum's constant; the codes are those of the enum's constants in their order. */
    @SuppressWarnings("EnumOrdinal") // the codes were made by the running version of the enum, and stay in it
    void constant(int index, int[] codes, @Nullable Enum<?> constant) {
        if (constant == null) {
            nullValue(index);
        } else {
            category(index, codes[constant.ordinal()], constant.name());
        }
    }

    void text(int index, String value) {
        keep(index, value);
    }

    /** A TENSOR: a {@code float[]} or {@code double[]} that nobody else holds. */
    void tensor(int index, Object array) {
        keep(index, array);
    }

    /** A value of any Java type, by the rules in {@link Schema}. */
    void object(int index, @Nullable Object value) {
        Values.object(this, index, value);
    }

    private void keep(int index, Object value) {
        @Nullable Object[] kept = objects;
        if (kept == null) {
            kept = new @Nullable Object[slots.length];
            objects = kept;
        }
        kept[index] = value;
    }

    // ---- no values ----------------------------------------------------------------------------------------------

    void nullValue(int index) {
        Feature feature = layout.feature(index);
        if (feature.isNullable()) {
            empty(index);
            nulls = set(nulls, index);
        } else {
            unreadable(index, null);
            listOrCount(List.of(error(Violation.NULL, feature.name(), "null", Wording.expected(feature))));
        }
    }

    void missing(int index) {
        Feature feature = layout.feature(index);
        if (feature.isNullable()) {
            nullValue(index);
        } else {
            unreadable(index, null);
            listOrCount(List.of(error(Violation.MISSING, feature.name(), "(absent)", Wording.expected(feature))));
        }
    }

    /** Not a value of the feature's type. */
    void wrongType(int index, Object given) {
        invalid(index, Violation.TYPE, given, Wording.expected(layout.feature(index)));
    }

    /** Given, but not a value that the feature can have. What was given is kept for a guard to repair. */
    void invalid(int index, String code, Object given, String expected) {
        invalid(index, given, List.of(violationIn(index, "", code, Wording.observed(given), expected)));
    }

    /** As above, with what {@link #violationIn} says of it: at least one violation. */
    void invalid(int index, Object given, List<Violation> found) {
        unreadable(index, given);
        listOrCount(found);
    }

    /** A violation in a feature, or in its element such as {@code [3]}, that keeps the secret of a sensitive feature. */
    Violation violationIn(int index, String element, String code, String observed, String expected) {
        Feature feature = layout.feature(index);
        return error(code, feature.name() + element, feature.isSensitive() ? "(sensitive)" : observed, expected);
    }

    private void unreadable(int index, @Nullable Object given) {
        empty(index);
        invalid = set(invalid, index);
        if (given != null) {
            keep(index, given);
        }
    }

    private void empty(int index) {
        slots[index] = switch (layout.type(index)) {
            case NUMBER -> NAN;
            case CATEGORY -> -1;
            default -> 0;
        };
    }

    private long[] set(long @Nullable [] bits, int index) {
        long[] changed = bits == null ? new long[(slots.length + 63) >>> 6] : bits;
        changed[index >>> 6] |= 1L << index;
        return changed;
    }

    private static boolean isSet(long @Nullable [] bits, int index) {
        return bits != null && (bits[index >>> 6] & (1L << index)) != 0;
    }

    // ---- the input as a whole -----------------------------------------------------------------------------------

    /** The input is not one that has features at all. */
    void refuse(String code, String observed, String expected) {
        for (int i = 0; i < slots.length; i++) {
            unreadable(i, null);
        }
        list(error(code, INPUT, observed, expected));
    }

    /** A field that is in no feature. Its value is not shown: nobody has said whether it may be. */
    void unexpected(String field) {
        String path = field.length() > FIELD_NAME_LIMIT ? field.substring(0, FIELD_NAME_LIMIT - 3) + "..." : field;
        if (!list(error(Violation.UNEXPECTED, path, "a field that is in no feature", "no such field"))) {
            droppedFields++;
        }
    }

    private void listOrCount(List<Violation> ofOneFeature) {
        boolean listed = false;
        for (Violation violation : ofOneFeature) {
            listed |= list(violation);
        }
        if (!listed) {
            droppedFeatures++;
        }
    }

    private boolean list(Violation violation) {
        List<Violation> listed = violations == null ? new ArrayList<>() : violations;
        violations = listed;
        return listed.size() < LIMIT && listed.add(violation);
    }

    private static Violation error(String code, String path, String observed, String expected) {
        return new Violation(code, path, observed, expected, Violation.Severity.ERROR);
    }

    // ---- a changed copy of another row --------------------------------------------------------------------------

    /** Takes a feature's state over from another row of the same layout. */
    void copy(int index, long slot, @Nullable Object object, boolean isNull, boolean isInvalid) {
        slots[index] = slot;
        if (object != null) {
            keep(index, object);
        }
        if (isNull) {
            nulls = set(nulls, index);
        }
        if (isInvalid) {
            invalid = set(invalid, index);
        }
    }

    /** After the copies: takes the other row's violations over, but for those of the feature that is written anew. */
    void violations(List<Violation> others, int index) {
        boolean refused = false;
        List<Violation> kept = new ArrayList<>(others.size());
        violations = kept;
        for (Violation violation : others) {
            if (!violation.code().equals(MORE) && !concerns(violation, index)) {
                kept.add(violation);
                refused |= violation.path().equals(INPUT) && !violation.code().equals(Violation.UNEXPECTED);
            }
        }
        for (int i = 0; i < slots.length && !refused; i++) {
            if (isSet(invalid, i) && !isListed(i)) {
                droppedFeatures++;
            }
        }
    }

    private boolean isListed(int index) {
        for (Violation violation : violations == null ? List.<Violation>of() : violations) {
            if (concerns(violation, index)) {
                return true;
            }
        }
        return false;
    }

    private boolean concerns(Violation violation, int index) {
        String name = layout.feature(index).name();
        String path = violation.path();
        boolean ofElement =
                type(index) == FeatureType.TENSOR && path.startsWith(name + "[") && layout.indexOf(path) < 0;
        return (path.equals(name) || ofElement) && !violation.code().equals(Violation.UNEXPECTED);
    }

    // ---- the row ------------------------------------------------------------------------------------------------

    FeatureRow finish() {
        return new FeatureRow(layout, slots, objects, nulls, invalid, violations == null ? List.of() : allViolations());
    }

    private List<Violation> allViolations() {
        List<Violation> all = new ArrayList<>(violations == null ? List.of() : violations);
        if (droppedFields > 0) {
            all.add(error(Violation.UNEXPECTED, INPUT, droppedFields + " more such fields", "no such field"));
        }
        if (droppedFeatures > 0) {
            all.add(error(MORE, INPUT, droppedFeatures + " more features that could not be read", "none"));
        }
        return List.copyOf(all);
    }
}

package io.github.plimsoll.validation.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.TableRow;
import io.github.plimsoll.validation.data.ColumnFacts.Kind;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a table for the first time and finds out what it holds. A type is what {@link Schema#ofTable} reads all
 * values as, so that a contract of that type takes the table it was inferred from. Memory is bounded.
 */
final class ColumnReading {

    /** Words that stand for null in many files, in small letters. */
    private static final Set<String> NULL_WORDS = Set.of(
            "n/a", "na", "#n/a", "n.a.", "null", "(null)", "\\n", "none", "nil", "nan", "?", "-", "--", "undefined");

    private static final int MOST_VALUES = 2_000;
    private static final int LONGEST_VALUE = 200;
    private static final long TRIED = 1_000; // values without a single number, after which none is looked for

    private final String name;
    private final Schema<TableRow> integerReader;
    private final Schema<TableRow> numberReader;
    private final Schema<TableRow> timestampReader;
    private long values;
    private final Map<String, Long> words = new HashMap<>();
    private long emptyTexts; // quoted words for null: texts, but no numbers
    private long integers;
    private long zerosAndOnes;
    private long numbers;
    private long notFinite;
    private long pointed;
    private long booleans;
    private long timestamps;
    private long tensors;
    private long objects;
    private long untyped;
    private int elements;
    private final Extremes numeric = new Extremes();
    private final Extremes moments = new Extremes();
    private final Extremes lengths = new Extremes();
    private @Nullable Map<String, Long> counts = new HashMap<>();
    private @Nullable LongHashes seen = new LongHashes(); // null once a value was there twice
    private final TextShape shape = new TextShape();
    private final Map<TimeForm, LocalDateTime[]> timeForms = new EnumMap<>(TimeForm.class);
    private boolean ascending = true;
    private double lastNumber = Double.NEGATIVE_INFINITY;
    private String lastText = "";

    ColumnReading(String name) {
        this.name = name;
        integerReader = Schema.ofTable(Feature.integer(name).nullable());
        numberReader = Schema.ofTable(Feature.number(name).nullable());
        timestampReader = Schema.ofTable(Feature.timestamp(name).nullable());
        for (TimeForm form : TimeForm.values()) {
            timeForms.put(form, new LocalDateTime[2]);
        }
    }

    void read(TableRow row) {
        String text = row.text(name);
        Object given = row.value(name);
        if (text == null || given == null) {
            return;
        }
        values++;
        boolean isText = given instanceof CharSequence
                || given instanceof Enum<?>
                || (given instanceof JsonNode node && node.isTextual());
        if (!isText) {
            untyped++;
        }
        text(text);
        if (isText && NULL_WORDS.contains(text.trim().toLowerCase(Locale.ROOT)) && !text.equals("NaN")) {
            words.merge(text, 1L, Long::sum);
            return;
        }
        if (isArray(given)) {
            array(row);
            return;
        }
        if ((given instanceof JsonNode node && node.isObject()) || given instanceof Map<?, ?>) {
            objects++;
            return;
        }
        typed(row, given, text);
    }

    private void typed(TableRow row, Object given, String text) {
        boolean tryNumber = values < TRIED || numbers + notFinite > 0;
        FeatureRow integer = tryNumber ? integerReader.read(row) : null;
        if (integer != null && integer.isNull(0)) {
            emptyTexts++;
        } else if (integer != null && !integer.isInvalid(0)) {
            integers++;
            long whole = integer.integer(0);
            zerosAndOnes += whole == 0 || whole == 1 ? 1 : 0;
            number((double) whole, given, text);
        } else if (tryNumber && isNumber(row, given, text)) {
            return;
        } else if (given instanceof Boolean || text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            booleans++;
        } else {
            timestamp(row);
        }
    }

    private boolean isNumber(TableRow row, Object given, String text) {
        FeatureRow number = numberReader.read(row);
        if (number.isInvalid(0)) {
            return false;
        }
        double value = number.number(0);
        if (Double.isFinite(value)) {
            number(value, given, text);
        } else {
            notFinite++;
        }
        return true;
    }

    private void number(double value, Object given, String text) {
        numbers++;
        numeric.add(value);
        ascending &= value > lastNumber;
        lastNumber = value;
        if (isPointed(given, text)) {
            pointed++;
            seen = null; // measurements are no keys
        }
    }

    private static boolean isPointed(Object given, String text) {
        if (given instanceof JsonNode node) {
            return node.isFloatingPointNumber();
        }
        if (given instanceof Number) {
            return given instanceof Double || given instanceof Float || given instanceof BigDecimal;
        }
        return !text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-' || c == '+' || c == ' ');
    }

    private void timestamp(TableRow row) {
        if (timestamps < values - words.size() - 1 && timestamps == 0 && values > TRIED) {
            return; // no column of timestamps
        }
        FeatureRow timestamp = timestampReader.read(row);
        if (!timestamp.isInvalid(0) && !timestamp.isNull(0)) {
            timestamps++;
            double millis = (double) timestamp.integer(0);
            moments.add(millis);
            ascending &= millis > lastNumber;
            lastNumber = millis;
        }
    }

    private static boolean isArray(Object given) {
        return given instanceof double[]
                || given instanceof float[]
                || (given instanceof JsonNode node ? node.isArray() : given instanceof Iterable<?>);
    }

    private void array(TableRow row) {
        FeatureRow read = Schema.ofTable(Feature.tensor(name, -1)).read(row);
        if (read.isInvalid(0)) {
            objects++;
            return;
        }
        elements = tensors == 0 || elements == read.tensorLength(0) ? read.tensorLength(0) : -1;
        tensors++;
    }

    /** What there is to say of any value's text. */
    private void text(String text) {
        if (counts != null) {
            if (text.length() > LONGEST_VALUE) {
                counts = null;
            } else {
                counts.merge(text, 1L, Long::sum);
                if (counts.size() > MOST_VALUES) {
                    counts = null;
                }
            }
        }
        if (seen != null && !seen.add(LongHashes.of(text))) {
            seen = null;
        }
        lengths.add(text.codePointCount(0, text.length()));
        shape.add(text);
        timeForms
                .entrySet()
                .removeIf(form -> !extend(form.getValue(), form.getKey().read(text)));
        if (numbers + timestamps == 0) {
            ascending &= values == 1 || text.compareTo(lastText) > 0;
            lastText = text;
        }
    }

    private static boolean extend(LocalDateTime[] span, @Nullable LocalDateTime moment) {
        if (moment == null) {
            return false;
        }
        span[0] = span[0] == null || moment.isBefore(span[0]) ? moment : span[0];
        span[1] = span[1] == null || moment.isAfter(span[1]) ? moment : span[1];
        return true;
    }

    ColumnFacts facts(long rows) {
        long typed = values - words.values().stream().mapToLong(Long::longValue).sum() - emptyTexts;
        Kind kind = kind(typed);
        boolean isText = kind == Kind.TEXT;
        List<TimeForm> forms = isText && values > 0 ? List.copyOf(timeForms.keySet()) : List.of();
        LocalDateTime[] span =
                forms.isEmpty() ? new LocalDateTime[2] : Objects.requireNonNull(timeForms.get(forms.get(0)));
        Extremes extremes = kind == Kind.TIMESTAMP ? moments : numeric;
        return new ColumnFacts(
                name,
                kind,
                rows,
                isText ? values : typed - notFinite,
                new TreeMap<>(words),
                0,
                counts == null ? null : new TreeMap<>(counts),
                extremes.smallest(),
                extremes.largest(),
                isText ? 0 : notFinite,
                pointed,
                isText ? numbers + notFinite : 0,
                isText ? untyped : 0,
                seen != null && !seen.isFull(),
                ascending,
                lengths,
                shape.regex(),
                forms.isEmpty() ? null : forms.get(0),
                forms.size() > 1,
                span[0],
                span[1],
                elements,
                false);
    }

    private Kind kind(long typed) {
        if (values == 0) {
            return Kind.EMPTY;
        }
        if (objects > 0) {
            return Kind.OBJECT;
        }
        if (typed == 0) {
            return Kind.TEXT;
        }
        if (tensors == typed) {
            return Kind.TENSOR;
        }
        if (booleans > 0 && booleans + zerosAndOnes == typed && pointed == 0) {
            return Kind.BOOLEAN;
        }
        if (numbers > 0 && numbers + notFinite == typed) {
            return integers == typed && pointed == 0 ? Kind.INTEGER : Kind.NUMBER;
        }
        return timestamps == typed ? Kind.TIMESTAMP : Kind.TEXT;
    }
}

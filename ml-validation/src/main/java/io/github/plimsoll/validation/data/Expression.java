package io.github.plimsoll.validation.data;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.FeatureType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The text of a {@link RowRule}, understood: a tree that is bound to the features of a schema to be asked of rows. */
final class Expression {

    private final String text;
    private final Condition condition;
    private final Set<String> columns;

    private Expression(String text, Condition condition, Set<String> columns) {
        this.text = text;
        this.condition = condition;
        this.columns = columns;
    }

    static Expression parse(String text) {
        Set<String> columns = new LinkedHashSet<>();
        Condition condition = new ExpressionParser(text, columns).rule();
        return new Expression(text, condition, java.util.Collections.unmodifiableSet(columns));
    }

    String text() {
        return text;
    }

    Set<String> columns() {
        return columns;
    }

    Predicate<FeatureRow> bind(List<Feature> features) {
        Test test = condition.bind(new Scope(text, features));
        return row -> test.of(row) != Truth.FALSE;
    }

    /** Whether the rule is true or false of a row, rather than unknown. */
    Predicate<FeatureRow> bindKnown(List<Feature> features) {
        Test test = condition.bind(new Scope(text, features));
        return row -> test.of(row) != Truth.UNKNOWN;
    }

    /** What a condition is of a row. */
    enum Truth {
        TRUE,
        FALSE,
        UNKNOWN;

        static Truth of(boolean holds) {
            return holds ? TRUE : FALSE;
        }
    }

    /** A condition that knows where its columns are. */
    @FunctionalInterface
    interface Test {
        Truth of(FeatureRow row);
    }

    /** A number that knows where its columns are; NaN if it is unknown. */
    @FunctionalInterface
    interface NumberReader {
        double of(FeatureRow row);
    }

    /** A text that knows where its columns are; null if it is unknown. */
    @FunctionalInterface
    interface TextReader {
        @Nullable
        String of(FeatureRow row);
    }

    /** The features that names stand for. */
    record Scope(String text, List<Feature> features) {

        int index(String column) {
            for (int i = 0; i < features.size(); i++) {
                if (features.get(i).name().equals(column)) {
                    return i;
                }
            }
            throw problem(
                    "no column '" + column + "'",
                    "one of " + features.stream().map(Feature::name).toList());
        }

        FeatureType type(String column) {
            return features.get(index(column)).type();
        }

        IllegalArgumentException problem(String found, String expected) {
            return new IllegalArgumentException("rule '" + text + "': " + found + " (expected: " + expected + ")");
        }
    }

    /** Something that is true, false or unknown. */
    sealed interface Condition {
        Test bind(Scope scope);
    }

    /** Something that has a value. */
    sealed interface Term {

        /** What the term is in a scope. */
        Kind kind(Scope scope);

        NumberReader number(Scope scope);

        TextReader text(Scope scope);
    }

    /** What can be compared with what. */
    enum Kind {
        NUMBER,
        TEXT,
        TIMESTAMP
    }

    record Column(String name) implements Term {

        @Override
        public Kind kind(Scope scope) {
            return switch (scope.type(name)) {
                case NUMBER, INTEGER, BOOLEAN -> Kind.NUMBER;
                case CATEGORY, TEXT -> Kind.TEXT;
                case TIMESTAMP -> Kind.TIMESTAMP;
                case TENSOR -> throw scope.problem("'" + name + "' is an array", "a column of single values");
            };
        }

        @Override
        public NumberReader number(Scope scope) {
            int index = scope.index(name);
            return row -> row.number(index);
        }

        @Override
        public TextReader text(Scope scope) {
            int index = scope.index(name);
            return row -> row.text(index);
        }
    }

    record NumberLiteral(double value) implements Term {

        @Override
        public Kind kind(Scope scope) {
            return Kind.NUMBER;
        }

        @Override
        public NumberReader number(Scope scope) {
            return row -> value;
        }

        @Override
        public TextReader text(Scope scope) {
            throw scope.problem(value + " where a text is wanted", "a text in single quotes");
        }
    }

    record TextLiteral(String value) implements Term {

        @Override
        public Kind kind(Scope scope) {
            return Kind.TEXT;
        }

        @Override
        public NumberReader number(Scope scope) {
            try {
                double millis = Instant.parse(value).toEpochMilli();
                return row -> millis;
            } catch (DateTimeException e) {
                throw scope.problem("'" + value + "' where a time is wanted", "a time such as '2026-03-01T12:00:00Z'");
            }
        }

        @Override
        public TextReader text(Scope scope) {
            return row -> value;
        }
    }

    record Arithmetic(char operator, Term left, Term right) implements Term {

        @Override
        public Kind kind(Scope scope) {
            for (Term side : List.of(left, right)) {
                if (side.kind(scope) != Kind.NUMBER) {
                    throw scope.problem("a text or a time beside '" + operator + "'", "numbers on both sides");
                }
            }
            return Kind.NUMBER;
        }

        @Override
        public NumberReader number(Scope scope) {
            NumberReader a = left.number(scope);
            NumberReader b = right.number(scope);
            return switch (operator) {
                case '+' -> row -> a.of(row) + b.of(row);
                case '-' -> row -> a.of(row) - b.of(row);
                case '*' -> row -> a.of(row) * b.of(row);
                default -> row -> a.of(row) / b.of(row);
            };
        }

        @Override
        public TextReader text(Scope scope) {
            throw scope.problem("a sum where a text is wanted", "a text");
        }
    }

    /** Of two things, how they are ordered. */
    enum Comparator {
        EQUAL("="),
        NOT_EQUAL("!="),
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">=");

        private final String sign;

        Comparator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }

        boolean holds(int order) {
            return switch (this) {
                case EQUAL -> order == 0;
                case NOT_EQUAL -> order != 0;
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case GREATER -> order > 0;
                case AT_LEAST -> order >= 0;
            };
        }
    }

    record Comparison(Term left, Comparator comparator, Term right, double tolerance) implements Condition {

        @Override
        public Test bind(Scope scope) {
            Kind a = left.kind(scope);
            Kind b = right.kind(scope);
            if (a == Kind.TEXT && b == Kind.TEXT) {
                return texts(left.text(scope), right.text(scope));
            }
            boolean times = (a == Kind.TIMESTAMP && (b == Kind.TIMESTAMP || right instanceof TextLiteral))
                    || (b == Kind.TIMESTAMP && left instanceof TextLiteral);
            if (!times && (a != Kind.NUMBER || b != Kind.NUMBER)) {
                throw scope.problem(a + " " + comparator.sign() + " " + b, "two numbers, two texts or two times");
            }
            if (isInteger(left, scope) && isInteger(right, scope) && tolerance == 0) {
                return integers(scope.index(((Column) left).name()), scope.index(((Column) right).name()));
            }
            return numbers(left.number(scope), right.number(scope));
        }

        private static boolean isInteger(Term term, Scope scope) {
            return term instanceof Column column && scope.type(column.name()) == FeatureType.INTEGER;
        }

        private Test integers(int left, int right) {
            return row -> {
                if (!hasValue(row, left) || !hasValue(row, right)) {
                    return Truth.UNKNOWN;
                }
                return Truth.of(comparator.holds(Long.compare(row.integer(left), row.integer(right))));
            };
        }

        private Test numbers(NumberReader left, NumberReader right) {
            return row -> {
                double a = left.of(row);
                double b = right.of(row);
                if (Double.isNaN(a) || Double.isNaN(b)) {
                    return Truth.UNKNOWN;
                }
                int order = a == b || Math.abs(a - b) <= tolerance ? 0 : a < b ? -1 : 1;
                return Truth.of(comparator.holds(order));
            };
        }

        private Test texts(TextReader left, TextReader right) {
            return row -> {
                String a = left.of(row);
                String b = right.of(row);
                return a == null || b == null ? Truth.UNKNOWN : Truth.of(comparator.holds(a.compareTo(b)));
            };
        }
    }

    private static boolean hasValue(FeatureRow row, int index) {
        return !row.isNull(index) && !row.isInvalid(index);
    }

    record IsNull(String column) implements Condition {

        @Override
        public Test bind(Scope scope) {
            int index = scope.index(column);
            return row -> row.isInvalid(index) ? Truth.UNKNOWN : Truth.of(row.isNull(index));
        }
    }

    record Not(Condition condition) implements Condition {

        @Override
        public Test bind(Scope scope) {
            Test test = condition.bind(scope);
            return row -> switch (test.of(row)) {
                case TRUE -> Truth.FALSE;
                case FALSE -> Truth.TRUE;
                case UNKNOWN -> Truth.UNKNOWN;
            };
        }
    }

    /** All of some conditions, or any of them. */
    record Junction(boolean all, List<Condition> conditions) implements Condition {

        @Override
        public Test bind(Scope scope) {
            List<Test> bound = new ArrayList<>();
            conditions.forEach(condition -> bound.add(condition.bind(scope)));
            Test[] tests = bound.toArray(new Test[0]);
            Truth decisive = all ? Truth.FALSE : Truth.TRUE;
            Truth otherwise = all ? Truth.TRUE : Truth.FALSE;
            return row -> {
                Truth result = otherwise;
                for (Test test : tests) {
                    Truth truth = test.of(row);
                    if (truth == decisive) {
                        return decisive;
                    }
                    if (truth == Truth.UNKNOWN) {
                        result = Truth.UNKNOWN;
                    }
                }
                return result;
            };
        }
    }
}

package io.github.plimsoll.validation.data;

import io.github.plimsoll.validation.data.Expression.Arithmetic;
import io.github.plimsoll.validation.data.Expression.Column;
import io.github.plimsoll.validation.data.Expression.Comparator;
import io.github.plimsoll.validation.data.Expression.Comparison;
import io.github.plimsoll.validation.data.Expression.Condition;
import io.github.plimsoll.validation.data.Expression.IsNull;
import io.github.plimsoll.validation.data.Expression.Junction;
import io.github.plimsoll.validation.data.Expression.Not;
import io.github.plimsoll.validation.data.Expression.NumberLiteral;
import io.github.plimsoll.validation.data.Expression.Term;
import io.github.plimsoll.validation.data.Expression.TextLiteral;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the language of {@link RowRule} by recursive descent, one method a level of binding. */
final class ExpressionParser {

    private static final int LONGEST = 10_000;
    private static final int DEEPEST = 50;
    private static final Set<String> RESERVED = Set.of("if", "then", "or", "and", "not", "is", "null", "in", "within");

    private static final Set<String> COMPARING = Set.of("=", "!=", "<", "<=", ">", ">=");

    /** A number, a word, a quoted text, a quoted name, or a sign; none of them can match in more than one way. */
    private static final Pattern TOKEN =
            Pattern.compile("\\s*+(?:(?<number>(?:\\d++(?:\\.\\d++)?+|\\.\\d++)(?:[eE][+-]?+\\d++)?+)"
                    + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_.]*+)"
                    + "|'(?<text>(?:[^']|'')*+)'"
                    + "|\"(?<name>[^\"]++)\""
                    + "|(?<sign><=|>=|!=|[=<>()+*/,-]))");

    private final String text;
    private final Set<String> columns;
    private final List<Token> tokens;
    private int position;
    private int depth;

    ExpressionParser(String text, Set<String> columns) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "rule: " + text.length() + " characters (expected: at most " + LONGEST + ")");
        }
        this.text = text;
        this.columns = columns;
        this.tokens = tokens(text);
    }

    private enum Kind {
        NUMBER,
        WORD,
        TEXT,
        NAME,
        SIGN,
        END
    }

    /** One word of the language, and where it begins. */
    private record Token(Kind kind, String value, int start) {

        boolean isSign(String wanted) {
            return kind == Kind.SIGN && value.equals(wanted);
        }

        boolean isWord(String wanted) {
            return kind == Kind.WORD && value.equalsIgnoreCase(wanted);
        }

        boolean isReserved() {
            return kind == Kind.WORD && RESERVED.contains(value.toLowerCase(Locale.ROOT));
        }
    }

    private static List<Token> tokens(String text) {
        List<Token> tokens = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.lookingAt()) {
            for (Kind kind : EnumSet.complementOf(EnumSet.of(Kind.END))) {
                String group = kind.name().toLowerCase(Locale.ROOT);
                if (matcher.group(group) != null) {
                    tokens.add(new Token(kind, matcher.group(group), matcher.start(group)));
                }
            }
            end = matcher.end();
            matcher.region(end, text.length());
        }
        if (!text.substring(end).isBlank()) {
            throw problem(text, text.substring(end).strip(), end, "a word, a number, a quoted text or a sign");
        }
        tokens.add(new Token(Kind.END, "the end", text.length()));
        return tokens;
    }

    Condition rule() {
        Condition rule;
        if (takeWord("if")) {
            Condition given = or();
            expectWord("then");
            rule = new Junction(false, List.of(new Not(given), or()));
        } else {
            rule = or();
        }
        if (token().kind() != Kind.END) {
            throw problem("the end");
        }
        return rule;
    }

    private Condition or() {
        List<Condition> conditions = new ArrayList<>(List.of(and()));
        while (takeWord("or")) {
            conditions.add(and());
        }
        return conditions.size() == 1 ? conditions.get(0) : new Junction(false, List.copyOf(conditions));
    }

    private Condition and() {
        List<Condition> conditions = new ArrayList<>(List.of(not()));
        while (takeWord("and")) {
            conditions.add(not());
        }
        return conditions.size() == 1 ? conditions.get(0) : new Junction(true, List.copyOf(conditions));
    }

    private Condition not() {
        enter();
        try {
            return takeWord("not") ? new Not(not()) : condition();
        } finally {
            depth--;
        }
    }

    private Condition condition() {
        if (token().isSign("(") && opensCondition()) {
            position++;
            Condition inner = or();
            expectSign(")");
            return inner;
        }
        Term left = sum();
        if (takeWord("is")) {
            boolean not = takeWord("not");
            expectWord("null");
            if (!(left instanceof Column column)) {
                throw problem("'is null' after a column");
            }
            IsNull isNull = new IsNull(column.name());
            return not ? new Not(isNull) : isNull;
        }
        if (takeWord("not")) {
            expectWord("in");
            return new Not(in(left));
        }
        if (takeWord("in")) {
            return in(left);
        }
        for (Comparator comparator : Comparator.values()) {
            if (takeSign(comparator.sign())) {
                Term right = sum();
                return new Comparison(left, comparator, right, comparator == Comparator.EQUAL ? tolerance() : 0);
            }
        }
        throw problem("one of = != < <= > >= 'is' 'in'");
    }

    /** Whether what the parenthesis holds is a condition: it is if anything but arithmetic stands before it is closed. */
    private boolean opensCondition() {
        int open = 0;
        for (Token ahead : tokens.subList(position, tokens.size())) {
            open += ahead.isSign("(") ? 1 : ahead.isSign(")") ? -1 : 0;
            if (open == 0) {
                return false;
            }
            if (ahead.isReserved() || (ahead.kind() == Kind.SIGN && COMPARING.contains(ahead.value()))) {
                return true;
            }
        }
        return false;
    }

    private double tolerance() {
        if (!takeWord("within")) {
            return 0;
        }
        Term term = factor();
        if (!(term instanceof NumberLiteral number)) {
            throw problem("a number after 'within'");
        }
        return number.value();
    }

    private Condition in(Term left) {
        expectSign("(");
        List<Condition> any = new ArrayList<>();
        do {
            any.add(new Comparison(left, Comparator.EQUAL, sum(), 0));
        } while (takeSign(","));
        expectSign(")");
        return new Junction(false, List.copyOf(any));
    }

    private Term sum() {
        Term term = product();
        while (token().isSign("+") || token().isSign("-")) {
            term = new Arithmetic(take().value().charAt(0), term, product());
        }
        return term;
    }

    private Term product() {
        Term term = factor();
        while (token().isSign("*") || token().isSign("/")) {
            term = new Arithmetic(take().value().charAt(0), term, factor());
        }
        return term;
    }

    private Term factor() {
        enter();
        try {
            if (takeSign("-")) {
                Term term = factor();
                return term instanceof NumberLiteral number
                        ? new NumberLiteral(-number.value())
                        : new Arithmetic('-', new NumberLiteral(0), term);
            }
            if (takeSign("(")) {
                Term inner = sum();
                expectSign(")");
                return inner;
            }
            return value();
        } finally {
            depth--;
        }
    }

    private Term value() {
        Token token = token();
        if (token.isReserved()) {
            throw problem("a column, a number or a 'text'; a column of this name stands in double quotes");
        }
        switch (token.kind()) {
            case NUMBER -> {
                position++;
                return new NumberLiteral(Double.parseDouble(token.value()));
            }
            case TEXT -> {
                position++;
                return new TextLiteral(token.value().replace("''", "'"));
            }
            case WORD, NAME -> {
                position++;
                columns.add(token.value());
                return new Column(token.value());
            }
            case SIGN, END -> throw problem("a column, a number or a 'text'");
        }
        throw new AssertionError(token);
    }

    // ---- tokens ---------------------------------------------------------------------------------------------------

    private Token token() {
        return tokens.get(position);
    }

    private Token take() {
        return tokens.get(position++);
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw problem("at most " + DEEPEST + " levels");
        }
    }

    private boolean takeSign(String wanted) {
        boolean there = token().isSign(wanted);
        position += there ? 1 : 0;
        return there;
    }

    private void expectSign(String wanted) {
        if (!takeSign(wanted)) {
            throw problem("'" + wanted + "'");
        }
    }

    private boolean takeWord(String wanted) {
        boolean there = token().isWord(wanted);
        position += there ? 1 : 0;
        return there;
    }

    private void expectWord(String wanted) {
        if (!takeWord(wanted)) {
            throw problem("'" + wanted + "'");
        }
    }

    private IllegalArgumentException problem(String expected) {
        return problem(text, token().value(), token().start(), expected);
    }

    private static IllegalArgumentException problem(String text, String found, int at, String expected) {
        return new IllegalArgumentException(
                "rule '" + text + "': '" + found + "' at character " + (at + 1) + " (expected: " + expected + ")");
    }
}

package io.github.plimsoll.samples.conformance;

import java.util.function.DoubleUnaryOperator;

/**
 * A function of {@code x}, also written {@code limit}: numbers, {@code + - * /}, parentheses, and {@code log10}, which is a whole
 * number of at least 1, as the limits that the cases describe have it.
 */
final class Formula implements DoubleUnaryOperator {

    private final String text;
    private int position;

    Formula(String text) {
        this.text = text.replace(" ", "").replace("limit", "x");
    }

    @Override
    public double applyAsDouble(double x) {
        position = 0;
        double value = sum(x);
        if (position < text.length()) {
            throw unsupported();
        }
        return value;
    }

    private double sum(double x) {
        double value = product(x);
        while (next('+') || next('-')) {
            value = text.charAt(position - 1) == '+' ? value + product(x) : value - product(x);
        }
        return value;
    }

    private double product(double x) {
        double value = factor(x);
        while (next('*') || next('/')) {
            value = text.charAt(position - 1) == '*' ? value * factor(x) : value / factor(x);
        }
        return value;
    }

    private double factor(double x) {
        if (next('-')) {
            return -factor(x);
        }
        if (text.startsWith("log10(", position)) {
            position += "log10".length();
            return Math.max(1, (int) Math.log10((int) factor(x)));
        }
        if (next('(')) {
            double value = sum(x);
            if (!next(')')) {
                throw unsupported();
            }
            return value;
        }
        if (next('x')) {
            return x;
        }
        int from = position;
        while (position < text.length() && "0123456789.".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        if (from == position) {
            throw unsupported();
        }
        return Double.parseDouble(text.substring(from, position));
    }

    private boolean next(char expected) {
        boolean found = position < text.length() && text.charAt(position) == expected;
        position += found ? 1 : 0;
        return found;
    }

    private Unsupported unsupported() {
        return new Unsupported("formula '" + text + "'");
    }
}

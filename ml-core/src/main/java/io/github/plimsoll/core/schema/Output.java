package io.github.plimsoll.core.schema;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How to understand a model's answer for one row.
 *
 * <pre>{@code
 * Output.number()                                             // Double
 * Output.probabilityOf("default").labelled("repaid", "default") // Double: the second column
 * Output.classes()                                            // ClassProbabilities, labels from the model itself
 * Output.vector().from("embedding")                           // double[] of the model output named "embedding"
 * Output.probability().map(p -> p > 0.5 ? Decision.REFUSE : Decision.GRANT)
 * }</pre>
 *
 * <p>Which of the model's outputs is read is settled when the model is loaded: the one named by {@link #from}; else the
 * only one that fits; else the load fails and names those that fit. An answer that is NaN or infinite, or a probability
 * outside 0 to 1 by more than 1e-6, fails its row with a {@link io.github.plimsoll.core.ModelOutputException}: it is never
 * returned.
 *
 * <p>Immutable; each method returns a changed copy.
 *
 * @param <O> the type of the value
 * @since 0.1
 */
public final class Output<O> {

    /** The forms a model's answer can have. */
    public enum Kind {
        /** One number, a {@link Double}. */
        NUMBER,
        /** One number that is a probability, a {@link Double}. */
        PROBABILITY,
        /** The probability of one class out of several, a {@link Double}. */
        PROBABILITY_OF_CLASS,
        /** The probabilities of all classes, a {@link ClassProbabilities}. */
        CLASSES,
        /** The class that the model names itself, a {@link String}. */
        LABEL,
        /** Several numbers, a {@code double[]}. */
        VECTOR,
        /** Items ordered by a score, a {@link Ranking}. */
        RANKING
    }

    private final Kind kind;
    private final @Nullable String classLabel;
    private final List<String> labels;
    private final @Nullable String source;
    private final Function<Object, Object> mapping;
    private final boolean isMapped;

    private Output(
            Kind kind,
            @Nullable String classLabel,
            List<String> labels,
            @Nullable String source,
            Function<Object, Object> mapping,
            boolean isMapped) {
        this.kind = kind;
        this.classLabel = classLabel;
        this.labels = labels;
        this.source = source;
        this.mapping = mapping;
        this.isMapped = isMapped;
    }

    private static <O> Output<O> of(Kind kind, @Nullable String classLabel) {
        return new Output<>(kind, classLabel, List.of(), null, Function.identity(), false);
    }

    /**
     * One number: a regression's answer, a score, a margin.
     *
     * @return the output; the model's has one numeric element a row
     */
    public static Output<Double> number() {
        return of(Kind.NUMBER, null);
    }

    /**
     * One number that is a probability.
     *
     * @return the output; the model's has one floating-point element a row
     */
    public static Output<Double> probability() {
        return of(Kind.PROBABILITY, null);
    }

    /**
     * The probability of one class out of several. The classes' labels are the model's own, or those given by
     * {@link #labelled}.
     *
     * @param label the class
     * @return the output; the model's has one floating-point element a row and class, or a map from class to probability
     */
    public static Output<Double> probabilityOf(String label) {
        return of(Kind.PROBABILITY_OF_CLASS, Objects.requireNonNull(label));
    }

    /**
     * The probabilities of all classes. The classes' labels are the model's own, or those given by {@link #labelled}, or
     * else {@code "0"}, {@code "1"}, and so on.
     *
     * @return the output; the model's has one floating-point element a row and class, or a map from class to probability
     */
    public static Output<ClassProbabilities> classes() {
        return of(Kind.CLASSES, null);
    }

    /**
     * The class that the model names itself. {@link #labelled} replaces integers {@code 0, 1, ...} by names.
     *
     * @return the output; the model's has one string or integer a row
     */
    public static Output<String> label() {
        return of(Kind.LABEL, null);
    }

    /**
     * Several numbers: an embedding, several targets, quantiles.
     *
     * @return the output; the model's has one or more numeric elements a row, read in row-major order
     */
    public static Output<double[]> vector() {
        return of(Kind.VECTOR, null);
    }

    /**
     * Items ordered by score, best first. The items' names are the model's own, or those given by {@link #labelled}, or
     * else {@code "0"}, {@code "1"}, and so on.
     *
     * @return the output; the model's has one numeric element a row and item, or a map from item to score
     */
    public static Output<Ranking> ranking() {
        return of(Kind.RANKING, null);
    }

    /**
     * This output, read from the model's output of that name.
     *
     * @param name the model's name for the output
     * @return a changed copy
     */
    public Output<O> from(String name) {
        return new Output<>(kind, classLabel, labels, Objects.requireNonNull(name), mapping, isMapped);
    }

    /**
     * This output with the names of its classes or items.
     *
     * @param names the names in the order of the model's columns
     * @return a changed copy
     * @throws IllegalStateException if this output has neither classes nor items
     * @throws IllegalArgumentException if there are none, one stands twice, or the class asked for is not among them
     */
    public Output<O> labelled(String... names) {
        if (kind == Kind.NUMBER || kind == Kind.PROBABILITY || kind == Kind.VECTOR) {
            throw new IllegalStateException(
                    "labels: " + kind + " has none (expected: an output with classes or items)");
        }
        List<String> list = List.of(names);
        if (list.isEmpty() || new LinkedHashSet<>(list).size() != list.size()) {
            throw new IllegalArgumentException("labels: " + list + " (expected: at least one, no repeats)");
        }
        if (classLabel != null && !list.contains(classLabel)) {
            throw new IllegalArgumentException("labels: " + list + " (expected: '" + classLabel + "' among them)");
        }
        return new Output<>(kind, classLabel, list, source, mapping, isMapped);
    }

    /**
     * This output, turned into another type.
     *
     * @param function called once a row on the predicting thread, thread-safe, never given null; what it throws fails
     *     the row with a {@link io.github.plimsoll.core.ModelOutputException}
     * @param <P> the type wanted
     * @return a changed copy
     */
    @SuppressWarnings(
            "unchecked") // the mapping is only ever given what this output's kind, or the mapping before, returned
    public <P> Output<P> map(Function<? super O, ? extends P> function) {
        Function<Object, Object> next = (Function<Object, Object>) (Function<?, ?>) function;
        return new Output<>(kind, classLabel, labels, source, mapping.andThen(next), true);
    }

    /**
     * The form of the answer.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * The class that all values are of.
     *
     * @return the class that {@link Kind} names, or empty if {@link #map} turns the values into others
     */
    public Optional<Class<?>> type() {
        return isMapped
                ? Optional.empty()
                : Optional.of(
                        switch (kind) {
                            case NUMBER, PROBABILITY, PROBABILITY_OF_CLASS -> Double.class;
                            case CLASSES -> ClassProbabilities.class;
                            case LABEL -> String.class;
                            case VECTOR -> double[].class;
                            case RANKING -> Ranking.class;
                        });
    }

    /**
     * The class whose probability is asked for.
     *
     * @return its label, or null for other kinds
     */
    public @Nullable String classLabel() {
        return classLabel;
    }

    /**
     * The names given by {@link #labelled}.
     *
     * @return an immutable list, empty if none were given
     */
    public List<String> labels() {
        return labels;
    }

    /**
     * The model's output that is read.
     *
     * @return its name, or null to take the only one that fits
     */
    public @Nullable String source() {
        return source;
    }

    /**
     * Turns the value of this output's {@link #kind} into the type asked for by {@link #map}.
     *
     * @param value a value of the type that {@link Kind} names
     * @return the mapped value
     */
    @SuppressWarnings("unchecked") // see map
    public O mapped(Object value) {
        return (O) mapping.apply(value);
    }

    /** The output as one line, such as {@code probability of class 'default' from 'probabilities'}. */
    @Override
    public String toString() {
        String text = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        if (classLabel != null) {
            text += " '" + classLabel + "'";
        }
        if (!labels.isEmpty()) {
            text += " " + labels;
        }
        return source == null ? text : text + " from '" + source + "'";
    }
}

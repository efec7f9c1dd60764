package io.github.plimsoll.core.schema;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The probability of each class, with the classes' labels.
 *
 * <p>Immutable and thread-safe. The labels are shared between the answers of one model, so an instance costs its array.
 *
 * @since 0.1
 */
public final class ClassProbabilities {

    private final List<String> labels;
    private final double[] probabilities;

    private ClassProbabilities(List<String> labels, double[] probabilities) {
        this.labels = labels;
        this.probabilities = probabilities;
    }

    /**
     * Probabilities with their labels.
     *
     * @param labels the classes
     * @param probabilities one for each class, in the same order; copied
     * @return the probabilities
     * @throws IllegalArgumentException if there are none or the numbers differ
     */
    public static ClassProbabilities of(List<String> labels, double... probabilities) {
        if (labels.isEmpty() || labels.size() != probabilities.length) {
            throw new IllegalArgumentException("probabilities: " + probabilities.length + " (expected: one for each of "
                    + labels.size() + " labels)");
        }
        return new ClassProbabilities(List.copyOf(labels), probabilities.clone());
    }

    /**
     * The classes in the model's order.
     *
     * @return an immutable list
     */
    public List<String> labels() {
        return labels;
    }

    /**
     * The probability of a class.
     *
     * @param label the class
     * @return a number from 0 to 1
     * @throws IllegalArgumentException if there is no such class
     */
    public double of(String label) {
        int index = labels.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException("class: '" + label + "' (expected: one of " + labels + ")");
        }
        return probabilities[index];
    }

    /**
     * The probabilities in the order of {@link #labels}.
     *
     * @return a copy
     */
    public double[] toArray() {
        return probabilities.clone();
    }

    /**
     * The most probable class; of several with the same probability, the first.
     *
     * @return its label
     */
    public String top() {
        return labels.get(topIndex());
    }

    /**
     * The probability of the most probable class.
     *
     * @return a number from 0 to 1
     */
    public double confidence() {
        return probabilities[topIndex()];
    }

    private int topIndex() {
        int top = 0;
        for (int i = 1; i < probabilities.length; i++) {
            if (probabilities[i] > probabilities[top]) {
                top = i;
            }
        }
        return top;
    }

    /** Whether the other object has the same labels with the same probabilities. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClassProbabilities that
                && labels.equals(that.labels)
                && Arrays.equals(probabilities, that.probabilities);
    }

    @Override
    public int hashCode() {
        return 31 * labels.hashCode() + Arrays.hashCode(probabilities);
    }

    /** The classes with their probabilities, such as {@code {repaid=0.9, default=0.1}}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < probabilities.length; i++) {
            text.append(i == 0 ? "" : ", ").append(labels.get(i)).append('=').append(probabilities[i]);
        }
        return text.append('}').toString();
    }
}

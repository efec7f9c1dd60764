package io.github.plimsoll.serving;

import io.github.plimsoll.core.Outcome;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.schema.ClassProbabilities;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleBiFunction;

/**
 * Whether a model answers rows together as it answers them one by one. Engines compute batches in another order than single
 * rows, so the last digits may differ; more than those tells of a model that mixes its rows, or that was exported for one row.
 *
 * <pre>{@code
 * var equivalence = BatchEquivalence.check(risk, applicants, 1e-6);
 * assertTrue(equivalence.holds(), equivalence::toString);
 * }</pre>
 *
 * <p>Asks each row alone, then all rows in batches of 2, 4, 8, ... rows and finally in one. A cache would hide what is looked for: leave it
 * out of the predictor. Numbers are compared by {@code |batched - alone| / max(1, |alone|)}, vectors and class probabilities by
 * the worst of their elements, everything else by {@code equals}. A row that fails alone must fail in the batch for the same
 * reason. Immutable.
 *
 * @param compared how many answers in batches were compared with those alone
 * @param largestDifference the largest difference that was seen, infinite for answers that cannot be told apart by a number
 * @param differences the answers that differ by more than the tolerance, at most {@value #LISTED}
 * @since 0.1
 */
public record BatchEquivalence(int compared, double largestDifference, List<Difference> differences) {

    /** How many differences are listed. */
    public static final int LISTED = 20;

    /** Copies the list. */
    public BatchEquivalence {
        differences = List.copyOf(differences);
    }

    /**
     * One answer that differs.
     *
     * @param row the index of its input
     * @param batchSize how many rows its batch had
     * @param alone what came of it alone, in words
     * @param batched what came of it in the batch, in words
     * @param difference by how much they differ
     */
    public record Difference(int row, int batchSize, String alone, String batched, double difference) {

        /** The difference in words, such as {@code row 3 in a batch of 8: 0.25 (expected: 0.75, as alone)}. */
        @Override
        public String toString() {
            return "row " + row + " in a batch of " + batchSize + ": " + batched + " (expected: " + alone
                    + ", as alone)";
        }
    }

    /**
     * Compares numbers, vectors, class probabilities, and whatever else by {@code equals}.
     *
     * @param predictor answers the rows; one without a cache
     * @param rows two inputs or more, such as the first few hundred of a test set
     * @param tolerance how large a difference may be, >= 0
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return what was found
     * @throws IllegalArgumentException if there are fewer than two rows, or the tolerance is negative or NaN
     */
    public static <I, O> BatchEquivalence check(Predictor<I, O> predictor, List<? extends I> rows, double tolerance) {
        return check(predictor, rows, tolerance, BatchEquivalence::difference);
    }

    /**
     * Compares answers of any type.
     *
     * @param predictor answers the rows; one without a cache
     * @param rows two inputs or more
     * @param tolerance how large a difference may be, >= 0
     * @param difference by how much the second answer differs from the first, >= 0
     * @param <I> the type of the inputs
     * @param <O> the type of the answers
     * @return what was found
     * @throws IllegalArgumentException if there are fewer than two rows, or the tolerance is negative or NaN
     */
    public static <I, O> BatchEquivalence check(
            Predictor<I, O> predictor,
            List<? extends I> rows,
            double tolerance,
            ToDoubleBiFunction<? super O, ? super O> difference) {
        if (rows.size() < 2) {
            throw new IllegalArgumentException("rows: " + rows.size() + " (expected: at least 2)");
        }
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance: " + tolerance + " (expected: >= 0)");
        }
        List<Outcome<O>> alone = new ArrayList<>(rows.size());
        for (I row : rows) {
            alone.addAll(predictor.predictEach(List.of(row)));
        }
        int compared = 0;
        double largest = 0;
        List<Difference> differences = new ArrayList<>();
        for (int size = 2; ; size = Math.min(2 * size, rows.size())) {
            for (int from = 0; from < rows.size(); from += size) {
                List<? extends I> batch = rows.subList(from, Math.min(rows.size(), from + size));
                List<Outcome<O>> batched = predictor.predictEach(batch);
                for (int i = 0; i < batched.size(); i++) {
                    double distance = distance(alone.get(from + i), batched.get(i), difference);
                    compared++;
                    largest = distance <= largest ? largest : distance;
                    if (!(distance <= tolerance) && differences.size() < LISTED) {
                        differences.add(new Difference(
                                from + i, batch.size(), words(alone.get(from + i)), words(batched.get(i)), distance));
                    }
                }
            }
            if (size == rows.size()) {
                return new BatchEquivalence(compared, largest, differences);
            }
        }
    }

    private static <O> double distance(
            Outcome<O> alone, Outcome<O> batched, ToDoubleBiFunction<? super O, ? super O> difference) {
        if (alone instanceof Outcome.Answered<O> a && batched instanceof Outcome.Answered<O> b) {
            return difference.applyAsDouble(
                    a.prediction().value(), b.prediction().value());
        }
        return alone instanceof Outcome.Failed<O> a
                        && batched instanceof Outcome.Failed<O> b
                        && a.failure().reason().equals(b.failure().reason())
                ? 0
                : Double.POSITIVE_INFINITY;
    }

    private static double difference(Object alone, Object batched) {
        if (alone instanceof Number a && batched instanceof Number b) {
            return relative(a.doubleValue(), b.doubleValue());
        }
        if (alone instanceof double[] a && batched instanceof double[] b) {
            return worst(a, b);
        }
        if (alone instanceof ClassProbabilities a
                && batched instanceof ClassProbabilities b
                && a.labels().equals(b.labels())) {
            return worst(a.toArray(), b.toArray());
        }
        return Objects.equals(alone, batched) ? 0 : Double.POSITIVE_INFINITY;
    }

    private static double worst(double[] alone, double[] batched) {
        if (alone.length != batched.length) {
            return Double.POSITIVE_INFINITY;
        }
        double worst = 0;
        for (int i = 0; i < alone.length; i++) {
            worst = Math.max(worst, relative(alone[i], batched[i]));
        }
        return worst;
    }

    private static double relative(double alone, double batched) {
        return Double.compare(alone, batched) == 0 ? 0 : Math.abs(batched - alone) / Math.max(1, Math.abs(alone));
    }

    private static String words(Outcome<?> outcome) {
        return outcome instanceof Outcome.Answered<?> answered
                ? String.valueOf(answered.prediction().value())
                : ((Outcome.Failed<?>) outcome).failure().toString();
    }

    /**
     * Whether all answers are the same within the tolerance.
     *
     * @return true if no answer differs by more
     */
    public boolean holds() {
        return differences.isEmpty();
    }

    /** What was found, in lines. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder()
                .append(compared)
                .append(" answers in batches compared, largest difference ")
                .append(largestDifference);
        differences.forEach(difference -> text.append("\n  ").append(difference));
        return text.toString();
    }
}

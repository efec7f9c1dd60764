package io.github.plimsoll.core.schema;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Items ordered by a score, best first; items with the same score keep the model's order.
 *
 * <p>Immutable and thread-safe.
 *
 * @param items the items, best first; copied
 * @since 0.1
 */
public record Ranking(List<Item> items) {

    /**
     * One item with its score.
     *
     * @param name the item
     * @param score what it was ordered by, higher is better
     */
    public record Item(String name, double score) {}

    /** Copies the list. */
    public Ranking {
        items = List.copyOf(items);
    }

    /**
     * Orders items by score.
     *
     * @param names the items
     * @param scores one for each item, in the same order, none of them NaN
     * @return the ranking
     * @throws IllegalArgumentException if the numbers differ
     */
    public static Ranking of(List<String> names, double... scores) {
        if (names.size() != scores.length) {
            throw new IllegalArgumentException(
                    "scores: " + scores.length + " (expected: one for each of " + names.size() + " items)");
        }
        return new Ranking(IntStream.range(0, scores.length)
                .mapToObj(i -> new Item(names.get(i), scores[i]))
                .sorted((a, b) -> Double.compare(b.score + 0.0, a.score + 0.0)) // -0.0 + 0.0 is 0.0: the same score
                .toList());
    }

    /**
     * The best items.
     *
     * @param count how many, at most
     * @return an immutable list of {@code count} items, or of all if there are fewer
     * @throws IllegalArgumentException if the count is negative
     */
    public List<Item> top(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("count: " + count + " (expected: >= 0)");
        }
        return items.subList(0, Math.min(count, items.size()));
    }
}

package io.github.plimsoll.core.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankingTest {

    @Test
    void bestIsFirst() {
        Ranking ranking = Ranking.of(List.of("a", "b", "c"), 1, 3, 2);

        assertThat(ranking.items()).extracting(Ranking.Item::name).containsExactly("b", "c", "a");
        assertThat(ranking.items()).extracting(Ranking.Item::score).containsExactly(3.0, 2.0, 1.0);
    }

    @Test
    void sameScoresKeepTheirOrder() {
        Ranking ranking = Ranking.of(List.of("a", "b", "c", "d"), -0.0, 1, 0.0, 1);

        assertThat(ranking.items()).extracting(Ranking.Item::name).containsExactly("b", "d", "a", "c");
    }

    @Test
    void topIsCutAtTheEnd() {
        Ranking ranking = Ranking.of(List.of("a", "b"), 1, 2);

        assertThat(ranking.top(1)).containsExactly(new Ranking.Item("b", 2));
        assertThat(ranking.top(9)).hasSize(2);
        assertThat(ranking.top(0)).isEmpty();
        assertThatThrownBy(() -> ranking.top(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("count: -1 (expected: >= 0)");
    }

    @Test
    void listIsCopied() {
        List<Ranking.Item> items = new ArrayList<>(List.of(new Ranking.Item("a", 1)));
        Ranking ranking = new Ranking(items);

        items.clear();

        assertThat(ranking.items()).hasSize(1);
    }

    @Test
    void wrongNumberOfScoresIsNamed() {
        assertThatThrownBy(() -> Ranking.of(List.of("a"), 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scores: 2 (expected: one for each of 1 items)");
    }
}

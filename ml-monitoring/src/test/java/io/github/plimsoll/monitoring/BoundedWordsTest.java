package io.github.plimsoll.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BoundedWordsTest {

    @Property
    void aWordKeepsItsNumberAndNoneIsGivenOutBeyondTheLimit(
            @ForAll List<String> words, @ForAll @IntRange(min = 1, max = 20) int limit) {
        var bounded = new BoundedWords(limit);
        Map<String, Integer> numbers = new HashMap<>();
        for (String word : words) {
            int number = bounded.numberOf(word);
            int expected = numbers.size() < limit
                    ? numbers.computeIfAbsent(word, w -> numbers.size())
                    : numbers.getOrDefault(word, limit);
            assertThat(number).isEqualTo(expected);
        }
    }

    @Test
    void eightThreadsAgreeOnTheNumbers() throws Exception {
        var bounded = new BoundedWords(64);
        var start = new CountDownLatch(1);
        var pool = Executors.newFixedThreadPool(8);
        List<Future<List<Integer>>> numbers = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            numbers.add(pool.submit(() -> {
                start.await();
                List<Integer> mine = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    mine.add(bounded.numberOf("word-" + i % 100));
                }
                return mine.subList(100, 200);
            }));
        }
        start.countDown();
        pool.shutdown();

        List<Integer> first = numbers.get(0).get();
        for (Future<List<Integer>> others : numbers) {
            assertThat(others.get()).isEqualTo(first);
        }
        assertThat(first.stream().filter(number -> number < 64).distinct()).hasSize(64);
    }
}

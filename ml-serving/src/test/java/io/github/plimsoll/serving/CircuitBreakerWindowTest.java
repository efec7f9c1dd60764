package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Predictor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CircuitBreakerWindowTest {

    @Property(tries = 300)
    void opensExactlyWhenASimpleCountSaysSo(
            @ForAll @IntRange(min = 1, max = 10) int minimum,
            @ForAll @IntRange(min = 1, max = 10) int tenths,
            @ForAll @Size(max = 60) List<Boolean> outcomes) {
        Predictor<Boolean, Boolean> predictor = new Calls()
                .<Boolean, Boolean>model(good -> {
                    if (!good) {
                        throw new IllegalStateException("broken");
                    }
                    return true;
                })
                .with(CircuitBreaker.failureRate(tenths / 10.0)
                        .minimumCalls(minimum)
                        .over(10)
                        .openFor(Duration.ofDays(1)))
                .build();
        Deque<Boolean> latest = new ArrayDeque<>();
        boolean open = false;
        for (boolean good : outcomes) {
            predictor.predictEach(List.of(good));
            if (!open) {
                latest.addLast(good);
                if (latest.size() > 10) {
                    latest.removeFirst();
                }
                int failed = Collections.frequency(latest, false);
                open = latest.size() >= minimum && failed >= tenths / 10.0 * latest.size();
            }
            assertThat(Calls.measured(predictor, "ml.breaker.state{state=open}"))
                    .isEqualTo(open ? 1 : 0);
        }
    }
}

package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Call;
import io.github.plimsoll.core.CallBatch;
import io.github.plimsoll.core.CallOptions;
import io.github.plimsoll.core.Interceptor;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Prediction;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.Priority;
import io.github.plimsoll.core.Stage;
import io.github.plimsoll.core.model.ModelId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WaitingLineTest {

    private final List<Call<Object, Object>> made = new ArrayList<>();
    private final Predictor<Object, Object> maker = Plimsoll.<Object, Object>function(new ModelId("m", "1"), x -> x)
            .with(new Interceptor<Object, Object>() {
                @Override
                public Stage.Position position() {
                    return Stage.BATCH.at();
                }

                @Override
                public void intercept(CallBatch<Object, Object> calls, Next<Object, Object> next) {
                    for (Call<Object, Object> call : calls) {
                        made.add(call.fork());
                        call.answer(1, Prediction.Source.MODEL);
                    }
                }
            })
            .build();

    private Waiting waiting(Priority priority, int rows) {
        made.clear();
        List<Object> inputs = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            inputs.add(i);
        }
        maker.with(CallOptions.DEFAULT.withPriority(priority)).predictAll(inputs);
        return new Waiting(CallBatch.of(made), 0, 0);
    }

    @Property(tries = 300)
    void everybodyIsTakenOnceInOrderAndNoBatchIsTooLarge(
            @ForAll @Size(max = 60) List<Priority> priorities, @ForAll @IntRange(min = 1, max = 9) int maxRows) {
        WaitingLine line = new WaitingLine();
        List<Waiting> all = new ArrayList<>();
        for (int i = 0; i < priorities.size(); i++) {
            Waiting waiting = waiting(priorities.get(i), 1 + i * 7 % maxRows);
            all.add(waiting);
            line.add(waiting);
        }
        assertThat(line.rows()).isEqualTo(all.stream().mapToInt(Waiting::rows).sum());

        List<Waiting> taken = new ArrayList<>();
        while (line.first() != null) {
            Waiting first = line.first();
            List<Waiting> batch = line.next(maxRows, first);
            assertThat(batch.get(0)).isSameAs(first);
            assertThat(batch.stream().mapToInt(Waiting::rows).sum()).isLessThanOrEqualTo(maxRows);
            line.take(batch);
            taken.addAll(batch);
        }

        assertThat(line.rows()).isZero();
        assertThat(taken).containsExactlyInAnyOrderElementsOf(all);
        for (Priority priority : Priority.values()) {
            assertThat(taken.stream().filter(waiting -> waiting.priority == priority))
                    .containsExactlyElementsOf(all.stream()
                            .filter(waiting -> waiting.priority == priority)
                            .toList());
        }
    }

    @Property(tries = 300)
    void whoGoesOutOfTheMiddleIsMissedByNobody(
            @ForAll @Size(min = 1, max = 30) List<Priority> priorities, @ForAll @IntRange(max = 29) int leaving) {
        WaitingLine line = new WaitingLine();
        List<Waiting> left = new ArrayList<>();
        for (Priority priority : priorities) {
            Waiting waiting = waiting(priority, 1);
            left.add(waiting);
            line.add(waiting);
        }

        line.remove(left.remove(leaving % priorities.size()));

        List<Waiting> seen = new ArrayList<>();
        line.forEach(seen::add);
        Map<Priority, Integer> order = new HashMap<>(Map.of(Priority.HIGH, 0, Priority.NORMAL, 1, Priority.LOW, 2));
        assertThat(line.rows()).isEqualTo(left.size());
        assertThat(seen)
                .containsExactlyElementsOf(left.stream()
                        .sorted(Comparator.comparing(waiting -> order.get(waiting.priority)))
                        .toList());
    }

    @Test
    void noPriorityWaitsForEver() {
        WaitingLine line = new WaitingLine();
        Waiting low = waiting(Priority.LOW, 1);
        Waiting normal = waiting(Priority.NORMAL, 1);
        line.add(low);
        line.add(normal);
        List<Waiting> taken = new ArrayList<>();

        for (int batch = 0; batch < 20; batch++) {
            line.add(waiting(Priority.HIGH, 1)); // as many as are taken: the others would never come to their turn
            List<Waiting> next = line.next(1, line.first());
            line.take(next);
            taken.addAll(next);
        }

        assertThat(taken.indexOf(normal)).isEqualTo(WaitingLine.PATIENCE);
        assertThat(taken.indexOf(low)).isEqualTo(WaitingLine.PATIENCE + 1);
    }

    @Test
    void whoDoesNotFitLetsLowerPrioritiesFillTheBatchButNobodyOfItsOwn() {
        WaitingLine line = new WaitingLine();
        Waiting first = waiting(Priority.HIGH, 3);
        Waiting large = waiting(Priority.HIGH, 2);
        Waiting small = waiting(Priority.HIGH, 1);
        Waiting normal = waiting(Priority.NORMAL, 1);
        List.of(first, large, small, normal).forEach(line::add);

        assertThat(line.next(4, line.first())).containsExactly(first, normal);
        line.take(line.next(4, line.first()));
        assertThat(line.next(4, line.first())).containsExactly(large, small);
    }

    @Test
    void whoWaitsWithMoreRowsThanMayBeByNowIsTakenAlone() {
        WaitingLine line = new WaitingLine();
        Waiting large = waiting(Priority.NORMAL, 5);
        List.of(large, waiting(Priority.NORMAL, 1)).forEach(line::add);

        assertThat(line.next(2, line.first())).containsExactly(large);
    }
}

package io.github.plimsoll.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.Predictor;
import io.github.plimsoll.core.model.ModelId;
import io.github.plimsoll.core.schema.Schema;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CoalescedAnswersTest {

    @Property(tries = 200)
    void aCoalescingPredictorAnswersAsTheBareOne(
            @ForAll @Size(max = 30) List<@Size(max = 8) List<@IntRange(max = 6) Integer>> batches) {
        Predictor<double[], Double> coalescing = Plimsoll.<double[], Double>function(
                        new ModelId("sine", "1"), input -> Math.sin(input[0]))
                .features(Schema.ofDoubles(1))
                .with(Coalescing.ofEqualInputs())
                .build();

        for (List<Integer> batch : batches) {
            List<double[]> rows = batch.stream().map(x -> new double[] {x}).toList();
            assertThat(coalescing.predictAll(rows))
                    .isEqualTo(batch.stream().map(x -> Math.sin(x)).toList());
        }
    }
}

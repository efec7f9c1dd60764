package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static final Schema<double[]> SCHEMA = Schema.ofDoubles(Feature.number("a"), Feature.number("b"));
    private static final Baseline BASELINE = baseline();

    private static Baseline baseline() {
        var builder = Baseline.builder(SCHEMA.features()).windowRows(50);
        var random = new SplittableRandom(1);
        for (int i = 0; i < 500; i++) {
            builder.add(SCHEMA.read(row(random.nextInt(40))), random.nextInt(5), Double.NaN);
        }
        return builder.build();
    }

    private static double[] row(int seed) {
        return new double[] {seed % 7, seed / 3.0};
    }

    /** Which of three windows each row goes to does not matter, nor in which order these are merged. */
    @Property(tries = 50)
    void mergingGivesTheSameReportHoweverRowsAreSplit(
            @ForAll @Size(min = 20, max = 200) List<@IntRange(max = 60) Integer> rows,
            @ForAll List<@IntRange(max = 2) Integer> split) {
        var monitor = WindowMonitor.against(BASELINE);
        var sameMonitor = WindowMonitor.against(BASELINE);
        Window whole = monitor.window();
        Window[] parts = {sameMonitor.window(), sameMonitor.window(), sameMonitor.window()};
        for (int i = 0; i < rows.size(); i++) {
            whole.add(SCHEMA.read(row(rows.get(i))), i % 5);
            parts[split.isEmpty() ? 0 : split.get(i % split.size())].add(SCHEMA.read(row(rows.get(i))), i % 5);
        }

        parts[2].merge(parts[0]);
        parts[1].merge(parts[2]);

        assertThat(parts[1].counts()).isDeepEqualTo(whole.counts());
        assertThat(parts[1].duplicates()).isEqualTo(whole.duplicates());
        assertThat(sameMonitor.close(parts[1])).isEqualTo(monitor.close(whole));
    }

    /** What a window has looked up of its values, and what it still has to of those it was given, changes no count. */
    @Property(tries = 50)
    void aWindowGoesOnAfterItWasMergedOrRead(
            @ForAll @Size(min = 1, max = 400) List<@IntRange(max = 60) Integer> rows,
            @ForAll @IntRange(max = 400) int merged,
            @ForAll @IntRange(max = 400) int read) {
        Window whole = BASELINE.window();
        Window part = BASELINE.window();
        Window other = BASELINE.window();
        for (int i = 0; i < rows.size(); i++) {
            if (i == merged) {
                part.merge(other);
                other = BASELINE.window();
            }
            if (i == read) {
                part = BASELINE.window(part.toBytes());
            }
            whole.add(SCHEMA.read(row(rows.get(i))), rows.get(i) % 9);
            (i % 3 == 0 ? other : part).add(SCHEMA.read(row(rows.get(i))), rows.get(i) % 9);
        }
        part.merge(other);

        assertThat(part.toBytes()).isEqualTo(whole.toBytes());
    }

    @Test
    void aWindowIsMergedOnlyWithAnotherOneOfItsBaseline() {
        var monitor = WindowMonitor.against(BASELINE);
        Window window = monitor.window();

        assertThatThrownBy(() -> window.merge(window)).hasMessageContaining("window: this one");
        assertThatThrownBy(() -> window.merge(baseline().window())).hasMessageContaining("of another baseline");
    }
}

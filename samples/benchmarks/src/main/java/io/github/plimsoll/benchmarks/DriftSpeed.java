package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.Window;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The processor time of learning a baseline, of counting a number or a name, of merging windows and of reading them. In
 * processor time, since what else the machine does would otherwise be measured as well; each line is the least of some rounds.
 *
 * <pre>
 * java -XX:+UseSerialGC -cp samples/benchmarks/target/benchmarks.jar io.github.plimsoll.benchmarks.DriftSpeed 20000 20 12
 * </pre>
 */
public final class DriftSpeed {

    private static final int WINDOW = 500;
    private static final int WINDOWS = 10;
    private static final int COUNTED = 100; // so many that it does not matter that the last rows still wait

    private final Random random = new Random(1);
    private final int features;
    private final int rounds;
    private final Schema<Object[]> schema;
    private final String kind;
    private final double[] levels;

    private DriftSpeed(String kind, int features, int rounds) {
        this.kind = kind;
        this.features = features;
        this.rounds = rounds;
        levels = new double[features];
        Schema.Builder<Object[]> builder = Schema.builder(Object[].class);
        for (int i = 0; i < features; i++) {
            int index = i;
            if (kind.equals("names")) {
                builder.category(Feature.category("f" + i), row -> (String) row[index]);
            } else {
                builder.number(Feature.number("f" + i), row -> (double) row[index]);
            }
        }
        schema = builder.build();
    }

    /** What is measured. */
    @FunctionalInterface
    private interface Work {
        void run();
    }

    /**
     * Measures.
     *
     * @param args rows of the baseline, features, rounds
     */
    public static void main(String[] args) {
        int rows = Integer.parseInt(args[0]);
        for (String kind : List.of("numbers", "cents", "names", "numbers in the order of time")) {
            new DriftSpeed(kind, Integer.parseInt(args[1]), Integer.parseInt(args[2])).measure(rows);
        }
    }

    private void measure(int rows) {
        Baseline.Builder builder = Baseline.builder(schema.features()).windowRows(WINDOW);
        rows(rows).forEach(row -> builder.add(row, 0.5, Double.NaN));
        double values = (double) rows * (features + 1);
        System.out.printf(Locale.ROOT, "%s%n", kind);
        System.out.printf(Locale.ROOT, "  learning, a value: %.0f ns%n", nanos(builder::build) / values);
        Baseline baseline = builder.build();
        List<FeatureRow> live = rows(WINDOW);
        System.out.printf(
                Locale.ROOT,
                "  counting, a value: %.1f ns%n",
                nanos(() -> {
                            Window window = baseline.window();
                            for (int i = 0; i < COUNTED; i++) {
                                live.forEach(row -> window.add(row, 0.5));
                            }
                        })
                        / (COUNTED * WINDOW * (features + 1.0)));
        List<Window> windows = IntStream.range(0, WINDOWS)
                .mapToObj(i -> {
                    Window window = baseline.window();
                    rows(WINDOW).forEach(row -> window.add(row, 0.5));
                    return window;
                })
                .toList();
        System.out.printf(
                Locale.ROOT,
                "  merging a window of %d rows, a feature: %.2f us%n",
                WINDOW,
                nanos(() -> {
                            Window all = baseline.window();
                            windows.forEach(all::merge);
                        })
                        / (WINDOWS * 1e3 * features));
        byte[] written = windows.get(0).toBytes();
        System.out.printf(
                Locale.ROOT,
                "  reading one, a feature: %.2f us%n",
                nanos(() -> baseline.window(written)) / (1e3 * features));
    }

    private double nanos(Work work) {
        var threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < rounds; round++) {
            long start = threads.getCurrentThreadCpuTime();
            work.run();
            least = Math.min(least, threads.getCurrentThreadCpuTime() - start);
        }
        return least;
    }

    private List<FeatureRow> rows(int count) {
        List<FeatureRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object[] row = new Object[features];
            for (int j = 0; j < features; j++) {
                row[j] = value(j);
            }
            rows.add(schema.read(row));
        }
        return rows;
    }

    private Object value(int feature) {
        double normal = random.nextGaussian();
        levels[feature] = 0.99 * levels[feature] + 0.14 * normal;
        return switch (kind) {
            case "names" -> "name " + (int) (50 * Math.pow(random.nextDouble(), 2));
            case "cents" -> Math.rint(Math.exp(normal) * 100) / 100;
            case "numbers" -> Math.exp(normal);
            default -> Math.exp(levels[feature]);
        };
    }
}

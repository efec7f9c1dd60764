package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.Window;
import io.github.plimsoll.monitoring.drift.WindowMonitor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Question: does a {@link WindowMonitor} keep its budget of false alarms when nothing changes, whatever the law of the data and
 * however small the baseline?
 *
 * <p>Streams of 20 features of one law, or 4 texts or tensors, a prediction and no change at all; windows of 100 rows; a budget of one false alarm in
 * 1,000 windows. For each law and size of baseline, as many streams of 1,000 windows as asked for, each with its own baseline:
 * printed are the false alarms, and how many the budget allows.
 *
 * <p>Run: {@code java -cp benchmarks.jar io.github.plimsoll.benchmarks.FalseAlarmSimulation STREAMS [SEED]}, some seconds a
 * stream. A line each, then what was named in the false alarms.
 */
public final class FalseAlarmSimulation {

    private static final int FEATURES = 20;
    private static final int MEASURED = 4; // texts and tensors, of which five to seven columns each are computed
    private static final int ELEMENTS = 8;
    private static final int WINDOWS = 1_000;
    private static final int WINDOW_ROWS = 100;
    private static final int[] BASELINES = {200, 2_000, 20_000};

    private enum Law {
        NORMAL,
        CAUCHY,
        ZIPF,
        MISSING,
        TEXT,
        TENSOR;

        int features() {
            return this == TEXT || this == TENSOR ? MEASURED : FEATURES;
        }

        Schema<Object[]> schema() {
            var builder = Schema.builder(Object[].class);
            for (int i = 0; i < features(); i++) {
                int index = i;
                String name = "x" + i;
                switch (this) {
                    case ZIPF -> builder.category(Feature.category(name), row -> (String) row[index]);
                    case TEXT -> builder.text(Feature.text(name), row -> (String) row[index]);
                    case TENSOR -> builder.tensor(Feature.tensor(name, ELEMENTS), row -> (float[]) row[index]);
                    default -> builder.value(Feature.number(name).nullable(), row -> row[index]);
                }
            }
            return builder.build();
        }

        /** A value that is the same in expectation for ever. */
        Object draw(SplittableRandom random) {
            double normal = gaussian(random);
            return switch (this) {
                case NORMAL -> normal;
                case CAUCHY -> normal / gaussian(random);
                case ZIPF -> name(random);
                case MISSING -> random.nextDouble() < 0.3 ? Double.NaN : normal;
                case TEXT -> text(random);
                case TENSOR -> tensor(random);
            };
        }

        private static String name(SplittableRandom random) {
            return "name " + (int) (1 / random.nextDouble(1e-4, 1));
        }

        /** From 1 to 20 words, some of which are rare. */
        private static String text(SplittableRandom random) {
            StringBuilder text = new StringBuilder();
            for (int words = random.nextInt(1, 21); words > 0; words--) {
                text.append(name(random)).append(' ');
            }
            return text.toString();
        }

        private static float[] tensor(SplittableRandom random) {
            float[] elements = new float[ELEMENTS];
            for (int i = 0; i < ELEMENTS; i++) {
                elements[i] = (float) gaussian(random);
            }
            return elements;
        }
    }

    private FalseAlarmSimulation() {}

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    /**
     * Runs the simulation.
     *
     * @param args the number of streams for each law and baseline, and maybe a seed
     */
    public static void main(String[] args) {
        if (args.length < 1 || args.length > 2) {
            throw new IllegalArgumentException("usage: FalseAlarmSimulation STREAMS [SEED]");
        }
        int streams = Integer.parseInt(args[0]);
        long seed = args.length == 2 ? Long.parseLong(args[1]) : 1;
        System.out.println("law, baseline rows, streams, windows, false alarms, budget");
        for (int index = 0; index < Law.values().length; index++) {
            Law law = Law.values()[index];
            for (int baseline : BASELINES) {
                Map<String, Integer> named = new TreeMap<>();
                for (int stream = 0; stream < streams; stream++) {
                    SplittableRandom random = new SplittableRandom(seed * 1_000_003L + index * 101L + stream);
                    alarms(law, baseline, random).forEach(alarm -> named.merge(alarm, 1, Integer::sum));
                }
                System.out.printf(
                        Locale.ROOT,
                        "%s, %d, %d, %d, %d, %.1f %s%n",
                        law.name().toLowerCase(Locale.ROOT),
                        baseline,
                        streams,
                        streams * WINDOWS,
                        named.values().stream().mapToInt(count -> count).sum(),
                        streams * WINDOWS / 1_000.0,
                        named.isEmpty() ? "" : named);
            }
        }
    }

    private static List<String> alarms(Law law, int baselineRows, SplittableRandom random) {
        Schema<Object[]> schema = law.schema();
        Baseline.Builder baseline = Baseline.builder(schema.features()).windowRows(WINDOW_ROWS);
        for (int i = 0; i < baselineRows; i++) {
            baseline.add(schema.read(row(law, random)), random.nextDouble(), Double.NaN);
        }
        WindowMonitor monitor = WindowMonitor.against(baseline.build(), 1, 1_000);
        List<String> alarms = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            Window window = monitor.window();
            for (int row = 0; row < WINDOW_ROWS; row++) {
                window.add(schema.read(row(law, random)), random.nextDouble());
            }
            for (Incident incident : monitor.close(window).incidents()) {
                alarms.add(incident.kind() + " in "
                        + (incident.columns().get(0).equals("prediction") ? "prediction" : "a feature"));
            }
        }
        return alarms;
    }

    private static Object[] row(Law law, SplittableRandom random) {
        Object[] row = new Object[law.features()];
        for (int i = 0; i < row.length; i++) {
            Object value = law.draw(random);
            row[i] = value instanceof Double number && number.isNaN() ? null : value;
        }
        return row;
    }
}

package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.Finding;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.Window;
import io.github.plimsoll.monitoring.drift.WindowMonitor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Question: is an incident in 3 % of the rows found, with segments and without, how soon, and is the budget kept with segments?
 *
 * <p>Rows of 10 normal features, a prediction and a country, of which 16 have 3 % of the rows or more and many have less; the
 * features of a country have means of its own. A baseline of 20,000 rows, windows of 500, a budget of one false alarm in 1,000
 * windows. For each change, as many streams as asked for: 5 windows in which all is well, then 20 in which one feature is
 * changed in one country of 3 %. Printed are the streams in which that feature was named, how many windows it took, and the
 * false alarms. The first line is of streams of 200 windows in which nothing changes.
 *
 * <p>Run: {@code java -cp benchmarks.jar io.github.plimsoll.benchmarks.SegmentSimulation STREAMS [SEED]}, some seconds a stream
 * and change.
 */
public final class SegmentSimulation {

    private static final int FEATURES = 10;
    private static final int BASELINE_ROWS = 20_000;
    private static final int WINDOW_ROWS = 500;
    private static final int SOUND = 5;
    private static final int CHANGED = 20;
    private static final int QUIET = 200;
    private static final int BROKEN_COUNTRY = 15;
    private static final double[] SHARES = new double[40];

    static {
        Arrays.fill(SHARES, 0, 2, 0.16);
        Arrays.fill(SHARES, 2, 6, 0.05);
        Arrays.fill(SHARES, 6, 16, 0.03);
        Arrays.fill(SHARES, 16, SHARES.length, 0.18 / 24);
    }

    private enum Change {
        NOTHING,
        HALF_A_DEVIATION,
        ONE_DEVIATION,
        TWO_DEVIATIONS,
        FIFTH_MISSING,
        ROUNDED;

        private void apply(Object[] row, SplittableRandom random) {
            switch (this) {
                case NOTHING -> {}
                case HALF_A_DEVIATION -> row[0] = value(row) + 0.5;
                case ONE_DEVIATION -> row[0] = value(row) + 1;
                case TWO_DEVIATIONS -> row[0] = value(row) + 2;
                case FIFTH_MISSING -> row[0] = random.nextInt(5) == 0 ? null : row[0];
                case ROUNDED -> row[0] = Math.rint(value(row));
            }
        }

        private static double value(Object[] row) {
            return (Double) row[0];
        }
    }

    private final Schema<Object[]> schema = schema();
    private final SplittableRandom random;
    private final double[][] means = new double[SHARES.length][FEATURES];
    private int found;
    private int windowsUntilFound;
    private int falseAlarms;

    private SegmentSimulation(SplittableRandom random) {
        this.random = random;
        for (double[] ofCountry : means) {
            Arrays.setAll(ofCountry, i -> 0.5 * gaussian());
        }
    }

    private static Schema<Object[]> schema() {
        var builder = Schema.builder(Object[].class);
        for (int i = 0; i < FEATURES; i++) {
            int index = i;
            builder.value(Feature.number("x" + i).nullable(), row -> row[index]);
        }
        return builder.category(Feature.category("country"), row -> (String) row[FEATURES])
                .build();
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private Object[] row(Change change) {
        double u = random.nextDouble();
        int country = 0;
        while (country < SHARES.length - 1 && u >= SHARES[country]) {
            u -= SHARES[country++];
        }
        Object[] row = new Object[FEATURES + 1];
        for (int i = 0; i < FEATURES; i++) {
            row[i] = means[country][i] + gaussian();
        }
        row[FEATURES] = "country " + country;
        if (country == BROKEN_COUNTRY) {
            change.apply(row, random);
        }
        return row;
    }

    /**
     * Runs the simulation.
     *
     * @param args the number of streams for each change, and maybe a seed
     */
    public static void main(String[] args) {
        if (args.length < 1 || args.length > 2) {
            throw new IllegalArgumentException("usage: SegmentSimulation STREAMS [SEED]");
        }
        int streams = Integer.parseInt(args[0]);
        long seed = args.length == 2 ? Long.parseLong(args[1]) : 1;
        System.out.println("change in one segment, segments, found, of, windows until found, false alarms, of windows");
        for (Change change : Change.values()) {
            for (boolean segmented : List.of(false, true)) {
                int found = 0;
                int until = 0;
                int falseAlarms = 0;
                int windows = change == Change.NOTHING ? QUIET : SOUND + CHANGED;
                for (int stream = 0; stream < streams; stream++) {
                    SegmentSimulation run = new SegmentSimulation(new SplittableRandom(seed * 1_000_003L + stream));
                    run.run(change, segmented, windows);
                    found += run.found;
                    until += run.windowsUntilFound;
                    falseAlarms += run.falseAlarms;
                }
                System.out.printf(
                        Locale.ROOT,
                        "%s, %b, %d, %d, %.1f, %d, %d%n",
                        change.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        segmented,
                        found,
                        streams,
                        (double) until / Math.max(1, found),
                        falseAlarms,
                        streams * windows);
            }
        }
    }

    private void run(Change change, boolean segmented, int windows) {
        Baseline.Builder builder = Baseline.builder(schema.features()).windowRows(WINDOW_ROWS);
        if (segmented) {
            builder.segmentBy("country");
        }
        for (int i = 0; i < BASELINE_ROWS; i++) {
            builder.add(schema.read(row(Change.NOTHING)), random.nextDouble(), Double.NaN);
        }
        WindowMonitor monitor = WindowMonitor.against(builder.build(), 1, 1_000);
        for (int i = 0; i < windows; i++) {
            Window window = monitor.window();
            boolean broken = i >= SOUND;
            for (int row = 0; row < WINDOW_ROWS; row++) {
                window.add(schema.read(row(broken ? change : Change.NOTHING)), random.nextDouble());
            }
            for (Incident incident : monitor.close(window).incidents()) {
                boolean elsewhere = incident.finding(Finding.Where.class)
                        .filter(where -> !where.values().contains("country " + BROKEN_COUNTRY))
                        .isPresent();
                if (!broken
                        || change == Change.NOTHING
                        || elsewhere
                        || !incident.columns().contains("x0")) {
                    falseAlarms++;
                } else if (found == 0) {
                    found = 1;
                    windowsUntilFound = i - SOUND + 1;
                }
            }
        }
    }
}

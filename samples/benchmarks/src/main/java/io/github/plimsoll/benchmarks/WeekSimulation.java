package io.github.plimsoll.benchmarks;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.monitoring.drift.Baseline;
import io.github.plimsoll.monitoring.drift.Incident;
import io.github.plimsoll.monitoring.drift.Window;
import io.github.plimsoll.monitoring.drift.WindowMonitor;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Question: in a stream that changes with the hour of the week, what is found with hours of the week and without, how soon, and
 * is the budget kept with them?
 *
 * <p>Customers of two kinds: firms, of which nine tenths of the rows are from Monday to Friday between 8 and 18 h, and one
 * tenth at other times, and people. Their six normal features have means that differ by a standard deviation at most. There are 80 rows an
 * hour by day and 30 by night. In half of the streams the means also wander, by 0.2 standard deviations about where they were, so that
 * hours depend on each other beyond the week. A baseline of six weeks, windows of an hour, a budget of one false alarm in 1,000
 * windows. For each change, as many streams as asked for: a sound week, then three days in which something is changed; and four weeks
 * more in which nothing is. Printed are the false alarms, and of each change the streams in which it was found and how many
 * windows that took.
 *
 * <p>Run: {@code java -cp benchmarks.jar io.github.plimsoll.benchmarks.WeekSimulation STREAMS [SEED]}, some ten seconds a
 * stream.
 */
public final class WeekSimulation {

    private static final int FEATURES = 6;
    private static final int HOURS_OF_WEEK = 168;
    private static final int BASELINE_HOURS = 6 * HOURS_OF_WEEK;
    private static final int SOUND = HOURS_OF_WEEK;
    private static final int CHANGED = 72;
    private static final int QUIET = 4 * HOURS_OF_WEEK;
    private static final Instant MONDAY = Instant.parse("2024-01-01T00:00:00Z");

    private enum Change {
        NOTHING,
        HALF_A_DEVIATION,
        ONE_DEVIATION,
        FIRMS_AT_NIGHT,
        FIFTH_MISSING
    }

    /** What comes to pass hour by hour. */
    private static final class Traffic {
        private final SplittableRandom random;
        private final double wandering;
        private final double[] means = new double[FEATURES];
        private final double[] moved = new double[FEATURES];

        private Traffic(SplittableRandom random, double wandering) {
            this.random = random;
            this.wandering = wandering;
            for (int i = 0; i < FEATURES; i++) {
                means[i] = (i + 1.0) / FEATURES;
            }
        }

        /** That goes on from where another one is. */
        private Traffic(Traffic before, SplittableRandom random) {
            this(random, before.wandering);
            System.arraycopy(before.moved, 0, moved, 0, FEATURES);
        }

        private double gaussian() {
            return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
        }

        private static boolean isOfficeHour(int hour) {
            return hour % HOURS_OF_WEEK < 5 * 24 && hour % 24 >= 8 && hour % 24 < 18;
        }

        private Object[][] rows(int hour, Change change) {
            for (int i = 0; i < FEATURES; i++) {
                moved[i] = 0.98 * moved[i] + wandering * gaussian();
            }
            boolean day = hour % 24 >= 7 && hour % 24 < 22;
            Object[][] rows = new Object[day ? 80 : 30][];
            double firms = isOfficeHour(hour) || change == Change.FIRMS_AT_NIGHT ? 0.9 : 0.1;
            for (int n = 0; n < rows.length; n++) {
                Object[] row = new Object[FEATURES + 1];
                boolean firm = random.nextDouble() < firms;
                double sum = 0;
                for (int i = 0; i < FEATURES; i++) {
                    double value = (firm ? means[i] : 0) + moved[i] + gaussian();
                    sum += value;
                    row[i] = value;
                }
                row[FEATURES] = 1 / (1 + Math.exp(-sum / 3));
                switch (change) {
                    case HALF_A_DEVIATION -> row[0] = (Double) row[0] + 0.5;
                    case ONE_DEVIATION -> row[0] = (Double) row[0] + 1;
                    case FIFTH_MISSING -> row[0] = random.nextInt(5) == 0 ? null : row[0];
                    default -> {} // nothing, or what was done above
                }
                rows[n] = row;
            }
            return rows;
        }
    }

    private final Schema<Object[]> schema = schema();
    private final boolean withHours;
    private final double wandering;
    private final int[] found = new int[Change.values().length];
    private final int[] windowsUntilFound = new int[Change.values().length];
    private int falseAlarms;
    private int windows;
    private int parts;
    private int timeOrdered;

    private WeekSimulation(boolean withHours, double wandering) {
        this.withHours = withHours;
        this.wandering = wandering;
    }

    private static Schema<Object[]> schema() {
        var builder = Schema.builder(Object[].class);
        for (int i = 0; i < FEATURES; i++) {
            int index = i;
            builder.value(Feature.number("x" + i).nullable(), row -> row[index]);
        }
        return builder.build();
    }

    /**
     * Runs the simulation.
     *
     * @param args the number of streams for each change, and maybe a seed
     */
    public static void main(String[] args) {
        if (args.length < 1 || args.length > 2) {
            throw new IllegalArgumentException("usage: WeekSimulation STREAMS [SEED]");
        }
        int streams = Integer.parseInt(args[0]);
        long seed = args.length == 2 ? Long.parseLong(args[1]) : 1;
        for (double wandering : new double[] {0, 0.04}) {
            for (boolean withHours : new boolean[] {false, true}) {
                WeekSimulation simulation = new WeekSimulation(withHours, wandering);
                for (int i = 0; i < streams; i++) {
                    simulation.run(seed + i);
                }
                simulation.print(streams);
            }
        }
    }

    private void run(long seed) {
        Traffic before = new Traffic(new SplittableRandom(seed), wandering);
        Baseline.Builder learned = Baseline.builder(schema.features()).windowRows(60);
        if (withHours) {
            learned.hoursOfWeek(ZoneOffset.UTC);
        }
        for (int hour = 0; hour < BASELINE_HOURS; hour++) {
            for (Object[] row : before.rows(hour, Change.NOTHING)) {
                learned.add(schema.read(row), row[FEATURES], Double.NaN, time(hour));
            }
        }
        Baseline baseline = learned.build();
        parts += baseline.hoursOfWeek().size();
        timeOrdered += baseline.isTimeOrdered() ? 1 : 0;
        for (Change change : Change.values()) {
            run(change, new Traffic(before, new SplittableRandom(seed + change.ordinal())), baseline);
        }
    }

    private void run(Change change, Traffic traffic, Baseline baseline) {
        WindowMonitor monitor = WindowMonitor.against(baseline);
        int sound = change == Change.NOTHING ? QUIET : SOUND;
        for (int window = 0; window < sound + CHANGED; window++) {
            int hour = BASELINE_HOURS + window;
            Window rows = monitor.window();
            for (Object[] row : traffic.rows(hour, window < sound ? Change.NOTHING : change)) {
                rows.add(schema.read(row), row[FEATURES], time(hour));
            }
            List<Incident> incidents = monitor.close(rows).incidents();
            if (window < sound || change == Change.NOTHING) {
                windows++;
                falseAlarms += incidents.size();
            } else if (!incidents.isEmpty()) {
                found[change.ordinal()]++;
                windowsUntilFound[change.ordinal()] += window - sound + 1;
                break;
            }
        }
    }

    private static Instant time(int hour) {
        return MONDAY.plus(Duration.ofHours(hour));
    }

    private void print(int streams) {
        System.out.printf(
                Locale.ROOT,
                "wandering %.2f, %s hours (%.1f parts, %d of %d time-ordered): %d false alarms in %d windows",
                wandering,
                withHours ? "with" : "without",
                (double) parts / streams,
                timeOrdered,
                streams,
                falseAlarms,
                windows);
        for (Change change : Change.values()) {
            int times = found[change.ordinal()];
            if (change != Change.NOTHING) {
                System.out.printf(
                        Locale.ROOT,
                        "; %s %d of %d%s",
                        change,
                        times,
                        streams,
                        times == 0
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        " after %.1f windows",
                                        (double) windowsUntilFound[change.ordinal()] / times));
            }
        }
        System.out.println();
    }

    @Override
    public String toString() {
        return "week simulation" + (withHours ? " with hours" : "");
    }
}

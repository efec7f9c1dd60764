package io.github.plimsoll.monitoring.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.schema.Feature;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is learned by ranks is what a look at each row by itself says, to the bit. */
class RowCounterTest {

    private static final int ROWS = 700;
    private static final RowEncoder ENCODER = encoder();

    /** With all names from the start, so that codes are the same whatever the rows. */
    private static RowEncoder encoder() {
        var encoder = RowEncoder.of(List.of(
                Feature.number("any"), Feature.number("cents"), Feature.number("few"), Feature.category("name")));
        for (int name = 0; name < 60; name++) {
            encoder.learn(
                    new double[encoder.columns()], new String[] {null, null, null, "name " + name, null, null, null});
        }
        return encoder.withOutputs(false, true);
    }

    /** Rows with numbers that do and do not repeat, that are missing or none, and rare names; some rows are repeated. */
    private static EncodedRows rows(Random random, int size) {
        var rows = new EncodedRows(ENCODER.columns(), 16);
        var row = new double[ENCODER.columns()];
        for (int i = 0; i < size; i++) {
            if (random.nextInt(10) > 0) {
                double any = random.nextGaussian();
                row[0] = i % 50 == 3 ? Double.NaN : any;
                row[1] = i % 70 == 5 ? Double.POSITIVE_INFINITY : Math.rint(Math.exp(any) * 100) / 100;
                row[2] = random.nextInt(8) == 0 ? -0.0 : random.nextInt(4);
                row[3] = (int) (60 * Math.pow(random.nextDouble(), 3));
                row[4] = 1 / (1 + Math.exp(-any));
            }
            rows.add(row, Double.NaN, Window.NO_TIME);
        }
        return rows;
    }

    private static void read(EncodedRows rows, int from, double[] row) {
        Arrays.setAll(row, column -> rows.value(column, from));
    }

    private static void copy(EncodedRows rows, int from, int to, EncodedRows into) {
        var row = new double[rows.columns()];
        for (int i = from; i < to; i++) {
            read(rows, i, row);
            into.add(row, Double.NaN, Window.NO_TIME);
        }
    }

    private static Window window(Norm norm, EncodedRows rows, int from, int to) {
        var window = new Window(norm);
        for (int i = from; i < to; i++) {
            var row = new double[rows.columns()];
            read(rows, i, row);
            window.count(row);
        }
        return window;
    }

    private static TreeMap<Double, Integer> times(EncodedRows rows, int column, int from, int to) {
        var times = new TreeMap<Double, Integer>();
        for (int row = from; row < to; row++) {
            if (Double.isFinite(rows.value(column, row))) {
                times.merge(rows.value(column, row) + 0.0, 1, Integer::sum);
            }
        }
        return times;
    }

    private static boolean isOfUnseen(Layout layout, int counts) {
        return Arrays.stream(layout.unseen).anyMatch(unseen -> unseen == counts);
    }

    @Property(tries = 20)
    void countsOfABaselineAreThoseOfItsRowsOneByOne(@ForAll long seed) {
        var rows = rows(new Random(seed), ROWS);
        var layout = new Layout(ENCODER, rows, new boolean[ENCODER.columns()]);

        var norm = new Norm(layout, rows, 0, ROWS);

        var oneByOne = window(norm, rows, 0, ROWS);
        for (int i = 0; i < norm.counts.length; i++) {
            if (!isOfUnseen(layout, i)) {
                assertThat(norm.counts[i]).as("counts %s", i).isEqualTo(oneByOne.counts()[i]);
            }
        }
        for (int column = 0; column < rows.columns(); column++) {
            var times = times(rows, column, 0, ROWS);
            assertThat(norm.counts[layout.unseen[column]][0])
                    .isEqualTo(
                            times.values().stream().filter(count -> count == 1).count());
            assertThat(norm.values(column).distinct()).isEqualTo(times.size());
            int of = column;
            times.forEach(
                    (value, count) -> assertThat(norm.values(of).count(value)).isEqualTo(count));
        }
    }

    @Property(tries = 20)
    void aBlockIsComparedAsIfTheOthersHadBeenAlone(@ForAll long seed, @ForAll @IntRange(max = 6) int block) {
        var rows = rows(new Random(seed), ROWS);
        var layout = new Layout(ENCODER, rows, new boolean[ENCODER.columns()]);
        int from = 100 * block;
        int to = from + 100;
        var others = new EncodedRows(rows.columns(), ROWS);
        copy(rows, 0, from, others);
        copy(rows, to, ROWS, others);
        var alone = new Norm(layout, others, 0, others.size());
        var lived = window(alone, rows, from, to);

        var found = rows.counter(layout).block(new Norm(layout, rows, 0, ROWS), from, to);

        for (int unit = 0; unit < layout.units.size(); unit++) {
            assertThat(found.others().evidence(unit, found.window()))
                    .as("%s", layout.units.get(unit))
                    .isEqualTo(alone.evidence(unit, lived));
        }
    }

    @Property(tries = 20)
    void aWindowOfOneHalfIsComparedWithTheOtherAsIfItHadBeenLive(@ForAll long seed) {
        var rows = rows(new Random(seed), ROWS);
        var layout = new Layout(ENCODER, rows, new boolean[ENCODER.columns()]);
        int half = ROWS / 2;
        var later = new EncodedRows(rows.columns(), ROWS);
        copy(rows, half, ROWS, later);
        var alone = new Norm(layout, later, 0, later.size());
        var lived = window(alone, rows, 50, 200);

        var other = rows.counter(layout).otherHalf(0, half);
        var window = rows.counter(layout).window(other, 50, 200);

        for (int unit = 0; unit < layout.units.size(); unit++) {
            assertThat(other.evidence(unit, window))
                    .as("%s", layout.units.get(unit))
                    .isEqualTo(alone.evidence(unit, lived));
        }
    }

    @Property(tries = 10)
    void repeatedRowsAreExpectedAsRandomPartsHaveThem(@ForAll long seed) {
        var random = new Random(seed);
        var hashes = random.longs(600).map(hash -> Math.floorMod(hash, 400L)).toArray();
        var repeats = new DuplicateLaw.Repeats(hashes);
        var others = new long[500];
        System.arraycopy(hashes, 0, others, 0, 200);
        System.arraycopy(hashes, 300, others, 200, 300);

        var law = new DuplicateLaw(repeats, 200, 300, true);
        var alone = new DuplicateLaw(new DuplicateLaw.Repeats(others), 0, 500, false);

        for (int rows = 2; rows < 600; rows += 7) {
            for (int duplicates = 0; duplicates < rows; duplicates += 5) {
                assertThat(law.evidence(duplicates, rows)).isEqualTo(alone.evidence(duplicates, rows));
            }
        }
    }

    @Property(tries = 20)
    void cellsAndBinsOfManyValuesAreThoseOfEach(@ForAll long seed) {
        var rows = rows(new Random(seed), ROWS);
        var layout = new Layout(ENCODER, rows, new boolean[ENCODER.columns()]);

        for (int column = 0; column < rows.columns(); column++) {
            var values = rows.ranked(column).values;
            var bins = layout.bins[column];
            for (int i = 0; i < values.length; i++) {
                assertThat((int) bins.cells(values)[i]).isEqualTo(bins.cell(values[i]));
                assertThat((int) bins.bins(values)[i]).isEqualTo(bins.bin(values[i]));
            }
        }
    }
}

package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableReader;
import io.github.plimsoll.core.table.TableRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a stream of rows and predictions was like when all was well, and how much it moved then: all that a monitor knows before
 * it sees the first live row.
 *
 * <pre>{@code
 * Baseline.Builder learned = Baseline.builder(schema.features()).windowRows(500);
 * history.forEach(past -> learned.add(schema.read(past.input()), past.score(), past.repaid() ? 1 : 0));
 * learned.build().write(Path.of("models/credit-risk/baseline.plb"));
 * }</pre>
 *
 * <p><b>What it keeps</b>: of a number or an integer, the ends of at most 98 ranges, 101 quantiles, how often each of at most
 * 65,536 different values occurred, how many decimals they had and how heavy the tails are; of a category, its names, at most
 * 100,000, and the counts of the 40 most frequent; of a boolean, the counts; how often each feature was missing or could not be
 * read; the counts of 8 x 8 bins of related features; how many rows are repeated by chance; how outcomes followed predictions;
 * and for everything that is tested, how much evidence for a change there was although nothing had changed. No row is kept.
 *
 * <p><b>Of texts, tensors and timestamps</b> it keeps the same of numbers that are computed of them, such as a text's length, and
 * of the words of a text whether there was one with a hash of 16 bits, which is 8 KB.
 *
 * <p><b>Of every sensitive feature</b> it keeps only how often it was missing or could not be read: no value, no name, no
 * quantile, no measure. Whatever else happens to such a feature goes unseen. (A hash of a postal code is a postal code to whoever
 * has the list of all.)
 *
 * <p><b>Segments.</b> What happens to 3 % of the rows, one country or one device, is hardly seen in all of them. If a column is
 * {@linkplain Builder#segmentBy named} whose values are segments, the baseline has one more for each of the most frequent of
 * them, of its rows only, and a monitor compares each segment with its own. The same is done with the {@linkplain
 * Builder#hoursOfWeek hours of the week}, in parts in which rows are alike.
 *
 * <p>The written form is binary, with a version and a checksum; the same baseline gives the same bytes. It takes some kilobytes
 * a feature and up to 9 bytes for each different number, and as much again for each segment. A monitor decides by a baseline that was read as by the one that was
 * written, to the bit.
 *
 * <p>Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class Baseline {

    /** The part of a model package that holds the baseline. */
    public static final String PACKAGE_PART = "baseline";

    /** The fewest rows that a baseline is made from. */
    public static final int MIN_ROWS = 100;

    static final int MIN_WINDOW = 20;

    private static final String LETTERS = "PLBL";
    private static final String WHAT = "baseline";

    final Layout layout;
    final Norm norm;
    final Past learned; // of no windows
    final UnitState learnedOutcomes;
    final @Nullable OutcomeLaw outcomeLaw;
    final long[] outcomeCounts;
    private final double[] surprises;
    private final long rows;
    private final int windowRows;
    private final boolean timeOrdered;
    final Segmentation segmentation;
    private @Nullable String fingerprint; // threads may race here: each computes the same

    private Baseline(EncodedRows rows, RowEncoder encoder, int windowRows, Segmentation.Wanted wanted) {
        this(rows, encoder, windowRows, wanted, false, new boolean[encoder.columns()]);
    }

    /**
     * Of the rows of a segment. The stream may be known to be time-ordered; the values of some columns may be left to the whole to
     * watch.
     */
    static Baseline ofSegment(
            EncodedRows rows,
            RowEncoder encoder,
            int windowRows,
            boolean isKnownToBeTimeOrdered,
            boolean[] leftToWhole) {
        return new Baseline(
                rows, encoder, windowRows, Segmentation.Wanted.NOTHING, isKnownToBeTimeOrdered, leftToWhole);
    }

    private Baseline(
            EncodedRows rows,
            RowEncoder encoder,
            int windowRows,
            Segmentation.Wanted wanted,
            boolean isKnownToBeTimeOrdered,
            boolean[] leftToWhole) {
        layout = new Layout(encoder, rows, leftToWhole);
        norm = new Norm(layout, rows, 0, rows.size());
        int score = encoder.scoreColumn();
        double[][] known = score < 0 ? new double[2][0] : rows.outcomes(0, rows.size(), score);
        outcomeLaw = known[0].length < MIN_ROWS ? null : new OutcomeLaw(known[0], known[1]);
        outcomeCounts = outcomeLaw == null ? new long[0] : outcomeLaw.counts(known[0], known[1]);
        Rehearsal rehearsal = new Rehearsal(norm, rows, windowRows, outcomeLaw, isKnownToBeTimeOrdered);
        learned = rehearsal.past;
        learnedOutcomes = rehearsal.outcomes;
        timeOrdered = rehearsal.isTimeOrdered;
        surprises = OutlierDetector.surprises(layout, rows);
        this.rows = rows.size();
        this.windowRows = windowRows;
        segmentation = new Segmentation(wanted, norm, rows, windowRows, timeOrdered);
    }

    private Baseline(FormReader in) {
        this(in, null);
    }

    /** Of a segment, if there is an encoder. */
    Baseline(FormReader in, @Nullable RowEncoder known) {
        rows = in.count();
        windowRows = in.whole(Integer.MAX_VALUE);
        timeOrdered = in.flag();
        if (rows < MIN_ROWS || windowRows < MIN_WINDOW) {
            throw in.wrong(
                    "rows",
                    rows + " in windows of " + windowRows + " (expected: >= " + MIN_ROWS + " in windows of >= "
                            + MIN_WINDOW + ")");
        }
        layout = Layout.read(known == null ? RowEncoder.read(in) : known, in);
        norm = new Norm(layout, in);
        learned = new Past(layout);
        for (UnitState unit : learned.units) {
            unit.readMoves(in);
        }
        learnedOutcomes = new UnitState();
        learnedOutcomes.readMoves(in);
        outcomeLaw = in.flag() ? new OutcomeLaw(in) : null;
        outcomeCounts = in.counts(outcomeLaw == null ? 0 : outcomeLaw.cells());
        surprises = in.numbers();
        long ranks = OutlierDetector.ranks(rows).count();
        if (surprises.length != ranks) {
            throw in.wrong("surprises", surprises.length + " (expected: " + ranks + " for " + rows + " rows)");
        }
        for (int i = 0; i < ranks; i++) {
            if (!(surprises[i] <= (i == 0 ? Double.MAX_VALUE : surprises[i - 1]))) {
                throw in.wrong("surprise", surprises[i] + " (expected: numbers in falling order)");
            }
        }
        segmentation = known == null ? new Segmentation(layout, in) : new Segmentation(layout);
        for (Map<String, Baseline> apart : List.of(segments(), hoursOfWeek())) {
            if (apart.values().stream().mapToLong(Baseline::rows).sum() > rows) {
                throw in.wrong("segments", "more rows than all (expected: at most " + rows + ')');
            }
        }
    }

    /**
     * Begins a baseline.
     *
     * @param features the features to watch
     * @return a builder without rows
     * @throws IllegalArgumentException if there are none or two have the same name
     */
    public static Builder builder(List<Feature> features) {
        return new Builder(features);
    }

    /**
     * Takes the rows of a baseline. Holds 8 bytes for each value and each measure of a text, tensor or timestamp while it does, some
     * 30 more while it learns, and half a megabyte for each text. Not thread-safe.
     */
    public static final class Builder {

        final RowEncoder encoder;
        private final EncodedRows rows;
        private final List<Feature> features;
        private final double[] row;
        private final @Nullable String[] names;
        private final Measures measures;
        private RowReader reader;
        private int windowRows = 500;
        private int segmentColumn = Segmentation.NONE;
        private @Nullable ZoneId zone; // of hours of the week
        private @Nullable String timeFeature;
        private RowTime time = RowTime.NOWHERE; // in the rows of the reader

        private Builder(List<Feature> features) {
            this(features, 256);
        }

        /** With room for some rows. */
        Builder(List<Feature> features, int room) {
            this.features = List.copyOf(features);
            encoder = RowEncoder.of(this.features);
            rows = new EncodedRows(encoder.columns(), room);
            row = new double[encoder.columns()];
            names = new String[encoder.columns()];
            measures = new Measures(encoder, true);
            reader = encoder.reader(this.features);
        }

        /**
         * About how many rows a window of the monitor will have; 500 if not given. Parts of the baseline of this size are
         * compared with the rest of it.
         *
         * @param count a number >= 20
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder windowRows(int count) {
            if (count < MIN_WINDOW) {
                throw new IllegalArgumentException("window rows: " + count + " (expected: >= " + MIN_WINDOW + ")");
            }
            windowRows = count;
            return this;
        }

        /**
         * Has each of the most frequent values of a feature compared with rows of its own, such as the country, the channel
         * or the device: what breaks in one of them is found there, where in all rows it may be too little. Segments are the
         * at most 16 most frequent values that have at least 200 rows; the others are only part of the whole, see {@link
         * Baseline#unsegmented}. Missing values are no segment.
         *
         * <p>The baseline learns and is written twice: for the whole and for the segments, which have no more rows than that
         * together. Half of a monitor's budget goes to the whole, the rest to the segments in equal parts.
         *
         * @param feature the name of a category or boolean that is not sensitive
         * @return this builder
         * @throws IllegalArgumentException if it is none of the features, or no such one
         */
        public Builder segmentBy(String feature) {
            List<Column> columns = encoder.features();
            for (int column = 0; column < columns.size(); column++) {
                if (columns.get(column).name().equals(feature)) {
                    String problem = Segmentation.problemOf(columns.get(column));
                    if (problem != null) {
                        throw new IllegalArgumentException("segment column: " + problem);
                    }
                    segmentColumn = column;
                    return this;
                }
            }
            throw new IllegalArgumentException("segment column: no feature '" + feature
                    + "' (expected: a category or boolean that is not sensitive)");
        }

        /**
         * Has rows compared with those of the same time of the week, where these differ: what is usual at noon may be wrong at
         * night, and what differs from hour to hour need not count as a movement that is nobody's fault. The week is split in at
         * most 8 parts, ranges of hours on groups of days, in which rows are alike; the fewest that describe every other week as
         * well as any, when they are made of the weeks between. If none does better than the week as a whole, it is not split.
         *
         * <p>Parts are segments like those of {@link #segmentBy}, which may be asked for, too: the baseline learns and is written
         * once more, and half of a monitor's budget goes to all segments in equal parts. Parts of less than 200 rows are only
         * compared with the whole. Both the rows of the baseline and those of the windows need times; what has none is in no part.
         * What the clock alone determines, such as a feature that is the hour, does not decide how the week is split.
         *
         * @param place by whose clock the hours are, summer time included; the monitor needs the same time zone data
         * @return this builder
         */
        public Builder hoursOfWeek(ZoneId place) {
            zone = Objects.requireNonNull(place);
            return this;
        }

        /**
         * Takes the time of rows that are added without one from a feature, as {@link DriftMonitor#timeFrom} does.
         *
         * @param feature the name of a feature of type timestamp
         * @return this builder
         * @throws IllegalArgumentException if it is none of the features, or no such one
         */
        public Builder timeFrom(String feature) {
            reader = encoder.reader(features);
            time = RowTime.of(feature, features);
            timeFeature = feature;
            return this;
        }

        /**
         * Adds a row; in the order of time where rows have one.
         *
         * @param features a row that has the features, in any order, and maybe others
         * @param prediction what the model answered, NaN if not known
         * @param outcome what came true, 0 or 1 for one of two kinds; NaN if not known
         * @return this builder
         * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
         */
        public Builder add(FeatureRow features, double prediction, double outcome) {
            return add(features, prediction, null, outcome, Window.NO_TIME);
        }

        /**
         * Adds a row with the answer that the model gave, of any type; in the order of time where rows have one. Answers with
         * labels are watched for these and, if they are probabilities of classes, for the highest of them.
         *
         * @param features a row that has the features, in any order, and maybe others
         * @param answer what the model answered: class probabilities, a label, a number, a decision; null if not known
         * @param outcome what came true, 0 or 1 for one of two kinds; NaN if not known
         * @return this builder
         * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
         */
        public Builder add(FeatureRow features, @Nullable Object answer, double outcome) {
            return add(features, DriftRecording.number(answer), DriftRecording.label(answer), outcome, Window.NO_TIME);
        }

        /**
         * Adds a row whose time is known with the answer that the model gave, of any type, so that the age of its timestamps and
         * the {@linkplain #hoursOfWeek hour of the week} are known, too; in the order of time.
         *
         * @param features a row that has the features, in any order, and maybe others
         * @param answer what the model answered: class probabilities, a label, a number, a decision; null if not known
         * @param outcome what came true, 0 or 1 for one of two kinds; NaN if not known
         * @param time the time the row is of
         * @return this builder
         * @throws IllegalArgumentException if the row lacks a feature, or has one of another type
         */
        public Builder add(FeatureRow features, @Nullable Object answer, double outcome, Instant time) {
            return add(
                    features,
                    DriftRecording.number(answer),
                    DriftRecording.label(answer),
                    outcome,
                    time.toEpochMilli());
        }

        private Builder add(FeatureRow features, double score, @Nullable String label, double outcome, long millis) {
            if (!reader.isFor(features.features())) {
                reader = encoder.reader(features.features());
                time = RowTime.of(timeFeature, features.features());
            }
            reader.read(features, score, label, 0, row, 0, names); // as far as is known, the model answered
            add(row, names, features, millis == Window.NO_TIME ? time.millis(features, millis) : millis, outcome);
            return this;
        }

        /** Adds a row that was read; the arrays may be used again, the names are cleared. */
        void add(
                double[] read,
                @Nullable String[] namesRead,
                @Nullable FeatureRow features,
                long millis,
                double outcome) {
            measures.fill(features, read, millis);
            encoder.learn(read, namesRead);
            rows.add(read, outcome, millis);
        }

        /**
         * Adds the rows of a table whose columns have the features' names; in the order of time where rows have one.
         *
         * @param table the table, which is read once
         * @param prediction what the model answered to a row, such as {@code row -> row.number("score")}; NaN if not known
         * @param outcome what came true of it, 0 or 1 for one of two kinds; NaN if not known
         * @return this builder
         * @throws io.github.plimsoll.core.table.TableException if the table cannot be read
         */
        public Builder addAll(
                Table table,
                ToDoubleFunction<? super TableRow> prediction,
                ToDoubleFunction<? super TableRow> outcome) {
            Schema<TableRow> schema = Schema.ofTable(features);
            try (TableReader all = table.open()) {
                for (TableRow one : all) {
                    add(schema.read(one), prediction.applyAsDouble(one), outcome.applyAsDouble(one));
                }
            }
            return this;
        }

        /**
         * Adds the rows of a window of live traffic, such as one of those after a change that is going to last; in the order of
         * time. Within a window rows have none. What came true of them is not known.
         *
         * <p>A window keeps its rows as long as there are at most 1,024, and adding it is then the same as adding them one by one,
         * but for new names of more than 100 letters, which are cut. Windows of many hosts can be added as they came in.
         *
         * @param window a window in which all was well, of a baseline with the same features in the same order
         * @return this builder
         * @throws IllegalArgumentException if it has other features, texts, whose words it does not keep, or more rows than it keeps
         */
        public Builder addAll(Window window) {
            window.file(this);
            return this;
        }

        /** Adds a row whose columns are all computed; the names are cleared. */
        void addRead(double[] read, @Nullable String[] namesRead) {
            encoder.learn(read, namesRead);
            rows.add(read, Double.NaN, Window.NO_TIME);
        }

        /** Leaves out all rows but some runs of equally many, in their order. */
        void keepRuns(int runRows, boolean[] kept) {
            rows.keepRuns(runRows, kept);
        }

        /**
         * How many rows were added.
         *
         * @return a number >= 0
         */
        public int rows() {
            return rows.size();
        }

        /**
         * Learns the baseline, on this thread: some hundred nanoseconds a value, and for each window's worth of rows as much as a
         * window costs to compare.
         *
         * @return the baseline
         * @throws IllegalStateException if there are fewer than 100 rows or less than two windows of rows; or if hours of the
         *     week are wanted and the rows are of less than two weeks
         */
        public Baseline build() {
            if (rows.size() < Math.max(MIN_ROWS, 2 * windowRows)) {
                throw new IllegalStateException("baseline: " + rows.size() + " rows (expected: >= " + MIN_ROWS
                        + " and at least two windows of " + windowRows + ", better ten)");
            }
            boolean hasLabel = rows.has(encoder.labelColumn());
            boolean hasScore = !hasLabel || rows.has(encoder.scoreColumn());
            int[] kept = IntStream.range(0, encoder.columns())
                    .filter(column -> (hasLabel || column != encoder.labelColumn())
                            && (hasScore || column != encoder.scoreColumn()))
                    .toArray();
            EncodedRows learned = new EncodedRows(rows, kept);
            for (int feature = 0; feature < features.size(); feature++) {
                if (encoder.isText(feature)) {
                    learned.replace(
                            encoder.column(feature, Measure.UNSEEN),
                            encoder.vocabulary(feature).own(),
                            encoder.column(feature, Measure.WORDS));
                }
            }
            return new Baseline(
                    learned,
                    encoder.withOutputs(hasLabel, hasScore),
                    windowRows,
                    new Segmentation.Wanted(segmentColumn, zone));
        }
    }

    /**
     * Reads a baseline from a file that {@link #write} made.
     *
     * @param file the file
     * @return the baseline, equal to the one that was written
     * @throws UncheckedIOException if the file cannot be read
     * @throws DriftFormatException if it is no baseline, is damaged, or is of a newer version
     */
    public static Baseline read(Path file) {
        try {
            return of(Files.readAllBytes(file));
        } catch (IOException failure) {
            throw new UncheckedIOException("baseline: cannot read " + file, failure);
        } catch (DriftFormatException damage) {
            throw new DriftFormatException(file + ": " + damage.getMessage(), damage);
        }
    }

    /**
     * Reads a baseline.
     *
     * @param bytes what {@link #toBytes} gave
     * @return the baseline, equal to the one that was written
     * @throws DriftFormatException if it is no baseline, is damaged, or is of a newer version
     */
    public static Baseline of(byte[] bytes) {
        return FormReader.read(WHAT, LETTERS, bytes, Baseline::new);
    }

    /**
     * Writes the baseline to a file, which is replaced if it is there.
     *
     * @param file the file
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        try {
            Files.write(file, toBytes());
        } catch (IOException failure) {
            throw new UncheckedIOException("baseline: cannot write " + file, failure);
        }
    }

    /**
     * The written form.
     *
     * @return bytes for {@link #of}
     */
    public byte[] toBytes() {
        FormWriter out = new FormWriter(LETTERS);
        write(out, true);
        return out.finish();
    }

    /** Writes a segment, whose columns the whole has, and which has none of its own. */
    void writeAsSegment(FormWriter out) {
        write(out, false);
    }

    private void write(FormWriter out, boolean isWhole) {
        out.whole(rows).whole(windowRows).flag(timeOrdered);
        if (isWhole) {
            layout.encoder.write(out);
        }
        layout.write(out);
        norm.write(out);
        learned.units.forEach(unit -> unit.writeMoves(out));
        learnedOutcomes.writeMoves(out);
        out.flag(outcomeLaw != null);
        if (outcomeLaw != null) {
            outcomeLaw.write(out);
        }
        out.counts(outcomeCounts);
        out.numbers(surprises);
        if (isWhole) {
            segmentation.write(out);
        }
    }

    /**
     * What tells single rows that are unlike this baseline.
     *
     * @return a detector of outliers
     */
    public OutlierDetector outliers() {
        return new OutlierDetector(norm, rows, surprises);
    }

    /**
     * A new window, to count rows in that are to be compared with this baseline.
     *
     * @return a window without rows
     */
    public Window window() {
        return new Window(norm, this);
    }

    /**
     * A window that was written by a process that has an equal baseline.
     *
     * @param bytes what {@link Window#toBytes} gave, or what a {@linkplain DriftMonitor#sendingTo sending} monitor sent
     * @return the window
     * @throws DriftFormatException if it is no window, is damaged, is of a newer version, or of another baseline
     */
    public Window window(byte[] bytes) {
        return SentWindow.isOne(bytes)
                ? SentWindow.read(bytes, this).window()
                : FormReader.read("window", Window.LETTERS, bytes, in -> {
                    checkIsOfThis(in);
                    Window window = window();
                    window.read(in);
                    return window;
                });
    }

    /** Reads the fingerprint that each form begins with that belongs to a baseline. */
    void checkIsOfThis(FormReader in) {
        if (!in.text().equals(fingerprint())) {
            throw in.wrong("baseline", "another one (expected: " + this + ')');
        }
    }

    /**
     * How many rows the baseline was made from.
     *
     * @return a number >= 100
     */
    public long rows() {
        return rows;
    }

    /**
     * About how many rows a window is expected to have.
     *
     * @return a number >= 20
     */
    public int windowRows() {
        return windowRows;
    }

    /**
     * The names of the watched features.
     *
     * @return an immutable list
     */
    public List<String> features() {
        return layout.encoder.features().stream().map(Column::name).toList();
    }

    /**
     * Whether the rows depend on those before them.
     *
     * @return true if parts of the baseline differ more than independent rows would
     */
    public boolean isTimeOrdered() {
        return timeOrdered;
    }

    /**
     * The feature whose values are segments.
     *
     * @return its name, if {@link Builder#segmentBy} was given one
     */
    public Optional<String> segmentedBy() {
        return Optional.ofNullable(segmentation.column());
    }

    /**
     * The segments that have enough rows to be compared by themselves.
     *
     * @return by the value of the feature, the most frequent first, what its rows were like; without outcomes and without
     *     segments of its own; immutable
     */
    public Map<String, Baseline> segments() {
        return segmentation.ofValues();
    }

    /**
     * The values of the segment feature that are too rare for a segment, or came after the sixteenth: their rows are only
     * compared together with all others. Values that are not missing and none of these, nor of {@link #segments}, are new.
     *
     * @return how many rows each has, the most frequent first; immutable; empty without segments
     */
    public Map<String, Long> unsegmented() {
        return segmentation.otherValues(norm);
    }

    /**
     * The parts of the week that are compared by themselves, see {@link Builder#hoursOfWeek}.
     *
     * @return by the hours, such as {@code Mon-Fri 08-18}, what the rows of each part were like; without outcomes and without
     *     segments of its own; immutable; empty if no hours were asked for, or rows are alike at all of them
     */
    public Map<String, Baseline> hoursOfWeek() {
        return segmentation.ofWeek();
    }

    /**
     * A hash of all that the baseline says. Windows and states can be read by whoever has a baseline of the same fingerprint.
     *
     * @return 64 hexadecimal digits in lower case
     */
    public String fingerprint() {
        String known = fingerprint;
        if (known == null) {
            try {
                known = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(toBytes()));
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible); // every JVM has it
            }
            fingerprint = known;
        }
        return known;
    }

    /** Whether the other object is a baseline with the same fingerprint. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Baseline that && fingerprint().equals(that.fingerprint());
    }

    @Override
    public int hashCode() {
        return Objects.hash(rows, windowRows, features());
    }

    /** The baseline in a few words, such as {@code baseline of 2000 rows, 8 features, time-ordered}. */
    @Override
    public String toString() {
        return "baseline of " + rows + " rows, " + layout.encoder.features().size() + " features"
                + (timeOrdered ? ", time-ordered" : "")
                + segmentation;
    }
}

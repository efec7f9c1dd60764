package io.github.plimsoll.monitoring.profile;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the features looked like when all was well, mostly in the training data: the cells that live rows are counted in, and
 * how many rows of the baseline fell into each.
 *
 * <pre>{@code
 * Baseline baseline = Baseline.of(rides.features(), trainingRows);
 * baseline.write(Path.of("models/bike/baseline.json"));
 * }</pre>
 *
 * <p>How each type of feature is cut into cells:
 *
 * <ul>
 *   <li><b>Numbers and integers:</b> at most 32 ranges with about the same number of rows each, at least 5, cut at order
 *       statistics; a value that 1 row in 32 has, and at least 10 rows, gets a cell of its own; NaN and the infinities have
 *       one each. Values between such values that have no range are {@link Cell.Kind#OTHER}.
 *   <li><b>Categories:</b> the 40 most frequent names that at least 10 rows have; the other names that are known, together,
 *       as {@link Cell.Kind#OTHER}; and {@link Cell.Kind#UNSEEN}. Known are the names that the feature declares or, if it
 *       declares none, those in the rows, at most 1,000 of them. Where some names have no cell of their own, every second row
 *       only helps to choose those that do, see {@link Cell#expected()}.
 *   <li><b>Booleans:</b> false and true.
 *   <li><b>Text, tensors, timestamps, and every sensitive feature:</b> {@link Cell.Kind#PRESENT} only. No value of a sensitive
 *       feature, no order statistic and no name, gets into a baseline.
 * </ul>
 *
 * <p>All of them have cells for null and for what could not be read.
 *
 * <p>What can be seen is bounded by the baseline as much as by the live rows: with
 * 2,000 rows, a mean that moved by a tenth of a standard deviation stays unseen more often than not. Use some thousand rows.
 *
 * <p>Immutable and thread-safe. Takes about 50 bytes a cell.
 *
 * @since 0.1
 */
public final class Baseline {

    /** The fewest rows that a baseline is made from. */
    public static final int MIN_ROWS = 100;

    private final long rows;
    private final List<FeatureBaseline> features;

    Baseline(long rows, List<FeatureBaseline> features) {
        this.rows = rows;
        this.features = List.copyOf(features);
    }

    /**
     * The baseline of some rows. Holds 8 bytes for each number in them while it is made, and sorts these.
     *
     * @param features the features to watch
     * @param rows at least 100 rows that have these features, gone through once
     * @return the baseline
     * @throws IllegalArgumentException if there are fewer rows, no features, two of the same name, or a row lacks one
     */
    public static Baseline of(List<Feature> features, Iterable<FeatureRow> rows) {
        BaselineBuilder builder = new BaselineBuilder(features);
        for (FeatureRow row : rows) {
            builder.add(row);
        }
        return builder.build();
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
     * The features.
     *
     * @return an immutable list in the order in which they were given
     */
    public List<FeatureBaseline> features() {
        return features;
    }

    /**
     * Something that counts live rows in this baseline's cells.
     *
     * @return a recorder that has counted nothing
     */
    public ProfileRecorder recorder() {
        return new ProfileRecorder(this);
    }

    /**
     * Writes the baseline as JSON to a file, which is replaced if it is there.
     *
     * @param file the file
     * @throws UncheckedIOException if it cannot be written
     */
    public void write(Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            BaselineJson.write(this, out);
        } catch (IOException failure) {
            throw new UncheckedIOException("baseline: cannot write " + file, failure);
        }
    }

    /**
     * Reads a baseline from a file that {@link #write} made.
     *
     * @param file the file
     * @return the baseline, equal to the one that was written
     * @throws UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if it is no baseline, is damaged, or is of a later version than this library knows
     */
    public static Baseline read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return BaselineJson.read(in, file.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException("baseline: cannot read " + file, failure);
        }
    }

    /** Whether the other object is a baseline of equal features over as many rows. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Baseline that && rows == that.rows && features.equals(that.features);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(rows) * 31 + features.hashCode();
    }

    /** The baseline in a few words, such as {@code baseline of 2000 rows, 8 features}. */
    @Override
    public String toString() {
        return "baseline of " + rows + " rows, " + features.size() + " features";
    }
}

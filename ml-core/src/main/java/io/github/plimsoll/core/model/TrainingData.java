package io.github.plimsoll.core.model;

import io.github.plimsoll.core.internal.pack.Hashes;
import io.github.plimsoll.core.internal.pack.PackagedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprint of the data that a model was trained on: enough to find the data again and to prove that it is the same,
 * without carrying any of it. Immutable; each method that takes a value returns a changed copy.
 *
 * <pre>{@code
 * TrainingData.unknown().file(Path.of("train.csv")).rows(48_000).lineage("git", "1f3c9e2").lineage("mlflow-run", runId)
 * }</pre>
 *
 * @since 0.1
 */
public final class TrainingData {

    private static final TrainingData UNKNOWN = new TrainingData(List.of(), null, null, Map.of());
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    private final List<DataFile> files;
    private final @Nullable Long rows;
    private final @Nullable String profileSha256;
    private final Map<String, String> lineage;

    private TrainingData(
            List<DataFile> files, @Nullable Long rows, @Nullable String profileSha256, Map<String, String> lineage) {
        this.files = files;
        this.rows = rows;
        this.profileSha256 = profileSha256;
        this.lineage = lineage;
    }

    /**
     * One file of training data. It is not in the package.
     *
     * @param name its name, which means something to whoever keeps the data
     * @param bytes its size, >= 0
     * @param sha256 its SHA-256 in 64 hexadecimal digits, lower case
     * @since 0.1
     */
    public record DataFile(String name, long bytes, String sha256) {

        /**
         * Checks.
         *
         * @throws IllegalArgumentException if the name is blank, the size negative or the hash malformed
         */
        public DataFile {
            if (name.isBlank() || bytes < 0) {
                throw new IllegalArgumentException(
                        "data file: '" + name + "' of " + bytes + " bytes (expected: a name and a size >= 0)");
            }
            checkHash(sha256);
        }
    }

    static String checkHash(String sha256) {
        if (!SHA_256.matcher(sha256).matches()) {
            throw new IllegalArgumentException(
                    "sha256: '" + sha256 + "' (expected: 64 hexadecimal digits in lower case)");
        }
        return sha256;
    }

    /**
     * Nothing is known.
     *
     * @return an empty fingerprint
     */
    public static TrainingData unknown() {
        return UNKNOWN;
    }

    /**
     * This fingerprint with one more file, which is read and hashed now.
     *
     * @param file the file; its last name is recorded
     * @return a changed copy
     * @throws UncheckedIOException if the file cannot be read
     */
    public TrainingData file(Path file) {
        try {
            PackagedFile read = Hashes.of(file, String.valueOf(file.getFileName()));
            return file(new DataFile(read.path(), read.bytes(), read.sha256()));
        } catch (IOException e) {
            throw new UncheckedIOException("training data " + file + ": cannot be read", e);
        }
    }

    /**
     * This fingerprint with one more file.
     *
     * @param file the file's name, size and hash
     * @return a changed copy
     */
    public TrainingData file(DataFile file) {
        List<DataFile> more = new ArrayList<>(files);
        more.add(Objects.requireNonNull(file));
        return new TrainingData(List.copyOf(more), rows, profileSha256, lineage);
    }

    /**
     * This fingerprint with the number of rows.
     *
     * @param count a number >= 0
     * @return a changed copy
     * @throws IllegalArgumentException if the number is negative
     */
    public TrainingData rows(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("rows: " + count + " (expected: >= 0)");
        }
        return new TrainingData(files, count, profileSha256, lineage);
    }

    /**
     * This fingerprint with the hash of the data's profile.
     *
     * @param sha256 64 hexadecimal digits in lower case
     * @return a changed copy
     * @throws IllegalArgumentException if the hash is malformed
     */
    public TrainingData profile(String sha256) {
        return new TrainingData(files, rows, checkHash(sha256), lineage);
    }

    /**
     * This fingerprint with one more way back to where the data and the run came from.
     *
     * @param system what keeps it, such as {@code dvc}, {@code git} or {@code mlflow-run}
     * @param reference what it is called there
     * @return a changed copy
     * @throws IllegalArgumentException if one of them is blank
     */
    public TrainingData lineage(String system, String reference) {
        if (system.isBlank() || reference.isBlank()) {
            throw new IllegalArgumentException(
                    "lineage: '" + system + "' is '" + reference + "' (expected: neither is blank)");
        }
        Map<String, String> more = new LinkedHashMap<>(lineage);
        more.put(system, reference);
        return new TrainingData(files, rows, profileSha256, Collections.unmodifiableMap(more));
    }

    /**
     * The files.
     *
     * @return an immutable list
     */
    public List<DataFile> files() {
        return files;
    }

    /**
     * The number of rows.
     *
     * @return a number >= 0, or null if not stated
     */
    public @Nullable Long rows() {
        return rows;
    }

    /**
     * The hash of the data's profile.
     *
     * @return the SHA-256, or null if not stated
     */
    public @Nullable String profileSha256() {
        return profileSha256;
    }

    /**
     * The ways back to where the data and the run came from.
     *
     * @return an immutable map, in the order they were given
     */
    public Map<String, String> lineage() {
        return lineage;
    }

    /** Whether the other object states the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TrainingData that
                && files.equals(that.files)
                && Objects.equals(rows, that.rows)
                && Objects.equals(profileSha256, that.profileSha256)
                && lineage.equals(that.lineage);
    }

    @Override
    public int hashCode() {
        return Objects.hash(files, rows, profileSha256, lineage);
    }

    /** The fingerprint as one line. */
    @Override
    public String toString() {
        return rows + " rows in " + files + ", " + lineage;
    }
}

package io.github.plimsoll.validation.lineage;

import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.core.model.TrainingData.DataFile;
import io.github.plimsoll.core.table.Table;
import io.github.plimsoll.core.table.TableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a model's package says of the data that the model was trained on, and whether given data are those.
 *
 * <pre>{@code
 * TrainingLineage lineage = TrainingLineage.of(ModelPackage.open(Path.of("models/credit-risk")));
 * TrainingLineage.Answer answer = lineage.compare(Table.csv(Path.of("train.csv")));
 * if (!answer.isSame()) {
 *     log.warn("retrain: {}", answer);
 * }
 * }</pre>
 *
 * <p>Files are compared by their SHA-256, as {@link TrainingData#file(Path)} records it, rows by their
 * {@link DataFingerprint}. Immutable and thread-safe.
 *
 * @since 0.1
 */
public final class TrainingLineage {

    /** How data relate to those that a model was trained on. */
    public enum Match {
        /** The file is the same, byte by byte. */
        SAME_FILE,
        /** The rows are the same, in this order or another, in this file or another. */
        SAME_ROWS,
        /** The first rows of the table are those of the training data; more were appended. */
        APPENDED,
        /** They are other data; the reasons say what differs. */
        DIFFERENT,
        /** The package does not say enough to tell. */
        UNKNOWN
    }

    /**
     * An answer, with its reasons.
     *
     * @param match how the data relate
     * @param reasons what was compared and what differs, not empty
     * @since 0.1
     */
    public record Answer(Match match, List<String> reasons) {

        /** An answer. */
        public Answer {
            Objects.requireNonNull(match);
            reasons = List.copyOf(reasons);
        }

        private Answer(Match match, String reason) {
            this(match, List.of(reason));
        }

        /**
         * Whether the model was trained on these data.
         *
         * @return true for {@link Match#SAME_FILE} and {@link Match#SAME_ROWS}
         */
        public boolean isSame() {
            return match == Match.SAME_FILE || match == Match.SAME_ROWS;
        }

        /** The answer as one line. */
        @Override
        public String toString() {
            return match.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ') + ": "
                    + String.join("; ", reasons);
        }
    }

    private final TrainingData recorded;
    private final @Nullable DataFingerprint fingerprint;

    private TrainingLineage(TrainingData recorded, @Nullable DataFingerprint fingerprint) {
        this.recorded = recorded;
        this.fingerprint = fingerprint;
    }

    /**
     * The lineage that a package states.
     *
     * @param model the package
     * @return its lineage, empty if it states none
     * @throws LineageException if its fingerprint cannot be read, or is not that of the rows that its manifest names
     */
    public static TrainingLineage of(ModelPackage model) {
        TrainingData recorded = model.trainingData();
        DataFingerprint fingerprint = model.part(DataFingerprint.PACKAGE_PART)
                .map(DataFingerprint::read)
                .orElse(null);
        String content = recorded.lineage().get(DataFingerprint.LINEAGE);
        if (fingerprint != null && content != null && !content.equals(fingerprint.content())) {
            throw new LineageException(
                    "package " + model.folder() + ": the part '" + DataFingerprint.PACKAGE_PART + "' is of "
                            + fingerprint.content() + ", the manifest names " + content + " (expected: the same rows)",
                    null);
        }
        return new TrainingLineage(recorded, fingerprint);
    }

    /**
     * Whether a table is the data that the model was trained on.
     *
     * @param table the table; a file is hashed first, and read only if it is another than the recorded ones
     * @return the answer
     * @throws TableException if the table cannot be read to its end
     * @throws UncheckedIOException if its file cannot be read
     */
    public Answer compare(Table table) {
        List<String> reasons = new ArrayList<>();
        Path path = table.path().orElse(null);
        if (path != null && !recorded.files().isEmpty()) {
            DataFile same = sameFile(path);
            if (same != null && recorded.files().size() == 1) {
                return new Answer(Match.SAME_FILE, "it is " + same.name() + ", SHA-256 " + same.sha256());
            }
            reasons.add(
                    same == null
                            ? "the file is none of " + names()
                            : "it is " + same.name() + ", one of the files " + names());
        }
        Long rows = fingerprint == null ? recorded.rows() : Long.valueOf(fingerprint.rows());
        String content = fingerprint == null ? recorded.lineage().get(DataFingerprint.LINEAGE) : fingerprint.content();
        if (rows == null) {
            reasons.add("the package says nothing of the rows");
            return new Answer(Match.UNKNOWN, reasons);
        }
        DataFingerprint[] beginning = new DataFingerprint[1];
        DataFingerprint read = DataFingerprint.of(table, rows, first -> beginning[0] = first);
        if (content == null) {
            reasons.add(counts(read.rows(), rows));
            if (read.rows() == rows) {
                reasons.add("the package has no fingerprint of them");
            }
            return new Answer(read.rows() == rows ? Match.UNKNOWN : Match.DIFFERENT, reasons);
        }
        if (content.equals(read.content()) && read.rows() == rows) {
            return new Answer(Match.SAME_ROWS, "all " + rows + " rows are the same");
        }
        if (beginning[0] != null && content.equals(beginning[0].content())) {
            return new Answer(
                    Match.APPENDED,
                    "the first " + rows + " rows are the same, " + (read.rows() - rows) + " more follow");
        }
        differences(read, rows, reasons);
        return new Answer(Match.DIFFERENT, reasons);
    }

    private @Nullable DataFile sameFile(Path path) {
        try {
            long bytes = Files.size(path);
            if (recorded.files().stream().noneMatch(file -> file.bytes() == bytes)) {
                return null;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("training data " + path + ": cannot be read", e);
        }
        DataFile given = TrainingData.unknown().file(path).files().get(0);
        return recorded.files().stream()
                .filter(file -> file.sha256().equals(given.sha256()))
                .findFirst()
                .orElse(null);
    }

    private String names() {
        return recorded.files().stream().map(DataFile::name).collect(Collectors.joining(", "));
    }

    private static String counts(long read, long expected) {
        return read == expected
                ? read + " rows, as many as the training data"
                : read + " rows, the training data had " + expected;
    }

    private void differences(DataFingerprint read, long rows, List<String> reasons) {
        reasons.add(counts(read.rows(), rows));
        if (fingerprint == null) {
            return;
        }
        Set<String> gone = new TreeSet<>(fingerprint.columns().keySet());
        gone.removeAll(read.columns().keySet());
        Set<String> came = new TreeSet<>(read.columns().keySet());
        came.removeAll(fingerprint.columns().keySet());
        Set<String> other = new TreeSet<>();
        for (Map.Entry<String, String> column : fingerprint.columns().entrySet()) {
            String now = read.columns().get(column.getKey());
            if (now != null && !now.equals(column.getValue())) {
                other.add(column.getKey());
            }
        }
        if (!gone.isEmpty()) {
            reasons.add("columns " + gone + " are missing");
        }
        if (!came.isEmpty()) {
            reasons.add("columns " + came + " are new");
        }
        if (!other.isEmpty()) {
            reasons.add("columns " + other + " have other values");
        }
        if (gone.isEmpty() && came.isEmpty() && other.isEmpty()) {
            reasons.add("each column has the same values, in other rows");
        }
    }

    /**
     * Whether a file of DVC stands for the data that the model was trained on: whether the package's lineage names, under
     * {@code dvc}, the MD5 of one of its outputs.
     *
     * @param file the file of DVC
     * @return {@link Match#SAME_FILE}, {@link Match#DIFFERENT}, or {@link Match#UNKNOWN} if the package names none
     */
    public Answer compare(DvcFile file) {
        String named = recorded.lineage().get(DvcFile.LINEAGE);
        if (named == null) {
            return new Answer(Match.UNKNOWN, "the package's lineage has no '" + DvcFile.LINEAGE + "'");
        }
        for (DvcFile.Output output : file.outputs()) {
            if (named.equals(output.md5())) {
                return new Answer(Match.SAME_FILE, "it is " + output.path() + ", MD5 " + named);
            }
        }
        return new Answer(
                Match.DIFFERENT,
                "the package names MD5 " + named + ", the file "
                        + file.outputs().stream().map(DvcFile.Output::md5).collect(Collectors.joining(", ")));
    }

    /** What the package states, as one line. */
    @Override
    public String toString() {
        return "trained on " + recorded;
    }
}

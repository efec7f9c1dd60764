package io.github.plimsoll.validation.lineage;

import io.github.plimsoll.core.model.TrainingData;
import io.github.plimsoll.validation.lineage.TrackedFiles.Form;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A {@code .dvc} file: which data DVC tracks here, by their MD5, and whether the data beside it are those.
 *
 * <pre>{@code
 * DvcFile tracked = DvcFile.read(Path.of("data/train.csv.dvc"));
 * tracked.verify().forEach(System.out::println);     // train.csv: matches: ...
 * packager.trainingData(tracked.describe(TrainingData.unknown()));
 * }</pre>
 *
 * <p>Understood are the outputs ({@code outs}) of versions 1 to 3, files and folders, with {@code md5}, {@code size} and
 * {@code nfiles}. Files that say {@code hash: md5} are hashed byte by byte. Those without, of versions before 3, were hashed
 * with the line ends of texts made line feeds, a megabyte at a time: there, that hash matches, whether the first megabyte or each tells if
 * it is text, and so does the plain one. A folder's hash is that of the list of its
 * files' hashes; {@code .dvcignore} is not looked at. A {@code wdir} is part of the path. DVC is not needed, and nothing is fetched.
 *
 * <p>MD5 tells other data from these, and does not withstand somebody who makes two files of one hash. Immutable and
 * thread-safe.
 *
 * @since 0.1
 */
public final class DvcFile {

    /** The name under which an MD5 is in the lineage of {@link TrainingData}. */
    public static final String LINEAGE = "dvc";

    private static final int LARGEST = 1 << 20;
    private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}(\\.dir)?");

    /**
     * A file or folder that is tracked.
     *
     * @param path where it is, relative to the {@code .dvc} file
     * @param md5 its MD5 in 32 hexadecimal digits, with {@code .dir} after it for a folder
     * @param size its size in bytes, all files of a folder together, or null if not stated
     * @param files how many files a folder has, or null if not stated
     * @param exact whether the hash is of the bytes as they are; if not, line ends of texts may have been changed before
     * @since 0.1
     */
    public record Output(
            String path,
            String md5,
            @Nullable Long size,
            @Nullable Long files,
            boolean exact) {

        /** An output. */
        public Output {
            Objects.requireNonNull(path);
            Objects.requireNonNull(md5);
        }

        /**
         * Whether it is a folder.
         *
         * @return true if the hash is that of a list of files
         */
        public boolean isFolder() {
            return md5.endsWith(".dir");
        }
    }

    /** What became of an output. */
    public enum Status {
        /** The data are those that are tracked. */
        MATCHES,
        /** The data are others. */
        DIFFERS,
        /** There is nothing at its path. */
        MISSING
    }

    /**
     * An output and what became of it.
     *
     * @param output the output
     * @param status what became of it
     * @param reason what was compared
     * @since 0.1
     */
    public record Verified(Output output, Status status, String reason) {

        /** An output and what became of it. */
        public Verified {
            Objects.requireNonNull(output);
            Objects.requireNonNull(status);
            Objects.requireNonNull(reason);
        }

        /** What became of it, as one line. */
        @Override
        public String toString() {
            return output.path() + ": " + status.name().toLowerCase(Locale.ROOT) + ": " + reason;
        }
    }

    private final Path file;
    private final List<Output> outputs;

    private DvcFile(Path file, List<Output> outputs) {
        this.file = file;
        this.outputs = List.copyOf(outputs);
    }

    /**
     * Reads a {@code .dvc} file.
     *
     * @param file the file
     * @return what it tracks
     * @throws LineageException if it cannot be read, is no YAML, or has no outputs with an MD5 and a path that stays in its folder
     */
    public static DvcFile read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        } catch (IOException e) {
            throw new LineageException(file + ": cannot be read: " + e, e);
        }
        if (bytes.length > LARGEST) {
            throw new LineageException(file + ": more than " + LARGEST + " bytes (expected: at most that)", null);
        }
        Object tree;
        try {
            tree = new Load(LoadSettings.builder()
                            .setLabel("dvc")
                            .setCodePointLimit(LARGEST)
                            .setAllowDuplicateKeys(false)
                            .setMaxAliasesForCollections(10)
                            .build())
                    .loadFromString(new String(bytes, StandardCharsets.UTF_8));
        } catch (YamlEngineException | StackOverflowError e) {
            throw new LineageException(file + ": not valid YAML: " + e.getMessage(), e);
        }
        if (!(tree instanceof Map<?, ?> map) || !(map.get("outs") instanceof List<?> outs) || outs.isEmpty()) {
            throw new LineageException(file + ": no 'outs' (expected: a list of outputs)", null);
        }
        Object folder = map.get("wdir");
        if (folder != null && !(folder instanceof String)) {
            throw new LineageException(file + ": wdir: " + folder + " (expected: a relative path)", null);
        }
        List<Output> outputs = new ArrayList<>();
        for (Object out : outs) {
            outputs.add(output(file + ": outs[" + outputs.size() + "]", folder, out));
        }
        return new DvcFile(file, outputs);
    }

    private static Output output(String where, @Nullable Object folder, Object out) {
        if (!(out instanceof Map<?, ?> fields)) {
            throw new LineageException(where + ": " + out + " (expected: a mapping)", null);
        }
        Object md5 = fields.get("md5");
        if (!(md5 instanceof String hash) || !MD5.matcher(hash).matches()) {
            throw new LineageException(
                    where + ".md5: " + md5 + " (expected: 32 hexadecimal digits, with .dir after them for a folder)",
                    null);
        }
        Object path = fields.get("path");
        String from = folder == null ? "" : folder + "/";
        if (!(path instanceof String text) || text.isBlank() || leadsOut(text) || leadsOut(from + text)) {
            throw new LineageException(
                    where + ".path: " + from + path + " (expected: a relative path that stays in the folder)", null);
        }
        return new Output(
                from + text,
                hash,
                number(where + ".size", fields.get("size")),
                number(where + ".nfiles", fields.get("nfiles")),
                "md5".equals(fields.get("hash")));
    }

    private static boolean leadsOut(String path) {
        Path relative = Path.of(path).normalize();
        return relative.isAbsolute() || relative.startsWith("..");
    }

    private static @Nullable Long number(String where, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof Integer || value instanceof Long) || ((Number) value).longValue() < 0) {
            throw new LineageException(where + ": " + value + " (expected: a whole number >= 0)", null);
        }
        return ((Number) value).longValue();
    }

    /**
     * What is tracked.
     *
     * @return an immutable list, not empty
     */
    public List<Output> outputs() {
        return outputs;
    }

    /**
     * Compares the data beside the file with what it tracks: number of files and size first, then the MD5.
     *
     * @return what became of each output, in their order
     * @throws UncheckedIOException if data cannot be read
     */
    public List<Verified> verify() {
        return outputs.stream().map(this::verify).toList();
    }

    private Verified verify(Output output) {
        Path data = file.resolveSibling(output.path());
        if (!Files.exists(data)) {
            return new Verified(output, Status.MISSING, "nothing at " + data);
        }
        if (Files.isDirectory(data) != output.isFolder()) {
            return new Verified(
                    output,
                    Status.DIFFERS,
                    output.isFolder() ? "a file (expected: a folder)" : "a folder (expected: a file)");
        }
        try {
            TrackedFiles files = TrackedFiles.at(data);
            if (output.files() != null && files.count() != output.files()) {
                return new Verified(
                        output, Status.DIFFERS, files.count() + " files (expected: " + output.files() + ")");
            }
            if (output.exact() && output.size() != null && files.bytes() != output.size()) {
                return new Verified(output, Status.DIFFERS, files.bytes() + " bytes (expected: " + output.size() + ")");
            }
            String md5 = files.md5(Form.EXACT);
            boolean matches = md5.equals(output.md5())
                    || (!output.exact()
                            && (files.md5(Form.TEXT_CHUNKS).equals(output.md5())
                                    || files.md5(Form.TEXT_FILES).equals(output.md5())));
            return matches
                    ? new Verified(output, Status.MATCHES, "MD5 " + output.md5())
                    : new Verified(output, Status.DIFFERS, "MD5 " + md5 + " (expected: " + output.md5() + ")");
        } catch (IOException e) {
            throw new UncheckedIOException(data + ": cannot be read", e);
        }
    }

    /**
     * Adds the MD5 of the first output to what a model's package says of its training data.
     *
     * @param data what is known besides
     * @return a changed copy
     */
    public TrainingData describe(TrainingData data) {
        return data.lineage(LINEAGE, outputs.get(0).md5());
    }

    /** The file and how much it tracks. */
    @Override
    public String toString() {
        return file + ", " + outputs;
    }
}

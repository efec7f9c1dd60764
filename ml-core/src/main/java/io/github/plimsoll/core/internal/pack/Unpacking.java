package io.github.plimsoll.core.internal.pack;

import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.UnpackLimits;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/** Unpacks one archive that is not trusted. Writes regular files and folders only, all of them inside. Used once. */
final class Unpacking {

    private static final int BUFFER = 1 << 16;
    private static final long RATIO_FROM = 1 << 20;

    private final String subject;
    private final UnpackLimits limits;
    private final Path draft;
    private final Counted in;
    private final Map<String, Boolean> seen = new HashMap<>(); // path in lower case, and whether it is a file
    private final byte[] buffer = new byte[BUFFER];
    private int entries;
    private long written;

    private Unpacking(String subject, UnpackLimits limits, Path draft, Counted in) {
        this.subject = subject;
        this.limits = limits;
        this.draft = draft;
        this.in = in;
    }

    /** Unpacks, verifies the files and puts the folder in its place; nothing is left if it fails. */
    static PackageFolder unpack(Path archive, Path folder, UnpackLimits limits) {
        String subject = "archive " + archive.toAbsolutePath();
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new IllegalStateException("folder " + target + ": exists (expected: a new folder)");
        }
        try {
            Path parent = Objects.requireNonNull(target.getParent(), "parent");
            Files.createDirectories(parent);
            Path draft = Files.createTempDirectory(parent, ".plimsoll-");
            try {
                try (Counted in = new Counted(new BufferedInputStream(Files.newInputStream(archive), BUFFER))) {
                    new Unpacking(subject, limits, draft, in).run();
                }
                Path root = root(draft, subject);
                Manifest manifest = ManifestReader.read(root, subject);
                Problems problems = new Problems();
                FolderFiles.compare(root, manifest, new FolderFiles.Hashed(), problems);
                problems.throwIfAny(subject);
                Folders.publish(root, target);
            } finally {
                Folders.delete(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(subject + ": cannot be unpacked to " + target + ": " + e, e);
        }
        return PackageFolder.open(target);
    }

    /** The folder with the manifest: the archive's root, or the only folder in it. */
    private static Path root(Path draft, String subject) throws IOException {
        if (PackageFolder.isPackage(draft)) {
            return draft;
        }
        try (Stream<Path> list = Files.list(draft)) {
            List<Path> children = list.limit(2).toList();
            if (children.size() == 1 && PackageFolder.isPackage(children.get(0))) {
                return children.get(0);
            }
        }
        throw Problems.one(
                subject, "no " + Manifest.FILE + " (expected: one at the top, or in the only folder at the top)");
    }

    private void run() throws IOException {
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        boolean zip = magic.length == 4 && magic[0] == 'P' && magic[1] == 'K' && magic[2] == 3 && magic[3] == 4;
        boolean gzip = magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
        if (!zip && !gzip) {
            throw refused("begins neither as a zip nor as a tar.gz", "one of these");
        }
        try {
            if (zip) {
                unzip(new ZipInputStream(in, StandardCharsets.UTF_8));
            } else {
                new TarReader(new GZIPInputStream(in, BUFFER), this).read();
            }
        } catch (IOException | IllegalArgumentException e) {
            if (e instanceof WriteFailure failure) {
                throw failure.cause;
            }
            throw Problems.one(subject, "is damaged: " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }

    private void unzip(ZipInputStream zip) throws IOException {
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().endsWith("/")) {
                folder(entry.getName());
            } else {
                file(entry.getName(), zip);
            }
        }
    }

    ModelPackageException refused(String found, String expected) {
        return Problems.one(subject, found + " (expected: " + expected + ")");
    }

    private static String plain(String name) {
        String plain = name.startsWith("./") ? name.substring(2) : name;
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }

    private @Nullable String checked(String name, boolean isFile) {
        entries++;
        limitEntries();
        String path = isFile && !name.startsWith("./") ? name : plain(name);
        if (!isFile && (path.isEmpty() || path.equals("."))) {
            return null;
        }
        String objection = PackagePaths.objection(path);
        if (objection != null) {
            throw refused("entry '" + Shown.text(name) + "' " + objection, PackagePaths.expected());
        }
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            Boolean file = seen.putIfAbsent(path.substring(0, slash).toLowerCase(Locale.ROOT), false);
            if (file != null && file) {
                throw refused("entry '" + Shown.text(name) + "' is in an entry that is a file", "folders there");
            }
        }
        Boolean other = seen.put(path.toLowerCase(Locale.ROOT), isFile);
        limitEntries();
        if (other != null && (isFile || other)) {
            throw refused("entry '" + Shown.text(name) + "' is there twice", "names that differ in more than case");
        }
        return path;
    }

    /** Counts what is listed, and the folders that paths only imply. */
    private void limitEntries() {
        if (Math.max(entries, seen.size()) > limits.entries()) {
            throw refused("more than " + limits.entries() + " entries", "at most that, with the folders they lie in");
        }
    }

    /** A folder of the archive. */
    void folder(String name) throws WriteFailure {
        String path = checked(name, false);
        if (path != null) {
            try {
                Files.createDirectories(draft.resolve(path));
            } catch (IOException e) {
                throw new WriteFailure(e);
            }
        }
    }

    /** A file of the archive, read to the end of the stream. */
    void file(String name, InputStream content) throws IOException {
        String path = Objects.requireNonNull(checked(name, true));
        try (OutputStream out = create(draft.resolve(path))) {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                count(read);
                try {
                    out.write(buffer, 0, read);
                } catch (IOException e) {
                    throw new WriteFailure(e);
                }
            }
        }
    }

    private static OutputStream create(Path file) throws WriteFailure {
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new WriteFailure(e);
        }
    }

    /** Counts bytes that came out of the archive. */
    void count(long bytes) {
        written += bytes;
        if (written > limits.bytes()) {
            throw refused("more than " + limits.bytes() + " bytes when unpacked", "at most that");
        }
        if (written > RATIO_FROM && written / limits.ratio() > in.count) {
            throw refused(
                    "unpacks to more than " + limits.ratio() + " times its size", "at most that: is it a zip bomb?");
        }
    }

    /** The disk failed, not the archive. */
    private static final class WriteFailure extends IOException {
        private static final long serialVersionUID = 1L;
        private final IOException cause;

        private WriteFailure(IOException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /** Counts what is read. */
    private static final class Counted extends FilterInputStream {
        private long count;

        private Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            count += value < 0 ? 0 : 1;
            return value;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int read = super.read(to, offset, length);
            count += Math.max(0, read);
            return read;
        }
    }
}
